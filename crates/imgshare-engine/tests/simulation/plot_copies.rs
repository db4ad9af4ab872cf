//! What happens in a case about copies: one run in trouble, then one that ends it.

use std::time::Duration;

use imgshare_plan::ExitStatus;

use crate::books::strikes;
use crate::case::{Case, Trouble};
use crate::properties::*;
use crate::run::{Ran, Way};
use crate::stage::Stage;
use crate::tally::Tally;

/// Whatever was asked for has begun by then, and copies that take long are still being made.
const BEGUN: Duration = Duration::from_secs(5);

/// Plays the case; what struck.
pub(crate) async fn play(case: &Case) -> Tally {
    let stage = Stage::new(case);
    let mut tally = Tally::default();
    stage.begin_trouble(&mut tally);
    let ran = stage.run(1, way(case), &case.trouble).await;
    tally.merge(&ran.tally);
    tally.merge(&strikes(&stage.clouds));
    stage.end_trouble(BEGUN).await;
    holds_in_every_run(&stage, &ran);
    one_more_run_ends_it(&stage).await;
    tally
}

/// Plays two runs at once. Where the cloud makes a copy once that is asked for twice, there is one; elsewhere neither can
/// know what the other has just begun.
pub(crate) async fn play_two_at_once(case: &Case) -> Tally {
    let (stage, quiet) = (Stage::new(case), Trouble::default());
    let later = Duration::from_millis(case.trouble.second_after_ms.unwrap_or_default());
    let second = async {
        tokio::time::sleep(later).await;
        stage.run(2, way(case), &quiet).await
    };
    let both = tokio::join!(stage.run(1, way(case), &quiet), second);
    holds_in_every_run(&stage, &both.0);
    holds_in_every_run(&stage, &both.1);
    if case.clouds[0].kind.copies_once {
        there_is_one_copy_and_it_is_shared(case, &stage.truth());
    }
    let mut tally = Tally::default();
    tally.count("two at once");
    tally
}

async fn one_more_run_ends_it(stage: &Stage) {
    let ran = stage.run(2, way(&stage.case), &Trouble::default()).await;
    let truth = stage.truth();
    holds_in_every_run(stage, &ran);
    there_is_one_copy_and_it_is_shared(&stage.case, &truth);
    let report = ran.report.as_ref().expect("nobody killed it");
    // An account that a cloud drops without a word, and that nobody looks for, is there to be added for ever.
    let unseen =
        !stage.case.running.reads_back && stage.case.may_drop_silently(stage.case.clouds[0].kind.name);
    if report.exit() == ExitStatus::Done && !unseen {
        let next = stage.run(3, way(&stage.case), &Trouble::default()).await;
        let plan = next.plan.as_ref().expect("nobody killed it");
        assert!(!plan.differs(), "the run before ended well, and now there is to do: {plan:#?}");
        nothing_is_written(&next, "the plan is empty");
    }
}

fn holds_in_every_run(stage: &Stage, ran: &Ran) {
    nothing_is_copied_that_the_plan_does_not_name(ran, &stage.truth());
    every_copy_is_in_the_audit_record(ran);
    every_write_is_in_the_audit_record(ran);
    nothing_is_begun_after_the_stop(ran);
    nothing_is_written_blindly(&stage.case, ran);
    no_write_is_larger_than_a_call_may_be(stage, ran);
    no_secret_is_told(&stage.case, ran);
}

fn way(case: &Case) -> Way {
    if case.running.early { Way::AtOnce } else { Way::PlanThenApply }
}
