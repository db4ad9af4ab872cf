//! The clouds without a socket, in tokio's paused time.

use std::sync::Arc;
use std::time::Duration;

use imgshare_cloudsim::{
    Clouds, Delivery, FaultKind, FaultRule, ManualClock, Reply, Request, Scenario, TokioClock,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::client::{NOW, OWNER, parsed, signed};
use crate::world::{IMAGE, OWNER_ACCOUNT, REGION, Sim, code, scenario, small};

const FRIEND: &str = "100012345678";

/// The usual world in paused time.
fn clouds(scenario: Scenario) -> Clouds {
    let clock = TokioClock::starting_at_unix_seconds(NOW);
    Clouds::new(scenario, Arc::new(clock)).expect("the scenario is sound")
}

fn with_fault(kind: FaultKind) -> Clouds {
    clouds(Scenario { faults: vec![FaultRule::always(kind)], ..scenario(small()) })
}

fn sharing() -> Request {
    let params = json!({"ImageId": IMAGE, "AccountIds": [FRIEND], "Permission": "SHARE"});
    parsed(&signed(&OWNER, "ModifyImageSharePermission", REGION, &params.to_string()))
}

async fn exchange(clouds: &Clouds, request: &Request) -> Delivery {
    clouds.exchange("tencent", request).await.expect("tencent is simulated")
}

fn is_shared(clouds: &Clouds) -> bool {
    let owners = &clouds.state()["clouds"]["tencent"]["owners"];
    owners[OWNER_ACCOUNT]["regions"][REGION]["images"][IMAGE]["shares"] == json!([FRIEND])
}

fn whole(delivery: Delivery) -> Reply {
    match delivery {
        Delivery::Whole(reply) => reply,
        spoiled => panic!("{spoiled:?}"),
    }
}

#[tokio::test]
async fn an_answer_is_the_one_that_a_socket_would_have_given() {
    let served = Sim::small().await;
    let clock = Arc::new(ManualClock::at_unix_seconds(NOW));
    let clouds = Clouds::new(scenario(small()), clock).expect("the scenario is sound");
    for (action, params) in [
        ("DescribeImages", json!({"Limit": 3})),
        ("DescribeImageSharePermission", json!({"ImageId": IMAGE})),
        ("DescribeImages", json!({"Limit": 0})),
    ] {
        let bytes = signed(&OWNER, action, REGION, &params.to_string());
        let over_a_socket = served.send(&OWNER, action, REGION, &params).await;
        let reply = whole(exchange(&clouds, &parsed(&bytes)).await);
        assert_eq!((reply.status(), &reply.body()[..]), (over_a_socket.status(), &over_a_socket.body[..]));
        for (name, value) in reply.headers() {
            assert!(over_a_socket.head.contains(&format!("{name}: {value}")), "{name}");
        }
    }
    assert_eq!(clouds.state(), served.running.state());
}

#[tokio::test(start_paused = true)]
async fn injected_faults_are_told_apart() {
    let good = whole(exchange(&with_fault(FaultKind::Slow { ms: 1 }), &sharing()).await);
    let half = good.body().len() / 2;
    for (kind, done) in [
        (FaultKind::ResetBefore, false),
        (FaultKind::ResetAfter, true),
        (FaultKind::CutBody, true),
        (FaultKind::HugeBody { bytes: 7 << 30 }, true),
    ] {
        let clouds = with_fault(kind.clone());
        match (&kind, exchange(&clouds, &sharing()).await) {
            (FaultKind::CutBody, Delivery::Cut { reply, announced }) => {
                assert_eq!((reply.body(), announced), (&good.body().slice(..half), good.body().len() as u64));
            }
            (FaultKind::HugeBody { bytes }, Delivery::Flood { bytes: length }) => assert_eq!(*bytes, length),
            (FaultKind::ResetBefore | FaultKind::ResetAfter, Delivery::Reset) => {}
            (kind, delivery) => panic!("{kind:?} gave {delivery:?}"),
        }
        assert_eq!(is_shared(&clouds), done, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_waiting_is_in_virtual_time() {
    let faults = vec![FaultRule::always(FaultKind::Slow { ms: 3_600_000 })];
    let clouds = clouds(Scenario { latency_ms: 250, faults, ..scenario(small()) });
    let start = Instant::now();
    exchange(&clouds, &sharing()).await;
    assert_eq!(start.elapsed(), Duration::from_millis(3_600_250));
}

#[tokio::test(start_paused = true)]
async fn the_clouds_grow_older_with_tokios_time() {
    let clouds = clouds(scenario(small()));
    tokio::time::sleep(Duration::from_secs(301)).await;
    let reply = whole(exchange(&clouds, &sharing()).await);
    let answer: Value = serde_json::from_slice(reply.body()).expect("JSON");
    assert_eq!(code(&answer["Response"]), "AuthFailure.SignatureExpire");
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_on_a_slow_answer_finds_the_work_done() {
    let patience = Duration::from_secs(1);
    for (latency_ms, slow_ms, done) in [(0, 5_000, true), (5_000, 0, false)] {
        let faults = vec![FaultRule::always(FaultKind::Slow { ms: slow_ms })];
        let clouds = clouds(Scenario { latency_ms, faults, ..scenario(small()) });
        tokio::time::timeout(patience, exchange(&clouds, &sharing())).await.expect_err("it takes longer");
        assert_eq!(is_shared(&clouds), done, "latency {latency_ms}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_is_not_simulated_does_not_answer() {
    assert_eq!(clouds(scenario(small())).exchange("alibaba", &sharing()).await, None);
}

#[tokio::test(start_paused = true)]
async fn the_back_door_needs_no_socket_either() {
    let clouds = clouds(scenario(small()));
    let body = json!({"image": IMAGE, "account": FRIEND}).to_string();
    let request = Request::new("POST", "/_simulator/add-share", [], body).expect("a good request");
    assert_eq!(whole(exchange(&clouds, &request).await).status(), 200);
    assert!(is_shared(&clouds));
}

#[test]
fn a_header_that_http_does_not_allow_is_refused_without_its_value() {
    let error = Request::new("POST", "/", [("x-key", "Fake\nSecret")], "").expect_err("a line break");
    assert_eq!(error.to_string(), "cannot send the header x-key: name or value is not allowed in HTTP");
}
