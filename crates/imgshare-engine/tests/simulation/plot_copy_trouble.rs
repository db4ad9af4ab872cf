//! What happens in a case in which copies go wrong: two runs in trouble, then quiet ones, and between these somebody who
//! deletes the copies that have failed.

use std::collections::BTreeSet;
use std::time::Duration;

use imgshare_cloudsim::Meddling;
use imgshare_plan::{ExitStatus, Report};

use crate::books::strikes;
use crate::case::{Case, RuleCase, Trouble};
use crate::properties::*;
use crate::run::{Ran, Way};
use crate::stage::Stage;
use crate::tally::Tally;
use crate::truth::{Spot, Truth};

/// By then the cloud has forgotten what was asked for with the same token.
const FORGOTTEN: Duration = Duration::from_secs(2 * 3600);

/// A scenario lets at most so many copies fail one after the other, or all of them.
const ATTEMPTS: usize = 4;

/// Plays the case; what struck.
pub(crate) async fn play(case: &Case) -> Tally {
    let stage = Stage::new(case);
    let mut tally = Tally::default();
    stage.begin_trouble(&mut tally);
    for (number, trouble) in [(1, case.trouble.clone()), (2, case.trouble.of_the_others())] {
        let ran = run(&stage, number, &trouble).await;
        tally.merge(&ran.tally);
    }
    tally.merge(&strikes(&stage.clouds));
    stage.end_trouble(if tally.has("copy deleted") { FORGOTTEN } else { Duration::ZERO }).await;
    in_quiet(&stage, &mut tally).await;
    tally
}

async fn in_quiet(stage: &Stage, tally: &mut Tally) {
    for attempt in 0..ATTEMPTS {
        let mut ran = run(stage, 3 + attempt, &Trouble::default()).await;
        if changes_meanwhile(stage, &ran) {
            ran = run(stage, 3 + ATTEMPTS + attempt, &Trouble::default()).await;
        }
        let (report, truth) = (ran.report.as_ref().expect("nobody killed it"), stage.truth());
        let failed = it_ends_well(stage, report, &truth);
        if report.exit() == ExitStatus::Done {
            return nothing_is_left_to_do(stage).await;
        }
        if failed.is_empty() {
            return;
        }
        tally.count("copy failed");
        somebody_deletes(stage, &failed).await;
    }
}

/// Whether, while this run waited for copies, other rules may have come to want something else: when a copy is newer than
/// what a rule had selected in its region until then, or when an image that no rule copies any more got ready. The next run
/// makes that right.
fn changes_meanwhile(stage: &Stage, ran: &Ran) -> bool {
    let newest = |rule: &RuleCase| rule.copy_from.is_none() && rule.newest().is_some();
    let report = ran.report.as_ref().expect("nobody killed it");
    let has_newest = stage.case.rules.iter().any(newest);
    !report.copies.is_empty() && (has_newest || report.exit() != ExitStatus::Done)
}

/// The copies that have failed.
fn it_ends_well(stage: &Stage, report: &Report, truth: &Truth) -> BTreeSet<Spot> {
    let case = &stage.case;
    let failed = copies_are_there_or_it_is_said_why(case, truth, report);
    all_is_right_that_can_be(case, truth, report);
    failed
}

async fn nothing_is_left_to_do(stage: &Stage) {
    let next = run(stage, 3 + 2 * ATTEMPTS, &Trouble::default()).await;
    let unseen =
        !stage.case.running.reads_back && stage.case.may_drop_silently(stage.case.clouds[0].kind.name);
    if !unseen {
        let plan = next.plan.as_ref().expect("nobody killed it");
        assert!(!plan.differs(), "the run before ended well, and now there is to do: {plan:#?}");
        nothing_is_written(&next, "the plan is empty");
    }
}

async fn somebody_deletes(stage: &Stage, copies: &BTreeSet<Spot>) {
    for spot in copies {
        let deletion = Meddling::DeleteImage { image: spot.image.as_str().into() };
        stage.clouds.meddle(&spot.cloud, deletion).expect("the copy is there");
    }
    tokio::time::sleep(FORGOTTEN).await;
}

async fn run(stage: &Stage, number: usize, trouble: &Trouble) -> Ran {
    let case = &stage.case;
    let way = if case.running.early { Way::AtOnce } else { Way::PlanThenApply };
    let ran = stage.run(number, way, trouble).await;
    let after = stage.truth();
    nothing_is_copied_that_the_plan_does_not_name(&ran, &after.clone().with(&ran.before));
    no_copy_is_made_twice_in_a_run(&ran, &after);
    only_what_rules_say_happens_to_copies(case, &ran, &after);
    every_copy_is_in_the_audit_record(&ran);
    every_write_is_in_the_audit_record(&ran);
    nothing_is_begun_after_the_stop(&ran);
    nothing_is_written_blindly(case, &ran);
    no_write_is_larger_than_a_call_may_be(stage, &ran);
    what_could_not_be_read_is_not_changed(&ran);
    no_secret_is_told(case, &ran);
    ran
}
