//! The cloud's limit of accounts per image: what fits is done, the rest is blocked by name.

use std::sync::Arc;

use super::findings::{Draft, Findings};
use crate::plan::{AccountLabel, Blocked, BlockedKind, PlannedChange};

/// The changes that are left when every image's accounts fit.
pub(super) fn fit(findings: &mut Findings) -> Vec<PlannedChange> {
    let drafts = std::mem::take(&mut findings.drafts);
    let changes = drafts.into_iter().map(|draft| fit_one(draft, &mut findings.blocked));
    changes.filter(|change| change.accounts().next().is_some()).collect()
}

/// Accounts find room in the order of their ids, the same in every run.
pub(super) fn fit_one(mut draft: Draft, blocked: &mut Vec<Blocked>) -> PlannedChange {
    if let Some(limit) = draft.limit {
        keep_what_fits(&mut draft, limit, blocked);
    }
    draft.change.forget_idle_remarks();
    draft.change
}

fn keep_what_fits(draft: &mut Draft, limit: u32, blocked: &mut Vec<Blocked>) {
    let stay = draft.have - draft.change.remove.len();
    let room = (limit as usize).saturating_sub(stay);
    if draft.change.add.len() > room {
        let wanted = stay + draft.change.add.len();
        let rest = draft.change.add.split_off(room);
        blocked.push(no_room(draft, rest, wanted, limit));
    }
    draft.change.batching.removals_first = draft.have + draft.change.add.len() > limit as usize;
}

fn no_room(draft: &Draft, accounts: Vec<Arc<AccountLabel>>, wanted: usize, limit: u32) -> Blocked {
    let reason = format!("the image would have {wanted} accounts, the cloud allows {limit}");
    let hint = format!(
        "share with fewer accounts, or raise the limit at the cloud and in [clouds.{}.limits] accounts_per_image",
        draft.change.cloud
    );
    Blocked { accounts, ..draft.blocked(BlockedKind::AccountsPerImage, reason, hint) }
}
