//! Snapshots that are shared apart from their images, and images that have to be prepared.

use imgshare_plan::{ChangeState, ExitStatus};
use serde_json::json;

use crate::parcel::{A, B, Parcels};
use crate::parcel_cloud::ParcelCloud;

fn two_images() -> ParcelCloud {
    ParcelCloud::with_images("r", &["x", "y"])
}

#[tokio::test(start_paused = true)]
async fn snapshots_are_shared_with_their_images_and_then_there_is_nothing_left_to_do() {
    let stage = Parcels::new(two_images()).with_snapshots();
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    assert_eq!(stage.cloud().snapshot("r", "snap-x"), [A, B]);
    assert_eq!(report.summary.snapshots.done, 2);
    assert!(stage.plan().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn with_yes_the_same_is_done() {
    let stage = Parcels::new(two_images()).with_snapshots();
    let report = stage.apply_at_once().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    assert_eq!(stage.cloud().snapshot("r", "snap-y"), [A, B]);
    assert!(stage.plan().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn snapshots_are_left_alone_and_unread_where_no_rule_shares_them() {
    let stage = Parcels::new(two_images());
    assert_eq!(stage.apply().await.exit(), ExitStatus::Done);
    assert_eq!(stage.requests("/snapshots/"), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn snapshots_go_into_calls_by_their_own_limits() {
    let mut stage = Parcels::new(ParcelCloud::with_images("r", &["x"])).with_snapshots();
    stage.desired.rules[0].targets[0].accounts.insert("333333".into());
    stage.apply().await;
    let calls = stage.requests("PUT /r/snapshots/");
    assert_eq!(
        calls,
        [
            "100000 PUT /r/snapshots/snap-x/shares add=111111&add=222222",
            "100000 PUT /r/snapshots/snap-x/shares add=333333",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_that_cannot_be_read_is_never_changed_and_its_image_is() {
    let cloud = ParcelCloud { locked: ["snap-x".into()].into(), ..two_images() };
    let stage = Parcels::new(cloud).with_snapshots();
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Partly);
    assert_eq!(stage.cloud().shares("r", "x").len(), 2);
    assert_eq!(stage.cloud().snapshot("r", "snap-y"), [A, B]);
    assert_eq!(stage.requests("PUT /r/snapshots/snap-x"), Vec::<String>::new());
    let unreadable = &report.unreadable[0];
    assert_eq!(unreadable.snapshot, Some("snap-x".into()));
    assert!(unreadable.error.context.contains(&("snapshot".into(), "snap-x".into())), "{unreadable:?}");
}

#[tokio::test(start_paused = true)]
async fn the_record_names_the_snapshot_and_what_was_prepared() {
    let stage = Parcels::new(ParcelCloud::with_images("r", &["x"])).with_snapshots();
    stage.cloud().image("r", "x").record["prepare"] = json!("its visibility becomes `shared`");
    assert_eq!(stage.apply().await.exit(), ExitStatus::Done);
    let lines = stage.audit_lines();
    let sent: Vec<_> = lines.iter().filter(|line| line["event"] == "sending").collect();
    let mut facts: Vec<_> =
        sent.iter().map(|line| format!("{} {}", line["snapshot"], line["prepare"])).collect();
    facts.sort();
    assert_eq!(facts, [r#""snap-x" null"#, "null \"its visibility becomes `shared`\""]);
}

#[tokio::test(start_paused = true)]
async fn an_image_is_prepared_before_it_is_shared_and_only_when_it_needs_to_be() {
    let stage = Parcels::new(two_images());
    stage.cloud().image("r", "x").record["prepare"] = json!("its visibility becomes `shared`");
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    assert!(report.changes.iter().all(|done| done.change.state == ChangeState::Done));
    let prepared: Vec<_> = stage.requests("prepare=yes").into_iter().map(|it| it.contains("/x/")).collect();
    assert_eq!(prepared, [true]);
    assert!(stage.plan().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn snapshots_of_a_copy_are_shared_in_the_run_that_makes_the_copy() {
    let mut cloud = ParcelCloud::with_images("r", &["x"]);
    cloud.regions.insert("far".to_owned(), Default::default());
    let mut stage = Parcels::new(cloud).with_snapshots().accepting();
    let rule = &mut stage.desired.rules[0];
    rule.copy_from = Some("r".into());
    rule.targets[0].regions = vec!["far".into()];
    stage.desired.clouds.get_mut("prod").expect("it is there").regions.push("far".into());
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    assert_eq!(stage.cloud().snapshot("far", "snap-x-copy"), [A, B]);
    assert_eq!(stage.cloud().shares("far", "x-copy"), ["111111 accepted", "222222 accepted"]);
    let plan = stage.plan().await;
    assert!(plan.is_empty(), "{plan:#?}");
}
