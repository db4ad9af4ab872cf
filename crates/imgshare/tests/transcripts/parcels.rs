//! A cloud on loopback whose receivers accept, with snapshots that are shared apart: that of the plugin `parcel`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::thread;

use imgshare_cloudsim::Scenario;
use imgshare_cloudsim::tencent::TencentScenario;
use serde_json::json;

use crate::parcel_cloud::{OWNER, ParcelCloud};
use crate::stage::{Run, Stage, folder_with};

/// One change after the other, so that they are told in the plan's order.
pub(crate) const IN_ORDER: &str = "apply --yes --concurrency 1";

/// One rule: two accounts for all golden images and their snapshots. Of one of them the config knows the login.
pub(crate) const CONFIG: &str = r#"
[clouds.prod]
provider = "parcel"
regions = ["north"]
endpoint = "ENDPOINT"
credentials = { login = "OWNER" }

[clouds.partner]
provider = "parcel"
regions = ["south"]
endpoint = "ENDPOINT"
credentials = { login = "222222" }

[accounts.data-team]
parcel = "111111"

[accounts.partner-x]
parcel = "222222"
accept_with = "partner"
verify_with = "partner"

[[share]]
name = "golden"
cloud = "prod"
images = { name = "golden-*" }
with = ["data-team", "partner-x"]
with_snapshots = true
"#;

/// The cloud, a home folder with the config, and the binary.
pub(crate) struct Parcels {
    pub(crate) stage: Stage,
    endpoint: String,
    cloud: Arc<Mutex<ParcelCloud>>,
}

impl Parcels {
    /// Image `one` has to be prepared, and its receivers need a key; `two` is shared with both already.
    pub(crate) fn new() -> Self {
        let mut cloud = ParcelCloud::with_images("north", &["one", "two"]);
        let record = &mut cloud.image("north", "one").record;
        record["prepare"] = json!("its visibility becomes `shared` (now `private`)");
        record["receivers_need"] = json!("the use of key golden");
        let shares = [("111111".to_owned(), "accepted"), ("222222".to_owned(), "pending")];
        cloud.image("north", "two").shares.extend(shares);
        Self::of(cloud)
    }

    pub(crate) fn of(mut cloud: ParcelCloud) -> Self {
        cloud.regions.entry("south".to_owned()).or_default();
        let cloud = Arc::new(Mutex::new(cloud));
        let endpoint = serve(&cloud);
        let scenario = Scenario { tencent: Some(TencentScenario::default()), ..Scenario::default() };
        let stage = Stage::of(scenario, plugins());
        stage.config_for(&CONFIG.replace("OWNER", OWNER), &endpoint);
        Self { stage, endpoint, cloud }
    }

    pub(crate) fn cloud(&self) -> MutexGuard<'_, ParcelCloud> {
        self.cloud.lock().expect("nobody panics with it")
    }

    pub(crate) fn run(&self, words: &str) -> Run {
        self.hidden(self.stage.run(words))
    }

    pub(crate) fn answer(&self, words: &str, answers: &str) -> Run {
        self.hidden(self.stage.answer(words, answers))
    }

    fn hidden(&self, mut run: Run) -> Run {
        run.hide(&self.endpoint, "[ENDPOINT]");
        run
    }
}

/// The transcript of an apply, with the lines of what has ended in one order: images, snapshots and acceptances do not
/// wait for one another.
pub(crate) fn settled(run: &Run) -> String {
    let has_ended =
        |line: &str| ["done  ", "accepted  ", "not accepted  "].iter().any(|it| line.starts_with(it));
    let text = run.transcript();
    let lines: Vec<_> = text.lines().collect();
    let settled = lines.chunk_by(|one, other| has_ended(one) && has_ended(other)).flat_map(|block| {
        let mut block = block.to_vec();
        block.sort_unstable();
        block
    });
    settled.map(|line| format!("{line}\n")).collect()
}

fn plugins() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| folder_with("parcel-providers", &["parcel"]))
}

/// Serves until the test's process ends.
fn serve(cloud: &Arc<Mutex<ParcelCloud>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
    let cloud = Arc::clone(cloud);
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            answer(client, &cloud);
        }
    });
    endpoint
}

fn answer(client: TcpStream, cloud: &Mutex<ParcelCloud>) {
    let mut client = BufReader::new(client);
    let head: Vec<String> =
        client.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let header = |name: &str| {
        let lines = head.iter().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
            .next()
    };
    let mut body = vec![0; header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
    let (Some(first), Ok(())) = (head.first(), client.read_exact(&mut body)) else { return };
    let words: Vec<_> = first.split(' ').collect();
    let [method, path, _] = words[..] else { panic!("no HTTP: {first}") };
    let body = String::from_utf8(body).expect("a form");
    let login = header("x-login").expect("it logs in");
    let (status, body) = cloud.lock().expect("nobody panics with it").answer(&login, method, path, &body);
    let head = format!("HTTP/1.1 {status} -\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    // Whoever hangs up has what it wanted.
    let _: std::io::Result<()> = client.get_mut().write_all((head + &body).as_bytes());
}
