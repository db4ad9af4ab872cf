//! Several clouds in one scenario: ports, the demo, and what concerns all of them or one.

use std::net::SocketAddr;

use imgshare_cloudsim::{
    DEMO_SECRET_ID, DEMO_SECRET_KEY, FaultKind, FaultRule, ImageScenario, Meddling, Running, Scenario,
    ServeError, demo_credentials, serve,
};
use serde_json::{Value, json};

use crate::{alibaba, ucloud, world};

const CLOUDS: [&str; 3] = ["tencent", "alibaba", "ucloud"];

/// One owner in each cloud, who signs as the tests of that cloud do.
fn three_clouds() -> Scenario {
    Scenario {
        seed: 7,
        tencent: Some(world::small()),
        alibaba: Some(alibaba::client::small()),
        ucloud: Some(ucloud::client::small()),
        ..Scenario::default()
    }
}

fn any_port() -> SocketAddr {
    "127.0.0.1:0".parse().expect("an address")
}

async fn demo() -> Running {
    serve(Scenario::demo(), any_port()).await.expect("the demo is served")
}

/// All images of a cloud by id.
fn images(running: &Running, cloud: &str) -> Vec<(String, Value)> {
    let state = running.state();
    let owners = state["clouds"][cloud]["owners"].as_object().expect("owners by account");
    let regions = owners.values().flat_map(|owner| owner["regions"].as_object().expect("regions").values());
    let images = regions.flat_map(|region| region["images"].as_object().expect("images"));
    images.map(|(id, image)| (id.clone(), image.clone())).collect()
}

fn ports(running: &Running) -> Vec<(&'static str, u16)> {
    let port = |endpoint: &str| endpoint.rsplit(':').next().and_then(|port| port.parse().ok());
    running.endpoints().map(|(name, endpoint)| (name, port(&endpoint).expect("a port"))).collect()
}

#[tokio::test]
async fn with_port_0_each_cloud_has_a_port_of_its_own() {
    let running = demo().await;
    let ports = ports(&running);
    assert_eq!(ports.iter().map(|(name, _)| *name).collect::<Vec<_>>(), CLOUDS);
    let different: std::collections::BTreeSet<_> = ports.iter().map(|(_, port)| port).collect();
    assert_eq!(different.len(), 3);
}

