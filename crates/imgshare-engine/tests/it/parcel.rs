//! A config, the cloud of the plugin `parcel`, and logins of its owner and of two receivers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use imgshare_engine::{
    Applying, Audit, Clouds, Observer, Patience, Receivers, RunInfo, Silent, Stop, Verify, apply, survey,
    survey_and_apply,
};
use imgshare_host::{Host, Plugin};
use imgshare_plan::{Bounds, Plan, Report, Scope, Survey, diff};
use imgshare_protocol::{
    Cloud, CloudName, CredentialSource, Desired, Limits, Mode, Place, ProviderName, Receiver, Rule,
    Selection, Target,
};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::Value;

use crate::parcel_cloud::{OWNER, ParcelCloud};

/// Two accounts that receive; the clouds of the config that are their logins are called `a` and `b`.
pub(crate) const A: &str = "111111";
pub(crate) const B: &str = "222222";

pub(crate) struct Parcels {
    pub(crate) desired: Desired,
    pub(crate) verify: Verify,
    pub(crate) stop: Stop,
    cloud: Arc<Mutex<ParcelCloud>>,
    /// How long the owner's writes take, by tokio's clock.
    write_ms: Arc<AtomicU64>,
    host: Host,
    folder: tempfile::TempDir,
}

impl Parcels {
    /// Rule `all`: every image of region `r` goes to A and B. Nobody accepts or looks.
    pub(crate) fn new(cloud: ParcelCloud) -> Self {
        let cloud = Arc::new(Mutex::new(cloud));
        let write_ms = Arc::default();
        let script = served(&cloud, &write_ms);
        let host = imgshare_testkit::host(&script, &Arc::new(FakeWorld::default()));
        Self {
            desired: desired(),
            verify: Verify::ReadBack,
            stop: Stop::default(),
            cloud,
            write_ms,
            host,
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
        }
    }

    /// The rule shares snapshots too.
    pub(crate) fn with_snapshots(mut self) -> Self {
        self.desired.rules[0].with_snapshots = true;
        self
    }

    /// The owner's writes take so long.
    pub(crate) fn slow(self, write_ms: u64) -> Self {
        self.write_ms.store(write_ms, Ordering::Relaxed);
        self
    }

    pub(crate) fn in_flight_max(mut self, requests: usize) -> Self {
        self.host.requests_in_flight_max = requests;
        self
    }

    /// Both receivers accept with their logins.
    pub(crate) fn accepting(self) -> Self {
        self.receivers(|receiver, login| receiver.accept_with = Some(login))
    }

    /// Both receivers can be asked.
    pub(crate) fn asking(self) -> Self {
        self.receivers(|receiver, login| receiver.verify_with = Some(login))
    }

    fn receivers(mut self, set: impl Fn(&mut Receiver, CloudName)) -> Self {
        for (account, login) in [(A, "a"), (B, "b")] {
            set(self.desired.receivers.entry(("prod".into(), account.into())).or_default(), login.into());
        }
        self
    }

