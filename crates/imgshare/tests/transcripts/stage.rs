//! A simulated cloud, a home folder, a config and the binary: what every transcript needs.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread::JoinHandle;

use imgshare_cloudsim::tencent::{TencentOwner, TencentScenario};
use imgshare_cloudsim::{
    AccountsScenario, FaultKind, FaultRule, ImageScenario, Meddling, RegionScenario, Running, Scenario, serve,
};
use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// One cloud, one region, one rule: two accounts for three images.
pub(crate) const CONFIG: &str = r#"
[clouds.prod]
provider = "tencent"
regions = ["ap-nanjing"]
endpoint = "ENDPOINT"

[clouds.prod.credentials]
secret_id = "env:PROD_ID"
secret_key = "env:PROD_KEY"

[accounts.data-team]
tencent = "100012345678"

[accounts.partner-x]
tencent = "100099998888"

[[share]]
name = "golden"
cloud = "prod"
images = { name = "golden-*" }
with = ["data-team", "partner-x"]
"#;

pub(crate) const DATA_TEAM: &str = "100012345678";
/// Whom the config does not know.
pub(crate) const STRANGER: &str = "100055554444";

/// The simulated cloud, and a home folder with a config. All of it is gone with the test.
pub(crate) struct Stage {
    pub(crate) home: TempDir,
    plugins: &'static Path,
    running: Option<Running>,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

/// What a command printed, and how it ended.
pub(crate) struct Run {
    words: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
    redactions: Vec<(String, &'static str)>,
}

impl Stage {
    /// Three golden images in Nanjing: the data team and a stranger have the first, the data team the second, nobody
    /// the third. One more image in Nanjing, and one in Shanghai.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same world with changes.
    pub(crate) fn with(change: impl FnOnce(&mut TencentScenario)) -> Self {
        let mut tencent = world();
        change(&mut tencent);
        let scenario = Scenario { seed: 7, tencent: Some(tencent), ..Scenario::default() };
        let stage = Self::of(scenario, plugins());
        stage.config(CONFIG);
        stage
    }