/// Serves on a port that was free a moment ago, with free ones after it; another process may be faster, so it tries.
async fn serve_on_a_fixed_port(scenario: &Scenario) -> (u16, Running) {
    for _ in 0..100 {
        let free = std::net::TcpListener::bind(any_port()).and_then(|listener| listener.local_addr());
        let address = free.expect("a free port");
        match serve(scenario.clone(), address).await {
            Ok(running) => return (address.port(), running),
            Err(ServeError::Listen { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("no three free ports in a row");
}

#[tokio::test]
async fn with_a_fixed_port_the_clouds_have_the_ports_after_it_in_a_fixed_order() {
    let (first, running) = serve_on_a_fixed_port(&three_clouds()).await;
    assert_eq!(ports(&running), [("tencent", first), ("alibaba", first + 1), ("ucloud", first + 2)]);
    drop(running);
    let without = Scenario { alibaba: None, ..three_clouds() };
    let (first, running) = serve_on_a_fixed_port(&without).await;
    assert_eq!(ports(&running), [("tencent", first), ("ucloud", first + 1)]);
}

const FILE: &str = r#"
[[faults]]
cloud = "ucloud"
action = "ModifyCompShareImageShareAccount"
when = { nth = 2 }
kind = "reset_after"

[alibaba]
calls_per_s = { "*" = 20 }
accounts = { unknown = ["1000000000000404"] }

[alibaba.behaviour]
accounts_per_image_max = 10
bad_account = "silently-ignored"
names_bad_account = true
already_shared = "refused"
first = "remove"
self_shared = "empty"
throttled_code = "Throttling.Api"
retry_after_ms = 500

[[alibaba.owners]]
account = "1000000000000001"
access_key_id = "LTAIFAKEWIRE"
access_key_secret = "FakeWireSecret"
security_token = "FakeToken"

[alibaba.owners.regions.cn-hangzhou]
images = [{ id = "m-bp1fake0001", name = "golden", share_groups = ["all"] }]

[ucloud]
zones = { cn-wlcb = ["cn-wlcb-01", "cn-wlcb-02"] }

[ucloud.behaviour]
only_available = false
invalid_accounts_ret_code = 8433
remove_unshared = "refused"
zone = "required"
empty_accounts = "left-out"
loose_types = true

[[ucloud.owners]]
account = "50000001"
public_key = "fakepublic"
private_key = "fakeprivate"
project_id = "org-fake01"

[ucloud.owners.regions.cn-wlcb]
images = [{ name = "golden", zone = "cn-wlcb-02" }]

[ucloud.owners.uhost_regions.cn-bj2]
series = [{ count = 2, name = "web-{n}" }]
"#;

#[tokio::test]
async fn both_clouds_are_read_from_a_file() {
    let scenario: Scenario = toml::from_str(FILE).expect("the file is a scenario");
    let running = serve(scenario, any_port()).await.expect("it is served");
    assert_eq!(images(&running, "alibaba")[0].1["share_groups"], json!(["all"]));
    let ids = images(&running, "ucloud").into_iter().map(|(id, _)| id);
    let kinds: Vec<_> = ids.map(|id| id.split('-').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(kinds, ["uimage", "uimage", "compshareImage"]);
    for (from, to) in [("loose_types", "loose"), ("access_key_id", "secret_id"), ("uhost_regions", "uhosts")]
    {
        assert!(toml::from_str::<Scenario>(&FILE.replace(from, to)).is_err(), "{to}");
    }
}

#[tokio::test]
async fn a_port_too_near_the_last_one_is_an_error() {
    let last = "127.0.0.1:65535".parse().expect("an address");
    let error = serve(three_clouds(), last).await.err().expect("there is no port after it");
    assert!(matches!(error, ServeError::Listen { .. }), "{error}");
}

#[tokio::test]
async fn a_fault_concerns_the_cloud_that_it_names_and_no_other() {
    for (cloud, expected) in [(None, [true; 3]), (Some("alibaba"), [false, true, false])] {
        let rule =
            FaultRule { cloud: cloud.map(str::to_owned), ..FaultRule::always(FaultKind::InternalError) };
        let scenario = Scenario { faults: vec![rule], ..three_clouds() };
        let running = serve(scenario, any_port()).await.expect("it is served");
        let state = running.state();
        let has_faults = CLOUDS.map(|cloud| state["clouds"][cloud]["faults"] != json!([]));
        assert_eq!(has_faults, expected);
    }
}

#[tokio::test]
async fn a_fault_for_a_cloud_that_is_not_there_is_refused() {
    let rule = || FaultRule { cloud: Some("alibab".to_owned()), ..FaultRule::always(FaultKind::Throttle) };
    let error = serve(Scenario { faults: vec![rule()], ..three_clouds() }, any_port()).await.err();
    let expected = "cannot use the scenario: a fault is for the cloud alibab, which is not simulated";
    assert_eq!(error.expect("it is refused").to_string(), expected);

    let running = demo().await;
    let error = running.meddle("alibaba", Meddling::ArmFault { fault: rule() }).expect_err("another cloud");
    assert_eq!(error.to_string(), "the fault is for another cloud than alibaba");
    let fault = FaultRule { cloud: Some("alibaba".to_owned()), ..rule() };
    running.meddle("alibaba", Meddling::ArmFault { fault }).expect("it is for this cloud");
}

#[tokio::test]
async fn images_in_the_making_are_finished_in_every_clouds_own_words() {
    let running = demo().await;
    for (cloud, unfinished, finished) in [
        ("tencent", "CREATING", "NORMAL"),
        ("alibaba", "Creating", "Available"),
        ("ucloud", "Making", "Available"),
    ] {
        let in_state = |state| images(&running, cloud).iter().filter(|(_, of)| of["state"] == state).count();
        let (making, ready) = (in_state(unfinished), in_state(finished));
        assert!(making > 0, "{cloud}");
        running.finish_images(cloud).expect("the cloud is there");
        assert_eq!((in_state(unfinished), in_state(finished)), (0, making + ready), "{cloud}");
    }
}

#[tokio::test]
async fn an_image_that_failed_is_not_finished() {
    let running = demo().await;
    for (cloud, failed) in
        [("tencent", "CREATEFAILED"), ("alibaba", "CreateFailed"), ("ucloud", "UnAvailable")]
    {
        let (image, _) = images(&running, cloud).swap_remove(0);
        let spoil = Meddling::SetState { image: image.as_str().into(), state: failed.to_owned() };
        running.meddle(cloud, spoil).expect("the state is known");
        running.finish_images(cloud).expect("the cloud is there");
        let (_, after) = images(&running, cloud).into_iter().find(|(id, _)| *id == image).expect("the image");
        assert_eq!(after["state"], failed, "{cloud}");
    }
}

#[tokio::test]
async fn other_images_and_rates_are_for_every_cloud() {
    let scenario = three_clouds().with_images(7, "many-{n}").with_calls_per_second(1);
    let running = serve(scenario, any_port()).await.expect("it is served");
    for (cloud, owners) in [("tencent", 2), ("alibaba", 2), ("ucloud", 2)] {
        let images = images(&running, cloud);
        let many =
            images.iter().filter(|(_, image)| image["name"].to_string().starts_with("\"many-")).count();
        assert_eq!(many, 7 * owners, "{cloud}");
    }
    let kept = images(&running, "ucloud");
    assert!(kept.iter().any(|(id, _)| id == ucloud::client::UHOST_IMAGE), "these cannot be shared");
}

/// The ids and shares that transcripts of the demo show.
#[tokio::test]
async fn the_first_cloud_of_the_demo_stays_as_it_is() {
    let running = demo().await;
    let mut lines: Vec<_> = images(&running, "tencent")
        .into_iter()
        .map(|(id, image)| {
            format!("{id} {} {} {}", image["name"], image["state"], image["shares"]).replace('"', "")
        })
        .collect();
    lines.sort_unstable();
    assert_eq!(lines.join("\n"), include_str!("../data/demo-tencent.txt").trim_end());
}

#[tokio::test]
async fn every_cloud_of_the_demo_has_something_of_everything() {
    let running = demo().await;
    for (cloud, data_team, unfinished) in [
        ("tencent", "100012345678", "CREATING"),
        ("alibaba", "1234567890123456", "Creating"),
        ("ucloud", "55001122", "Making"),
    ] {
        let images = images(&running, cloud);
        let has = |condition: &dyn Fn(&Value) -> bool| images.iter().any(|(_, image)| condition(image));
        let shares = |image: &Value| image["shares"].as_array().cloned().unwrap_or_default();
        assert!(has(&|image| image["state"] == unfinished), "{cloud}");
        assert!(
            has(&|image| shares(image).contains(&json!(data_team)) && shares(image).len() > 1),
            "{cloud}"
        );
        assert!(has(&|image| image["family"] == "golden-ubuntu" && shares(image).is_empty()), "{cloud}");
    }
    let alibaba = images(&running, "alibaba");
    assert!(alibaba.iter().any(|(_, image)| image["shares"].as_array().map(Vec::len) == Some(12)));
    assert!(alibaba.iter().any(|(_, image)| image["share_groups"] != json!([])));
    assert!(alibaba.iter().any(|(_, image)| image["obstacle"] == "encrypted"));
    let ucloud = images(&running, "ucloud");
    assert!(ucloud.iter().any(|(id, _)| id.starts_with("uimage-")));
    assert!(ucloud.iter().any(|(_, image)| image["zone"] == "cn-wlcb-02"));
}

#[tokio::test]
async fn the_demos_credentials_open_every_cloud() {
    let of = |cloud: &str| demo_credentials().iter().filter(|of| of.cloud == cloud).collect::<Vec<_>>();
    assert_eq!(
        of("tencent").iter().map(|of| of.value).collect::<Vec<_>>(),
        [DEMO_SECRET_ID, DEMO_SECRET_KEY]
    );

    let [id, secret] = of("alibaba")[..] else { panic!("two fields") };
    let login = alibaba::client::Login { key_id: id.value, secret: secret.value, ..alibaba::client::OWNER };
    let sim = alibaba::client::Sim::serve(Scenario::demo()).await;
    let answer = sim.send(&login, "DescribeImages", &[("RegionId", "cn-hangzhou")]).await;
    assert_eq!(answer.status(), 200);

    let [public, private] = of("ucloud")[..] else { panic!("two fields") };
    let login = ucloud::client::Login {
        public_key: public.value,
        private_key: private.value,
        ..ucloud::client::OWNER
    };
    let sim = ucloud::client::Sim::serve(Scenario::demo()).await;
    let answer = sim.call_as(&login, "DescribeCompShareCustomImages", &[("Region", "cn-sh2")]).await;
    assert_eq!(ucloud::client::ret_code(&answer), 0);
}

#[tokio::test]
async fn request_ids_of_different_clouds_are_different() {
    let mut seen = std::collections::BTreeSet::new();
    let tencent = world::Sim::start(three_clouds()).await;
    seen.insert(tencent.call("DescribeImageQuota", json!({})).await["RequestId"].to_string());
    let alibaba = alibaba::client::Sim::serve(three_clouds()).await;
    seen.insert(alibaba.call("DescribeImages", &[]).await.1["RequestId"].to_string());
    let ucloud = ucloud::client::Sim::serve(three_clouds()).await;
    let received = ucloud.send(&ucloud::client::OWNER, "DescribeImage", &[("Region", "cn-wlcb")]).await;
    let header = received.head.lines().find_map(|line| line.strip_prefix("x-ucloud-request-uuid: "));
    seen.insert(format!("\"{}\"", header.expect("a request id")));
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn an_added_image_must_have_an_id_of_the_clouds_form() {
    let running = demo().await;
    let image = ImageScenario { id: Some("img-00000000".into()), ..ImageScenario::default() };
    let add = Meddling::AddImage { owner: "1000000000000001".into(), region: "cn-hangzhou".into(), image };
    let error = running.meddle("alibaba", add).expect_err("the form is another");
    assert_eq!(error.to_string(), "the image id img-00000000 is malformed: use m- and characters of 0-9a-z");
}
