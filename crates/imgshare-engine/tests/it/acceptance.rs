//! Shares that are accepted with their receivers' logins.

use std::sync::Mutex;

use imgshare_engine::{Event, Observer, Stop, Verify};
use imgshare_plan::{ChangeState, ExitStatus, Report};
use imgshare_protocol::ErrorKind;

use crate::parcel::{A, B, Parcels};
use crate::parcel_cloud::ParcelCloud;

fn stage() -> Parcels {
    Parcels::new(ParcelCloud::with_images("r", &["x"])).accepting()
}

fn states(report: &Report) -> Vec<(String, ChangeState)> {
    let states = report.acceptances.iter().map(|done| &done.acceptance);
    states.map(|share| (share.account.id.to_string(), share.state)).collect()
}

#[tokio::test(start_paused = true)]
async fn shares_are_accepted_with_the_receivers_logins_and_then_there_is_nothing_left_to_do() {
    let stage = stage();
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    assert_eq!(stage.cloud().shares("r", "x"), ["111111 accepted", "222222 accepted"]);
    assert_eq!(stage.requests("/acceptance").len(), 2);
    assert!(stage.requests("/acceptance").contains(&"111111 PUT /r/images/x/acceptance".to_owned()));
    assert!(stage.plan().await.is_empty());
    let writes = stage.requests("PUT").len();
    assert_eq!((stage.apply().await.exit(), stage.requests("PUT").len()), (ExitStatus::Done, writes));
}

#[tokio::test(start_paused = true)]
async fn with_yes_the_same_is_done() {
    let stage = stage();
    let report = stage.apply_at_once().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    assert_eq!(stage.cloud().shares("r", "x"), ["111111 accepted", "222222 accepted"]);
}

#[tokio::test(start_paused = true)]
async fn a_share_is_accepted_when_its_change_has_been_read_back_and_not_before() {
    for at_once in [false, true] {
        let stage = stage().slow(1000);
        if at_once {
            stage.apply_at_once().await
        } else {
            stage.apply().await
        };
        let after_survey: Vec<_> = stage.requests("/x/").into_iter().skip(1).collect();
        assert!(after_survey[0].starts_with("100000 PUT /r/images/x/shares"), "{after_survey:?}");
        assert_eq!(after_survey[1], "100000 GET /r/images/x/shares");
        assert!(after_survey[2..4].iter().all(|it| it.ends_with("/acceptance")), "{after_survey:?}");
    }
}

/// Asks to stop as soon as the first share is accepted.
struct StopAfterShare(Stop);

