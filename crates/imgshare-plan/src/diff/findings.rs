//! What the comparison found so far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imgshare_protocol::{Cloud, CloudName, Desired, Error, Image, Place, Region, RuleName};

use super::whole::Unready;
use crate::acceptance::{PlannedAcceptance, Unaccepted};
use crate::batch::Batching;
use crate::copy::PlannedCopy;
use crate::known_shares::KnownShares;
use crate::plan::{
    AccountLabel, Blocked, BlockedKind, Foreign, ImageName, PLAN_FORMAT, Plan, PlannedChange, Summary,
    Unreadable,
};
use crate::received::ReceivedTally;

/// One region of one cloud.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) cloud: &'a Cloud,
    pub(super) region: &'a Region,
}

impl Site<'_> {
    /// A change of one of the region's images, still without accounts.
    pub(super) fn change(&self, rules: Vec<RuleName>, image: ImageName) -> PlannedChange {
        PlannedChange {
            rules,
            cloud: self.cloud.name.clone(),
            provider: self.cloud.provider.clone(),
            region: self.region.clone(),
            image,
            batching: Batching {
                accounts_per_change: self.cloud.limits.accounts_per_change,
                add_and_remove_together: self.cloud.limits.add_and_remove_together,
                removals_first: false,
            },
            ..PlannedChange::default()
        }
    }

    /// Shares of an image, or of one of its snapshots, that are left alone.
    pub(super) fn foreign(
        &self,
        image: &Image,
        accounts: Vec<Arc<AccountLabel>>,
        shares: &KnownShares,
    ) -> Option<Foreign> {
        let none = accounts.is_empty() && shares.other_grants.is_empty();
        (!none).then(|| Foreign {
            cloud: self.cloud.name.clone(),
            provider: self.cloud.provider.clone(),
            region: self.region.clone(),
            image: image_name(image),
            snapshot: None,
            accounts,
            other_grants: shares.other_grants.clone(),
        })
    }

    /// Something of the region that could not be read.
    pub(super) fn unreadable(
        &self,
        rules: Vec<RuleName>,
        image: Option<ImageName>,
        error: Error,
    ) -> Unreadable {
        Unreadable {
            rules,
            cloud: self.cloud.name.clone(),
            provider: self.cloud.provider.clone(),
            region: self.region.clone(),
            image,
            snapshot: None,
            error,
        }
    }
}

/// What a change that adds accounts to an image says besides them; of most images nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Remarks {
    pub(super) prepare: Option<String>,
    pub(super) notes: Vec<String>,
}

impl Remarks {
    pub(super) fn of(image: &Image) -> Self {
        Self { prepare: image.prepare.clone(), notes: image.receivers_need.iter().cloned().collect() }
    }
}

/// A change as the rules want it; fence and limits are still to come.
pub(super) struct Draft {
    pub(super) change: PlannedChange,
    /// Accounts that have the image now.
    pub(super) have: usize,
    /// Accounts that it can have.
    pub(super) limit: Option<u32>,
    /// The first rule's place.
    pub(super) place: Place,
}

impl Draft {
    /// Takes note of what adding accounts has to say.
    pub(super) fn remark(&mut self, Remarks { prepare, notes }: Remarks) {
        (self.change.prepare, self.change.notes) = (prepare, notes);
    }

    /// Whether nothing has to change.
    pub(super) fn is_empty(&self) -> bool {
        self.change.add.is_empty() && self.change.remove.is_empty()
    }

    /// Whether all additions find room while nothing is removed.
    pub(super) fn has_room_for_all(&self) -> bool {
        self.limit.is_none_or(|limit| self.have + self.change.add.len() <= limit as usize)
    }

    /// A blocked item about this change, still without accounts.
    pub(super) fn blocked(&self, kind: BlockedKind, reason: String, hint: String) -> Blocked {
        Blocked {
            rules: self.change.rules.clone(),
            cloud: self.change.cloud.clone(),
            provider: self.change.provider.clone(),
            region: Some(self.change.region.clone()),
            image: Some(self.change.image.clone()),
            snapshot: self.change.snapshot.clone(),
            accounts: Vec::new(),
            kind,
            reason,
            hint: Some(hint),
            place: Some(self.place.clone()),
        }
    }
}

#[derive(Default)]
pub(super) struct Findings {
    pub(super) drafts: Vec<Draft>,
    pub(super) copies: Vec<PlannedCopy>,
    pub(super) acceptances: Vec<PlannedAcceptance>,
    pub(super) unaccepted: Vec<Unaccepted>,
    pub(super) blocked: Vec<Blocked>,
    pub(super) foreign: Vec<Foreign>,
    pub(super) unreadable: Vec<Unreadable>,
    pub(super) right: usize,
    /// Wanted shares of images that are there.
    pub(super) there: usize,
    /// Images that cannot be copied now, by cloud and region.
    pub(super) unready: BTreeMap<(CloudName, Region, ImageName), Unready>,
    /// Rules, by their place in the file, that want copies of a cloud that cannot copy.
    pub(super) uncopyable: BTreeSet<(usize, CloudName)>,
    /// Rules that selected something, or of which it is known why not.
    pub(super) told: BTreeSet<RuleName>,
}

impl Findings {
    pub(super) fn into_plan(
        mut self,
        desired: &Desired,
        changes: Vec<PlannedChange>,
        empty_rules: Vec<RuleName>,
    ) -> Plan {
        self.blocked.sort_by(|a, b| by_place(a).cmp(&by_place(b)));
        Plan {
            format: PLAN_FORMAT,
            config_digest: desired.digest.clone(),
            summary: self.summary(&changes),
            changes,
            copies: self.copies,
            acceptances: self.acceptances,
            unaccepted: self.unaccepted,
            received: Vec::new(),
            blocked: self.blocked,
            foreign: self.foreign,
            unreadable: self.unreadable,
            empty_rules,
            estimate: None,
        }
    }

    fn summary(&self, changes: &[PlannedChange]) -> Summary {
        let foreign = self.foreign.iter().map(|foreign| foreign.accounts.len() + foreign.other_grants.len());
        let added = changes.iter().map(|change| &change.add);
        let added = added.chain(self.copies.iter().map(|copy| &copy.add));
        let snapshots = changes.iter().filter(|change| change.snapshot.is_some()).count();
        let accepted_copies = self.copies.iter().map(|copy| copy.accept_with.len());
        let unaccepted = self.unaccepted.iter().map(|image| image.pending.len() + image.rejected.len());
        Summary {
            changes: changes.len() - snapshots,
            snapshots,
            copies: self.copies.len(),
            acceptances: self.acceptances.len() + accepted_copies.sum::<usize>(),
            additions: added.map(Vec::len).sum(),
            removals: changes.iter().map(|change| change.remove.len()).sum(),
            there: self.there,
            unaccepted: unaccepted.sum(),
            received: ReceivedTally::default(),
            right: self.right,
            blocked: self.blocked.len(),
            foreign: foreign.sum(),
            unreadable: self.unreadable.len(),
        }
    }
}

/// The order in which blocked items are shown.
fn by_place(blocked: &Blocked) -> impl Ord {
    let Blocked { cloud, region, image, kind, rules, .. } = blocked;
    let image = image.as_ref().map(|image| (&image.name, &image.id));
    (cloud, region, image, *kind, rules)
}

/// What people are told of an image.
pub(super) fn image_name(image: &Image) -> ImageName {
    ImageName { id: image.id.clone(), name: image.name.clone() }
}
