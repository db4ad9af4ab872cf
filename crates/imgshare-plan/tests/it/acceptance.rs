//! Shares that receivers have to accept.

use imgshare_plan::{
    AcceptanceOutcome, ChangeState, ExitStatus, Outcome, Plan, Report, SharesRead, Verification,
    verify_change,
};
use imgshare_protocol::{Acceptance, Accepted, Changed, Error, ErrorKind, Shares};

use crate::world::World;
use crate::{check as check_world, lines, text};

/// Account 1 has a login that accepts, account 2 has none.
const ACME: &str = "cloud acme acme north
    cloud mine acme north
    receiver acme 1 accept=mine\n";

#[track_caller]
fn check(world: &str, expected: &str) {
    check_world(&format!("{ACME}{world}"), expected);
}

fn plan(world: &str) -> Plan {
    World::parse(&format!("{ACME}{world}")).plan()
}

#[test]
fn a_share_that_the_run_makes_is_accepted_with_its_receivers_login() {
    check(
        "rule golden at=acme:north all with=1,2\n image acme north img-a a",
        "acme north img-a [golden]: +1 +2
         accept acme north img-a [golden] 1 with mine: new",
    );
}

#[test]
fn a_share_that_waits_or_was_refused_is_accepted_and_the_plan_says_which() {
    check(
        "rule golden at=acme:north all with=1
         image acme north img-a a pending=1
         image acme north img-b b rejected=1
         image acme north img-c c accepted=1
         image acme north img-d d has=1",
        "accept acme north img-a [golden] 1 with mine: pending
         accept acme north img-b [golden] 1 with mine: rejected
         right 4",
    );
}

#[test]
fn a_share_that_nobody_here_can_accept_is_told_and_is_no_difference() {
    let world = "rule golden at=acme:north all with=2,3,4
         image acme north img-a a pending=2,3 rejected=4
         image acme north img-b b accepted=2,3,4";
    check(world, "unaccepted acme north img-a [golden]: pending 2,3 rejected 4\n right 2");
    let plan = plan(world);
    assert_eq!((plan.exit(), plan.summary.unaccepted, plan.summary.there), (ExitStatus::Done, 3, 6));
}

#[test]
fn what_is_not_wanted_is_not_accepted() {
    check(
        "only rule=mine
         rule mine at=acme:north all with=2
         rule other at=acme:north all with=1
         image acme north img-a a pending=1 accepted=2",
        "right 1",
    );
    check(
        "rule strict at=acme:north exact all with=2\n image acme north img-a a pending=1 accepted=2",
        "acme north img-a [strict]: -1",
    );
}

#[test]
fn a_share_that_finds_no_room_is_not_accepted() {
    let plan = plan(
        "cloud acme acme north per-image=1
         rule golden at=acme:north all with=0,1
         image acme north img-a a",
    );
    assert_eq!(text::change(&plan.changes[0]), "acme north img-a [golden]: +0");
    assert!(plan.acceptances.is_empty() && !plan.blocked.is_empty());
}

#[test]
fn snapshots_are_not_accepted() {
    check(
        "rule golden at=acme:north snapshots all with=1
         image acme north img-a a accepted=1 snaps=s
         snapshot acme north s",
        "acme north img-a/s [golden]: +1\n right 1",
    );
}

#[test]
fn acceptances_are_a_difference_and_part_of_what_a_plan_does() {
    let pending = "rule golden at=acme:north all with=1\n image acme north img-a a pending=1";
    let plan_pending = plan(pending);
    assert!(plan_pending.differs() && !plan_pending.is_empty());
    assert_eq!((plan_pending.exit(), plan_pending.summary.acceptances), (ExitStatus::Differs, 1));
    let rejected = plan(&pending.replace("pending", "rejected"));
    assert_ne!(rejected.fingerprint(), plan_pending.fingerprint(), "somebody has said no since");
    let accepted = plan(&pending.replace("pending", "accepted"));
    assert!(accepted.is_empty() && accepted.fingerprint() != plan_pending.fingerprint());
}

