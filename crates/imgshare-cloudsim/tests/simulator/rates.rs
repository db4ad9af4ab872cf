//! How fast a caller may be.

use imgshare_cloudsim::tencent::TencentScenario;
use serde_json::json;

use crate::client::{Login, OWNER};
use crate::world::{IMAGE, OTHER_OWNER, OTHER_REGION, REGION, Sim, code, scenario, small};

async fn sim() -> Sim {
    let calls_per_s = TencentScenario::documented_rates();
    Sim::start(scenario(TencentScenario { calls_per_s, ..small() })).await
}

/// How many of so many calls at one instant are answered.
async fn answered(sim: &Sim, login: &Login, action: &str, region: &str, calls: usize) -> usize {
    let mut answered = 0;
    for _ in 0..calls {
        let received = sim.send(login, action, region, &json!({})).await;
        match code(&received.response()) {
            "RequestLimitExceeded" => {}
            _ => answered += 1,
        }
    }
    answered
}

#[tokio::test]
async fn each_action_has_its_rate_for_each_owner_and_region() {
    let sim = sim().await;
    assert_eq!(answered(&sim, &OWNER, "DescribeImages", REGION, 45).await, 40);
    assert_eq!(answered(&sim, &OWNER, "DescribeImageQuota", REGION, 15).await, 10);
    assert_eq!(answered(&sim, &OWNER, "DescribeImageQuota", OTHER_REGION, 15).await, 10);
    let other = Login { token: Some("FakeOtherToken"), ..OTHER_OWNER };
    assert_eq!(answered(&sim, &other, "DescribeImageQuota", REGION, 15).await, 10);
}

#[tokio::test]
async fn the_window_slides_and_refused_calls_take_no_room() {
    let sim = sim().await;
    assert_eq!(answered(&sim, &OWNER, "DescribeImageQuota", REGION, 6).await, 6);
    sim.clock.advance_ms(500);
    assert_eq!(answered(&sim, &OWNER, "DescribeImageQuota", REGION, 30).await, 4);
    sim.clock.advance_ms(499);
    assert_eq!(answered(&sim, &OWNER, "DescribeImageQuota", REGION, 9).await, 0);
    sim.clock.advance_ms(1);
    assert_eq!(answered(&sim, &OWNER, "DescribeImageQuota", REGION, 9).await, 6);
}

#[tokio::test]
async fn a_refused_write_is_not_done_and_is_counted() {
    let sim = sim().await;
    for _ in 0..10 {
        sim.cancel(IMAGE, &["100012345678"]).await;
    }
    assert_eq!(code(&sim.share(IMAGE, &["100012345678"]).await), "RequestLimitExceeded");
    assert!(sim.shares_of(IMAGE).is_empty());
    let counts = sim.calls("ModifyImageSharePermission");
    assert_eq!(counts["calls"], 11);
    assert_eq!(counts["refused"], json!({"RequestLimitExceeded": 1}));
}
