//! What became of one change, as the one who made it saw it.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{AccountId, Change, Changed, Error, ErrorKind, Result};

use crate::plan::ChangeKey;

/// What became of one change that was begun. A change without an outcome was not begun.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The change.
    pub key: ChangeKey,
    /// Accounts that the cloud refused, each with the reason.
    pub failed: BTreeMap<AccountId, Error>,
    /// Accounts of calls that were not made because the run was stopped.
    pub not_sent: BTreeSet<AccountId>,
    /// The cloud's ids of the writes that it accepted.
    pub request_ids: Vec<String>,
    /// How often something was sent to the cloud for this change.
    pub attempts: u32,
    /// What reading the image's shares again showed.
    pub verification: Verification,
}

impl Outcome {
    /// The outcome of a change that is about to be made.
    pub fn new(key: ChangeKey) -> Self {
        Self { key, ..Self::default() }
    }

    /// Takes note of what became of one of the change's [batches](crate::PlannedChange::batches), made in this many
    /// attempts. What the cloud calls done already is done.
    pub fn answered(&mut self, batch: &Change, answer: Result<Changed>, attempts: u32) {
        self.attempts += attempts;
        match answer {
            Ok(changed) => {
                self.request_ids.extend(changed.request_ids);
                let failed = changed.failed.into_iter().map(|failure| (failure.account, failure.error));
                self.failed.extend(failed.filter(|(_, error)| error.kind != ErrorKind::AlreadyDone));
            }
            Err(error) if error.kind == ErrorKind::AlreadyDone => {}
            Err(error) => self.failed.extend(accounts(batch).map(|account| (account.clone(), error.clone()))),
        }
    }

    /// Takes note of a batch that was not sent because the run was stopped.
    pub fn not_sent(&mut self, batch: &Change) {
        self.not_sent.extend(accounts(batch).cloned());
    }
}

fn accounts(batch: &Change) -> impl Iterator<Item = &AccountId> {
    batch.add.iter().chain(&batch.remove)
}

/// What reading an image's shares again showed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Verification {
    /// Nobody read them.
    #[default]
    NotAsked,
    /// They were read, and these accounts are not as wanted.
    ReadBack(Shortfall),
    /// They could not be read.
    Failed(Error),
}

/// Accounts that are not as a change wants them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shortfall {
    /// Accounts that shall have the image and do not.
    pub missing: BTreeSet<AccountId>,
    /// Accounts that shall not have the image and do.
    pub remaining: BTreeSet<AccountId>,
    /// Accounts that shall have the image, do, and have not accepted it. That is not the change's fault.
    pub waiting: BTreeSet<AccountId>,
}

impl Shortfall {
    /// Whether all is as wanted.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.remaining.is_empty()
    }

    /// Whether this account is not as wanted.
    pub fn has(&self, account: &AccountId) -> bool {
        self.missing.contains(account) || self.remaining.contains(account)
    }
}
