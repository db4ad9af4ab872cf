//! One change of a plan.

use std::sync::Arc;

use imgshare_protocol::{
    Change, CloudName, ImageId, ImageRef, ProviderName, Region, RuleName, SnapshotChange, SnapshotId,
    SnapshotRef,
};
use serde::{Deserialize, Serialize};

use super::{AccountLabel, ImageName};
use crate::batch::Batching;

/// Accounts to add to and to remove from one image, or one snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedChange {
    /// The rules that select the image, in the file's order.
    pub rules: Vec<RuleName>,
    /// The cloud.
    pub cloud: CloudName,
    /// What it is a cloud of.
    pub provider: ProviderName,
    /// The region.
    pub region: Region,
    /// The image.
    pub image: ImageName,
    /// The change is about this snapshot, which the image is made of, and not about the image itself. A snapshot of
    /// several images goes with the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotId>,
    /// What is changed about the image before accounts are added, in words. `None`: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prepare: Option<String>,
    /// What people should know, in words: what receivers need besides the share.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Accounts that get it, by id.
    pub add: Vec<Arc<AccountLabel>>,
    /// Accounts that lose it, by id.
    pub remove: Vec<Arc<AccountLabel>>,
    /// How the accounts go into calls; see [`PlannedChange::batches`].
    pub batching: Batching,
    /// What became of it.
    pub state: ChangeState,
}

impl PlannedChange {
    /// What names this change within its plan.
    pub fn key(&self) -> ChangeKey {
        ChangeKey {
            cloud: self.cloud.clone(),
            region: self.region.clone(),
            image: self.image.id.clone(),
            snapshot: self.snapshot.clone(),
        }
    }

    /// The image, as a provider is told.
    pub fn image_ref(&self) -> ImageRef {
        ImageRef { region: self.region.clone(), id: self.image.id.clone() }
    }

    /// The snapshot, as a provider is told. `None`: the change is about the image itself.
    pub fn snapshot_ref(&self) -> Option<SnapshotRef> {
        let id = self.snapshot.clone()?;
        Some(SnapshotRef { region: self.region.clone(), id })
    }

    /// One of the [batches](Self::batches) as a call about the snapshot. `None`: the change is about the image itself.
    pub fn snapshot_change(&self, batch: &Change) -> Option<SnapshotChange> {
        let snapshot = self.snapshot_ref()?;
        Some(SnapshotChange { snapshot, add: batch.add.clone(), remove: batch.remove.clone() })
    }

    /// The accounts that it is about.
    pub fn accounts(&self) -> impl Iterator<Item = &Arc<AccountLabel>> {
        self.add.iter().chain(&self.remove)
    }
}

/// Names one change: a plan has at most one for each image and for each snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeKey {
    /// The cloud.
    pub cloud: CloudName,
    /// The region.
    pub region: Region,
    /// The image's id.
    pub image: ImageId,
    /// The snapshot's id, if the change is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotId>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// It is to be made.
    #[default]
    Planned,
    /// The image's shares were read again and are as wanted.
    Done,
    /// The cloud accepted it; nobody looked whether it is so.
    Granted,
    /// Some accounts are as wanted, others are not.
    Partly,
    /// No account is as wanted.
    Failed,
    /// It was not picked.
    Skipped,
    /// The run was stopped before it began.
    Interrupted,
    /// A state that this version does not know.
    #[serde(other)]
    Unknown,
}
