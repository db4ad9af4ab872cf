//! Three clouds with quite different habits in one config: the real binary, the real plugins, the simulated clouds.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};
use std::thread::JoinHandle;

use imgshare_cloudsim::{Running, Scenario, serve};
use imgshare_testkit::PluginFolder;
use serde_json::Value;
use tokio::sync::oneshot;

/// The clouds, and what is different about them.
const CLOUDS: [Cloud; 3] = [
    Cloud {
        name: "tencent",
        regions: ["ap-nanjing", "ap-shanghai"],
        account: "1000500000",
        per_call: 20,
        told_unshared: false,
        paced: true,
    },
    Cloud {
        name: "alibaba",
        regions: ["cn-hangzhou", "cn-shanghai"],
        account: "15000000000000",
        per_call: 10,
        told_unshared: true,
        paced: true,
    },
    Cloud {
        name: "ucloud",
        regions: ["cn-wlcb", "cn-sh2"],
        account: "550100",
        per_call: 10,
        told_unshared: false,
        paced: false,
    },
];

struct Cloud {
    name: &'static str,
    regions: [&'static str; 2],
    /// What the ids of receivers begin with; two digits follow.
    account: &'static str,
    /// Accounts that one call takes.
    per_call: usize,
    /// The listing says that nobody has an image, so that its shares need not be read.
    told_unshared: bool,
    /// Its provider knows quotas, and would keep to them here too.
    paced: bool,
}

/// So many calls a second that nobody waits.
const UNLIMITED: &str =
    "DescribeImages = 1e6, DescribeImageSharePermission = 1e6, ModifyImageSharePermission = 1e6";

const ACCOUNTS: usize = 27;

#[test]
fn one_apply_makes_three_clouds_as_desired_in_the_fewest_calls_and_a_second_one_writes_nothing() {
    let stage = Stage::new([105, 4], &[]);
    let applied = stage.imgshare(&["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(0), "{applied:?}");
    for cloud in &CLOUDS {
        assert_eq!(stage.receivers(cloud), vec![cloud.all_accounts(); 109], "{}", cloud.name);
        assert_eq!(stage.calls(cloud), cloud.fewest_calls([105, 4]), "{}", cloud.name);
    }
    let writes = stage.writes();
    let again = stage.imgshare(&["apply", "--yes"]);
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    assert_eq!(stage.writes(), writes);
}

#[test]
fn one_invalid_account_in_each_clouds_batch_is_named_and_all_others_get_through() {
    let bad: Vec<String> = CLOUDS.iter().map(|cloud| format!("{}13", cloud.account)).collect();
    let stage = Stage::new([2, 0], &bad);
    let applied = stage.imgshare(&["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(3), "{applied:?}");
    let report = String::from_utf8_lossy(&applied.stdout).into_owned();
    for (cloud, bad) in CLOUDS.iter().zip(&bad) {
        let good: BTreeSet<_> = cloud.all_accounts().into_iter().filter(|account| account != bad).collect();
        assert_eq!(stage.receivers(cloud), vec![good; 2], "{}", cloud.name);
        assert!(report.contains(&format!("account:  team-13 ({bad})")), "{bad} is named in\n{report}");
    }
}

impl Cloud {
    fn all_accounts(&self) -> BTreeSet<String> {
        (0..ACCOUNTS).map(|number| format!("{}{number:02}", self.account)).collect()
    }

    /// List pages, share reads that cannot be avoided (before the change unless the listing tells, and after it), and
    /// as few writes as the accounts fit into.
    fn fewest_calls(&self, images: [usize; 2]) -> BTreeMap<&'static str, usize> {
        let all: usize = images.iter().sum();
        let pages: usize = images.iter().map(|images| images.div_ceil(100)).sum();
        let reads = if self.told_unshared { all } else { 2 * all };
        BTreeMap::from([("list", pages), ("read", reads), ("write", all * ACCOUNTS.div_ceil(self.per_call))])
    }
}

/// What a call does, by the cloud's name of it. Zones are asked once a region and counted with nothing.
fn purpose(action: &str) -> Option<&'static str> {
    match action {
        "DescribeImages" | "DescribeCompShareCustomImages" => Some("list"),
        "DescribeImageSharePermission" | "DescribeCompShareImageShareAccounts" => Some("read"),
        "ModifyImageSharePermission" | "ModifyCompShareImageShareAccount" => Some("write"),
        "DescribeCompShareSupportZone" => None,
        other => panic!("{other} is called, and nobody needs it"),
    }
}

/// The simulated clouds, the plugins, a home folder with a config.
struct Stage {
    clouds: Running,
    plugins: PluginFolder,
    home: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

impl Stage {
    /// So many golden images in the two regions of each cloud, for all accounts; these accounts do not exist.
    fn new(images: [usize; 2], unknown: &[String]) -> Self {
        let scenario: Scenario = serde_json::from_value(world(images, unknown)).expect("a sound scenario");
        let (ready, is_ready) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let listen = "127.0.0.1:0".parse().expect("an address");
                let running = serve(scenario, listen).await.expect("the scenario is sound");
                ready.send(running).expect("the test waits");
                let _: Result<(), _> = stopped.await;
            });
        });
        let clouds = is_ready.recv().expect("the simulator starts");
        let home = tempfile::tempdir().expect("a temporary folder");
        let config = config(&clouds);
        std::fs::write(home.path().join("imgshare.toml"), config).expect("the folder can be written to");
        let plugins = PluginFolder::with(&CLOUDS.map(|cloud| cloud.name));
        Self { clouds, plugins, home, stop: Some(stop), server: Some(server) }
    }

