//! Images and who has them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{AccountId, ImageId, Region, SnapshotId, Timestamp};

/// Names one image: ids are unique within a region only.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ImageRef {
    /// The region that the image is in.
    pub region: Region,
    /// The image's id there.
    pub id: ImageId,
}

/// Names one snapshot: ids are unique within a region only.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SnapshotRef {
    /// The region that the snapshot is in.
    pub region: Region,
    /// The snapshot's id there.
    pub id: SnapshotId,
}

/// One machine image, as its cloud describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Image {
    /// The image's id, unique in its region.
    pub id: ImageId,
    /// The image's name; may be empty, need not be unique.
    pub name: String,
    /// What can be done with it, in the program's words.
    pub state: ImageState,
    /// Its state in the cloud's own word, for people.
    pub cloud_state: String,
    /// When it was made, where the cloud says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// The image family, where the cloud has families.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// The image's tags, where the cloud has tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Why this image can never be shared whatever its state (a licence, an encryption key), if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unshareable: Option<String>,
    /// What has to be changed about the image before it can be shared, in words: `its visibility becomes ...`. The plan
    /// says it, and the provider does it only when [`crate::Change::prepare`] asks for it. `None`: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prepare: Option<String>,
    /// What receivers need besides the share before they can use the image, in words: a key that it is encrypted with.
    /// This program cannot give it to them; the plan says it. `None`: nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receivers_need: Option<String>,
    /// The snapshots that it is made of, where the cloud has snapshots that are shared apart from the image.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub snapshots: Vec<SnapshotId>,
    /// The image that this one is a copy of, where the cloud or a tag that the provider has set says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copied_from: Option<ImageId>,
    /// How much of it is made, 0 to 100, for an image that is being made or copied, where the cloud tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress_percent: Option<u8>,
    /// Whether anybody else has it, where the listing tells. `Some(false)` saves reading its shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
}

/// What can be done with an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageState {
    /// It can be used and shared.
    Available,
    /// It is being made, copied or imported; later it will be available.
    Pending,
    /// Making it failed; it will never be available.
    Failed,
    /// Switched off, deprecated or archived.
    Unavailable,
    /// A state that this version has no word for; not shareable.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Who may use an image or a snapshot, as its cloud answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shares {
    /// The accounts that have it. Never includes the owner.
    pub accounts: BTreeSet<AccountId>,
    /// Grants of other kinds (share groups, organizations, everybody), in words. Reported, never changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_grants: Vec<String>,
    /// How far the accounts are, where receivers have to accept. An account without an entry: the cloud tells nothing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub acceptance: BTreeMap<AccountId, Acceptance>,
}

/// What a receiver has made of a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// It has not answered.
    Pending,
    /// It has accepted.
    Accepted,
    /// It has refused.
    Rejected,
    /// A word that this version does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Shares {
    /// Nobody has it.
    pub fn none() -> Self {
        Self::default()
    }
}
