//! Injected faults: what the client meets, and what was done all the same.

use imgshare_cloudsim::{FaultKind, FaultRule, Scenario, Trigger};
use serde_json::{Value, json};

use crate::client::{OWNER, Received};
use crate::world::{IMAGE, OTHER_REGION, REGION, Sim, code, scenario, small};

const FRIEND: &str = "100012345678";

/// Shares an image while a fault strikes; what came back, and whether it was done.
async fn share_under(kind: FaultKind) -> (Received, bool) {
    let sim = Sim::with_fault(FaultRule::always(kind)).await;
    let params = json!({"ImageId": IMAGE, "AccountIds": [FRIEND], "Permission": "SHARE"});
    let received = sim.send(&OWNER, "ModifyImageSharePermission", REGION, &params).await;
    let done = sim.shares_of(IMAGE) == [FRIEND];
    assert_eq!(sim.calls("ModifyImageSharePermission")["done"], u64::from(done), "the journal knows too");
    (received, done)
}

#[tokio::test]
async fn a_refusal_in_the_clouds_words_does_nothing() {
    let refuse = FaultKind::Refuse { code: "FailedOperation".to_owned(), message: "No.".to_owned() };
    for (kind, expected) in [
        (FaultKind::Throttle, "RequestLimitExceeded"),
        (FaultKind::InternalError, "InternalError"),
        (refuse, "FailedOperation"),
    ] {
        let (received, done) = share_under(kind).await;
        assert_eq!((received.status(), code(&received.response()), done), (200, expected, false));
    }
}

#[tokio::test]
async fn a_gateways_status_comes_with_its_body_and_its_wait() {
    let kind = FaultKind::Status { status: 502, body: "bad gateway".to_owned(), retry_after_s: Some(3) };
    let (received, done) = share_under(kind).await;
    assert_eq!((received.status(), received.body.as_slice(), done), (502, &b"bad gateway"[..], false));
    assert!(received.head.contains("retry-after: 3"), "{}", received.head);
}

#[tokio::test]
async fn an_error_may_come_after_the_work() {
    let gone = FaultKind::StatusAfter { status: 504, body: "gateway time-out".to_owned() };
    let (received, done) = share_under(gone).await;
    assert_eq!((received.status(), received.body.as_slice(), done), (504, &b"gateway time-out"[..], true));
    let (received, done) = share_under(FaultKind::InternalErrorAfter).await;
    assert_eq!((received.status(), code(&received.response()), done), (200, "InternalError", true));
}

#[tokio::test]
async fn a_reset_before_the_call_does_nothing_and_one_after_it_loses_the_answer() {
    for (kind, expected) in [(FaultKind::ResetBefore, false), (FaultKind::ResetAfter, true)] {
        let (received, done) = share_under(kind).await;
        assert_eq!((received.head.as_str(), received.reset, done), ("", true, expected));
    }
}

#[tokio::test]
async fn a_cut_body_is_half_of_what_was_announced() {
    let (received, done) = share_under(FaultKind::CutBody).await;
    assert_eq!((received.status(), done), (200, true));
    assert_eq!(received.body.len(), received.announced / 2);
    assert!(!received.body.is_empty());
}

#[tokio::test]
async fn garbage_and_floods_are_not_the_clouds_format() {
    let (received, done) = share_under(FaultKind::GarbageBody).await;
    assert_eq!((received.status(), done), (200, true));
    assert!(serde_json::from_slice::<Value>(&received.body).is_err());

    let (received, done) = share_under(FaultKind::HugeBody { bytes: 3_000_000 }).await;
    assert_eq!((received.status(), received.body.len(), done), (200, 3_000_000, true));
}

/// Time stands still but for the simulator's own waiting, so a minute is over at once and exactly a minute.
#[tokio::test(start_paused = true)]
async fn a_slow_answer_is_the_right_one_and_latency_comes_on_top() {
    let rule = FaultRule::always(FaultKind::Slow { ms: 60_000 });
    let sim = Sim::start(Scenario { latency_ms: 1_000, faults: vec![rule], ..scenario(small()) }).await;
    let start = tokio::time::Instant::now();
    assert_eq!(code(&sim.share(IMAGE, &[FRIEND]).await), "");
    assert_eq!(start.elapsed().as_secs(), 61);
    assert_eq!(sim.shares_of(IMAGE), [FRIEND]);
}

#[tokio::test]
async fn a_rule_strikes_the_calls_it_names_and_no_others() {
    let rule = FaultRule {
        action: Some("DescribeImages".to_owned()),
        region: Some(REGION.to_owned()),
        ..FaultRule::always(FaultKind::InternalError)
    };
    let sim = Sim::with_fault(rule).await;
    assert_eq!(code(&sim.call("DescribeImages", json!({})).await), "InternalError");
    assert_eq!(code(&sim.call("DescribeImageQuota", json!({})).await), "");
    let elsewhere = sim.send(&OWNER, "DescribeImages", OTHER_REGION, &json!({})).await;
    assert_eq!(code(&elsewhere.response()), "");
}

#[tokio::test]
async fn a_dead_region_answers_nothing_and_the_others_live() {
    let sim = Sim::with_fault(FaultRule::dead_region(REGION)).await;
    assert_eq!(sim.send(&OWNER, "DescribeImages", REGION, &json!({})).await.status(), 503);
    assert_eq!(sim.send(&OWNER, "DescribeImages", OTHER_REGION, &json!({})).await.status(), 200);
}

/// The codes of ten equal calls under a rule.
async fn ten_calls(when: Trigger, times: Option<u64>) -> Vec<u32> {
    let sim = Sim::with_fault(FaultRule { when, times, ..FaultRule::always(FaultKind::Throttle) }).await;
    let mut struck = Vec::new();
    for number in 1..=10 {
        if code(&sim.call("DescribeImageQuota", json!({})).await) == "RequestLimitExceeded" {
            struck.push(number);
        }
    }
    struck
}

#[tokio::test]
async fn a_trigger_counts_calls_and_a_rule_its_strikes() {
    assert_eq!(ten_calls(Trigger::Nth(3), None).await, [3]);
    assert_eq!(ten_calls(Trigger::Always, Some(2)).await, [1, 2]);
    assert_eq!(ten_calls(Trigger::Chance(0.0), None).await, [0; 0]);
    assert_eq!(ten_calls(Trigger::Chance(1.0), None).await.len(), 10);
}

/// Which of 60 different calls meet a fault of probability one half, called in some order.
async fn struck(seed: u64, order: impl Iterator<Item = u32>) -> Vec<u32> {
    let rule = FaultRule { when: Trigger::Chance(0.5), ..FaultRule::always(FaultKind::Throttle) };
    let sim = Sim::start(Scenario { seed, faults: vec![rule], ..scenario(small()) }).await;
    let mut struck = Vec::new();
    for offset in order {
        if code(&sim.call("DescribeImages", json!({"Offset": offset})).await) == "RequestLimitExceeded" {
            struck.push(offset);
        }
    }
    struck.sort_unstable();
    struck
}

#[tokio::test]
async fn the_seed_decides_which_calls_fail_whatever_their_order() {
    let forwards = struck(1, 0..60).await;
    assert_eq!(forwards, struck(1, (0..60).rev()).await);
    assert_ne!(forwards, struck(2, 0..60).await);
    assert!((15..=45).contains(&forwards.len()), "{forwards:?}");
}