    fn imgshare(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_imgshare"))
            .args(words)
            .current_dir(self.home.path())
            .env_clear()
            .env("HOME", self.home.path())
            .env("IMGSHARE_PLUGINS", self.plugins.path())
            .env("KEY_ID", "FAKEKEYID")
            .env("KEY", "FakeSecretKey")
            .output()
            .expect("the binary can be started")
    }

    /// Who has each image of a cloud.
    fn receivers(&self, cloud: &Cloud) -> Vec<BTreeSet<String>> {
        let state = self.clouds.state();
        let owners = children(&state["clouds"][cloud.name]["owners"]);
        let regions = owners.flat_map(|owner| children(&owner["regions"]));
        let images = regions.flat_map(|region| children(&region["images"]));
        images
            .map(|image| serde_json::from_value(image["shares"].clone()).expect("a list of accounts"))
            .collect()
    }

    /// The calls that a cloud got, by what they do.
    fn calls(&self, cloud: &Cloud) -> BTreeMap<&'static str, usize> {
        let state = self.clouds.state();
        let mut calls = BTreeMap::new();
        for (action, regions) in state["clouds"][cloud.name]["calls"].as_object().expect("calls by action") {
            if let Some(purpose) = purpose(action) {
                let made = children(regions).filter_map(|counts| counts["calls"].as_u64()).sum::<u64>();
                *calls.entry(purpose).or_default() += usize::try_from(made).expect("few calls");
            }
        }
        calls
    }

    fn writes(&self) -> Vec<Option<usize>> {
        CLOUDS.iter().map(|cloud| self.calls(cloud).get("write").copied()).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

fn children(object: &Value) -> impl Iterator<Item = &Value> {
    object.as_object().into_iter().flat_map(|object| object.values())
}

fn world(images: [usize; 2], unknown: &[String]) -> Value {
    let mut world = serde_json::json!({"seed": 11});
    for cloud in &CLOUDS {
        let regions: serde_json::Map<_, _> = (cloud.regions.iter().zip(images))
            .map(|(region, count)| {
                let series = serde_json::json!({"series": [{"count": count, "name": "golden-{n}"}]});
                ((*region).to_owned(), series)
            })
            .collect();
        let mut owner = serde_json::json!({"account": "900000009", "regions": regions});
        for (field, value) in keys(cloud.name) {
            owner[field] = value.into();
        }
        world[cloud.name] = serde_json::json!({"owners": [owner], "accounts": {"unknown": unknown}});
    }
    world
}

/// The names of an owner's keys, in the scenario and in the config.
fn keys(cloud: &str) -> [(&'static str, &'static str); 2] {
    match cloud {
        "tencent" => [("secret_id", "FAKEKEYID"), ("secret_key", "FakeSecretKey")],
        "alibaba" => [("access_key_id", "FAKEKEYID"), ("access_key_secret", "FakeSecretKey")],
        _ => [("public_key", "FAKEKEYID"), ("private_key", "FakeSecretKey")],
    }
}

fn config(clouds: &Running) -> String {
    let mut config = String::new();
    for cloud in &CLOUDS {
        let (name, [id, key]) = (cloud.name, keys(cloud.name));
        let endpoint = clouds.endpoint(name).expect("the scenario has this cloud");
        config += &format!(
            "[clouds.{name}]\nprovider = {name:?}\nregions = {:?}\nendpoint = {endpoint:?}\n\
             credentials = {{ {} = \"env:KEY_ID\", {} = \"env:KEY\" }}\n",
            cloud.regions, id.0, key.0
        );
        if cloud.paced {
            config += &format!("limits.calls_per_second = {{ {UNLIMITED} }}\n");
        }
    }
    for number in 0..ACCOUNTS {
        config += &format!("[accounts.team-{number:02}]\n");
        for cloud in &CLOUDS {
            config += &format!("{} = \"{}{number:02}\"\n", cloud.name, cloud.account);
        }
    }
    let teams: Vec<_> = (0..ACCOUNTS).map(|number| format!("team-{number:02}")).collect();
    config
        + &format!(
            "[[share]]\nname = \"golden\"\nclouds = {:?}\nimages = {{ name = \"golden-*\" }}\nwith = {teams:?}\n",
            CLOUDS.map(|cloud| cloud.name)
        )
}
