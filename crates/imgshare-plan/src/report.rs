//! What happened: a plan with the outcomes of its changes.

mod acceptances;
mod copies;
mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imgshare_protocol::{AccountId, Error, ErrorKind};
use serde::{Deserialize, Serialize};

pub use acceptances::{AcceptanceTally, ReportedAcceptance};
pub use copies::{CopyTally, ReportedCopy};
pub use tally::{SnapshotTally, Tally};

use crate::acceptance::AcceptanceOutcome;
use crate::copy::{CopyKey, CopyOutcome};
use crate::exit::ExitStatus;
use crate::outcome::{Outcome, Verification};
use crate::plan::{AccountLabel, Blocked, ChangeKey, ChangeState, Plan, PlannedChange, Unreadable};
use crate::received::{Received, ReceivedTally};

/// What an apply did, could not do and did not try.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The version of this form: [`crate::PLAN_FORMAT`].
    pub format: u32,
    /// The plan's changes, in its order, with what became of them.
    pub changes: Vec<ReportedChange>,
    /// The plan's copies, in its order, with what became of them.
    pub copies: Vec<ReportedCopy>,
    /// The plan's acceptances, in its order, with what became of them.
    pub acceptances: Vec<ReportedAcceptance>,
    /// What receivers see, where they were asked.
    pub received: Vec<Received>,
    /// What the plan could not do.
    pub blocked: Vec<Blocked>,
    /// What the plan could not read.
    pub unreadable: Vec<Unreadable>,
    /// Counts.
    pub summary: Tally,
}

impl Report {
    /// The plan's changes and copies with what became of each. One without an outcome was not begun. Nothing has been
    /// accepted, and no receiver was asked.
    pub fn new(
        plan: &Plan,
        outcomes: impl IntoIterator<Item = Outcome>,
        copies: impl IntoIterator<Item = CopyOutcome>,
    ) -> Self {
        let outcomes: BTreeMap<ChangeKey, Outcome> =
            outcomes.into_iter().map(|outcome| (outcome.key.clone(), outcome)).collect();
        let changes =
            plan.changes.iter().map(|change| ReportedChange::new(change, outcomes.get(&change.key())));
        let changes: Vec<_> = changes.collect();
        let copied: BTreeMap<CopyKey, CopyOutcome> =
            copies.into_iter().map(|outcome| (outcome.key.clone(), outcome)).collect();
        let copies = plan.copies.iter().map(|copy| ReportedCopy::new(copy, copied.get(&copy.key())));
        let copies: Vec<_> = copies.collect();
        Self {
            format: plan.format,
            summary: Tally::new(plan, &changes, &copies),
            acceptances: Vec::new(),
            received: Vec::new(),
            changes,
            copies,
            blocked: plan.blocked.clone(),
            unreadable: plan.unreadable.clone(),
        }
        .with_acceptances(plan, [])
    }

    /// The same report, with what became of the plan's acceptances. One without an outcome was not begun, or could not
    /// be for want of its share.
    #[must_use]
    pub fn with_acceptances(
        mut self,
        plan: &Plan,
        outcomes: impl IntoIterator<Item = AcceptanceOutcome>,
    ) -> Self {
        self.acceptances = acceptances::reported(&plan.acceptances, &self.changes, outcomes);
        acceptances::forget_waiting(&mut self.changes, &self.acceptances);
        self.summary.acceptances = AcceptanceTally::new(&self.acceptances, &self.copies);
        let waiting = self.changes.iter().map(|reported| reported.waiting.len());
        self.summary.unaccepted = plan.summary.unaccepted + waiting.sum::<usize>();
        self
    }

    /// The same report, with what receivers see.
    #[must_use]
    pub fn with_received(mut self, received: Vec<Received>) -> Self {
        self.summary.received = ReceivedTally::new(&received, self.summary.there);
        self.received = received;
        self
    }

    /// How `apply` ends.
    pub fn exit(&self) -> ExitStatus {
        let wrong = self.changes.iter().any(ReportedChange::is_wrong)
            || self.copies.iter().any(ReportedCopy::is_wrong)
            || self.acceptances.iter().any(ReportedAcceptance::is_wrong)
            || self.received.iter().any(Received::is_wrong)
            || !self.blocked.is_empty()
            || !self.unreadable.is_empty();
        let changed = self.changes.iter().any(ReportedChange::has_changed)
            || self.copies.iter().any(ReportedCopy::has_changed)
            || self.acceptances.iter().any(ReportedAcceptance::has_changed);
        match (wrong, changed) {
            (false, _) => ExitStatus::Done,
            (true, true) => ExitStatus::Partly,
            (true, false) => ExitStatus::Error,
        }
    }
}

/// One change and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportedChange {
    /// The change; its state says how it ended.
    #[serde(flatten)]
    pub change: PlannedChange,
    /// The cloud's ids of the writes that it accepted.
    pub request_ids: Vec<String>,
    /// How often something was sent to the cloud for it.
    pub attempts: u32,
    /// Why the whole change failed, or why it could not be verified.
    pub error: Option<Error>,
    /// The accounts that are not as wanted, by reason.
    pub failed: Vec<Failure>,
    /// Accounts that got the image and had not accepted it when it was read back, those left out for which the plan
    /// accepts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Arc<AccountLabel>>,
}

