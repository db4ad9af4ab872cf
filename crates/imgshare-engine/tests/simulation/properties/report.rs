//! What a run tells at its end is true, and it is all.

use imgshare_plan::{ChangeState, ExitStatus, Report};

use crate::case::Case;
use crate::oracle::Lack;
use crate::truth::Spot;

/// 6. No account is dropped silently: whatever is not as it shall be is named, one way or the other.
///
/// A cloud may say that all went well and drop an account: without reading back, that is "granted, not verified".
pub(crate) fn no_account_is_dropped_silently(case: &Case, report: &Report, lacks: &[Lack]) {
    for lack in lacks.iter().filter(|lack| !is_granted_unseen(case, lack)) {
        let named = is_failed(report, lack) || is_blocked(report, lack) || is_unreadable(report, &lack.spot);
        assert!(named, "{lack:?}, and the report does not say so: {report:#?}");
    }
}

/// 5. The exit status tells: it is only good when everything is.
pub(crate) fn the_exit_status_is_done_only_if_all_is_right(case: &Case, report: &Report, lacks: &[Lack]) {
    let wrong: Vec<_> = lacks.iter().filter(|lack| !is_granted_unseen(case, lack)).collect();
    assert!(report.exit() != ExitStatus::Done || wrong.is_empty(), "it ends well though {wrong:?}");
}

fn is_granted_unseen(case: &Case, lack: &Lack) -> bool {
    lack.missing && !case.running.reads_back && case.may_drop_silently(&lack.spot.cloud)
}

fn is_failed(report: &Report, lack: &Lack) -> bool {
    let about = report.changes.iter().filter(|reported| Spot::of(&reported.change.key()) == lack.spot);
    about.into_iter().any(|reported| {
        let side = if lack.missing { &reported.change.add } else { &reported.change.remove };
        let is_part = side.iter().any(|account| account.id.as_str() == lack.account);
        let mut failed = reported.failed.iter().flat_map(|failure| &failure.accounts);
        let unsure = reported.error.is_some();
        let whole = unsure || matches!(reported.change.state, ChangeState::Failed | ChangeState::Interrupted);
        is_part && (whole || failed.any(|account| account.id.as_str() == lack.account))
    })
}

fn is_blocked(report: &Report, lack: &Lack) -> bool {
    report.blocked.iter().any(|blocked| {
        blocked.cloud.as_str() == lack.spot.cloud
            && blocked.region.as_ref().is_none_or(|region| region.as_str() == lack.spot.region)
            && blocked.image.as_ref().is_none_or(|image| image.id.as_str() == lack.spot.image)
            && blocked.accounts.iter().any(|account| account.id.as_str() == lack.account)
    })
}

pub(super) fn is_unreadable(report: &Report, spot: &Spot) -> bool {
    report.unreadable.iter().any(|unreadable| {
        unreadable.cloud.as_str() == spot.cloud
            && unreadable.region.as_str() == spot.region
            && unreadable.image.as_ref().is_none_or(|image| image.id.as_str() == spot.image)
    })
}
