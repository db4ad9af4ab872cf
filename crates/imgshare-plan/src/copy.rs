//! Copies that a plan wants, and what became of them.

mod outcome;
mod seen;

use std::collections::BTreeMap;
use std::sync::Arc;

use imgshare_protocol::{
    AccountId, CloudName, CopyRequest, ImageId, ImageRef, ProviderName, Recognition, Region, RuleName,
};
use serde::{Deserialize, Serialize};

use crate::batch::Batching;
use crate::plan::{AccountLabel, ImageName};
pub use outcome::CopyOutcome;
pub use seen::CopySeen;
pub(crate) use seen::usefulness;

/// An image that shall be in a region where there is no copy of it that could be used now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedCopy {
    /// The rules that want the copy, in the file's order.
    pub rules: Vec<RuleName>,
    /// The cloud.
    pub cloud: CloudName,
    /// What it is a cloud of.
    pub provider: ProviderName,
    /// The region of the image that is copied.
    pub source_region: Region,
    /// The image that is copied.
    pub source: ImageName,
    /// Where the copy shall be.
    pub region: Region,
    /// The copy's name there.
    pub name: String,
    /// A copy that is on its way already: it is awaited, none is made.
    pub begun: Option<ImageId>,
    /// By what the copy is recognised.
    pub recognised_by: Recognition,
    /// Accounts that get the copy when it can be used, by id.
    pub add: Vec<Arc<AccountLabel>>,
    /// How the accounts go into calls.
    pub batching: Batching,
    /// How the copy's snapshots are shared when it can be used. `None`: they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshots: Option<CopySnapshots>,
    /// Who accepts the copy: the receiver's cloud, whose login accepts, by account.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub accept_with: BTreeMap<AccountId, CloudName>,
    /// What became of it.
    pub state: CopyState,
}

/// How the snapshots of a copy are shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopySnapshots {
    /// Accounts that get each of them, by id.
    pub add: Vec<Arc<AccountLabel>>,
    /// How the accounts go into calls.
    pub batching: Batching,
}

impl PlannedCopy {
    /// What names this copy within its plan.
    pub fn key(&self) -> CopyKey {
        CopyKey {
            cloud: self.cloud.clone(),
            source_region: self.source_region.clone(),
            source: self.source.id.clone(),
            region: self.region.clone(),
        }
    }

    /// The call that makes it. An image without a name gives its copy none.
    pub fn request(&self, token: String) -> CopyRequest {
        CopyRequest {
            source: ImageRef { region: self.source_region.clone(), id: self.source.id.clone() },
            regions: vec![self.region.clone()],
            name: Some(self.name.clone()).filter(|name| !name.is_empty()),
            token: Some(token),
        }
    }
}

/// Names one copy: a plan has at most one of each image in each region.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyKey {
    /// The cloud.
    pub cloud: CloudName,
    /// The source's region.
    pub source_region: Region,
    /// The source's id.
    pub source: ImageId,
    /// Where the copy shall be.
    pub region: Region,
}

/// What became of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyState {
    /// It is to be made, or awaited.
    #[default]
    Planned,
    /// It can be used and is shared as wanted.
    Done,
    /// It can be used, but not all accounts have it.
    Partly,
    /// It is on its way; the run ended before it could be used.
    Begun,
    /// It was not made, or making it failed.
    Failed,
    /// It was not picked.
    Skipped,
    /// The run was stopped before it began.
    Interrupted,
    /// A state that this version does not know.
    #[serde(other)]
    Unknown,
}
