//! What a scenario may say, and where it is served.

use std::time::Duration;

use imgshare_cloudsim::{Scenario, ServeError, serve};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Login, OWNER};
use crate::world::{Sim, code};

const FILE: &str = r#"
seed = 42
latency_ms = 0

[[faults]]
action = "DescribeImages"
when = { nth = 2 }
kind = "throttle"

[[faults]]
region = "ap-dead"
kind = { status = { status = 503, body = "gone" } }

[tencent]
calls_per_s = { "*" = 10 }
accounts = { unknown = ["100000000404"] }
behaviour = { bad_account = "good-ones-applied", already_shared = "refused", accounts_per_call_max = 10 }

[[tencent.owners]]
account = "100000000009"
secret_id = "AKIDFAKEWIRE"
secret_key = "FakeWireSecret"

[tencent.owners.regions.ap-guangzhou]
images = [{ id = "img-byol0000", name = "windows", obstacle = "byol" }]
series = [{ count = 3, name = "golden-{n}-{date}", hours_apart = 12, states = ["NORMAL", "CREATING"] }]

[tencent.owners.regions.ap-dead]
"#;

fn images(running: &imgshare_cloudsim::Running, region: &str) -> Value {
    running.state()["clouds"]["tencent"]["owners"]["100000000009"]["regions"][region]["images"].clone()
}

#[tokio::test]
async fn a_world_is_read_from_a_file() {
    let sim = Sim::start(toml::from_str(FILE).expect("the file is a scenario")).await;
    let images = images(&sim.running, "ap-guangzhou");
    let mut lines: Vec<String> = images
        .as_object()
        .expect("images by id")
        .values()
        .map(|image| format!("{} {} {}", image["name"], image["state"], image["created"]).replace('"', ""))
        .collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "golden-0001-20261001 NORMAL 2026-10-01T00:00:00Z",
            "golden-0002-20261001 CREATING 2026-10-01T12:00:00Z",
            "golden-0003-20261002 NORMAL 2026-10-02T00:00:00Z",
            "windows NORMAL 2026-10-01T00:00:00Z",
        ]
    );
    let dead = sim.send(&OWNER, "DescribeImages", "ap-dead", &serde_json::json!({})).await;
    assert_eq!((dead.status(), dead.body.as_slice()), (503, &b"gone"[..]));
}

#[tokio::test]
async fn the_same_seed_makes_the_same_image_ids() {
    let start = async |seed| {
        let scenario: Scenario = toml::from_str(FILE).expect("the file is a scenario");
        images(&Sim::start(Scenario { seed, ..scenario }).await.running, "ap-guangzhou")
    };
    assert_eq!(start(1).await, start(1).await);
    assert_ne!(start(1).await, start(2).await);
}

#[test]
fn a_misspelt_key_is_refused() {
    for (from, to) in [("latency_ms", "latency"), ("secret_key", "key"), ("hours_apart", "hours")] {
        assert!(toml::from_str::<Scenario>(&FILE.replace(from, to)).is_err(), "{to}");
    }
}

#[tokio::test]
async fn a_contradiction_is_refused_in_one_sentence() {
    for (from, to, expected) in [
        ("img-byol0000", "ami-1", "the image id ami-1 is malformed"),
        ("\"CREATING\"", "\"Creating\"", "has the unknown state Creating: use one of NORMAL"),
        ("nth = 2", "chance = 1.5", "fault chance 1.5 is not within 0 to 1"),
        ("hours_apart = 12", "first_created = \"yesterday\"", "the time yesterday is not RFC 3339"),
    ] {
        let scenario = toml::from_str(&FILE.replace(from, to)).expect("it reads well");
        let error = serve(scenario, "127.0.0.1:0".parse().expect("an address")).await;
        let error = error.err().expect("it is refused").to_string();
        assert!(error.starts_with("cannot use the scenario: ") && error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn only_loopback_is_served() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        let error = serve(Scenario::demo(), address.parse().expect("an address")).await.err();
        assert!(matches!(error, Some(ServeError::NotLoopback(_))), "{address}");
    }
}

#[tokio::test]
async fn a_taken_port_is_an_error_that_names_it() {
    let first = Sim::small().await;
    let taken = first.endpoint.strip_prefix("http://").expect("an endpoint").to_owned();
    let error = serve(Scenario::demo(), taken.parse().expect("an address")).await.err().expect("it is taken");
    assert!(error.to_string().starts_with(&format!("cannot listen on {taken}: ")), "{error}");
}

/// A connection over which one request has been answered, so that the simulator has surely taken it.
async fn connection(sim: &Sim) -> TcpStream {
    let address = sim.endpoint.strip_prefix("http://").expect("an endpoint");
    let mut stream = TcpStream::connect(address).await.expect("the simulator listens");
    stream.write_all(b"GET /_simulator/nothing HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("it is taken");
    let read = stream.read(&mut [0; 4096]).await.expect("it is answered");
    assert!(read > 0);
    stream
}

/// Whether the other side has ended the connection. The deadline only turns a hang into a failure.
async fn is_over(mut stream: TcpStream) -> bool {
    let rest = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut [0; 4096])).await;
    matches!(rest, Ok(Ok(0) | Err(_)))
}

#[tokio::test]
async fn a_stopped_simulator_has_closed_its_connections() {
    let sim = Sim::small().await;
    let connection = connection(&sim).await;
    sim.running.stop().await;
    assert!(is_over(connection).await);
}

#[tokio::test]
async fn a_dropped_simulator_closes_its_connections() {
    let sim = Sim::small().await;
    let connection = connection(&sim).await;
    drop(sim);
    assert!(is_over(connection).await);
}

#[tokio::test]
async fn the_demo_has_something_of_everything() {
    let sim = Sim::start(Scenario::demo()).await;
    let state = sim.running.state();
    let regions = &state["clouds"]["tencent"]["owners"]["100000000001"]["regions"];
    for region in ["ap-nanjing", "ap-shanghai"] {
        let images = regions[region]["images"].as_object().expect("images by id");
        assert!((8..=10).contains(&images.len()), "{region}: {}", images.len());
        assert!(images.values().any(|image| image["state"] == "CREATING"), "{region}");
        assert!(images.values().any(|image| image["shares"] != serde_json::json!([])), "{region}");
    }
    assert!(regions.to_string().contains("\"byol\""));
    let login = Login { secret_id: "AKIDFAKEDEMO", secret_key: "FakeDemoSecret", ..OWNER };
    let listed = sim.send(&login, "DescribeImages", "ap-nanjing", &serde_json::json!({})).await;
    assert_eq!(code(&listed.response()), "");
}

#[test]
fn the_documented_scenarios_are_scenarios() {
    let page = include_str!("../../../../docs/simulator.md");
    let files: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(files.len() >= 3, "{}", files.len());
    for file in files {
        let read = toml::from_str::<Scenario>(file);
        assert!(read.is_ok(), "{file}\n{:?}", read.err());
    }
}
