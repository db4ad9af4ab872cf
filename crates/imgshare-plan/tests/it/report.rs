//! Outcomes to a report.

use imgshare_plan::{Outcome, Plan, Report, SharesRead, Verification, verify_change};
use imgshare_protocol::{AccountFailure, AccountId, Changed, Error, ErrorKind, Shares};

use crate::world::World;
use crate::{lines, text};

/// Two images lack two accounts each.
const WORLD: &str = "cloud acme acme north per-change=1
    rule golden at=acme:north all with=1,2
    image acme north img-a a
    image acme north img-b b";

fn plan() -> Plan {
    World::parse(WORLD).plan()
}

/// What the cloud answers to a change's calls, one word for each: `ok`, `done` or why not.
fn outcome(plan: &Plan, change: usize, answers: &[&str]) -> Outcome {
    let change = &plan.changes[change];
    let mut outcome = Outcome::new(change.key());
    let batches = change.batches();
    for (batch, answer) in batches.iter().zip(answers) {
        let failed = |kind| Err(Error::new(kind, *answer));
        match *answer {
            "ok" => outcome.answered(
                batch,
                Ok(Changed { request_ids: vec!["r".into()], ..Changed::default() }),
                1,
            ),
            "done" => outcome.answered(batch, failed(ErrorKind::AlreadyDone), 1),
            _ => outcome.answered(batch, failed(ErrorKind::AccountInvalid), 1),
        }
    }
    batches[answers.len()..].iter().for_each(|batch| outcome.not_sent(batch));
    outcome
}

/// Reads the images of these outcomes again: `1,2` has them, or the read fails and says why.
fn read_back(plan: &Plan, outcomes: &mut [Outcome], reads: &[Result<&str, &str>]) {
    for (outcome, read) in outcomes.iter_mut().zip(reads) {
        let change = plan.changes.iter().find(|change| change.key() == outcome.key).expect("in the plan");
        outcome.verification = verify_change(change, &self::read(*read));
    }
}

fn read(read: Result<&str, &str>) -> SharesRead {
    match read {
        Ok(ids) => {
            let accounts = ids.split(',').map(AccountId::from).collect();
            SharesRead::from(Shares { accounts, ..Shares::default() })
        }
        Err(why) => SharesRead::Failed(Error::new(ErrorKind::Unavailable, why)),
    }
}

#[track_caller]
fn check(plan: &Plan, outcomes: Vec<Outcome>, expected: &str) {
    assert_eq!(text::report(&Report::new(plan, outcomes, [])), lines(expected));
}

#[test]
fn changes_that_were_read_back_are_done() {
    let plan = plan();
    let mut outcomes = vec![outcome(&plan, 0, &["ok", "ok"]), outcome(&plan, 1, &["ok", "done"])];
    read_back(&plan, &mut outcomes, &[Ok("1,2"), Ok("1,2")]);
    let report = Report::new(&plan, outcomes.clone(), []);
    assert_eq!((report.summary.done, report.summary.additions), (2, 4));
    assert_eq!((report.changes[0].request_ids.len(), report.changes[0].attempts), (2, 2));
    check(&plan, outcomes, "img-a done\n img-b done\n exit 0");
}

#[test]
fn changes_that_nobody_read_back_are_only_granted() {
    let plan = plan();
    let outcomes = vec![outcome(&plan, 0, &["ok", "ok"]), outcome(&plan, 1, &["ok", "ok"])];
    check(&plan, outcomes, "img-a granted\n img-b granted\n exit 0");
}

#[test]
fn a_read_back_that_failed_leaves_them_granted_and_is_told() {
    let plan = plan();
    let mut outcomes = vec![outcome(&plan, 0, &["ok", "ok"]), outcome(&plan, 1, &["ok", "ok"])];
    read_back(&plan, &mut outcomes, &[Ok("1,2"), Err("no-answer")]);
    check(&plan, outcomes, "img-a done\n img-b granted (no-answer)\n exit 3");
}

#[test]
fn accounts_that_the_cloud_refused_are_named_and_the_others_count() {
    let plan = plan();
    let outcomes = vec![outcome(&plan, 0, &["ok", "no-such-account"]), outcome(&plan, 1, &["ok", "ok"])];
    assert_eq!(Report::new(&plan, outcomes.clone(), []).summary.additions, 3);
    check(&plan, outcomes, "img-a partly, 2: no-such-account\n img-b granted\n exit 3");
}

#[test]
fn when_nothing_was_changed_the_run_failed() {
    let plan = plan();
    let outcomes = vec![outcome(&plan, 0, &["locked", "locked"]), outcome(&plan, 1, &["gone", "odd"])];
    check(&plan, outcomes, "img-a failed (locked), 1,2: locked\n img-b failed, 1: gone, 2: odd\n exit 1");
}

