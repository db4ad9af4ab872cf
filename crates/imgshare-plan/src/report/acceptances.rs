//! Acceptances in a report.

use std::collections::{HashMap, HashSet};

use imgshare_protocol::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

use super::{ReportedChange, ReportedCopy};
use crate::acceptance::{AcceptanceKey, AcceptanceOutcome, PlannedAcceptance};
use crate::outcome::Verification;
use crate::plan::{ChangeKey, ChangeState};

/// One acceptance and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportedAcceptance {
    /// The acceptance; its state says how it ended.
    #[serde(flatten)]
    pub acceptance: PlannedAcceptance,
    /// The cloud's ids of the calls that it accepted.
    pub request_ids: Vec<String>,
    /// How often something was sent to the cloud for it.
    pub attempts: u32,
    /// Why it is not accepted, or why nobody could see whether it is.
    pub error: Option<Error>,
}

impl ReportedAcceptance {
    /// An acceptance with its outcome, if it was begun.
    pub fn new(acceptance: &PlannedAcceptance, outcome: Option<&AcceptanceOutcome>) -> Self {
        let mut acceptance = acceptance.clone();
        let Some(outcome) = outcome else {
            if acceptance.state == ChangeState::Planned {
                acceptance.state = ChangeState::Interrupted;
            }
            return Self { acceptance, ..Self::default() };
        };
        let error = outcome.error();
        let (state, error) = match (error, &outcome.verification) {
            (Some(error), _) => (ChangeState::Failed, Some(error)),
            (None, Verification::ReadBack(_)) => (ChangeState::Done, None),
            (None, Verification::Failed(error)) => (ChangeState::Granted, Some(error.clone())),
            (None, Verification::NotAsked) => (ChangeState::Granted, None),
        };
        acceptance.state = state;
        let request_ids = outcome.result.as_ref().map(|accepted| accepted.request_ids.clone());
        Self { acceptance, request_ids: request_ids.unwrap_or_default(), attempts: outcome.attempts, error }
    }

    /// Whether it is not accepted, or nobody could see whether it is.
    pub fn is_wrong(&self) -> bool {
        let state = self.acceptance.state;
        !matches!(state, ChangeState::Done | ChangeState::Granted | ChangeState::Skipped)
            || self.error.is_some()
    }

    /// Whether it is accepted now.
    pub fn has_changed(&self) -> bool {
        matches!(self.acceptance.state, ChangeState::Done | ChangeState::Granted)
    }

    /// One that was not begun, in the light of what became of its share.
    fn after(self, share: &ReportedChange) -> Self {
        if self.acceptance.state != ChangeState::Interrupted || !share.has_failed(&self.acceptance.account) {
            return self;
        }
        let error = Error::new(ErrorKind::Conflict, "not accepted, because the share could not be made");
        let error = Some(error.with_hint("mend what kept the share from being made, then run again"));
        let acceptance = PlannedAcceptance { state: ChangeState::Failed, ..self.acceptance };
        Self { acceptance, error, ..self }
    }
}

/// The plan's acceptances with what became of each, after these changes.
pub(super) fn reported(
    planned: &[PlannedAcceptance],
    changes: &[ReportedChange],
    outcomes: impl IntoIterator<Item = AcceptanceOutcome>,
) -> Vec<ReportedAcceptance> {
    let outcomes: HashMap<AcceptanceKey, AcceptanceOutcome> =
        outcomes.into_iter().map(|outcome| (outcome.key.clone(), outcome)).collect();
    let changes: HashMap<ChangeKey, &ReportedChange> = match outcomes.len() == planned.len() {
        true => HashMap::new(),
        false => changes.iter().map(|reported| (reported.change.key(), reported)).collect(),
    };
    let reported = planned.iter().map(|acceptance| {
        let key = acceptance.key();
        let outcome = outcomes.get(&key);
        let reported = ReportedAcceptance::new(acceptance, outcome);
        match changes.get(&key.change()) {
            Some(share) if outcome.is_none() => reported.after(share),
            _ => reported,
        }
    });
    reported.collect()
}

/// Who is accepted for does not wait for anybody else.
pub(super) fn forget_waiting(changes: &mut [ReportedChange], acceptances: &[ReportedAcceptance]) {
    let planned: HashSet<AcceptanceKey> =
        acceptances.iter().map(|reported| reported.acceptance.key()).collect();
    for reported in changes.iter_mut().filter(|reported| !reported.waiting.is_empty()) {
        let ChangeKey { cloud, region, image, .. } = reported.change.key();
        reported.waiting.retain(|account| {
            let (cloud, region, image) = (cloud.clone(), region.clone(), image.clone());
            !planned.contains(&AcceptanceKey { cloud, region, image, account: account.id.clone() })
        });
    }
}

/// The acceptances of a copy with what became of each, after it was shared.
pub(super) fn of_copy(
    share: Option<&ReportedChange>,
    acceptances: &[(PlannedAcceptance, Option<AcceptanceOutcome>)],
) -> Vec<ReportedAcceptance> {
    let reported = acceptances.iter().map(|(acceptance, outcome)| {
        let reported = ReportedAcceptance::new(acceptance, outcome.as_ref());
        match share {
            Some(share) if outcome.is_none() => reported.after(share),
            _ => reported,
        }
    });
    reported.collect()
}

/// Acceptances in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AcceptanceTally {
    /// Shares that are now accepted, verified.
    pub done: usize,
    /// Shares that were accepted, not verified.
    pub granted: usize,
    /// Shares that could not be accepted.
    pub failed: usize,
    /// Shares that were not picked.
    pub skipped: usize,
    /// Shares that were not begun.
    pub interrupted: usize,
}

impl AcceptanceTally {
    pub(super) fn new(acceptances: &[ReportedAcceptance], copies: &[ReportedCopy]) -> Self {
        let all = acceptances.iter().chain(copies.iter().flat_map(|copy| &copy.acceptances));
        let count = |state| all.clone().filter(|reported| reported.acceptance.state == state).count();
        Self {
            done: count(ChangeState::Done),
            granted: count(ChangeState::Granted),
            failed: count(ChangeState::Failed),
            skipped: count(ChangeState::Skipped),
            interrupted: count(ChangeState::Interrupted),
        }
    }
}
