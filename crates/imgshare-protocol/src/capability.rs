//! What a provider can do and where its limits are: data that planner, schedule, tests and people read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ProviderName;

/// Everything that the host knows about a provider before it logs in anywhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Description {
    /// The provider's name in the config; the same word as its folder and its library.
    pub name: ProviderName,
    /// The plugin's version.
    pub version: String,
    /// What the cloud calls itself, for people.
    pub display_name: String,
    /// What can be asked of it.
    pub operations: Vec<OperationKind>,
    /// The cloud's limits; `[clouds.X.limits]` overrides them.
    pub limits: Limits,
    /// How often the cloud lets itself be asked.
    pub quotas: Vec<Quota>,
    /// How images are copied into other regions.
    pub copying: Copying,
    /// The limits of sharing snapshots, for providers with [`OperationKind::ChangeSnapshotShares`].
    pub snapshots: SnapshotLimits,
    /// The fields of `[clouds.X.credentials]`.
    pub credentials: Vec<CredentialField>,
    /// JSON Schema of `[clouds.X.settings]`: an object schema. `null`: no settings.
    pub settings: serde_json::Value,
    /// What an account id looks like.
    pub account_id: AccountForm,
    /// By what images can be selected, beyond id, name and age.
    pub selection: SelectionSupport,
    /// A share works only in the image's own region.
    pub region_bound: bool,
    /// The receiver has to accept before a share can be used.
    pub needs_acceptance: bool,
    /// Why images cannot be shared at all and what exists instead. `None`: they can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sharing_unsupported: Option<String>,
    /// Host names that the plugin may contact when no `endpoint` is set; `*` stands for one or more labels. One that
    /// begins with `http://` is asked without TLS and never through a proxy: a metadata service.
    pub hosts: Vec<String>,
}

impl Description {
    /// Whether this operation can be asked of the provider.
    pub fn can(&self, operation: OperationKind) -> bool {
        self.operations.contains(&operation)
    }
}

/// An operation by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Find usable credentials and say where they are.
    FindCredentials,
    /// List the owner's images of a region.
    ListImages,
    /// Read who has an image.
    ReadShares,
    /// Add accounts to and remove accounts from one image.
    ChangeShares,
    /// Make an image available in other regions.
    CopyImage,
    /// Read who has a snapshot.
    ReadSnapshotShares,
    /// Add accounts to and remove accounts from one snapshot.
    ChangeSnapshotShares,
    /// Accept a share, as its receiver.
    AcceptShare,
    /// Read which shared images are there, as their receiver.
    ReadReceived,
    /// One that this version does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// How a cloud copies images into other regions. That it can at all is [`OperationKind::CopyImage`]'s word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Copying {
    /// By what a copy is recognised later.
    pub recognised_by: Recognition,
    /// Characters that the name of a copy has at most. `None`: no limit is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_length_max: Option<u32>,
    /// Why images cannot be copied and what exists instead, for providers without the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsupported: Option<String>,
}

/// By what a copy is recognised as the copy of its source, best means first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recognition {
    /// The cloud reports the source's id: [`crate::Image::copied_from`].
    SourceId,
    /// The provider puts a tag on the copy when it is made, and reads [`crate::Image::copied_from`] from it.
    Tag,
    /// Only by its name, which is the source's. Also what a word that this version does not know is taken for.
    #[default]
    #[serde(other)]
    Name,
}

/// Limits of the cloud. `None`: no limit is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Images that one page of a listing holds at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images_per_page: Option<u32>,
    /// Accounts that one change adds at most, and as many that it removes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts_per_change: Option<u32>,
    /// Accounts that one image can be shared with at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts_per_image: Option<u32>,
    /// Images of its own that an owner can have in one region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images_per_region: Option<u32>,
    /// Calls in a second by the cloud's name of the call, in place of what [`Description::quotas`] says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub calls_per_second: BTreeMap<String, f64>,
    /// One change may both add and remove.
    pub add_and_remove_together: bool,
    /// One bad account spoils the whole call: the provider sends the good ones again.
    pub bad_account_spoils_change: bool,
}

/// Limits of the cloud for sharing snapshots. `None`: no limit is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SnapshotLimits {
    /// Accounts that one change adds at most, and as many that it removes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts_per_change: Option<u32>,
    /// One change may both add and remove.
    pub add_and_remove_together: bool,
    /// A regular expression that the whole id of an account matches that can have a snapshot, where not every receiver of
    /// an image can. Empty: all of them can.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub account_pattern: String,
}

/// How many calls of one kind a cloud answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quota {
    /// The operation that makes these calls.
    pub operation: OperationKind,
    /// The cloud's name of the call.
    pub action: String,
    /// Calls in a second. 0: the cloud publishes no figure; the pace is found while calling.
    pub calls_per_second: f64,
    /// What shares this quota.
    pub per: QuotaScope,
}

/// What shares a quota.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    /// Each region of an owner has a quota of its own.
    Region,
    /// All regions of an owner share it.
    Owner,
    /// A scope that this version does not know; taken as shared by all.
    #[default]
    #[serde(other)]
    Unknown,
}

/// One field of `[clouds.X.credentials]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CredentialField {
    /// The field's name in the config.
    pub name: String,
    /// What it is, for people.
    pub about: String,
    /// It must come from `env:`, `file:` or `command:`, and is never printed.
    pub secret: bool,
    /// Environment variables that conventionally hold it, first one first.
    pub environment: Vec<String>,
}

/// What an account id of this cloud looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    /// A regular expression that a whole id matches. Empty: any text.
    pub pattern: String,
    /// The form in words: `digits only, the main account's id`.
    pub about: String,
    /// An id that looks right.
    pub example: String,
}

/// What images of this cloud have, so that they can be selected by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SelectionSupport {
    /// Images have families.
    pub family: bool,
    /// Images have tags.
    pub tags: bool,
    /// Images have a time of creation: `newer_than` and `newest` can be answered.
    pub created: bool,
}