    /// Another world, with these plugins and still without a config.
    pub(crate) fn of(scenario: Scenario, plugins: &'static Path) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let listen = "127.0.0.1:0".parse().expect("a socket address");
                ready
                    .send(serve(scenario, listen).await.expect("the scenario is sound"))
                    .expect("the test waits");
                let _: Result<(), _> = stopped.await;
            });
        });
        let running = is_ready.recv().expect("the simulator starts");
        let home = tempfile::tempdir().expect("a temporary folder");
        Self { home, plugins, running: Some(running), stop: Some(stop), server: Some(server) }
    }

    /// Writes the config; `ENDPOINT` in it becomes the simulator's.
    pub(crate) fn config(&self, text: &str) {
        self.config_for(text, &self.endpoint());
    }

    /// Writes the config for something that stands before the simulator.
    pub(crate) fn config_for(&self, text: &str, endpoint: &str) {
        self.file("imgshare.toml", text.trim_start().replace("ENDPOINT", endpoint).as_bytes());
    }

    /// Writes a file into the folder that commands run in.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.home.path().join(name), bytes).expect("the home folder can be written to");
    }

    /// Reads a file of that folder.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.home.path().join(name)).expect("the file is there")
    }

    /// The names of all files in that folder.
    pub(crate) fn files(&self) -> BTreeSet<OsString> {
        let entries = std::fs::read_dir(self.home.path()).expect("the folder is there");
        entries.map(|entry| entry.expect("it can be read").file_name()).collect()
    }

    pub(crate) fn endpoint(&self) -> String {
        self.endpoint_of("tencent")
    }

    pub(crate) fn endpoint_of(&self, cloud: &str) -> String {
        self.running().endpoint(cloud).expect("the scenario has this cloud")
    }

    /// What the simulated clouds hold and have been asked.
    pub(crate) fn state(&self) -> Value {
        self.running().state()
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs until it is dropped")
    }

    /// Changes the cloud behind imgshare's back.
    pub(crate) fn meddle(&self, meddling: Meddling) {
        self.meddle_with("tencent", meddling);
    }

    /// Changes this cloud behind imgshare's back.
    pub(crate) fn meddle_with(&self, cloud: &str, meddling: Meddling) {
        self.running().meddle(cloud, meddling).expect("the simulated world allows it");
    }

    pub(crate) fn remove_share(&self, image: &str, account: &str) {
        self.meddle(Meddling::RemoveShare { image: image.into(), account: account.into() });
    }

    /// All calls of this action are refused with this code.
    pub(crate) fn refuse(&self, action: &str, code: &str, message: &str) {
        let kind = FaultKind::Refuse { code: code.into(), message: message.into() };
        let fault = FaultRule { action: Some(action.into()), ..FaultRule::always(kind) };
        self.meddle(Meddling::ArmFault { fault });
    }

    /// Write calls that the cloud has got.
    pub(crate) fn writes(&self) -> u64 {
        let calls = &self.state()["clouds"]["tencent"]["calls"]["ModifyImageSharePermission"];
        let regions = calls.as_object().into_iter().flat_map(|regions| regions.values());
        regions.filter_map(|counts| counts["calls"].as_u64()).sum()
    }

    /// All calls that the cloud has got.
    pub(crate) fn calls(&self) -> usize {
        self.state()["clouds"]["tencent"]["log"].as_array().map_or(0, Vec::len)
    }

    /// Looks until this is so.
    pub(crate) fn until(&self, so: impl Fn(&Self) -> bool) {
        while !so(self) {
            std::thread::yield_now();
        }
    }

    /// Who has this image of Nanjing.
    pub(crate) fn shares(&self, image: &str) -> Value {
        let owners = &self.state()["clouds"]["tencent"]["owners"];
        owners["100000000001"]["regions"]["ap-nanjing"]["images"][image]["shares"].clone()
    }

    /// The binary, in the home folder, in an environment of its own. Nobody answers on its standard input.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imgshare"));
        let home = self.home.path();
        command.args(words).current_dir(home).env_clear().stdin(Stdio::null());
        command.env("HOME", home).env("USER", "tester").env("HOSTNAME", "testhost");
        command.env("PROD_ID", "AKIDFAKEOWNER").env("PROD_KEY", "FakeOwnerSecret");
        command.env("IMGSHARE_PLUGINS", self.plugins);
        command
    }

    /// Runs `imgshare WORDS`.
    pub(crate) fn run(&self, words: &str) -> Run {
        let output = self.command(&split(words)).output().expect("the binary starts");
        self.ended(words, &output)
    }

    /// Runs it with some environment more.
    pub(crate) fn run_with(&self, words: &str, environment: &[(&str, &str)]) -> Run {
        let mut command = self.command(&split(words));
        let output = command.envs(environment.iter().copied()).output().expect("the binary starts");
        self.ended(words, &output)
    }

    /// Runs it with these answers on its standard input.
    pub(crate) fn answer(&self, words: &str, answers: &str) -> Run {
        self.file("answers", answers.as_bytes());
        let answers = std::fs::File::open(self.home.path().join("answers")).expect("it was just written");
        let output = self.command(&split(words)).stdin(answers).output().expect("the binary starts");
        self.ended(words, &output)
    }

    pub(crate) fn ended(&self, words: &str, output: &Output) -> Run {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it prints UTF-8");
        Run {
            words: words.to_owned(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            code: output.status.code(),
            redactions: vec![
                (real(self.plugins).display().to_string(), "[PLUGINS]"),
                (real(self.home.path()).display().to_string(), "[HOME]"),
                (self.endpoint(), "[ENDPOINT]"),
                (self.endpoint().replace("http://", ""), "[HOST]"),
            ],
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(stop) = self.stop.take() {
            let _: Result<(), ()> = stop.send(());
        }
        if let Some(server) = self.server.take() {
            let _: Result<(), _> = server.join();
        }
    }
}

impl Run {
    /// Command, stdout, stderr and exit code as one text.
    pub(crate) fn transcript(&self) -> String {
        let stderr =
            if self.stderr.is_empty() { String::new() } else { format!("--- stderr\n{}", self.stderr) };
        let code = self.code.map_or("by a signal".to_owned(), |code| code.to_string());
        let text = format!("$ imgshare {}\n{}{stderr}--- exit {code}\n", self.words, self.stdout);
        self.redacted(&text)
    }

    /// Replaces this text in the transcript.
    pub(crate) fn hide(&mut self, text: &str, word: &'static str) {
        self.redactions.insert(0, (text.to_owned(), word));
    }

    /// The one JSON document on stdout.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in:\n{}{}", self.stdout, self.stderr))
    }

    /// The JSON documents on stdout, one a line.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines.map(|line| serde_json::from_str(line).expect("each line is a document")).collect()
    }

    fn redacted(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (secret, word) in &self.redactions {
            text = text.replace(secret, word);
        }
        let ids = Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").expect("a pattern");
        let text = ids.replace_all(&text, "[REQUEST]");
        let rustc = Regex::new("rustc [0-9][^\\n]*").expect("a pattern");
        let text =
            rustc.replace_all(&text, "rustc [VERSION]").replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
        // Where a line breaks before a path depends on how long the path is.
        let breaks = Regex::new(r"\n +\[(PLUGINS|HOME)\]").expect("a pattern");
        breaks.replace_all(&text, " [$1]").into_owned()
    }
}

