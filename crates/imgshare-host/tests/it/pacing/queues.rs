//! Who waits for whom.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{join, join_all};
use imgshare_protocol::ErrorKind;
use imgshare_testkit::{Answer, FakeWorld, Script};
use tokio::time::Instant;

use super::cloud::Cloud;
use super::{assert_within, calls, owner, provider, stage, tally, writes};
use crate::stage::{Stage, act, ended};

#[tokio::test(start_paused = true)]
async fn five_regions_go_side_by_side() {
    let cloud = Cloud::new(1).allows("Read", 10).opens();
    let provider = provider(&cloud);
    let regions = ["r-1", "r-2", "r-3", "r-4", "r-5"];
    let walls = join_all(regions.map(|region| calls(&provider, region, "Read", 300))).await;
    for wall in walls {
        assert_within(wall, 1.04, 30.0);
    }
    assert_eq!(cloud.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_throttled_slows_no_other() {
    let cloud = Cloud::new(1).allows("r-1/Read", 2).allows("r-2/Read", 10).opens();
    let provider = provider(&cloud);
    let (slow, quick) =
        join(calls(&provider, "r-1", "Read", 100), calls(&provider, "r-2", "Read", 100)).await;
    assert!(slow > Duration::from_secs(45));
    assert_within(quick, 1.04, 10.0);
    assert_eq!(tally(&provider, "r-2", "Read").throttled, 0);
}

#[tokio::test(start_paused = true)]
async fn two_actions_of_one_region_go_side_by_side() {
    let cloud = Cloud::new(1).allows("Read", 10).allows("Write", 10).opens();
    let provider = provider(&cloud);
    let (reads, writes) =
        join(calls(&provider, "r-1", "Read", 300), writes(&provider, "r-1", "Write", 300)).await;
    assert_within(reads, 1.04, 30.0);
    assert_within(writes, 1.04, 30.0);
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_for_their_pace_hold_no_place_in_flight() {
    let cloud = Cloud::new(1).opens();
    let provider = stage(&cloud, 1).connect();
    let mut reads = Box::pin(calls(&provider, "r-1", "Slow", 16));
    assert!(futures_util::poll!(&mut reads).is_pending());
    tokio::select! {
        _ = &mut reads => unreachable!("reads take 75 s"),
        write = writes(&provider, "r-1", "Write", 1) => {
            assert_eq!(write, Duration::from_millis(100), "after the one read that was on its way");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_goes_only_when_it_has_its_pace_and_a_place_in_flight() {
    let cloud = Cloud::new(1).allows("Read", 10).latency_ms(300..=300).opens();
    let provider = stage(&cloud, 2).connect();
    let mut reads = Box::pin(calls(&provider, "r-1", "Read", 30));
    assert!(futures_util::poll!(&mut reads).is_pending());
    assert_eq!(cloud.in_flight(), 2);
    assert_eq!(reads.await, Duration::from_millis(300 * 30 / 2));
    assert_eq!(cloud.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn clouds_of_one_owner_share_their_paces_and_another_owner_has_its_own() {
    let cloud = Cloud::new(1).opens();
    let stage = stage(&cloud, 16);
    let (one, same, other) = (owner(&stage, "a", &[]), owner(&stage, "a", &[]), owner(&stage, "b", &[]));
    let (one, same) = join(calls(&one, "r-1", "Read", 100), calls(&same, "r-1", "Read", 100)).await;
    assert_within(one.max(same), 1.04, 20.0);
    assert!(one.max(same) >= Duration::from_secs(19));
    assert_within(calls(&other, "r-1", "Read", 100).await, 1.04, 10.0);
}

#[tokio::test(start_paused = true)]
async fn of_two_figures_for_one_owner_the_lower_one_holds() {
    let cloud = Cloud::new(1).allows("Read", 5).opens();
    let stage = stage(&cloud, 16);
    let (one, same) = (owner(&stage, "a", &[]), owner(&stage, "a", &[("Read", 5.0)]));
    calls(&same, "r-1", "Read", 1).await;
    calls(&one, "r-1", "Read", 49).await;
    assert_eq!(cloud.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_quota_of_the_owner_is_shared_by_all_regions() {
    let provider = provider(&Cloud::new(1).opens());
    let action = "ReadAnywhere";
    let (here, there) =
        join(calls(&provider, "r-1", action, 100), calls(&provider, "r-2", action, 100)).await;
    assert!(here.max(there) >= Duration::from_secs(19));
    assert_eq!((tally(&provider, "r-1", action).sent, tally(&provider, "r-2", action).sent), (100, 100));
}

#[tokio::test(start_paused = true)]
async fn a_waiting_call_that_is_dropped_lets_the_next_one_go() {
    let cloud = Cloud::new(1).opens();
    let provider = provider(&cloud);
    calls(&provider, "r-1", "Slow", 1).await;
    let mut dropped = Box::pin(act(&provider, "action Slow", "r-1"));
    assert!(futures_util::poll!(&mut dropped).is_pending());
    let mut next = Box::pin(calls(&provider, "r-1", "Slow", 1));
    assert!(futures_util::poll!(&mut next).is_pending());
    drop(dropped);
    assert_within(next.await, 1.04, 5.0);
    assert_eq!(cloud.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_on_its_way_still_counts() {
    let cloud = Cloud::new(1).allows("Read", 10).opens();
    let provider = provider(&cloud);
    calls(&provider, "r-1", "Read", 1).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let begun = Instant::now();
    let all: Vec<_> = (0..10).map(|_| Box::pin(act(&provider, "action Read", "r-1"))).collect();
    let all = join_all(all);
    assert!(tokio::time::timeout(Duration::from_millis(30), all).await.is_err());
    calls(&provider, "r-1", "Read", 1).await;
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(cloud.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_refuses_for_ever_ends_all_calls_with_its_words_in_minutes() {
    let cloud = Cloud::new(1).allows("Read", 0).opens();
    let provider = provider(&cloud);
    let began = Instant::now();
    let all = join_all((0..1000).map(|_| act(&provider, "action Read", "r-1"))).await;
    let kinds: Vec<_> = all.iter().map(|result| result.as_ref().expect_err("all are refused").kind).collect();
    assert!(kinds.iter().all(|kind| *kind == ErrorKind::RateLimited));
    assert!(began.elapsed() < Duration::from_secs(300), "{:?}", began.elapsed());
    assert!(cloud.refused() < 100, "{} refused", cloud.refused());
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_ends_in_a_refusal_without_asking_again_slows_its_queue_too() {
    let cloud = Cloud::new(1).allows("Read", 0).opens();
    let provider = provider(&cloud);
    let error = act(&provider, "action without a retry Read", "r-1").await.expect_err("it is refused");
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert_eq!(tally(&provider, "r-1", "Read").throttled, 1);
}

#[tokio::test(start_paused = true)]
async fn metadata_services_wait_for_no_place_and_are_not_counted() {
    let provider = stage(&Cloud::new(1).opens(), 1).connect();
    let mut read = Box::pin(calls(&provider, "r-1", "Read", 1));
    assert!(futures_util::poll!(&mut read).is_pending());
    let mut metadata = Box::pin(ended(&provider, "metadata", "r-1"));
    let (_, metadata) = join(read, &mut metadata).await;
    assert!(metadata.result.is_ok());
    assert_eq!(provider.calls().len(), 1, "{:?}", provider.calls());
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_turn_comes_late_is_made_and_signed_anew() {
    let began = Instant::now();
    let ages = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&ages);
    let script = Script::by(move |request| {
        let now = FakeWorld::BEGIN.milliseconds() + i64::try_from(began.elapsed().as_millis()).unwrap();
        let (_, signature) = request.headers.iter().find(|(name, _)| name == "x-signature").unwrap();
        let signed: i64 = signature.split(' ').next().unwrap().parse().unwrap();
        seen.lock().unwrap().push(now - signed);
        Answer::ok("")
    });
    let stage = Stage::in_world(&script, FakeWorld::default().with_virtual_time());
    let provider = owner(&stage, "FAKE", &[("Read", 0.02)]);
    // One call in 50 seconds, so that the last of ten waits for seven minutes.
    calls(&provider, "r", "Read", 10).await;
    let ages = ages.lock().unwrap();
    assert_eq!((ages.len(), tally(&provider, "r", "Read").sent), (10, 10));
    assert!(ages.iter().all(|age_ms| *age_ms <= 120_000), "{ages:?}");
}

#[tokio::test(start_paused = true)]
async fn operations_begin_when_their_calls_can_go_soon_so_that_no_signature_grows_old() {
    let cloud = Cloud::new(1).opens();
    let provider = stage(&cloud, 4).connect();
    let mut all = Box::pin(calls(&provider, "r-1", "Read", 100));
    assert!(tokio::time::timeout(Duration::from_millis(10), &mut all).await.is_err());
    assert_eq!(
        act(&provider, "alive", "r-2").await.expect("it counts"),
        ["9"],
        "eight, and the one that counts"
    );
}
