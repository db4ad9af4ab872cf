//! What the host asks of a provider, and what comes back when it is done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Acceptance, AccountId, CloudName, Error, Image, ImageId, ImageRef, ImageState, OperationKind, PageToken,
    Region, SnapshotRef, Timestamp,
};

/// What a provider needs to work for one cloud of the config.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Connect {
    /// The cloud's name in the config, for messages.
    pub cloud: CloudName,
    /// Another host to talk to: `scheme://host[:port]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The resolved fields of `[clouds.X.credentials]`; secrets in clear.
    pub credentials: BTreeMap<String, String>,
    /// `[clouds.X.settings]`: an object, or `null`.
    pub settings: serde_json::Value,
    /// The limits in force: the provider's own with `[clouds.X.limits]` over them.
    pub limits: crate::Limits,
}

impl std::fmt::Debug for Connect {
    /// Leaves the credentials' values out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connect")
            .field("cloud", &self.cloud)
            .field("endpoint", &self.endpoint)
            .field("credentials", &self.credentials.keys().collect::<Vec<_>>())
            .field("settings", &self.settings)
            .field("limits", &self.limits)
            .finish()
    }
}

/// One thing that the host asks of a connected provider: it starts an exchange.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// Find usable credentials and say where they are; answered by [`FoundCredentials`].
    FindCredentials {
        /// Whether a metadata service or a token service may be asked.
        #[serde(default)]
        may_ask_network: bool,
    },
    /// One page of the owner's own images; answered by [`Page`].
    ListImages(ImageQuery),
    /// Who has this image; answered by [`crate::Shares`].
    ReadShares(ImageRef),
    /// Add and remove accounts; answered by [`Changed`].
    ChangeShares(Change),
    /// Make an image available elsewhere; answered by [`Copied`].
    CopyImage(CopyRequest),
    /// Who has this snapshot; answered by [`crate::Shares`].
    ReadSnapshotShares(SnapshotRef),
    /// Add accounts to and remove accounts from a snapshot; answered by [`Changed`].
    ChangeSnapshotShares(SnapshotChange),
    /// Accept a share, with its receiver's login; answered by [`Accepted`].
    AcceptShare(AcceptRequest),
    /// Which images of others are there, with the receiver's login; answered by a list of [`ReceivedImage`].
    ReadReceived(ReceivedQuery),
    /// One that this version does not know; answered by an error of kind `Unsupported`.
    #[serde(other)]
    Unknown,
}

impl Operation {
    /// The operation by name.
    pub fn kind(&self) -> OperationKind {
        match self {
            Self::FindCredentials { .. } => OperationKind::FindCredentials,
            Self::ListImages(_) => OperationKind::ListImages,
            Self::ReadShares(_) => OperationKind::ReadShares,
            Self::ChangeShares(_) => OperationKind::ChangeShares,
            Self::CopyImage(_) => OperationKind::CopyImage,
            Self::ReadSnapshotShares(_) => OperationKind::ReadSnapshotShares,
            Self::ChangeSnapshotShares(_) => OperationKind::ChangeSnapshotShares,
            Self::AcceptShare(_) => OperationKind::AcceptShare,
            Self::ReadReceived(_) => OperationKind::ReadReceived,
            Self::Unknown => OperationKind::Unknown,
        }
    }

    /// The region that it is about, if it is about one.
    pub fn region(&self) -> Option<&Region> {
        match self {
            Self::ListImages(query) => Some(&query.region),
            Self::ReadShares(image) => Some(&image.region),
            Self::ChangeShares(change) => Some(&change.image.region),
            Self::CopyImage(copy) => Some(&copy.source.region),
            Self::ReadSnapshotShares(snapshot) => Some(&snapshot.region),
            Self::ChangeSnapshotShares(change) => Some(&change.snapshot.region),
            Self::AcceptShare(share) => Some(&share.image.region),
            Self::ReadReceived(query) => Some(&query.region),
            Self::FindCredentials { .. } | Self::Unknown => None,
        }
    }
}

