//! Applying without asking: additions begin while other images are still being read, removals when all are.

use std::sync::Mutex;

use imgshare_engine::{Event, Observer, Silent, Stop};
use imgshare_plan::{ChangeState, ExitStatus};

use crate::cloud::Cloud;
use crate::stage::Stage;

const IMAGES: [&str; 4] = ["a", "b", "c", "d"];

/// One request at a time, so that the order of requests is the order of the schedule.
fn one_by_one(cloud: Cloud) -> Stage {
    Stage::new(Cloud { latency_ms: 10, ..cloud }, &["r"], &["111111"]).in_flight_max(1)
}

fn place(requests: &[String], wanted: &str) -> usize {
    requests
        .iter()
        .position(|request| request == wanted)
        .unwrap_or_else(|| panic!("{wanted} in {requests:?}"))
}

#[tokio::test(start_paused = true)]
async fn an_images_additions_begin_before_the_last_image_is_read() {
    let stage = one_by_one(Cloud::with_images("r", &IMAGES));
    let (_, report) = stage.apply_at_once(&Silent).await;
    assert_eq!(report.exit(), ExitStatus::Done);
    let requests = stage.requests_about_images();
    assert!(place(&requests, "PUT a") < place(&requests, "GET d"), "{requests:?}");
}

#[tokio::test(start_paused = true)]
async fn removals_wait_until_every_image_is_read() {
    let stage = one_by_one(Cloud::with_images("r", &IMAGES).shared_with("r", "a", &["111111", "999999"]));
    let (_, report) = stage.apply_at_once(&Silent).await;
    assert_eq!(report.exit(), ExitStatus::Done);
    let requests = stage.requests_about_images();
    assert!(place(&requests, "PUT a") > place(&requests, "GET d"), "{requests:?}");
    assert_eq!(stage.cloud.accounts("r", "a"), ["111111"]);
}

#[tokio::test(start_paused = true)]
async fn removals_beyond_the_fence_are_not_made_though_additions_have_begun() {
    let cloud = Cloud::with_images("r", &IMAGES).shared_with("r", "a", &["888888", "999999"]);
    let mut stage = one_by_one(cloud);
    stage.desired.fence.max_removals = Some(1);
    let (plan, report) = stage.apply_at_once(&Silent).await;
    assert_eq!((plan.blocked.len(), report.exit()), (1, ExitStatus::Partly));
    assert_eq!(stage.cloud.accounts("r", "a"), ["111111", "888888", "999999"]);
}

#[tokio::test(start_paused = true)]
async fn an_image_that_is_changed_in_two_parts_is_reported_once_with_both() {
    let stage = one_by_one(Cloud::with_images("r", &IMAGES).shared_with("r", "b", &["999999"]));
    let (_, report) = stage.apply_at_once(&Silent).await;
    assert_eq!(report.changes.len(), 4);
    let change = report.changes.iter().find(|done| done.change.image.id.as_str() == "b").unwrap();
    assert_eq!((change.change.state, change.attempts), (ChangeState::Done, 2));
    assert_eq!(stage.cloud.accounts("r", "b"), ["111111"]);
}

#[tokio::test(start_paused = true)]
async fn it_makes_the_calls_of_a_plan_that_somebody_agreed_to_and_no_others() {
    let cloud = || Cloud::with_images("r", &IMAGES).shared_with("r", "c", &["777777", "111111"]);
    let (asking, at_once) = (one_by_one(cloud()), one_by_one(cloud()));
    asking.apply().await;
    at_once.apply_at_once(&Silent).await;
    let sorted = |stage: &Stage| {
        let mut requests = stage.requests_about_images();
        requests.sort();
        requests
    };
    assert_eq!(sorted(&asking), sorted(&at_once));
}

/// Takes note of the order in which things are told.
#[derive(Default)]
struct Order(Mutex<Vec<&'static str>>);

impl Observer for Order {
    fn event(&self, event: Event<'_>) {
        let word = match event {
            Event::Planned(_) => "planned",
            Event::Ended(_) => "ended",
            _ => return,
        };
        self.0.lock().unwrap().push(word);
    }
}

#[tokio::test(start_paused = true)]
async fn the_plan_is_told_as_soon_as_it_is_known() {
    let stage = one_by_one(Cloud::with_images("r", &IMAGES));
    let order = Order::default();
    let (plan, report) = stage.apply_at_once(&order).await;
    let order = order.0.into_inner().unwrap();
    assert_eq!(order.iter().filter(|word| **word == "ended").count(), 4);
    assert_eq!(order.iter().filter(|word| **word == "planned").count(), 1);
    assert_ne!(order.last(), Some(&"planned"));
    assert_eq!((plan.changes.len(), report.changes.len()), (4, 4));
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
async fn stopped_during_the_survey_it_reports_what_was_done_and_reads_no_further() {
    let stage = one_by_one(Cloud::with_images("r", &IMAGES));
    let (_, report) = stage.apply_at_once(&StopAfterFirst(stage.stop.clone())).await;
    let done = report.changes.iter().filter(|done| done.change.state == ChangeState::Done).count();
    assert_eq!((done, stage.writes()), (1, 1));
    assert!(report.unreadable.iter().any(|unread| unread.error.message.contains("the run was stopped")));
    assert!(stage.reads_of_shares() < IMAGES.len() + 1, "{:?}", stage.requests_about_images());
}
