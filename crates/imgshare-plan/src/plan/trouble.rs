//! What a plan cannot do, and what it leaves alone.

use std::sync::Arc;

use imgshare_protocol::{CloudName, Error, Place, ProviderName, Region, RuleName, SnapshotId};
use serde::{Deserialize, Serialize};

use super::{AccountLabel, ImageName};

/// Something that is wanted and cannot be done, known before anything is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Blocked {
    /// The rules that want it.
    pub rules: Vec<RuleName>,
    /// The cloud.
    pub cloud: CloudName,
    /// What it is a cloud of.
    pub provider: ProviderName,
    /// The region, if it is about one.
    pub region: Option<Region>,
    /// The image, if it is about one. Its name is empty where nobody knows it.
    pub image: Option<ImageName>,
    /// The snapshot, if it is about one of the image's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotId>,
    /// The accounts that would get the image, or lose it.
    pub accounts: Vec<Arc<AccountLabel>>,
    /// Why, as a word.
    pub kind: BlockedKind,
    /// Why, as a sentence: lower case, no full stop.
    pub reason: String,
    /// One action that would help.
    pub hint: Option<String>,
    /// Where the first of the rules is in the config.
    pub place: Option<Place>,
}

/// Why something is blocked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockedKind {
    /// The image's state does not allow sharing.
    ImageState,
    /// The image can never be shared.
    ImageUnshareable,
    /// No region of the rule has an image with this id.
    ImageMissing,
    /// The image would have more accounts than the cloud allows.
    AccountsPerImage,
    /// The run would remove more shares than the fence allows.
    MaxRemovals,
    /// Images of this cloud cannot be shared at all.
    SharingUnsupported,
    /// Images of this cloud cannot be copied.
    CopyUnsupported,
    /// Nobody could tell the copy from another image, or another image's copy.
    CopyAmbiguous,
    /// There is a copy, and making it failed.
    CopyFailed,
    /// Which of several copies the rule is about shows only when they are made.
    CopyUndecided,
    /// The region would have more images than the cloud allows.
    ImagesPerRegion,
    /// A reason that this version does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Shares that are there and that this program leaves alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Foreign {
    /// The cloud.
    pub cloud: CloudName,
    /// What it is a cloud of.
    pub provider: ProviderName,
    /// The region.
    pub region: Region,
    /// The image.
    pub image: ImageName,
    /// The snapshot, if it is about one of the image's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotId>,
    /// Accounts that no rule wants there and that no rule of mode `exact` covers.
    pub accounts: Vec<Arc<AccountLabel>>,
    /// Grants to groups, organizations or everybody, in words. No mode removes them.
    pub other_grants: Vec<String>,
}

/// A region or an image that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unreadable {
    /// The rules that are about it.
    pub rules: Vec<RuleName>,
    /// The cloud.
    pub cloud: CloudName,
    /// What it is a cloud of.
    pub provider: ProviderName,
    /// The region.
    pub region: Region,
    /// The image whose shares could not be read. `None`: the region could not be listed.
    pub image: Option<ImageName>,
    /// The snapshot whose shares could not be read, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotId>,
    /// Why not.
    pub error: Error,
}
