//! A report in numbers.

use serde::{Deserialize, Serialize};

use super::{AcceptanceTally, CopyTally, ReportedChange, ReportedCopy};
use crate::plan::{ChangeState, Plan};
use crate::received::ReceivedTally;

/// A report in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Images that are now right, verified.
    pub done: usize,
    /// Images whose changes the cloud accepted, not verified.
    pub granted: usize,
    /// Images of which some accounts are right and others are not.
    pub partly: usize,
    /// Images of which no account is right.
    pub failed: usize,
    /// Images that were not picked.
    pub skipped: usize,
    /// Images that were not begun.
    pub interrupted: usize,
    /// Snapshots, by what became of their changes.
    pub snapshots: SnapshotTally,
    /// Copies, by what became of them.
    pub copies: CopyTally,
    /// Acceptances, those of copies included, by what became of them.
    pub acceptances: AcceptanceTally,
    /// Shares added, those of copies and snapshots included.
    pub additions: usize,
    /// Shares removed, those of snapshots included.
    pub removals: usize,
    /// Wanted shares of images that are there now.
    pub there: usize,
    /// Of those the ones that wait for receivers whose login the config does not name.
    pub unaccepted: usize,
    /// What receivers see, where they were asked.
    pub received: ReceivedTally,
    /// Selected images that were right before.
    pub right: usize,
    /// Blocked items.
    pub blocked: usize,
    /// Regions and images that could not be read.
    pub unreadable: usize,
}

impl Tally {
    /// The counts, as far as they are about changes and copies.
    pub(super) fn new(plan: &Plan, changes: &[ReportedChange], copies: &[ReportedCopy]) -> Self {
        let images = changes.iter().filter(|reported| reported.change.snapshot.is_none());
        let count = |state| images.clone().filter(|reported| reported.change.state == state).count();
        let added = |reported: &ReportedChange| reported.settled(&reported.change.add);
        let copied = copies.iter().flat_map(|copy| &copy.share).map(added).sum::<usize>();
        let of_snapshots = copies.iter().flat_map(|copy| &copy.snapshots).map(added).sum::<usize>();
        Self {
            done: count(ChangeState::Done),
            granted: count(ChangeState::Granted),
            partly: count(ChangeState::Partly),
            failed: count(ChangeState::Failed),
            skipped: count(ChangeState::Skipped),
            interrupted: count(ChangeState::Interrupted),
            snapshots: SnapshotTally::new(changes),
            copies: CopyTally::new(copies),
            additions: copied + of_snapshots + changes.iter().map(added).sum::<usize>(),
            removals: changes.iter().map(|reported| reported.settled(&reported.change.remove)).sum(),
            right: plan.summary.right,
            there: plan.summary.there + copied + images.map(added).sum::<usize>(),
            unaccepted: plan.summary.unaccepted,
            blocked: plan.blocked.len(),
            unreadable: plan.unreadable.len(),
            ..Self::default()
        }
    }
}

/// Changes of snapshots in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SnapshotTally {
    /// Snapshots that are now right, verified.
    pub done: usize,
    /// Snapshots whose changes the cloud accepted, not verified.
    pub granted: usize,
    /// Snapshots of which some accounts are right and others are not.
    pub partly: usize,
    /// Snapshots of which no account is right.
    pub failed: usize,
    /// Snapshots that were not picked.
    pub skipped: usize,
    /// Snapshots that were not begun.
    pub interrupted: usize,
}

impl SnapshotTally {
    fn new(changes: &[ReportedChange]) -> Self {
        let changes = changes.iter().filter(|reported| reported.change.snapshot.is_some());
        let count = |state| changes.clone().filter(|reported| reported.change.state == state).count();
        Self {
            done: count(ChangeState::Done),
            granted: count(ChangeState::Granted),
            partly: count(ChangeState::Partly),
            failed: count(ChangeState::Failed),
            skipped: count(ChangeState::Skipped),
            interrupted: count(ChangeState::Interrupted),
        }
    }
}
