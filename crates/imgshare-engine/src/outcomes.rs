//! The outcomes of a run's changes, as they come.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use imgshare_plan::{ChangeKey, Outcome, Verification};
use imgshare_protocol::AccountId;
use tokio::sync::oneshot;

/// What has become of the changes so far; others can wait for one of them.
#[derive(Default)]
pub(crate) struct Outcomes {
    ended: RefCell<BTreeMap<ChangeKey, Outcome>>,
    awaited: RefCell<HashMap<ChangeKey, Vec<oneshot::Sender<()>>>>,
}

impl Outcomes {
    /// This change has ended.
    pub(crate) fn put(&self, outcome: Outcome) {
        let awaited = self.awaited.borrow_mut().remove(&outcome.key);
        self.ended.borrow_mut().insert(outcome.key.clone(), outcome);
        for waiting in awaited.into_iter().flatten() {
            // Whoever has stopped waiting need not hear of it.
            let _ = waiting.send(());
        }
    }

    /// Ends when this change has; never, when it is not begun.
    pub(crate) async fn wait_for(&self, key: &ChangeKey) {
        if self.ended.borrow().contains_key(key) {
            return;
        }
        let (sender, ended) = oneshot::channel();
        self.awaited.borrow_mut().entry(key.clone()).or_default().push(sender);
        // The sender is kept until the change has ended.
        let _ = ended.await;
    }

    /// Whether this change has ended and this account is not as it wants. What was read back is the last word.
    pub(crate) fn has_failed(&self, key: &ChangeKey, account: &AccountId) -> bool {
        let ended = self.ended.borrow();
        let Some(outcome) = ended.get(key) else { return false };
        match &outcome.verification {
            Verification::ReadBack(shortfall) => shortfall.has(account),
            Verification::NotAsked | Verification::Failed(_) => {
                outcome.failed.contains_key(account) || outcome.not_sent.contains(account)
            }
        }
    }

    pub(crate) fn into_inner(self) -> BTreeMap<ChangeKey, Outcome> {
        self.ended.into_inner()
    }
}
