//! What happens in a case, from beginning to end: first a look, then a run in trouble, then quiet runs.

use std::time::Duration;

use imgshare_plan::ExitStatus;

use crate::books::strikes;
use crate::case::{Case, Trouble};
use crate::oracle::lacks;
use crate::properties::*;
use crate::run::{Ran, Way};
use crate::stage::Stage;
use crate::tally::Tally;
use crate::truth::Truth;

/// Longer than anything that was sent can still be on its way.
const STRAGGLERS: Duration = Duration::from_secs(600);

/// Plays the case; what struck.
pub(crate) async fn play(case: &Case) -> Tally {
    let stage = Stage::new(case);
    let mut tally = Tally::default();
    stage.begin_trouble(&mut tally);
    a_look(&stage).await;
    in_trouble(&stage, &mut tally).await;
    tally.merge(&strikes(&stage.clouds));
    stage.end_trouble(STRAGGLERS).await;
    in_quiet(&stage).await;
    tally
}

/// Plays two runs at once, and nothing after them: together they leave behind what one does.
pub(crate) async fn play_two_at_once(case: &Case) -> Tally {
    let stage = Stage::new(case);
    let mut tally = Tally::default();
    for ran in together(&stage, &mut tally).await {
        holds_in_every_run(&stage, &ran);
        it_tells_the_truth(&stage, &ran);
        all_is_right_that_can_be(case, &stage.truth(), ran.report.as_ref().expect("nobody killed it"));
    }
    it_ends_where_an_unbroken_run_ends(&stage.truth(), &unbroken(case).await);
    tally
}

/// Planning in the worst of worlds does not write.
async fn a_look(stage: &Stage) {
    if stage.case.seed.is_multiple_of(4) {
        let ran = stage.run(0, Way::Plan, &stage.case.trouble.of_the_others()).await;
        nothing_is_written(&ran, "this run only plans");
        holds_in_every_run(stage, &ran);
    }
}

/// The run that the case is about; two where it says so.
async fn in_trouble(stage: &Stage, tally: &mut Tally) {
    let trouble = &stage.case.trouble;
    if trouble.second_after_ms.is_some() {
        let both = together(stage, tally).await;
        both.iter().for_each(|ran| holds_in_every_run(stage, ran));
        if !trouble.changes_images() {
            both.iter().for_each(|ran| it_tells_the_truth(stage, ran));
        }
        return;
    }
    let ran = stage.run(1, way(&stage.case), trouble).await;
    tally.merge(&ran.tally);
    holds_in_every_run(stage, &ran);
    if trouble.changes_images() {
        return;
    }
    it_tells_the_truth(stage, &ran);
    if let Some(report) = ran.report.as_ref().filter(|_| !trouble.interrupts()) {
        what_no_fault_touched_is_right(stage, report);
    }
}

/// Two runs on two machines.
async fn together(stage: &Stage, tally: &mut Tally) -> [Ran; 2] {
    let trouble = &stage.case.trouble;
    let (later, others) =
        (Duration::from_millis(trouble.second_after_ms.unwrap_or_default()), trouble.of_the_others());
    let second = async {
        tokio::time::sleep(later).await;
        stage.run(2, way(&stage.case), &others).await
    };
    let (first, second) = tokio::join!(stage.run(1, way(&stage.case), trouble), second);
    tally.count("two at once");
    tally.merge(&first.tally);
    tally.merge(&second.tally);
    [first, second]
}

/// What a run that came to its end says of what is now so.
fn it_tells_the_truth(stage: &Stage, ran: &Ran) {
    if let Some(report) = &ran.report {
        let lacks = lacks(&stage.case, &stage.truth());
        no_account_is_dropped_silently(&stage.case, report, &lacks);
        the_exit_status_is_done_only_if_all_is_right(&stage.case, report, &lacks);
    }
}

/// With nothing in its way, a run makes all right, and the next has nothing to do.
async fn in_quiet(stage: &Stage) {
    let quiet = Trouble::default();
    let first = stage.run(3, way(&stage.case), &quiet).await;
    holds_in_every_run(stage, &first);
    let truth = stage.truth();
    let report = first.report.as_ref().expect("nobody killed it");
    all_is_right_that_can_be(&stage.case, &truth, report);
    it_tells_the_truth(stage, &first);
    if report.exit() == ExitStatus::Done && lacks(&stage.case, &truth).is_empty() {
        after_a_run_without_failures_there_is_nothing_to_do(stage).await;
    }
    let trouble = &stage.case.trouble;
    if !trouble.changes_images() && trouble.interrupts() {
        it_ends_where_an_unbroken_run_ends(&truth, &unbroken(&stage.case).await);
    }
}

async fn after_a_run_without_failures_there_is_nothing_to_do(stage: &Stage) {
    let next = stage.run(4, way(&stage.case), &Trouble::default()).await;
    let plan = next.plan.as_ref().expect("nobody killed it");
    assert!(!plan.differs(), "the run before ended well, and now there is to do: {plan:#?}");
    nothing_is_written(&next, "the plan is empty");
}

/// Where one run ends in the same world without any trouble.
async fn unbroken(case: &Case) -> Truth {
    let stage = Stage::new(&case.clone().with(Trouble::default()));
    stage.run(5, way(case), &stage.case.trouble).await;
    stage.truth()
}

fn holds_in_every_run(stage: &Stage, ran: &Ran) {
    nothing_is_written_that_the_plan_does_not_name(ran);
    only_what_an_exact_rule_covers_is_removed(&stage.case, ran);
    only_what_a_rule_wants_is_added(&stage.case, ran);
    what_could_not_be_read_is_not_changed(ran);
    nothing_is_written_blindly(&stage.case, ran);
    no_write_is_larger_than_a_call_may_be(stage, ran);
    every_write_is_in_the_audit_record(ran);
    nothing_is_begun_after_the_stop(ran);
    no_secret_is_told(&stage.case, ran);
}

fn way(case: &Case) -> Way {
    if case.running.early { Way::AtOnce } else { Way::PlanThenApply }
}
