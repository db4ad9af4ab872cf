//! Who has an image, as it is kept while a run lasts.

use std::collections::BTreeMap;

use imgshare_protocol::{Acceptance, AccountId, Shares};

/// Who has an image or a snapshot: [`Shares`] in half of their memory. There may be a hundred thousand at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KnownShares {
    /// The accounts that have it. Never includes the owner.
    pub accounts: AccountSet,
    /// Grants of other kinds (share groups, organizations, everybody), in words. Reported, never changed.
    pub other_grants: Vec<String>,
    /// How far the accounts are, where receivers have to accept. An account without an entry: the cloud tells nothing.
    pub acceptance: BTreeMap<AccountId, Acceptance>,
}

impl KnownShares {
    /// Nobody has it.
    pub(crate) fn none() -> Self {
        Shares::none().into()
    }
}

impl From<Shares> for KnownShares {
    fn from(shares: Shares) -> Self {
        Self {
            accounts: AccountSet(shares.accounts.into_iter().collect()),
            other_grants: shares.other_grants,
            acceptance: shares.acceptance,
        }
    }
}

/// Accounts in order, each once. It only ever comes from a tree, and takes half as much memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountSet(Box<[AccountId]>);

impl AccountSet {
    /// Whether the account is among them.
    pub fn contains(&self, account: &AccountId) -> bool {
        self.0.binary_search(account).is_ok()
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, AccountId> {
        self.0.iter()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for &'a AccountSet {
    type Item = &'a AccountId;
    type IntoIter = std::slice::Iter<'a, AccountId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
