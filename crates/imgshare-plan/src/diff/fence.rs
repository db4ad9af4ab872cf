//! The fence: how much one run may remove.

use super::findings::{Draft, Findings};
use crate::plan::{Blocked, BlockedKind};

/// Blocks all removals when they are more than the bound: a config that would remove too much is a mistake as a
/// whole, and half of a mistake is no better. Additions stay.
pub(super) fn hold(max_removals: Option<u32>, findings: &mut Findings) {
    let Some(bound) = max_removals else { return };
    let removals: usize = findings.drafts.iter().map(|draft| draft.change.remove.len()).sum();
    if removals <= bound as usize {
        return;
    }
    let removing = findings.drafts.iter_mut().filter(|draft| !draft.change.remove.is_empty());
    findings.blocked.extend(removing.map(|draft| take_removals(draft, removals, bound)));
}

fn take_removals(draft: &mut Draft, removals: usize, bound: u32) -> Blocked {
    let reason = format!("the run would remove {removals} shares, at most {bound} may be removed");
    let hint = format!("raise [fence] max_removals or pass --max-removals {removals}");
    let accounts = std::mem::take(&mut draft.change.remove);
    Blocked { accounts, ..draft.blocked(BlockedKind::MaxRemovals, reason, hint) }
}
