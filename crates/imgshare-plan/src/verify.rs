//! Verifying is a read of the changed image and the same comparison.

use std::collections::BTreeSet;
use std::sync::Arc;

use imgshare_protocol::{Acceptance, AccountId};

use crate::actual::SharesRead;
use crate::known_shares::KnownShares;
use crate::outcome::{Shortfall, Verification};
use crate::plan::{AccountLabel, PlannedChange};

/// How the image of one change looks in `read`, which was read again after it.
pub fn verify_change(change: &PlannedChange, read: &SharesRead) -> Verification {
    match read {
        SharesRead::NotRead => Verification::NotAsked,
        SharesRead::Read(shares) => Verification::ReadBack(shortfall(change, shares)),
        SharesRead::Failed(error) => Verification::Failed(error.clone()),
    }
}

/// The accounts of this change that are not as it wants them.
fn shortfall(change: &PlannedChange, shares: &KnownShares) -> Shortfall {
    let those = |accounts: &[Arc<AccountLabel>], have: bool| -> BTreeSet<AccountId> {
        let wrong = accounts.iter().filter(|account| shares.accounts.contains(&account.id) == have);
        wrong.map(|account| account.id.clone()).collect()
    };
    let waits = |account: &&Arc<AccountLabel>| {
        let found = shares.acceptance.get(&account.id);
        shares.accounts.contains(&account.id)
            && matches!(found, Some(Acceptance::Pending | Acceptance::Rejected))
    };
    Shortfall {
        missing: those(&change.add, false),
        remaining: those(&change.remove, true),
        waiting: change.add.iter().filter(waits).map(|account| account.id.clone()).collect(),
    }
}