#[test]
fn what_is_accepted_goes_with_the_image_that_was_picked() {
    let plan = plan(
        "rule golden at=acme:north all with=1
         image acme north img-a a
         image acme north img-b b pending=1",
    );
    let states = |picked: &[usize]| {
        let keys = picked.iter().map(|&at| plan.acceptances[at].key().change()).collect();
        let plan = plan.clone().only(&keys, &[].into());
        plan.acceptances.iter().map(|acceptance| acceptance.state).collect::<Vec<_>>()
    };
    assert_eq!(plan.acceptances[0].key().change(), plan.changes[0].key());
    assert_eq!(states(&[0]), [ChangeState::Planned, ChangeState::Skipped]);
    assert_eq!(states(&[1]), [ChangeState::Skipped, ChangeState::Planned]);
}

#[test]
fn a_copy_is_accepted_when_it_is_shared() {
    let world = "cloud acme acme north,south
         provider acme copies=tag
         rule golden at=acme:south from=north all with=1,2
         image acme north img-a g
         region acme south";
    check(world, "copy acme north img-a to south as g [golden]: +1 +2 accept 1 with mine");
    let copy = &plan(world).copies[0];
    let accept = |shares: Shares| {
        let acceptances = copy.acceptances(&"x".into(), &shares.into());
        acceptances.iter().map(|acceptance| text::acceptance(acceptance) + "\n").collect::<String>()
    };
    let so_far = |acceptance| Shares {
        accounts: ["1".into()].into(),
        acceptance: [("1".into(), acceptance)].into(),
        ..Shares::default()
    };
    assert_eq!(accept(Shares::none()), lines("accept acme south x [golden] 1 with mine: new"));
    assert_eq!(
        accept(so_far(Acceptance::Pending)),
        lines("accept acme south x [golden] 1 with mine: pending")
    );
    assert_eq!(accept(so_far(Acceptance::Accepted)), "");
}

/// One share to make and to accept, one to accept only.
fn two() -> Plan {
    plan(
        "rule golden at=acme:north all with=1\n image acme north img-a a\n image acme north img-b b pending=1",
    )
}

fn made(plan: &Plan, result: Result<Changed, Error>) -> Outcome {
    let mut outcome = Outcome::new(plan.changes[0].key());
    outcome.answered(&plan.changes[0].batches()[0], result, 1);
    outcome
}

fn accepted(plan: &Plan, at: usize, answer: Result<(), &str>, read: Option<Acceptance>) -> AcceptanceOutcome {
    let acceptance = &plan.acceptances[at];
    let answer = answer.map_err(|why| Error::new(ErrorKind::Unavailable, why));
    let accepted = Accepted { request_ids: vec!["r".to_owned()] };
    let mut outcome = AcceptanceOutcome::new(acceptance.key(), answer.map(|()| accepted), 1);
    if let Some(read) = read {
        let accounts = [acceptance.account.id.clone()].into();
        let shares = Shares { accounts, acceptance: [("1".into(), read)].into(), ..Shares::default() };
        outcome.verification = acceptance.verify(&shares.into());
    }
    outcome
}

#[track_caller]
fn check_report(
    change: Result<Changed, Error>,
    acceptances: Vec<AcceptanceOutcome>,
    expected: &str,
) -> Report {
    let plan = two();
    let report = Report::new(&plan, [made(&plan, change)], []).with_acceptances(&plan, acceptances);
    assert_eq!(text::report(&report), lines(expected));
    report
}

