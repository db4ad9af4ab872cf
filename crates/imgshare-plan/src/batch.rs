//! How the accounts of one change go into calls.

use std::sync::Arc;

use imgshare_protocol::{AccountId, Change};
use serde::{Deserialize, Serialize};

use crate::plan::{AccountLabel, PlannedChange};

/// How accounts go into calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Batching {
    /// Accounts that one call adds at most, and as many that it removes. `None`: all.
    pub accounts_per_change: Option<u32>,
    /// One call may both add and remove.
    pub add_and_remove_together: bool,
    /// Accounts have to go before others find room.
    pub removals_first: bool,
}

impl PlannedChange {
    /// The calls that make this change, in the order in which they must be made, each when the one before is
    /// answered. Additions come first, so that nobody is without an image for longer than need be; unless removals
    /// have to make room.
    pub fn batches(&self) -> Vec<Change> {
        let Batching { add_and_remove_together: together, removals_first, .. } = self.batching;
        let add = self.parts(&self.add).map(|add| self.batch(add, &[]));
        let remove = self.parts(&self.remove).map(|remove| self.batch(&[], remove));
        if removals_first {
            return remove.chain(add).collect();
        }
        if together { self.paired() } else { add.chain(remove).collect() }
    }

    /// How many calls they are.
    pub(crate) fn batch_count(&self) -> u64 {
        let Batching { add_and_remove_together: together, removals_first, .. } = self.batching;
        let (add, remove) = (self.parts(&self.add).len(), self.parts(&self.remove).len());
        let count = if together && !removals_first { add.max(remove) } else { add + remove };
        count as u64
    }

    /// Each call adds and removes as many as it may.
    fn paired(&self) -> Vec<Change> {
        let (mut add, mut remove) = (self.parts(&self.add), self.parts(&self.remove));
        let pairs = std::iter::from_fn(|| match (add.next(), remove.next()) {
            (None, None) => None,
            (add, remove) => Some(self.batch(add.unwrap_or_default(), remove.unwrap_or_default())),
        });
        pairs.collect()
    }

    /// The accounts in parts that fit into a call.
    fn parts<'a>(&self, accounts: &'a [Arc<AccountLabel>]) -> std::slice::Chunks<'a, Arc<AccountLabel>> {
        let limit = self.batching.accounts_per_change.map_or(usize::MAX, |limit| limit as usize);
        accounts.chunks(limit.max(1))
    }

    /// One call.
    fn batch(&self, add: &[Arc<AccountLabel>], remove: &[Arc<AccountLabel>]) -> Change {
        let prepare = self.prepare.is_some() && !add.is_empty();
        Change { image: self.image_ref(), add: ids(add), remove: ids(remove), prepare }
    }
}

fn ids(accounts: &[Arc<AccountLabel>]) -> Vec<AccountId> {
    accounts.iter().map(|account| account.id.clone()).collect()
}