fn split(words: &str) -> Vec<&str> {
    words.split_whitespace().collect()
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().expect("the folder is there")
}

/// What Ctrl-C sends.
#[cfg(unix)]
pub(crate) fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(status.expect("every system has kill").success());
}

/// Reads until these words have come.
pub(crate) fn wait_for(words: &str, stream: &mut impl std::io::Read) {
    let mut text = Vec::new();
    while !text.ends_with(words.as_bytes()) {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("it says so before it ends");
        text.extend(byte);
    }
}

/// A folder with the Tencent plugin, for all tests of this process.
pub(crate) fn plugins() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| folder_with("providers", &["tencent"]))
}

/// A folder with the plugins of all simulated clouds, for all tests of this process.
pub(crate) fn all_plugins() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| folder_with("all-providers", &["alibaba", "tencent", "ucloud"]))
}

/// A folder with these plugins, for all tests of this process.
pub(crate) fn folder_with(name: &str, plugins: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", env!("CARGO_CRATE_NAME")));
    std::fs::create_dir_all(&folder).expect("cargo's folder can be written to");
    for plugin in plugins {
        let library = imgshare_testkit::library(plugin);
        let file = folder.join(library.file_name().expect("a library has a name"));
        // Whole or not at all: another process may be reading it.
        let draft = tempfile::NamedTempFile::new_in(&folder).expect("cargo's folder can be written to");
        std::fs::copy(&library, draft.path()).expect("the library can be copied");
        draft.persist(&file).expect("the library can be put there");
    }
    folder
}

fn world() -> TencentScenario {
    let nanjing = vec![
        image("img-aaaa0001", "golden-20260801", "2026-08-01", &[DATA_TEAM, STRANGER]),
        image("img-aaaa0002", "golden-20260901", "2026-09-01", &[DATA_TEAM]),
        image("img-aaaa0003", "golden-20261001", "2026-10-01", &[]),
        image("img-aaaa0004", "scratch", "2026-10-02", &[]),
    ];
    let shanghai = vec![image("img-bbbb0001", "golden-20260801", "2026-08-01", &[DATA_TEAM])];
    let region = |images| RegionScenario { images, series: Vec::new() };
    let owner = TencentOwner {
        account: "100000000001".into(),
        secret_id: "AKIDFAKEOWNER".into(),
        secret_key: "FakeOwnerSecret".into(),
        token: None,
        regions: BTreeMap::from([
            ("ap-nanjing".into(), region(nanjing)),
            ("ap-shanghai".into(), region(shanghai)),
        ]),
    };
    let accounts =
        AccountsScenario { unknown: ["100000009999".into()].into(), ..AccountsScenario::default() };
    TencentScenario { owners: vec![owner], accounts, ..TencentScenario::default() }
}

pub(crate) fn image(id: &str, name: &str, day: &str, shares: &[&str]) -> ImageScenario {
    ImageScenario {
        id: Some(id.into()),
        name: name.into(),
        created: Some(format!("{day}T00:00:00Z")),
        shares: shares.iter().copied().map(Into::into).collect(),
        ..ImageScenario::default()
    }
}
