//! Small cases by hand: what only a certain moment can break.

use crate::case::{Case, Meddle, Trouble};
use crate::kinds::{COPYING, KINDS, Kind};
use crate::oracle::{lacks, wishes};
use crate::run::{Ran, Way};
use crate::runner::in_virtual_time;
use crate::stage::Stage;

#[test]
fn a_copy_that_another_machine_makes_after_the_survey_is_not_made_again() {
    for kind in &KINDS[..COPYING] {
        let case = Case::one_copy(kind);
        let asked = one_run(&case).sent.first_copy.expect("the copy is asked for");
        for at in 1..asked {
            let trouble = Trouble { meddling: vec![(at, the_copy(kind))], ..Trouble::default() };
            let copies = one_run(&case.clone().with(trouble)).sent.copies;
            assert!(copies.is_empty(), "there before request {at}, and asked for at {asked}: {copies:?}");
        }
    }
}

/// What [`Case::one_copy`] wants, made by somebody else.
fn the_copy(kind: &'static Kind) -> Meddle {
    let [from, region, _] = kind.regions;
    let copy_of = Some(format!("{from}/{}00000000", kind.image));
    Meddle::Add { cloud: kind.name, region, name: "golden".into(), copy_of }
}

fn one_run(case: &Case) -> Ran {
    in_virtual_time(case, async { Stage::new(case).run(1, Way::PlanThenApply, &case.trouble).await })
}

#[test]
fn of_copies_made_at_once_only_the_newest_goes_to_the_accounts_of_the_newest() {
    for (kind, seed) in KINDS[..COPYING].iter().flat_map(|kind| (0..6).map(move |seed| (kind, seed))) {
        let case = Case::newest_of_two_copies(kind, seed);
        let after = in_virtual_time(&case, async {
            let stage = Stage::new(&case);
            stage.run(1, Way::PlanThenApply, &case.trouble).await;
            stage.run(2, Way::PlanThenApply, &case.trouble).await;
            stage.truth()
        });
        assert_eq!(lacks(&case, &after), [], "of {} with seed {seed}", kind.name);
        let wanted = wishes(&case, &after);
        for (spot, look) in &after.0 {
            let wish = wanted.get(spot).map(|wish| wish.accounts.clone()).unwrap_or_default();
            assert_eq!(look.shares, wish, "{spot} with seed {seed}");
        }
    }
}
