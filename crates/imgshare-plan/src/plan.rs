//! The plan: what would be changed, what cannot be, and what is there besides. This is the JSON of `plan`.

mod change;
mod trouble;

use std::collections::BTreeSet;

use imgshare_protocol::{AccountId, AccountName, ImageId, RuleName};
use serde::{Deserialize, Serialize};

pub use change::{ChangeKey, ChangeState, PlannedChange};
pub use trouble::{Blocked, BlockedKind, Foreign, Unreadable};

use crate::acceptance::{PlannedAcceptance, Unaccepted};
use crate::copy::{CopyKey, CopyState, PlannedCopy};
use crate::exit::ExitStatus;
use crate::fingerprint::fingerprint;
use crate::received::{Received, ReceivedTally};

/// The version of the plan's JSON form.
pub const PLAN_FORMAT: u32 = 1;

/// What differs between desired and actual state, and what can be done about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// The version of this form: [`PLAN_FORMAT`].
    pub format: u32,
    /// SHA-256 of the config's text, hex.
    pub config_digest: String,
    /// The changes, by cloud and region: first those of images, by name and id, then those of snapshots, by id.
    pub changes: Vec<PlannedChange>,
    /// The copies that are to be made or awaited, by cloud, region and name.
    pub copies: Vec<PlannedCopy>,
    /// The shares that their receivers' logins are to accept, by cloud, region, image name and id, and account.
    pub acceptances: Vec<PlannedAcceptance>,
    /// Shares that wait for receivers whose login the config does not name; no difference.
    pub unaccepted: Vec<Unaccepted>,
    /// What receivers see, where they were asked: never by `plan`.
    pub received: Vec<Received>,
    /// What is wanted and cannot be done.
    pub blocked: Vec<Blocked>,
    /// Shares on selected images that no rule wants and none of mode `exact` covers.
    pub foreign: Vec<Foreign>,
    /// What could not be read; nothing is changed there.
    pub unreadable: Vec<Unreadable>,
    /// Rules that select no image at all, though all their regions were read.
    pub empty_rules: Vec<RuleName>,
    /// Counts of the above.
    pub summary: Summary,
    /// What applying it takes. `None`: nobody counted the survey's calls.
    pub estimate: Option<Estimate>,
}

/// What applying a plan takes, its own survey included; copying and retries left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Estimate {
    /// Calls, reading back included.
    pub calls: u64,
    /// Seconds that they take at least under the quotas that are known, of each cloud for itself. `None`: none is
    /// known.
    pub seconds: Option<f64>,
}

impl Plan {
    /// Whether desired and actual state differ: there is something to change, something blocked, or a share that its
    /// receiver does not see.
    pub fn differs(&self) -> bool {
        !self.changes.is_empty()
            || !self.copies.is_empty()
            || !self.acceptances.is_empty()
            || !self.blocked.is_empty()
            || self.received.iter().any(Received::is_hidden)
    }

    /// Whether there is nothing to do: no write call would be made.
    pub fn is_empty(&self) -> bool {
        self.to_do().next().is_none()
            && self.to_do_copies().next().is_none()
            && self.to_do_acceptances().next().is_none()
    }

    /// The changes that are to be made.
    pub fn to_do(&self) -> impl Iterator<Item = &PlannedChange> {
        self.changes.iter().filter(|change| change.state == ChangeState::Planned)
    }

    /// The copies that are to be made or awaited, and then shared.
    pub fn to_do_copies(&self) -> impl Iterator<Item = &PlannedCopy> {
        self.copies.iter().filter(|copy| copy.state == CopyState::Planned)
    }

    /// The shares that are to be accepted.
    pub fn to_do_acceptances(&self) -> impl Iterator<Item = &PlannedAcceptance> {
        self.acceptances.iter().filter(|acceptance| acceptance.state == ChangeState::Planned)
    }

    /// SHA-256, hex, over what would be done: plans that do the same, in whatever order, have the same.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.to_do(), self.to_do_copies(), self.to_do_acceptances())
    }

    /// The same plan, to be done for the picked changes and copies only; the others become
    /// [`ChangeState::Skipped`] and [`CopyState::Skipped`]. Shares of an image are accepted when the
    /// [change of that image](crate::AcceptanceKey::change) is picked, whether or not the plan has one.
    #[must_use]
    pub fn only(mut self, changes: &BTreeSet<ChangeKey>, copies: &BTreeSet<CopyKey>) -> Self {
        for change in self.changes.iter_mut().filter(|change| !changes.contains(&change.key())) {
            change.state = ChangeState::Skipped;
        }
        for copy in self.copies.iter_mut().filter(|copy| !copies.contains(&copy.key())) {
            copy.state = CopyState::Skipped;
        }
        let left = self.acceptances.iter_mut().filter(|share| !changes.contains(&share.key().change()));
        left.for_each(|acceptance| acceptance.state = ChangeState::Skipped);
        self
    }

    /// The same plan, with what receivers see.
    #[must_use]
    pub fn with_received(mut self, received: Vec<Received>) -> Self {
        self.summary.received = ReceivedTally::new(&received, self.summary.there);
        self.received = received;
        self
    }

    /// How `plan` and `drift` end: something could not be read or asked, something differs, or nothing.
    pub fn exit(&self) -> ExitStatus {
        if !self.unreadable.is_empty() || self.received.iter().any(|share| share.error.is_some()) {
            return ExitStatus::Error;
        }
        if self.differs() { ExitStatus::Differs } else { ExitStatus::Done }
    }
}

/// An image's id, with its name for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageName {
    /// The id, unique in its region.
    pub id: ImageId,
    /// The name; may be empty.
    pub name: String,
}

/// An account's id, with the name that the config gives to it.
///
/// Plans hold it behind an [`Arc`](std::sync::Arc): a large one names the same few accounts millions of times.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountLabel {
    /// The id.
    pub id: AccountId,
    /// The name in `[accounts]`, if it is there.
    pub name: Option<AccountName>,
}

/// A plan in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Images to change.
    pub changes: usize,
    /// Snapshots to change.
    pub snapshots: usize,
    /// Copies to make or to await.
    pub copies: usize,
    /// Shares to accept, those of copies included.
    pub acceptances: usize,
    /// Shares to add, those of copies and snapshots included.
    pub additions: usize,
    /// Shares to remove, those of snapshots included.
    pub removals: usize,
    /// Wanted shares of images that are there already.
    pub there: usize,
    /// Of those the ones that wait for receivers whose login the config does not name.
    pub unaccepted: usize,
    /// What receivers see, where they were asked.
    pub received: ReceivedTally,
    /// Selected images that are right already.
    pub right: usize,
    /// Blocked items.
    pub blocked: usize,
    /// Foreign shares, grants of other kinds included.
    pub foreign: usize,
    /// Regions and images that could not be read.
    pub unreadable: usize,
}
