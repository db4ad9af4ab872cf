//! The pace of one queue against what its cloud really lets through.

use std::time::Duration;

use super::cloud::Cloud;
use super::{assert_within, calls, owner, provider, stage, tally};

const COUNTED_AT: [f64; 3] = [0.0, 0.5, 1.0];

#[tokio::test(start_paused = true)]
async fn the_right_figure_takes_as_long_as_the_quota_says_and_nothing_is_refused() {
    for counted_at in COUNTED_AT {
        let cloud = Cloud::new(1).allows("Read", 10).counts_at(counted_at).opens();
        let wall = calls(&provider(&cloud), "r-1", "Read", 1000).await;
        assert_within(wall, 1.04, 100.0);
        assert_eq!(cloud.refused(), 0, "counted at {counted_at}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_network_that_jitters_gets_next_to_nothing_refused() {
    for seed in 0..2 {
        for counted_at in COUNTED_AT {
            let cloud = Cloud::new(seed).allows("Read", 10).latency_ms(30..=90).counts_at(counted_at).opens();
            let wall = calls(&provider(&cloud), "r-1", "Read", 1000).await;
            assert_within(wall, 1.10, 100.0);
            assert!(cloud.refused() <= 10, "{} refused, counted at {counted_at}", cloud.refused());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn half_of_the_believed_figure_is_found_with_few_refused_calls() {
    for seed in 0..3 {
        let cloud = Cloud::new(seed).allows("Read", 5).latency_ms(40..=60).opens();
        let provider = provider(&cloud);
        let wall = calls(&provider, "r-1", "Read", 1000).await;
        assert_within(wall, 1.10, 200.0);
        assert!(cloud.refused() <= 10, "{} refused", cloud.refused());
        assert_eq!(tally(&provider, "r-1", "Read").throttled, cloud.refused() as u64);
        assert_eq!(tally(&provider, "r-1", "Read").sent, 1000 + cloud.refused() as u64);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_figure_is_found_by_asking() {
    for seed in 0..3 {
        let cloud = Cloud::new(seed).allows("Unknown", 20).latency_ms(40..=60).opens();
        let wall = calls(&provider(&cloud), "r-1", "Unknown", 2000).await;
        assert_within(wall, 1.15, 100.0);
        assert!(cloud.refused() <= 60, "{} refused", cloud.refused());
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_figure_and_without_a_refusal_nothing_waits_but_for_places_in_flight() {
    let cloud = Cloud::new(1).opens();
    let wall = calls(&provider(&cloud), "r-1", "Unknown", 1600).await;
    assert_eq!(wall, Duration::from_millis(50 * 1600 / 16));
}

#[tokio::test(start_paused = true)]
async fn a_figure_below_one_call_a_second_is_kept() {
    let cloud = Cloud::new(1).allows_in("Slow", 1, Duration::from_secs(5)).opens();
    let wall = calls(&provider(&cloud), "r-1", "Slow", 20).await;
    assert_within(wall, 1.04, 100.0);
    assert_eq!(cloud.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_figure_of_the_config_is_the_one_that_counts() {
    let cloud = Cloud::new(1).allows("Read", 25).opens();
    let wall = calls(&owner(&stage(&cloud, 16), "a", &[("Read", 25.0)]), "r-1", "Read", 1000).await;
    assert_within(wall, 1.04, 40.0);
    assert_eq!(cloud.refused(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_clouds_own_wait_holds_back_all_calls_of_its_queue() {
    let cloud = Cloud::new(1).allows("Read", 5).asks_to_wait("7").opens();
    calls(&provider(&cloud), "r-1", "Read", 30).await;
    let seen = cloud.seen();
    let refused = seen.iter().find(|seen| !seen.accepted).expect("five are too many");
    let told = refused.at + Duration::from_millis(25);
    let next = seen.iter().map(|seen| seen.at).find(|at| *at > told).expect("the others come later");
    assert!(next - told >= Duration::from_secs(7), "{:?}", next - told);
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_lets_nobody_through_for_the_rest_of_the_minute_is_waited_for() {
    let cloud = Cloud::new(1).allows_in("Read", 100, Duration::from_secs(60)).opens();
    calls(&provider(&cloud), "r-1", "Read", 150).await;
    assert!(cloud.refused() <= 40, "{} refused", cloud.refused());
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_gets_slower_and_quicker_again_is_followed() {
    let cloud = Cloud::new(1).allows("Read", 10).opens();
    let provider = provider(&cloud);
    calls(&provider, "r-1", "Read", 100).await;
    cloud.now_allows("Read", 5);
    assert_within(calls(&provider, "r-1", "Read", 200).await, 1.10, 40.0);
    cloud.now_allows("Read", 10);
    calls(&provider, "r-1", "Read", 600).await;
    assert_within(calls(&provider, "r-1", "Read", 200).await, 1.10, 20.0);
}
