//! What an interrupted run did not come to.

use imgshare_engine::was_stopped;
use imgshare_plan::{Plan, Report, Unreadable};
use serde::Serialize;

/// Regions and images that were not read because the run was stopped. Nothing is wrong with them, so they are counted
/// instead of named one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Unread {
    /// Regions that were not listed.
    pub(crate) regions: usize,
    /// Images of which it was not read who has them.
    pub(crate) images: usize,
    /// Snapshots, likewise.
    pub(crate) snapshots: usize,
}

impl Unread {
    /// Takes them out of what the plan could not read.
    pub(crate) fn out_of_plan(plan: &mut Plan) -> Self {
        let unread = Self::out_of(&mut plan.unreadable);
        plan.summary.unreadable = plan.unreadable.len();
        unread
    }

    /// Takes them out of what the report could not read.
    pub(crate) fn out_of_report(report: &mut Report) -> Self {
        let unread = Self::out_of(&mut report.unreadable);
        report.summary.unreadable = report.unreadable.len();
        unread
    }

    fn out_of(items: &mut Vec<Unreadable>) -> Self {
        let mut unread = Self::default();
        items.retain(|item| {
            let stopped = was_stopped(&item.error);
            if stopped {
                let what = match (&item.image, &item.snapshot) {
                    (_, Some(_)) => &mut unread.snapshots,
                    (Some(_), None) => &mut unread.images,
                    (None, None) => &mut unread.regions,
                };
                *what += 1;
            }
            !stopped
        });
        unread
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }
}
