//! Copies in a report.

use imgshare_protocol::{Error, ErrorKind, ImageId};
use serde::{Deserialize, Serialize};

use super::{ReportedAcceptance, ReportedChange, acceptances};
use crate::copy::{CopyOutcome, CopySeen, CopyState, PlannedCopy};

/// One copy and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportedCopy {
    /// The copy; its state says how it ended.
    #[serde(flatten)]
    pub copy: PlannedCopy,
    /// The new image, if it is known.
    pub image: Option<ImageId>,
    /// The cloud's ids of the calls that it accepted.
    pub request_ids: Vec<String>,
    /// How often something was sent to the cloud to make it. 0: an earlier run has begun it.
    pub attempts: u32,
    /// Why it is not there, not usable or not shared.
    pub error: Option<Error>,
    /// How it was shared, if there was something to share.
    pub share: Option<ReportedChange>,
    /// How its snapshots were shared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub snapshots: Vec<ReportedChange>,
    /// How it was accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acceptances: Vec<ReportedAcceptance>,
}

impl ReportedCopy {
    /// A copy with its outcome, if it was begun or awaited.
    pub fn new(copy: &PlannedCopy, outcome: Option<&CopyOutcome>) -> Self {
        let mut copy = copy.clone();
        let Some(outcome) = outcome else {
            if copy.state == CopyState::Planned {
                copy.state = CopyState::Interrupted;
            }
            return Self { image: copy.begun.clone(), copy, ..Self::default() };
        };
        let changed = |(change, outcome): &(_, _)| ReportedChange::new(change, Some(outcome));
        let share = outcome.share.as_ref().map(changed);
        let mut reported = Self {
            image: outcome.image.clone().or(copy.begun.clone()),
            copy,
            request_ids: outcome.request_ids.clone(),
            attempts: outcome.attempts,
            error: outcome.error.clone().or_else(|| trouble(&outcome.seen)),
            acceptances: acceptances::of_copy(share.as_ref(), &outcome.acceptances),
            share,
            snapshots: outcome.snapshots.iter().map(changed).collect(),
        };
        reported.copy.state = reported.state(outcome);
        reported
    }

    /// How the copy ended.
    fn state(&self, outcome: &CopyOutcome) -> CopyState {
        let mut shares = self.share.iter().chain(&self.snapshots);
        let shared = outcome.error.is_none()
            && !shares.any(ReportedChange::is_wrong)
            && !self.acceptances.iter().any(ReportedAcceptance::is_wrong);
        match &outcome.seen {
            CopySeen::Usable(_) if shared => CopyState::Done,
            CopySeen::Usable(_) => CopyState::Partly,
            CopySeen::Making { .. } => CopyState::Begun,
            // The cloud has accepted it and does not list it yet.
            CopySeen::Missing
                if self.image.is_some() || (outcome.attempts > 0 && outcome.error.is_none()) =>
            {
                CopyState::Begun
            }
            CopySeen::Missing if outcome.error.is_none() => CopyState::Interrupted,
            CopySeen::Missing | CopySeen::Failed { .. } | CopySeen::Ambiguous => CopyState::Failed,
        }
    }

    /// Whether anything about it is not as wanted.
    pub fn is_wrong(&self) -> bool {
        !matches!(self.copy.state, CopyState::Done | CopyState::Skipped)
    }

    /// Whether the cloud is not as it was before: this run has begun the copy, or shared it or its snapshots.
    pub fn has_changed(&self) -> bool {
        let begun = self.attempts > 0 && (self.image.is_some() || self.copy.state == CopyState::Begun);
        begun
            || self.share.iter().chain(&self.snapshots).any(ReportedChange::has_changed)
            || self.acceptances.iter().any(ReportedAcceptance::has_changed)
    }
}

/// What is wrong with a copy of which the cloud has told no error.
fn trouble(seen: &CopySeen) -> Option<Error> {
    match seen {
        CopySeen::Missing | CopySeen::Making { .. } | CopySeen::Usable(_) => None,
        CopySeen::Failed { id, cloud_state } => {
            let message = match cloud_state.as_str() {
                "" => format!("the copy {id} failed"),
                state => format!("the copy {id} failed ({state})"),
            };
            Some(Error::new(ErrorKind::Unexpected, message).with_hint("delete the copy, then run again"))
        }
        CopySeen::Ambiguous => {
            let error = Error::new(ErrorKind::Conflict, "several images of the region could be the copy");
            Some(error.with_hint("rename or delete those that are not the copy, then run again"))
        }
    }
}

/// Copies in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyTally {
    /// Copies that can be used and are shared as wanted.
    pub done: usize,
    /// Copies that can be used and that not all accounts have.
    pub partly: usize,
    /// Copies that are on their way still.
    pub begun: usize,
    /// Copies that were not made, or of which making failed.
    pub failed: usize,
    /// Copies that were not picked.
    pub skipped: usize,
    /// Copies that were not begun.
    pub interrupted: usize,
}

impl CopyTally {
    pub(super) fn new(copies: &[ReportedCopy]) -> Self {
        let count = |state| copies.iter().filter(|reported| reported.copy.state == state).count();
        Self {
            done: count(CopyState::Done),
            partly: count(CopyState::Partly),
            begun: count(CopyState::Begun),
            failed: count(CopyState::Failed),
            skipped: count(CopyState::Skipped),
            interrupted: count(CopyState::Interrupted),
        }
    }
}
