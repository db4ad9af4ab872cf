//! Which account ids exist in the simulated cloud.

use std::collections::BTreeSet;

use crate::ids::AccountId;

/// The accounts of the simulated cloud, owners aside.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accounts {
    /// The only ones that exist; `None`: every well-formed id exists.
    pub(crate) known: Option<BTreeSet<AccountId>>,
    /// Well-formed ids that nobody answers to.
    pub(crate) unknown: BTreeSet<AccountId>,
    /// Users inside another account, to whom nothing can be shared.
    pub(crate) collaborators: BTreeSet<AccountId>,
}

impl Accounts {
    pub(crate) fn knows(&self, account: &AccountId) -> bool {
        let listed = self.known.as_ref().is_none_or(|known| known.contains(account));
        (listed || self.is_collaborator(account)) && !self.unknown.contains(account)
    }

    pub(crate) fn is_collaborator(&self, account: &AccountId) -> bool {
        self.collaborators.contains(account)
    }
}
