//! What applying a plan does to the cloud, and what it reports.

use imgshare_engine::Verify;
use imgshare_plan::{ChangeState, ExitStatus};
use imgshare_protocol::ErrorKind;

use crate::cloud::Cloud;
use crate::stage::Stage;

#[tokio::test(start_paused = true)]
async fn after_an_apply_without_failures_the_next_one_writes_nothing() {
    let stage = Stage::new(Cloud::with_images("r", &["a", "b"]), &["r"], &["111111", "222222", "333333"]);
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Done);
    assert_eq!(stage.cloud.accounts("r", "a"), ["111111", "222222", "333333"]);
    // Two accounts fit into a change, so three accounts take two writes for each image.
    assert_eq!(stage.writes(), 4);
    let again = stage.apply().await;
    assert_eq!((again.exit(), stage.writes()), (ExitStatus::Done, 4));
}

#[tokio::test(start_paused = true)]
async fn an_image_that_fails_does_not_stop_the_others_and_is_named() {
    let cloud = Cloud { locked: ["b".into()].into(), ..Cloud::with_images("r", &["a", "b", "c"]) };
    let stage = Stage::new(cloud, &["r"], &["111111"]);
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Partly);
    let states: Vec<_> =
        report.changes.iter().map(|done| (done.change.image.id.as_str(), done.change.state)).collect();
    assert_eq!(states, [("a", ChangeState::Done), ("b", ChangeState::Failed), ("c", ChangeState::Done)]);
    let error = report.changes[1].error.as_ref().unwrap();
    assert_eq!(error.kind, ErrorKind::Conflict);
    for pair in [("region", "r"), ("image", "b"), ("cloud", "prod")] {
        assert!(error.context.contains(&(pair.0.into(), pair.1.into())), "{pair:?} in {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_dead_does_not_stop_the_others() {
    let cloud = Cloud { dead: ["dead".into()].into(), ..Cloud::with_images("alive", &["a"]) };
    let stage = Stage::new(cloud.and_images("dead", &["b"]), &["alive", "dead"], &["111111"]);
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Partly);
    assert_eq!(stage.cloud.accounts("alive", "a"), ["111111"]);
    assert_eq!(report.unreadable.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_the_cloud_drops_without_a_word_is_found_by_reading_back() {
    let cloud = Cloud { dropped: ["222222".into()].into(), ..Cloud::with_images("r", &["a"]) };
    let stage = Stage::new(cloud, &["r"], &["111111", "222222"]);
    let report = stage.apply().await;
    assert_eq!(report.changes[0].change.state, ChangeState::Partly);
    let failed = &report.changes[0].failed;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].accounts[0].id.as_str(), "222222");
}

#[tokio::test(start_paused = true)]
async fn without_verifying_nothing_is_read_again_and_the_report_says_granted() {
    let mut stage = Stage::new(Cloud::with_images("r", &["a"]), &["r"], &["111111"]);
    stage.verify = Verify::None;
    let report = stage.apply().await;
    assert_eq!(report.changes[0].change.state, ChangeState::Granted);
    assert_eq!(stage.reads_of_shares(), 1, "the survey's own");
}
