//! A config, a cloud and a plugin, connected.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use imgshare_engine::{
    Applying, Audit, Clouds, Observer, Patience, Receivers, RunInfo, Silent, Stop, Verify, apply, survey,
    survey_and_apply,
};
use imgshare_host::{Host, Plugin};
use imgshare_plan::{Actual, Bounds, Plan, Report, Scope, diff};
use imgshare_protocol::{
    AccountId, Cloud as ConfigCloud, CloudName, Desired, Limits, Mode, Place, ProviderName, Rule, Selection,
    Target,
};
use imgshare_testkit::{FakeWorld, Script};

use crate::cloud::Cloud;

pub(crate) struct Stage {
    pub(crate) desired: Desired,
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) script: Arc<Script>,
    pub(crate) audit: PathBuf,
    pub(crate) verify: Verify,
    pub(crate) stop: Stop,
    host: Host,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Rule `all`: every image of these regions goes to these accounts.
    pub(crate) fn new(cloud: Cloud, regions: &[&str], accounts: &[&str]) -> Self {
        let cloud = Arc::new(cloud);
        let script = cloud.served();
        let host = imgshare_testkit::host(&script, &Arc::new(FakeWorld::default()));
        let folder = tempfile::tempdir().unwrap();
        Self {
            desired: desired(regions, accounts),
            cloud,
            script,
            audit: folder.path().join("audit.jsonl"),
            verify: Verify::ReadBack,
            stop: Stop::default(),
            host,
            folder,
        }
    }

    pub(crate) fn in_flight_max(mut self, requests: usize) -> Self {
        self.host.requests_in_flight_max = requests;
        self
    }

    pub(crate) async fn clouds(&self) -> Clouds {
        let plugins = BTreeMap::from([(ProviderName::from("smallest"), plugin())]);
        let named = self.desired.clouds.keys().cloned().collect();
        Clouds::connect(&self.desired, &named, &self.host, &plugins).await
    }

    pub(crate) async fn survey(&self) -> Actual {
        let clouds = self.clouds().await;
        survey(&self.desired, &Scope::default(), &clouds, self.host.world.now(), &Silent).await
    }

    pub(crate) async fn plan(&self) -> Plan {
        let actual = self.survey().await;
        diff(&self.desired, &BTreeMap::new(), &actual, self.host.world.now(), &Bounds::default())
    }

    pub(crate) async fn apply(&self) -> Report {
        self.apply_heard_by(&Silent).await
    }

    pub(crate) async fn apply_heard_by(&self, observer: &dyn Observer) -> Report {
        let plan = self.plan().await;
        let clouds = self.clouds().await;
        let audit = self.open_audit();
        apply(&plan, &Receivers::default(), &self.applying(&clouds, &audit, observer)).await
    }

    /// What `apply --yes` does: nobody is asked, so changes may begin during the survey.
    pub(crate) async fn apply_at_once(&self, observer: &dyn Observer) -> (Plan, Report) {
        let clouds = self.clouds().await;
        let audit = self.open_audit();
        let applying = self.applying(&clouds, &audit, observer);
        survey_and_apply(&self.desired, &Bounds::default(), self.host.world.now(), &applying).await
    }

    fn open_audit(&self) -> Audit {
        let info = RunInfo { run: "run-1".into(), who: "tester".into(), config_digest: "digest".into() };
        Audit::open(&self.audit, info).unwrap()
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

    /// The requests so far, as `GET a`: the method and the image that it is about.
    pub(crate) fn requests_about_images(&self) -> Vec<String> {
        let requests = self.script.requests().into_iter().filter_map(|request| {
            let image = request.url.strip_suffix("/accounts")?.rsplit('/').next()?.to_owned();
            Some(format!("{} {image}", request.method))
        });
        requests.collect()
    }

    pub(crate) fn audit_lines(&self) -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(&self.audit).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn writes(&self) -> usize {
        self.script.requests().iter().filter(|request| request.method == "PUT").count()
    }

    pub(crate) fn reads_of_shares(&self) -> usize {
        let requests = self.script.requests();
        requests
            .iter()
            .filter(|request| request.method == "GET" && request.url.ends_with("/accounts"))
            .count()
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

fn plugin() -> Plugin {
    static PLUGIN: OnceLock<Plugin> = OnceLock::new();
    PLUGIN.get_or_init(|| imgshare_testkit::load("smallest")).clone()
}

fn desired(regions: &[&str], accounts: &[&str]) -> Desired {
    let regions: Vec<_> = regions.iter().map(|region| (*region).into()).collect();
    let name = CloudName::from("prod");
    let cloud = ConfigCloud {
        name: name.clone(),
        provider: "smallest".into(),
        regions: regions.clone(),
        endpoint: None,
        allow_plain_http: false,
        credentials: BTreeMap::new(),
        limits: Limits { accounts_per_change: Some(2), ..Limits::default() },
        settings: serde_json::Value::Null,
        place: Place::default(),
    };
    let accounts = accounts.iter().map(|account| AccountId::from(*account)).collect();
    let rule = Rule {
        name: "all".into(),
        targets: vec![Target { cloud: name.clone(), regions, accounts }],
        images: Selection { all: true, ..Selection::default() },
        copy_from: None,
        with_snapshots: false,
        mode: Mode::Exact,
        place: Place::default(),
    };
    Desired { clouds: BTreeMap::from([(name, cloud)]), rules: vec![rule], ..Desired::default() }
}