#[test]
fn an_account_that_the_cloud_dropped_in_silence_is_found_by_reading_back() {
    let plan = plan();
    let mut outcomes = vec![outcome(&plan, 0, &["ok", "ok"]), outcome(&plan, 1, &["ok", "ok"])];
    read_back(&plan, &mut outcomes, &[Ok("1"), Ok("1,2")]);
    let without_effect = "the cloud accepted the change, but reading back does not show it";
    check(&plan, outcomes, &format!("img-a partly, 2: {without_effect}\n img-b done\n exit 3"));
}

#[test]
fn a_call_that_failed_on_its_way_back_counts_by_what_reading_back_shows() {
    let plan = plan();
    let mut outcomes = vec![outcome(&plan, 0, &["timed-out", "timed-out"]), outcome(&plan, 1, &["ok", "ok"])];
    read_back(&plan, &mut outcomes, &[Ok("1"), Ok("1,2")]);
    check(&plan, outcomes, "img-a partly, 2: timed-out\n img-b done\n exit 3");
}

#[test]
fn removals_are_read_back_too() {
    let world = "cloud acme acme north
         rule strict at=acme:north exact all with=1
         image acme north img-a a has=8,9";
    let plan = World::parse(world).plan();
    let mut outcome = outcome(&plan, 0, &["ok", "ok"]);
    outcome.verification = verify_change(&plan.changes[0], &read(Ok("1,9")));
    assert!(matches!(&outcome.verification, Verification::ReadBack(short) if short.has(&"9".into())));
    let without_effect = "the cloud accepted the change, but reading back does not show it";
    check(&plan, vec![outcome], &format!("img-a partly, 9: {without_effect}\n exit 3"));
}

#[test]
fn a_stopped_run_names_what_it_did_not_send() {
    let plan = plan();
    let outcomes = vec![outcome(&plan, 0, &["ok"])];
    let not_sent = "not sent, because the run was stopped";
    check(&plan, outcomes, &format!("img-a partly, 2: {not_sent}\n img-b interrupted\n exit 3"));
    let refused = vec![outcome(&plan, 0, &["locked"])];
    let expected = format!("img-a failed, 1: locked, 2: {not_sent}\n img-b interrupted\n exit 1");
    check(&plan, refused, &expected);
    let nothing = vec![outcome(&plan, 0, &[])];
    let expected = format!("img-a interrupted ({not_sent}), 1,2: {not_sent}\n img-b interrupted\n exit 1");
    check(&plan, nothing, &expected);
}

#[test]
fn skipped_changes_are_not_failures() {
    let plan = plan();
    let plan = plan.clone().only(&[plan.changes[0].key()].into(), &[].into());
    let outcomes = vec![outcome(&plan, 0, &["ok", "ok"])];
    check(&plan, outcomes, "img-a granted\n img-b skipped\n exit 0");
}

#[test]
fn what_was_blocked_or_unreadable_decides_the_exit_too() {
    let blocked = World::parse(&format!("{WORLD}\n image acme north img-c c state=pending")).plan();
    let outcomes = || vec![outcome(&blocked, 0, &["ok", "ok"]), outcome(&blocked, 1, &["ok", "ok"])];
    check(&blocked, outcomes(), "img-a granted\n img-b granted\n exit 3");
    let nothing =
        World::parse("cloud acme acme north\n rule r at=acme:north all with=1\n region acme north failed=x");
    check(&nothing.plan(), vec![], "exit 1");
}

#[test]
fn what_the_cloud_calls_done_already_is_no_failure() {
    let plan = plan();
    let batch = &plan.changes[0].batches()[0];
    let error = Error::new(ErrorKind::AlreadyDone, "shared already");
    let failed = vec![AccountFailure { account: "1".into(), error: error.clone() }];
    let mut outcome = Outcome::new(plan.changes[0].key());
    outcome.answered(batch, Ok(Changed { failed, request_ids: vec![] }), 1);
    outcome.answered(batch, Err(error), 1);
    assert!(outcome.failed.is_empty());
}

#[test]
fn the_json_of_a_change_says_how_it_ended() {
    let plan = plan();
    let outcomes = vec![outcome(&plan, 0, &["ok", "ok"]), outcome(&plan, 1, &["locked", "locked"])];
    let report = Report::new(&plan, outcomes, []);
    let json = serde_json::to_value(&report).expect("reports have a JSON form");
    let (granted, failed) = (&json["changes"][0], &json["changes"][1]);
    assert_eq!((&granted["state"], &granted["image"]["id"]), (&"granted".into(), &"img-a".into()));
    assert_eq!((&granted["attempts"], &granted["request_ids"][1]), (&2.into(), &"r".into()));
    assert_eq!(
        (&granted["error"], &failed["error"]["message"]),
        (&serde_json::Value::Null, &"locked".into())
    );
    assert_eq!(failed["failed"][0]["accounts"][1]["id"], "2");
    assert_eq!(json["summary"]["failed"], 1);
    assert_eq!(serde_json::from_value::<Report>(json).expect("which can be read"), report);
}
