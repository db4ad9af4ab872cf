//! Asking receivers what they see.

use imgshare_engine::Verify;
use imgshare_plan::{ExitStatus, Received};
use imgshare_protocol::{Acceptance, ErrorKind};
use tokio::time::Instant;

use crate::parcel::{A, B, Parcels};
use crate::parcel_cloud::ParcelCloud;

fn stage() -> Parcels {
    Parcels::new(ParcelCloud::with_images("r", &["x", "y"])).asking()
}

/// Granted, visible and accepted, of each share.
fn seen(received: &[Received]) -> Vec<String> {
    let line = |share: &Received| {
        let (granted, visible) = (share.granted, share.visible);
        format!("{} {} {granted:?} {visible:?} {:?}", share.image.id, share.account.id, share.accepted)
    };
    let mut lines: Vec<_> = received.iter().map(line).collect();
    lines.sort();
    lines
}

#[tokio::test(start_paused = true)]
async fn receivers_are_asked_with_their_own_logins_in_the_images_region() {
    let stage = stage().accepting();
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    let mut asked = stage.requests("/received");
    asked.sort();
    assert_eq!(
        asked,
        ["111111 GET /r/received", "222222 GET /r/received"],
        "one call for all images of each"
    );
    let accepted = Some(Acceptance::Accepted);
    let all = [("x", A), ("x", B), ("y", A), ("y", B)];
    let all = all.map(|(image, account)| format!("{image} {account} Some(true) Some(true) {accepted:?}"));
    assert_eq!(seen(&report.received), all);
    assert_eq!((report.summary.received.visible, report.summary.received.accepted), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn with_yes_receivers_are_asked_too() {
    let report = stage().accepting().apply_at_once().await;
    assert_eq!((report.exit(), report.summary.received.visible), (ExitStatus::Done, 4));
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_sees_nothing_yet_is_asked_again_after_a_moment() {
    let stage = stage().accepting();
    stage.cloud().looks_in_vain.insert(A.to_owned(), 2);
    let began = Instant::now();
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    assert_eq!(began.elapsed().as_secs(), 2 + 4);
    assert_eq!(stage.requests("222222 GET /r/received").len(), 1, "who has seen all is not asked again");
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_never_sees_what_was_granted_makes_the_run_fail() {
    let stage = stage().accepting();
    stage.cloud().looks_in_vain.insert(A.to_owned(), u32::MAX);
    let began = Instant::now();
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Partly);
    assert_eq!((began.elapsed().as_secs(), report.summary.received.hidden), (2 + 4 + 8, 2));
    let again = stage.apply().await;
    assert_eq!(again.exit(), ExitStatus::Error, "nothing was changed, and it is still not right");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_receivers_that_have_not_accepted() {
    let stage = stage();
    let began = Instant::now();
    let report = stage.apply().await;
    assert_eq!((report.exit(), began.elapsed().as_secs()), (ExitStatus::Partly, 0));
    assert!(report.received.iter().all(|share| share.accepted == Some(Acceptance::Pending)));
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_cannot_be_asked_is_told_and_the_others_are_asked() {
    let stage = stage().accepting();
    stage.apply().await;
    stage.cloud().refused.insert(A.to_owned());
    let drift = stage.drift().await;
    assert_eq!(drift.exit(), ExitStatus::Error);
    assert_eq!((drift.summary.received.unknown, drift.summary.received.visible), (2, 2));
    let unknown = drift.received.iter().find(|share| share.account.id.as_str() == A).expect("A is in it");
    let error = unknown.error.as_ref().expect("it could not be asked");
    assert_eq!((error.kind, unknown.visible), (ErrorKind::PermissionDenied, None));
    for pair in [("cloud", "a"), ("region", "r"), ("account", A)] {
        assert!(error.context.contains(&(pair.0.into(), pair.1.into())), "{pair:?} in {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_of_another_account_is_no_proof() {
    let mut stage = stage().accepting();
    stage.apply().await;
    let receiver = stage.desired.receivers.get_mut(&("prod".into(), A.into())).expect("it is there");
    receiver.verify_with = Some("b".into());
    let drift = stage.drift().await;
    assert_eq!(drift.exit(), ExitStatus::Error);
    let unknown = drift.received.iter().find(|share| share.account.id.as_str() == A).expect("A is in it");
    assert_eq!(unknown.error.as_ref().map(|error| error.kind), Some(ErrorKind::AccountInvalid));
}

#[tokio::test(start_paused = true)]
async fn drift_asks_once_and_a_share_that_is_not_visible_is_a_difference() {
    let stage = stage().accepting();
    stage.apply().await;
    assert_eq!(stage.drift().await.exit(), ExitStatus::Done);
    stage.cloud().looks_in_vain.insert(A.to_owned(), u32::MAX);
    let before = stage.requests("111111 GET /r/received").len();
    let drift = stage.drift().await;
    assert_eq!((drift.exit(), drift.summary.received.hidden), (ExitStatus::Differs, 2));
    assert_eq!(stage.requests("111111 GET /r/received").len(), before + 1);
    assert_eq!(stage.plan().await.exit(), ExitStatus::Done, "plan asks no receiver");
}

#[tokio::test(start_paused = true)]
async fn without_verifying_nobody_is_asked() {
    let mut stage = stage().accepting();
    stage.verify = Verify::None;
    assert_eq!(stage.apply().await.received, []);
    assert_eq!(stage.requests("/received"), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn shares_whose_receivers_the_config_does_not_let_ask_are_counted_as_not_verified() {
    let stage = Parcels::new(ParcelCloud::with_images("r", &["x"])).accepting();
    let report = stage.apply().await;
    assert_eq!((report.exit(), report.summary.received.not_verified), (ExitStatus::Done, 2));
}