/// Accounts that are not as wanted, all for the same reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Failure {
    /// The accounts, in the change's order.
    pub accounts: Vec<Arc<AccountLabel>>,
    /// The reason.
    pub error: Error,
}

impl ReportedChange {
    /// A change with its outcome, if it was begun.
    pub fn new(change: &PlannedChange, outcome: Option<&Outcome>) -> Self {
        let mut change = change.clone();
        let Some(outcome) = outcome else {
            if change.state == ChangeState::Planned {
                change.state = ChangeState::Interrupted;
            }
            return Self { change, ..Self::default() };
        };
        let failed = failures(&change, outcome);
        change.state = state(&change, outcome, &failed);
        Self {
            error: whole_error(&change, outcome, &failed),
            waiting: waiting(&change, outcome),
            change,
            request_ids: outcome.request_ids.clone(),
            attempts: outcome.attempts,
            failed,
        }
    }
}

impl ReportedChange {
    /// Whether anything about it is not as wanted, or nobody could see whether it is.
    pub fn is_wrong(&self) -> bool {
        let fine =
            matches!(self.change.state, ChangeState::Done | ChangeState::Granted | ChangeState::Skipped);
        !fine || self.error.is_some()
    }

    /// Whether any account is now as wanted.
    pub fn has_changed(&self) -> bool {
        matches!(self.change.state, ChangeState::Done | ChangeState::Granted | ChangeState::Partly)
    }

    /// Whether this account is not as wanted because its call failed or was not made.
    fn has_failed(&self, account: &Arc<AccountLabel>) -> bool {
        self.failed.iter().any(|failure| failure.accounts.contains(account))
    }

    /// The number of those of these accounts of the change that are now as wanted.
    fn settled(&self, accounts: &[Arc<AccountLabel>]) -> usize {
        let failed: BTreeSet<_> = self.failed.iter().flat_map(|failure| &failure.accounts).collect();
        match self.has_changed() {
            true => accounts.iter().filter(|account| !failed.contains(account)).count(),
            false => 0,
        }
    }
}

/// The accounts that have to accept what they got.
fn waiting(change: &PlannedChange, outcome: &Outcome) -> Vec<Arc<AccountLabel>> {
    let Verification::ReadBack(shortfall) = &outcome.verification else { return Vec::new() };
    let waiting = change.add.iter().filter(|account| shortfall.waiting.contains(&account.id));
    waiting.cloned().collect()
}

/// The accounts that are not as wanted, by reason.
fn failures(change: &PlannedChange, outcome: &Outcome) -> Vec<Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for account in change.accounts() {
        let Some(error) = failure(outcome, &account.id) else { continue };
        match failures.iter_mut().find(|failure| failure.error == error) {
            Some(failure) => failure.accounts.push(account.clone()),
            None => failures.push(Failure { accounts: vec![account.clone()], error }),
        }
    }
    failures
}

/// Why this account is not as wanted. What was read back is the last word: a call may fail on its way back, after
/// the cloud has done it.
fn failure(outcome: &Outcome, account: &AccountId) -> Option<Error> {
    let refused = outcome.failed.get(account).cloned();
    let not_sent = || outcome.not_sent.contains(account).then(not_sent);
    match &outcome.verification {
        Verification::ReadBack(shortfall) if !shortfall.has(account) => None,
        Verification::ReadBack(_) => Some(refused.or_else(not_sent).unwrap_or_else(without_effect)),
        Verification::NotAsked | Verification::Failed(_) => refused.or_else(not_sent),
    }
}

fn not_sent() -> Error {
    Error::new(ErrorKind::Unexpected, "not sent, because the run was stopped").with_hint("run again")
}

fn without_effect() -> Error {
    Error::new(ErrorKind::Unexpected, "the cloud accepted the change, but reading back does not show it")
        .with_hint("run again; if it stays so, ask the cloud's support with the request id")
}

/// How the change ended.
fn state(change: &PlannedChange, outcome: &Outcome, failed: &[Failure]) -> ChangeState {
    let wrong: usize = failed.iter().map(|failure| failure.accounts.len()).sum();
    let all = change.accounts().count();
    match &outcome.verification {
        Verification::ReadBack(_) if wrong == 0 => ChangeState::Done,
        _ if wrong == 0 => ChangeState::Granted,
        _ if wrong < all => ChangeState::Partly,
        _ if outcome.not_sent.len() == all => ChangeState::Interrupted,
        _ => ChangeState::Failed,
    }
}

/// The one reason why no account is as wanted, or why nobody could see whether they are.
fn whole_error(change: &PlannedChange, outcome: &Outcome, failed: &[Failure]) -> Option<Error> {
    match (failed, &outcome.verification) {
        ([only], _) if only.accounts.len() == change.accounts().count() => Some(only.error.clone()),
        (_, Verification::Failed(error)) => Some(error.clone()),
        _ => None,
    }
}
