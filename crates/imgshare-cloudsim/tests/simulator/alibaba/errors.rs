//! The form of refusals, throttling and faults.

use imgshare_cloudsim::alibaba::{AlibabaScenario, Behaviour};
use imgshare_cloudsim::{FaultKind, FaultRule, Scenario};
use serde_json::Value;

use super::client::{IMAGE, Login, OWNER, REGION, Scheme, Sim, code, signed, small};
use crate::client::{Received, send};

const FRIEND: &str = "1234567890123456";

fn answer(received: &Received) -> Value {
    serde_json::from_slice(&received.body).expect("the answer is JSON")
}

#[tokio::test]
async fn a_refusal_has_code_message_request_id_and_host() {
    let sim = Sim::small().await;
    let (status, refusal) = sim.call("DescribeImageSharePermission", &[("ImageId", "m-nosuch")]).await;
    assert_eq!(status, 404);
    let keys: Vec<_> = refusal.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["Code", "HostId", "Message", "Recommend", "RequestId"]);
    assert_eq!(refusal["RequestId"].as_str().map(str::len), Some(36));
}

#[tokio::test]
async fn what_is_not_a_call_of_this_version_is_refused() {
    let sim = Sim::small().await;
    for (action, params, expected) in [
        ("DeleteEverything", &[("RegionId", REGION)][..], (404, "InvalidAction.NotFound")),
        ("DescribeImages", &[], (400, "MissingParameter")),
        ("DescribeImages", &[("RegionId", "cn-atlantis")], (404, "InvalidRegionId.NotFound")),
        ("DescribeImageSharePermission", &[("RegionId", REGION)], (400, "MissingParameter")),
    ] {
        let received = sim.send(&OWNER, action, params).await;
        assert_eq!((received.status(), code(&answer(&received))), expected, "{action} {params:?}");
    }
}

#[tokio::test]
async fn another_version_or_format_is_refused() {
    let sim = Sim::small().await;
    for scheme in [Scheme::Acs3, Scheme::Rpc] {
        let login = Login { scheme, version: "2013-01-10", ..OWNER };
        let received = sim.send(&login, "DescribeImages", &[("RegionId", REGION)]).await;
        assert_eq!(code(&answer(&received)), "InvalidVersion", "{scheme:?}");
    }
    let rpc = Login { scheme: Scheme::Rpc, ..OWNER };
    let xml = sim.send(&rpc, "DescribeImages", &[("RegionId", REGION), ("Format", "XML")]).await;
    assert_eq!(code(&answer(&xml)), "InvalidParameter");
}

/// Only the parameter is signed.
#[tokio::test]
async fn the_action_of_an_rpc_request_is_its_parameter_whatever_a_header_says() {
    let sim = Sim::small().await;
    let rpc = Login { scheme: Scheme::Rpc, ..OWNER };
    let request = signed(&rpc, "DescribeImages", &[("RegionId", REGION)], "nonce");
    let request = String::from_utf8(request).expect("ASCII");
    let request = request.replace("Host:", "x-acs-action: CopyImage\r\nHost:");
    let answer = answer(&send(&sim.endpoint, request.as_bytes()).await);
    assert!(answer["Images"].is_object(), "{answer}");
}

#[tokio::test]
async fn a_throttled_call_is_told_when_to_come_again_if_the_scenario_says_so() {
    for (retry_after_ms, code_of_it) in [(None, "Throttling.User"), (Some(1500), "Throttling.Api")] {
        let throttled_code = code_of_it.to_owned();
        let behaviour = Behaviour { retry_after_ms, throttled_code, ..Behaviour::default() };
        let world = AlibabaScenario { behaviour, ..small() };
        let scenario = Scenario { alibaba: Some(world), ..Scenario::default() }.with_calls_per_second(1);
        let sim = Sim::serve(scenario).await;
        let list = async || sim.send(&OWNER, "DescribeImages", &[("RegionId", REGION)]).await;
        assert_eq!(list().await.status(), 200);
        let refused = list().await;
        assert_eq!((refused.status(), code(&answer(&refused))), (400, code_of_it));
        let header = refused.head.lines().find_map(|line| line.strip_prefix("x-acs-retry-after: "));
        assert_eq!(header, retry_after_ms.map(|_| "1500"));
        sim.clock.advance_ms(1000);
        assert_eq!(list().await.status(), 200);
    }
}

#[tokio::test]
async fn faults_speak_the_clouds_words() {
    let refuse = FaultKind::Refuse { code: "QuotaExceed.ShareImage".to_owned(), message: "No.".to_owned() };
    for (kind, expected, done) in [
        (FaultKind::Throttle, (400, "Throttling.User"), false),
        (FaultKind::InternalError, (500, "InternalError"), false),
        (refuse, (403, "QuotaExceed.ShareImage"), false),
        (FaultKind::Slow { ms: 1 }, (200, ""), true),
    ] {
        let rule = FaultRule {
            action: Some("ModifyImageSharePermission".to_owned()),
            ..FaultRule::always(kind.clone())
        };
        let scenario = Scenario { faults: vec![rule], alibaba: Some(small()), ..Scenario::default() };
        let sim = Sim::serve(scenario).await;
        let (status, got) = sim.modify(IMAGE, &[FRIEND], &[]).await;
        assert_eq!((status, got.as_str()), expected, "{kind:?}");
        assert_eq!(sim.shares_of(IMAGE) == [FRIEND], done, "{kind:?}");
    }
}

#[tokio::test]
async fn calls_are_counted_by_action_and_region_whatever_they_were_signed_with() {
    let sim = Sim::small().await;
    for scheme in [Scheme::Acs3, Scheme::Rpc] {
        let login = Login { scheme, ..OWNER };
        sim.send(&login, "DescribeImages", &[("RegionId", REGION)]).await;
    }
    assert_eq!(sim.running.state()["clouds"]["alibaba"]["calls"]["DescribeImages"][REGION]["done"], 2);
}