impl Observer for StopAfterShare {
    fn event(&self, event: Event<'_>) {
        if let Event::Accepted(_) = event {
            self.0.request();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn stopped_among_many_acceptances_it_finishes_those_in_flight_and_names_the_others() {
    let images = ["a", "b", "c", "d"];
    let mut stage = Parcels::new(ParcelCloud::with_images("r", &images)).accepting().in_flight_max(1);
    for image in images {
        stage.cloud().image("r", image).shares = [A, B].map(|who| (who.to_owned(), "pending")).into();
    }
    let report = stage.apply_heard_by(&StopAfterShare(stage.stop.clone())).await;
    let count = |state| states(&report).iter().filter(|(_, found)| *found == state).count();
    let (done, left) = (count(ChangeState::Done), count(ChangeState::Interrupted));
    assert!(done >= 1 && left >= 1 && done + left == 8, "{done} {left}");
    assert_eq!(stage.requests("/acceptance").len(), done);
    stage.stop = Stop::default();
    assert_eq!(stage.apply().await.summary.acceptances.done, left);
}

#[tokio::test(start_paused = true)]
async fn shares_that_were_pending_or_rejected_before_are_accepted_without_being_made_anew() {
    let stage = stage();
    let shares = [(A.to_owned(), "pending"), (B.to_owned(), "rejected")];
    stage.cloud().image("r", "x").shares.extend(shares);
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Done, "{report:#?}");
    assert_eq!(stage.cloud().shares("r", "x"), ["111111 accepted", "222222 accepted"]);
    assert_eq!(stage.requests("PUT /r/images/x/shares"), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_login_that_is_refused_does_not_keep_the_others_from_accepting() {
    let stage = stage();
    stage.cloud().refused.insert(A.to_owned());
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Partly);
    assert_eq!(states(&report), [(A.to_owned(), ChangeState::Failed), (B.to_owned(), ChangeState::Done)]);
    assert_eq!(stage.cloud().shares("r", "x"), ["111111 pending", "222222 accepted"]);
    let error = report.acceptances[0].error.as_ref().expect("it failed");
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    for pair in [("cloud", "a"), ("image", "x"), ("account", A)] {
        assert!(error.context.contains(&(pair.0.into(), pair.1.into())), "{pair:?} in {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_share_that_could_not_be_made_is_not_accepted() {
    let stage = stage();
    // The image needs what its listing does not say, so the change is refused.
    stage.cloud().image("r", "x").record["prepare"] = serde_json::json!("to be prepared");
    let mut plan_without_it = stage.plan().await;
    plan_without_it.changes.iter_mut().for_each(|change| change.prepare = None);
    let report = stage.apply_this(&plan_without_it).await;
    assert_eq!(report.exit(), ExitStatus::Error);
    assert_eq!(stage.requests("/acceptance"), Vec::<String>::new());
    assert_eq!(states(&report), [(A.to_owned(), ChangeState::Failed), (B.to_owned(), ChangeState::Failed)]);
}

#[tokio::test(start_paused = true)]
async fn an_acceptance_that_the_cloud_forgets_is_found_by_reading_back() {
    let stage = stage();
    stage.cloud().forgetful.insert(A.to_owned());
    let report = stage.apply().await;
    assert_eq!(report.exit(), ExitStatus::Partly);
    assert_eq!(states(&report), [(A.to_owned(), ChangeState::Failed), (B.to_owned(), ChangeState::Done)]);
}

#[tokio::test(start_paused = true)]
async fn without_verifying_nothing_is_read_again() {
    let mut stage = stage();
    stage.verify = Verify::None;
    let report = stage.apply().await;
    assert_eq!(states(&report), [(A.to_owned(), ChangeState::Granted), (B.to_owned(), ChangeState::Granted)]);
    assert_eq!(stage.requests("GET /r/images/x/shares").len(), 1, "the survey's own");
}

#[tokio::test(start_paused = true)]
async fn the_record_says_who_accepted_what_with_which_login() {
    let stage = stage();
    stage.cloud().refused.insert(B.to_owned());
    stage.apply().await;
    let lines = stage.audit_lines();
    let accepted = lines.iter().filter(|line| line["accept"] != serde_json::Value::Null);
    let mut accepted: Vec<_> = accepted
        .map(|line| {
            let Some(image) = line["image"]["id"].as_str() else { panic!("{line}") };
            format!(
                "{} {image} {} {} {}",
                line["event"], line["accept"], line["accept_with"], line["outcome"]
            )
        })
        .collect();
    accepted.sort();
    assert_eq!(
        accepted,
        [
            r#""answered" x "111111" "a" "accepted""#,
            r#""answered" x "222222" "b" "failed""#,
            r#""sending" x "111111" "a" null"#,
            r#""sending" x "222222" "b" null"#,
        ]
    );
    assert!(lines.iter().all(|line| line["who"] == "tester" && line["cloud"] == "prod"));
}

/// Asks to stop as soon as the first change has ended.
struct StopAfterChange(Stop, Mutex<Vec<String>>);

impl Observer for StopAfterChange {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::Ended(_) => self.0.request(),
            Event::Accepted(share) => {
                self.1.lock().expect("nobody panics with it").push(share.acceptance.account.id.to_string());
            }
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopped_run_accepts_nothing_more_and_run_again_ends_where_an_unbroken_run_ends() {
    let mut stage = stage().asking();
    let observer = StopAfterChange(stage.stop.clone(), Mutex::default());
    let report = stage.apply_heard_by(&observer).await;
    assert!(states(&report).iter().all(|(_, state)| *state == ChangeState::Interrupted));
    assert_eq!(stage.requests("/acceptance"), Vec::<String>::new());
    assert_eq!(stage.requests("/received"), Vec::<String>::new(), "nobody is asked any more");
    assert_eq!(observer.1.into_inner().expect("nobody panics with it"), Vec::<String>::new());
    stage.stop = Stop::default();
    assert_eq!(stage.apply().await.exit(), ExitStatus::Done);
    assert_eq!(stage.cloud().shares("r", "x"), ["111111 accepted", "222222 accepted"]);
}