/// Where usable credentials were found. Says nothing of their values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FoundCredentials {
    /// The place, for people: `environment variable ACME_KEY`.
    pub source: String,
    /// When they expire, if they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}

/// Asks for one page of the owner's own images, in all states.
///
/// Everything but `region` and `page` is a hint: a provider narrows by it where its cloud can do so *without losing
/// a match*, and leaves it aside otherwise. The planner selects again from what comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageQuery {
    /// The region to list.
    pub region: Region,
    /// Which page. `None`: the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<PageToken>,
    /// Only these ids are of interest. Empty: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<ImageId>,
    /// Only images of exactly this name are of interest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Only images with all these tags are of interest.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Only images of this family are of interest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Only images made at or after this moment are of interest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_after: Option<Timestamp>,
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Page<T> {
    /// What the page holds.
    pub items: Vec<T>,
    /// The pages to fetch next. A cloud that counts lets the first page name all the others, which are then fetched
    /// at once; one that hands out markers names one at a time. Empty: this branch of the listing ends here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<PageToken>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: Vec::new() }
    }
}

/// A page of images.
pub type ImagePage = Page<Image>;

/// Accounts to add to and to remove from one image; within the limits that [`Connect`] named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The image.
    pub image: ImageRef,
    /// Accounts that shall have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<AccountId>,
    /// Accounts that shall not have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<AccountId>,
    /// Do first what [`Image::prepare`] said: the plan has named it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prepare: bool,
}

/// Accounts to add to and to remove from one snapshot; within the limits of [`crate::Description::snapshots`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotChange {
    /// The snapshot.
    pub snapshot: SnapshotRef,
    /// Accounts that shall have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<AccountId>,
    /// Accounts that shall not have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<AccountId>,
}

/// What became of a [`Change`] or a [`SnapshotChange`]. Accounts that are not in `failed` are as they were asked to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changed {
    /// Accounts that are not, each with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<AccountFailure>,
    /// The cloud's ids of the writes that it accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<String>,
}

/// An account that could not be added or removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountFailure {
    /// The account.
    pub account: AccountId,
    /// Why not.
    pub error: Error,
}

/// Asks for a copy of an image in other regions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyRequest {
    /// The image to copy.
    pub source: ImageRef,
    /// Where copies shall be. The host asks for one region at a time: one that refuses must not spoil the others.
    pub regions: Vec<Region>,
    /// The copies' name. `None`: the source's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Makes asking twice harmless, where the cloud has such a thing: letters and digits, at most 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// Copies that the cloud has begun to make; they become available later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Copied {
    /// The new images.
    pub images: Vec<ImageRef>,
    /// The cloud's ids of the calls that it accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<String>,
}

/// Asks the receiver of a share to accept it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptRequest {
    /// The image that is shared.
    pub image: ImageRef,
    /// The account that it is shared with, as the config names it. A login of another account is refused with an error
    /// of kind [`crate::ErrorKind::AccountInvalid`].
    pub account: AccountId,
}

/// A share that is accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Accepted {
    /// The cloud's ids of the calls that it accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<String>,
}

/// Asks a receiver which of these images it has because somebody shares them with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReceivedQuery {
    /// The region of the images.
    pub region: Region,
    /// The images. There may be any number of them: the provider asks in as many calls as its cloud needs.
    pub images: Vec<ImageId>,
    /// The account that the login belongs to, as the config names it. A login that is known to be another account's is
    /// refused with an error of kind [`crate::ErrorKind::AccountInvalid`].
    pub account: AccountId,
}

/// An image as its receiver sees it. One that the receiver does not see is not in the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReceivedImage {
    /// The image's id, unique in its region.
    pub id: ImageId,
    /// What the receiver can do with it, in the program's words.
    pub state: ImageState,
    /// Its state in the cloud's own word, for people.
    pub cloud_state: String,
    /// What the receiver has made of the share, where receivers have to accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Acceptance>,
}