    pub(crate) fn cloud(&self) -> MutexGuard<'_, ParcelCloud> {
        self.cloud.lock().expect("nobody panics with it")
    }

    /// The requests so far that contain this.
    pub(crate) fn requests(&self, what: &str) -> Vec<String> {
        self.cloud().log.iter().filter(|request| request.contains(what)).cloned().collect()
    }

    pub(crate) async fn plan(&self) -> Plan {
        self.planned(&self.connect().await).await.0
    }

    /// What `drift` finds.
    pub(crate) async fn drift(&self) -> Plan {
        let clouds = self.connect().await;
        let (plan, receivers) = self.planned(&clouds).await;
        plan.with_received(receivers.look(&clouds, &Silent).await)
    }

    /// What `apply` does when somebody agrees to the plan.
    pub(crate) async fn apply(&self) -> Report {
        self.apply_heard_by(&Silent).await
    }

    /// Makes a plan so that is none of ours.
    pub(crate) async fn apply_this(&self, plan: &Plan) -> Report {
        let clouds = self.connect().await;
        let audit = self.open_audit();
        apply(plan, &Receivers::default(), &self.applying(&clouds, &audit, &Silent)).await
    }

    pub(crate) async fn apply_heard_by(&self, observer: &dyn Observer) -> Report {
        let clouds = self.connect().await;
        let (plan, receivers) = self.planned(&clouds).await;
        let audit = self.open_audit();
        apply(&plan, &receivers, &self.applying(&clouds, &audit, observer)).await
    }

    /// What `apply --yes` does.
    pub(crate) async fn apply_at_once(&self) -> Report {
        let clouds = self.connect().await;
        let audit = self.open_audit();
        let applying = self.applying(&clouds, &audit, &Silent);
        survey_and_apply(&self.desired, &Bounds::default(), self.host.world.now(), &applying).await.1
    }

    pub(crate) fn audit_lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("audit.jsonl")).expect("it was opened");
        text.lines().map(|line| serde_json::from_str(line).expect("a whole line")).collect()
    }

    async fn connect(&self) -> Clouds {
        let plugins = BTreeMap::from([(ProviderName::from("parcel"), plugin())]);
        let all = self.desired.clouds.keys().cloned().collect();
        Clouds::connect(&self.desired, &all, &self.host, &plugins).await
    }

    async fn planned(&self, clouds: &Clouds) -> (Plan, Receivers) {
        let (now, scope) = (self.host.world.now(), Scope::default());
        let actual = survey(&self.desired, &scope, clouds, now, &Silent).await;
        let of_run =
            Survey { desired: &self.desired, descriptions: clouds.descriptions(), scope: &scope, now };
        let receivers = Receivers::of(&of_run, &actual);
        (diff(&self.desired, clouds.descriptions(), &actual, now, &Bounds::default()), receivers)
    }

    fn open_audit(&self) -> Audit {
        let info = RunInfo { run: "run-1".into(), who: "tester".into(), config_digest: "digest".into() };
        Audit::open(&self.folder.path().join("audit.jsonl"), info).expect("the record can be written")
    }

    fn applying<'a>(
        &'a self,
        clouds: &'a Clouds,
        audit: &'a Audit,
        observer: &'a dyn Observer,
    ) -> Applying<'a> {
        Applying {
            clouds,
            world: &*self.host.world,
            audit,
            verify: self.verify,
            patience: Patience::default(),
            stop: &self.stop,
            observer,
        }
    }
}

fn served(cloud: &Arc<Mutex<ParcelCloud>>, write_ms: &Arc<AtomicU64>) -> Arc<Script> {
    let (cloud, write_ms) = (Arc::clone(cloud), Arc::clone(write_ms));
    Script::by(move |request| {
        let path = request.url.strip_prefix("https://api.parcel.example").expect("the plugin's own host");
        let login = request.headers.iter().find(|(name, _)| name == "x-login").expect("it logs in");
        let body = std::str::from_utf8(&request.body).expect("a form");
        let mut cloud = cloud.lock().expect("nobody panics with it");
        let (status, body) = cloud.answer(&login.1, &request.method, path, body);
        let is_slow = request.method == "PUT" && login.1 == OWNER;
        Answer::status(status, body).after_ms(if is_slow { write_ms.load(Ordering::Relaxed) } else { 0 })
    })
}

fn plugin() -> Plugin {
    static PLUGIN: OnceLock<Plugin> = OnceLock::new();
    PLUGIN.get_or_init(|| imgshare_testkit::load("parcel")).clone()
}

fn desired() -> Desired {
    // Receivers' logins need not know the region.
    let clouds = [login("prod", OWNER, &["r"]), login("a", A, &[]), login("b", B, &[])];
    let target =
        Target { cloud: "prod".into(), regions: vec!["r".into()], accounts: [A.into(), B.into()].into() };
    let rule = Rule {
        name: "all".into(),
        targets: vec![target],
        images: Selection { all: true, ..Selection::default() },
        copy_from: None,
        with_snapshots: false,
        mode: Mode::Exact,
        place: Place::default(),
    };
    let clouds = clouds.into_iter().map(|cloud| (cloud.name.clone(), cloud)).collect();
    Desired { clouds, rules: vec![rule], ..Desired::default() }
}

fn login(name: &str, account: &str, regions: &[&str]) -> Cloud {
    Cloud {
        name: name.into(),
        provider: "parcel".into(),
        regions: regions.iter().map(|region| (*region).into()).collect(),
        endpoint: None,
        allow_plain_http: false,
        credentials: [("login".to_owned(), CredentialSource::Plain(account.to_owned()))].into(),
        limits: Limits::default(),
        settings: Value::Null,
        place: Place::default(),
    }
}
