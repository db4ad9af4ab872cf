//! The accounts of one call.

use std::collections::BTreeSet;

use imgshare_sdk::{AccountId, Change, Shares};

/// Accounts that one call adds and removes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) add: Vec<AccountId>,
    pub(super) remove: Vec<AccountId>,
    /// A call with these accounts in it has failed as a whole.
    pub(super) is_second_try: bool,
}

/// The change in calls that add at most `per_call` accounts and remove as many.
pub(super) fn batches(change: &Change, per_call: usize) -> Vec<Batch> {
    let parts = |accounts: &[AccountId]| accounts.chunks(per_call.max(1)).map(<[_]>::to_vec).collect();
    let (add, remove): (Vec<_>, Vec<_>) = (parts(&change.add), parts(&change.remove));
    let calls = add.len().max(remove.len());
    let part = |parts: &[Vec<AccountId>], at| parts.get(at).cloned().unwrap_or_default();
    (0..calls)
        .map(|at| Batch { add: part(&add, at), remove: part(&remove, at), ..Batch::default() })
        .collect()
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
    }

    pub(super) fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.add.iter().chain(&self.remove)
    }

    /// Those of `accounts`, and the others.
    pub(super) fn split(self, accounts: &BTreeSet<AccountId>) -> (Self, Self) {
        let inside = |account: &AccountId| accounts.contains(account);
        let (add, other_add) = self.add.into_iter().partition(inside);
        let (remove, other_remove) = self.remove.into_iter().partition(inside);
        let is_second_try = self.is_second_try;
        (Self { add, remove, is_second_try }, Self { add: other_add, remove: other_remove, is_second_try })
    }

    /// Those that are not yet as they shall be.
    pub(super) fn still_open(&self, shares: &Shares) -> Self {
        let open = |accounts: &[AccountId], shall_have| {
            let differs = |account: &&AccountId| shares.accounts.contains(*account) != shall_have;
            accounts.iter().filter(differs).cloned().collect()
        };
        Self { add: open(&self.add, true), remove: open(&self.remove, false), ..*self }
    }

    /// Those to add and those to remove, as calls of their own for a second try.
    pub(super) fn parts(self) -> Vec<Self> {
        let add = Self { add: self.add, is_second_try: true, ..Self::default() };
        let remove = Self { remove: self.remove, is_second_try: true, ..Self::default() };
        [add, remove].into_iter().filter(|part| !part.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(range: std::ops::Range<u32>) -> Vec<AccountId> {
        range.map(|id| id.to_string().into()).collect()
    }

    #[test]
    fn each_call_adds_and_removes_as_many_as_it_may() {
        let image = imgshare_sdk::ImageRef { region: "r".into(), id: "i".into() };
        let change = Change { image, add: ids(1..24), remove: ids(50..62), ..Change::default() };
        let sizes: Vec<_> =
            batches(&change, 10).iter().map(|batch| (batch.add.len(), batch.remove.len())).collect();
        assert_eq!(sizes, [(10, 10), (10, 2), (3, 0)]);
    }

    #[test]
    fn what_is_as_it_shall_be_is_not_open() {
        let batch = Batch { add: ids(1..4), remove: ids(7..10), ..Batch::default() };
        let shares = Shares { accounts: ["1".into(), "8".into()].into(), ..Shares::none() };
        let open = batch.still_open(&shares);
        assert_eq!((open.add, open.remove), (ids(2..4), ids(8..9)));
    }
}
