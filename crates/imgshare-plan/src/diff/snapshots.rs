//! Snapshots that are shared with their images: changes of their own.

use std::collections::{BTreeMap, HashMap};

use imgshare_protocol::{Result, SnapshotId, SnapshotLimits};

use super::findings::{Draft, Findings, Site, image_name};
use super::image::not_read;
use crate::actual::SharesRead;
use crate::batch::Batching;
use crate::known_shares::KnownShares;
use crate::plan::{Foreign, PlannedChange, Unreadable};
use crate::snapshots::Snapshot;
use crate::together::{Names, Together};
use crate::view::{By, View};

/// The snapshots of one region.
pub(super) struct Snapshots<'v, 'a, 'r> {
    pub(super) site: Site<'v>,
    pub(super) view: &'v View<'a, 'r>,
    pub(super) names: &'v Names,
    pub(super) batching: Batching,
    /// Who has them, as far as that was read.
    pub(super) read: Option<&'v BTreeMap<SnapshotId, SharesRead>>,
}

/// How the accounts of a snapshot go into calls.
pub(super) fn batching(limits: &SnapshotLimits) -> Batching {
    Batching {
        accounts_per_change: limits.accounts_per_change,
        add_and_remove_together: limits.add_and_remove_together,
        removals_first: false,
    }
}

impl Snapshots<'_, '_, '_> {
    /// Compares all that rules of the scope share.
    pub(super) fn compare(&self, findings: &mut Findings) {
        let mut unions: HashMap<By, Option<Together>> = HashMap::new();
        for snapshot in self.view.snapshots() {
            let union = unions.entry(snapshot.by.clone());
            let union =
                union.or_insert_with_key(|by| Together::of_snapshots(&self.view.rules, by, self.names));
            if let Some(together) = union {
                self.compare_one(&snapshot, together, findings);
            }
        }
    }

    fn compare_one(&self, snapshot: &Snapshot<'_>, together: &Together, findings: &mut Findings) {
        let id = Some(snapshot.id.clone());
        match self.shares(snapshot.id) {
            Ok(shares) => {
                let (draft, foreign) = self.drafted(snapshot, together, shares);
                findings.foreign.extend(foreign.map(|foreign| Foreign { snapshot: id, ..foreign }));
                findings.drafts.extend((!draft.is_empty()).then_some(draft));
            }
            Err(error) => {
                let image = Some(image_name(snapshot.image));
                let unreadable = self.site.unreadable(together.rules.clone(), image, error);
                findings.unreadable.push(Unreadable { snapshot: id, ..unreadable });
            }
        }
    }

    fn shares(&self, snapshot: &SnapshotId) -> Result<&KnownShares> {
        match self.read.and_then(|read| read.get(snapshot)) {
            Some(SharesRead::Read(shares)) => Ok(shares),
            Some(SharesRead::Failed(error)) => Err(error.clone()),
            Some(SharesRead::NotRead) | None => Err(not_read("snapshot")),
        }
    }

    fn drafted(
        &self,
        snapshot: &Snapshot<'_>,
        together: &Together,
        shares: &KnownShares,
    ) -> (Draft, Option<Foreign>) {
        let (remove, foreign) = together.unwanted(&shares.accounts, self.names);
        let change = PlannedChange {
            snapshot: Some(snapshot.id.clone()),
            add: together.missing(&shares.accounts),
            remove,
            batching: self.batching,
            ..self.site.change(together.rules.clone(), image_name(snapshot.image))
        };
        let draft =
            Draft { change, have: shares.accounts.count(), limit: None, place: together.place.clone() };
        (draft, self.site.foreign(snapshot.image, foreign, shares))
    }
}
