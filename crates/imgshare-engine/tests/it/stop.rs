//! Stopping a run, and running again.

use imgshare_engine::{Event, Observer, Stop};
use imgshare_plan::{ChangeState, ExitStatus};

use crate::cloud::Cloud;
use crate::stage::Stage;

/// Asks to stop as soon as the first change has begun.
struct StopAtFirst(Stop);

impl Observer for StopAtFirst {
    fn event(&self, event: Event<'_>) {
        if let Event::Begun(_) = event {
            self.0.request();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopped_run_begins_nothing_more_and_run_again_ends_where_an_unbroken_run_ends() {
    let images = ["a", "b", "c"];
    let mut stage = Stage::new(Cloud::with_images("r", &images), &["r"], &["111111"]).in_flight_max(1);
    let report = stage.apply_heard_by(&StopAtFirst(stage.stop.clone())).await;
    let interrupted =
        report.changes.iter().filter(|done| done.change.state == ChangeState::Interrupted).count();
    assert_eq!((interrupted, stage.writes()), (3, 0), "the first was asked to stop before its first write");

    stage.stop = Stop::default();
    assert_eq!(stage.apply().await.exit(), ExitStatus::Done);
    assert!(images.iter().all(|image| stage.cloud.accounts("r", image) == ["111111"]));
}

/// Asks to stop as soon as the first change has ended.
struct StopAfterFirst(Stop);

impl Observer for StopAfterFirst {
    fn event(&self, event: Event<'_>) {
        if let Event::Ended(_) = event {
            self.0.request();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_in_flight_is_finished_and_reported() {
    let stage = Stage::new(Cloud::with_images("r", &["a", "b", "c"]), &["r"], &["111111"]).in_flight_max(1);
    let report = stage.apply_heard_by(&StopAfterFirst(stage.stop.clone())).await;
    let count = |state| report.changes.iter().filter(|done| done.change.state == state).count();
    assert_eq!(count(ChangeState::Done), stage.writes());
    assert_eq!(count(ChangeState::Done) + count(ChangeState::Interrupted), 3);
    assert!(count(ChangeState::Done) >= 1 && count(ChangeState::Interrupted) >= 1);
}
