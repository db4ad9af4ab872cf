//! The form of refusals, throttling and faults.

use imgshare_cloudsim::{FaultKind, FaultRule, Scenario};

use super::client::{IMAGE, OWNER, REGION, Sim, ret_code, small};

const FRIEND: &str = "55001122";

#[tokio::test]
async fn every_answer_names_its_request_in_a_header() {
    let sim = Sim::small().await;
    let mut seen = std::collections::BTreeSet::new();
    for action in ["DescribeImage", "NoSuchAction"] {
        let received = sim.send(&OWNER, action, &[("Region", REGION)]).await;
        let id = received.head.lines().find_map(|line| line.strip_prefix("x-ucloud-request-uuid: "));
        let id = id.expect("a request id").to_owned();
        assert_eq!(id.len(), 36);
        assert!(seen.insert(id));
    }
}

#[tokio::test]
async fn what_is_not_a_call_of_this_cloud_has_its_code() {
    let sim = Sim::small().await;
    for (action, params, expected) in [
        ("", &[("Region", REGION)][..], 160),
        ("DeleteEverything", &[("Region", REGION)], 161),
        ("DescribeImage", &[], 210),
        ("DescribeImage", &[("Region", "cn-atlantis")], 230),
        ("DescribeImage", &[("Region", REGION), ("Zone", "cn-bj2-01")], 293),
        ("DescribeImage", &[("Region", REGION), ("Owner", "me")], 230),
        ("DescribeCompShareImageShareAccounts", &[("Region", REGION)], 210),
    ] {
        let answer = sim.call_as(&OWNER, action, params).await;
        assert_eq!(ret_code(&answer), expected, "{action} {params:?}");
        assert!(answer["Message"].is_string());
    }
}

#[tokio::test]
async fn a_caller_who_is_too_fast_gets_153() {
    let scenario = Scenario { ucloud: Some(small()), ..Scenario::default() }.with_calls_per_second(2);
    let sim = Sim::serve(scenario).await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(ret_code(&sim.call("DescribeImage", &[]).await));
    }
    assert_eq!(codes, [0, 0, 153]);
    sim.clock.advance_ms(1000);
    assert_eq!(ret_code(&sim.call("DescribeImage", &[]).await), 0);
}

#[tokio::test]
async fn faults_speak_the_clouds_words() {
    let refuse = |code: &str| FaultKind::Refuse { code: code.to_owned(), message: "No.".to_owned() };
    for (kind, expected, done) in [
        (FaultKind::Throttle, 153, false),
        (FaultKind::InternalError, 150, false),
        (refuse("226601"), 226_601, false),
        (refuse("not a number"), -1, false),
        (FaultKind::Slow { ms: 1 }, 0, true),
    ] {
        let rule = FaultRule {
            action: Some("ModifyCompShareImageShareAccount".to_owned()),
            ..FaultRule::always(kind.clone())
        };
        let scenario = Scenario { faults: vec![rule], ucloud: Some(small()), ..Scenario::default() };
        let sim = Sim::serve(scenario).await;
        assert_eq!(ret_code(&sim.modify(IMAGE, &[FRIEND], &[]).await), expected, "{kind:?}");
        assert_eq!(sim.shares_of(IMAGE) == [FRIEND], done, "{kind:?}");
    }
}

#[tokio::test]
async fn an_image_of_the_wrong_service_or_zone_is_a_contradiction() {
    use super::client::{image, owner, region};
    use imgshare_cloudsim::ucloud::UcloudScenario;
    use imgshare_cloudsim::{ImageScenario, serve};
    let elsewhere = ImageScenario { zone: Some("cn-bj2-01".to_owned()), ..image(IMAGE, "x") };
    for (image, expected) in [
        (image("uimage-1", "x"), "is of another service: use compshareImage- here"),
        (image("img-1", "x"), "is malformed: use compshareImage- (or uimage-)"),
        (elsewhere, "is in the zone cn-bj2-01, which cn-wlcb does not have"),
    ] {
        let owners = vec![owner(region(vec![image]), region(Vec::new()))];
        let ucloud = Some(UcloudScenario { owners, ..UcloudScenario::default() });
        let scenario = Scenario { ucloud, ..Scenario::default() };
        let error = serve(scenario, "127.0.0.1:0".parse().expect("an address")).await.err();
        let error = error.expect("it is refused").to_string();
        assert!(error.contains(expected), "{error}");
    }
}