#[test]
fn an_acceptance_that_was_read_back_is_done_and_otherwise_granted() {
    let plan = two();
    let outcomes =
        vec![accepted(&plan, 0, Ok(()), Some(Acceptance::Accepted)), accepted(&plan, 1, Ok(()), None)];
    let expected = "img-a granted\n accept img-a 1 done\n accept img-b 1 granted\n exit 0";
    let report = check_report(Ok(Changed::default()), outcomes, expected);
    let tally = report.summary.acceptances;
    assert_eq!((tally.done, tally.granted, tally.failed), (1, 1, 0));
    let json = serde_json::to_value(&report).expect("reports have a JSON form");
    assert_eq!(
        (&json["acceptances"][0]["with"], &json["acceptances"][0]["request_ids"][0]),
        (&"mine".into(), &"r".into())
    );
    assert_eq!(serde_json::from_value::<Report>(json).expect("which can be read"), report);
}

#[test]
fn what_reading_back_shows_is_the_last_word_on_an_acceptance() {
    let plan = two();
    let outcomes = vec![
        accepted(&plan, 0, Err("timed-out"), Some(Acceptance::Accepted)),
        accepted(&plan, 1, Ok(()), Some(Acceptance::Pending)),
    ];
    let without_effect = "the share was accepted, but reading it back does not show it";
    let expected =
        format!("img-a granted\n accept img-a 1 done\n accept img-b 1 failed ({without_effect})\n exit 3");
    check_report(Ok(Changed::default()), outcomes, &expected);
}

#[test]
fn an_acceptance_that_could_not_be_read_back_is_granted_and_told() {
    let plan = two();
    let mut unread = accepted(&plan, 1, Ok(()), None);
    let error = Error::new(ErrorKind::Unavailable, "no-answer");
    unread.verification = plan.acceptances[1].verify(&SharesRead::Failed(error.clone()));
    assert_eq!(unread.verification, Verification::Failed(error));
    let outcomes = vec![accepted(&plan, 0, Ok(()), None), unread];
    let expected = "img-a granted\n accept img-a 1 granted\n accept img-b 1 granted (no-answer)\n exit 3";
    check_report(Ok(Changed::default()), outcomes, expected);
}

#[test]
fn a_share_that_could_not_be_made_is_not_accepted() {
    let refused = Err(Error::new(ErrorKind::AccountInvalid, "no-such-account"));
    let plan = two();
    let expected = "img-a failed (no-such-account), 1: no-such-account
        accept img-a 1 failed (not accepted, because the share could not be made)
        accept img-b 1 granted\n exit 3";
    check_report(refused, vec![accepted(&plan, 1, Ok(()), None)], expected);
}

#[test]
fn an_acceptance_that_was_not_begun_is_interrupted() {
    let expected = "img-a granted\n accept img-a 1 interrupted\n accept img-b 1 interrupted\n exit 3";
    check_report(Ok(Changed::default()), vec![], expected);
}

#[test]
fn what_was_accepted_already_is_no_failure() {
    let plan = two();
    let done = Err(Error::new(ErrorKind::AlreadyDone, "accepted already"));
    let outcome = AcceptanceOutcome::new(plan.acceptances[1].key(), done, 1);
    assert_eq!(outcome.result, Ok(Accepted::default()));
}

#[test]
fn shares_that_wait_for_somebody_else_after_the_run_are_told() {
    let plan = plan(
        "rule golden at=acme:north all with=1,2,3\n image acme north img-a a\n image acme north img-b b pending=3 accepted=1,2",
    );
    let mut outcome = made(&plan, Ok(Changed::default()));
    let read = |accounts: [&str; 3]| accounts.map(Into::into);
    let shares = Shares {
        accounts: read(["1", "2", "3"]).into(),
        acceptance: read(["1", "2", "3"]).map(|account| (account, Acceptance::Pending)).into(),
        ..Shares::default()
    };
    outcome.verification = verify_change(&plan.changes[0], &shares.into());
    let report =
        Report::new(&plan, [outcome], []).with_acceptances(&plan, [accepted(&plan, 0, Ok(()), None)]);
    let waiting: Vec<_> = report.changes[0].waiting.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(waiting, ["2", "3"], "for 1 the plan accepts");
    assert_eq!((report.summary.unaccepted, report.exit()), (3, ExitStatus::Done));
}
