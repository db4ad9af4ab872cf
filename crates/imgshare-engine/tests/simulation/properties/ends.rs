//! Where runs end.

use imgshare_plan::{BlockedKind, Report};

use crate::books::struck_sites;
use crate::case::Case;
use crate::oracle::{Lack, lacks};
use crate::stage::Stage;
use crate::truth::Truth;

/// 3., 4. In a quiet world a run makes everything right that can be.
pub(crate) fn all_is_right_that_can_be(case: &Case, truth: &Truth, report: &Report) {
    let wrong: Vec<_> =
        lacks(case, truth).into_iter().filter(|lack| !is_excused(case, truth, report, lack)).collect();
    assert!(wrong.is_empty(), "nothing stood in the way of {wrong:?}\n{report:#?}");
}

/// 5. One image, region or cloud that fails does not stop the others: where no fault struck, all is right.
pub(crate) fn what_no_fault_touched_is_right(stage: &Stage, report: &Report) {
    let (case, truth) = (&stage.case, stage.truth());
    let struck = struck_sites(&stage.clouds);
    let touched = |lack: &Lack| {
        let site = (lack.spot.cloud.clone(), lack.spot.region.clone());
        struck.contains(&site) || case.trouble.is_about_all_of(&lack.spot.cloud)
    };
    let wrong = lacks(case, &truth).into_iter().filter(|lack| !touched(lack));
    let wrong: Vec<_> = wrong.filter(|lack| !is_excused(case, &truth, report, lack)).collect();
    assert!(wrong.is_empty(), "faults struck only {struck:?}, and yet {wrong:?}\n{report:#?}");
}

/// 4. A run that was stopped anywhere and run again ends where an unbroken run ends.
pub(crate) fn it_ends_where_an_unbroken_run_ends(truth: &Truth, unbroken: &Truth) {
    for (spot, shares) in unbroken.shares() {
        assert_eq!(truth.shares().get(&spot), Some(&shares), "{spot} ends differently");
    }
}

/// Whether the world itself does not allow it.
fn is_excused(case: &Case, truth: &Truth, report: &Report, lack: &Lack) -> bool {
    let cloud = case.cloud(&lack.spot.cloud);
    let look = &truth.0[&lack.spot];
    let held_back = |kind| {
        report.blocked.iter().any(|blocked| {
            let image = blocked.image.as_ref().map(|image| image.id.as_str());
            blocked.kind == kind && image == Some(lack.spot.image.as_str())
        })
    };
    if look.obstacle.is_some() {
        return true;
    }
    match lack.missing {
        true => {
            cloud.unknown.iter().any(|&number| cloud.kind.account(number) == lack.account)
                || held_back(BlockedKind::AccountsPerImage)
        }
        false => case.max_removals.is_some() && held_back(BlockedKind::MaxRemovals),
    }
}
