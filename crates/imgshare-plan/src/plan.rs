//! The plan: what would be changed, what cannot be, and what is there besides. This is the JSON of `plan`.

use std::collections::BTreeSet;
use std::sync::Arc;

use imgshare_protocol::{
    AccountId, AccountName, CloudName, Error, ImageId, ImageRef, Place, ProviderName, Region, RuleName,
};
use serde::{Deserialize, Serialize};

use crate::batch::Batching;
use crate::copy::{CopyKey, CopyState, PlannedCopy};
use crate::exit::ExitStatus;
use crate::fingerprint::fingerprint;

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
    /// The changes, by cloud, region, image name and id.
    pub changes: Vec<PlannedChange>,
    /// The copies that are to be made or awaited, by cloud, region and name.
    pub copies: Vec<PlannedCopy>,
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
    /// Whether desired and actual state differ: there is something to change or something blocked.
    pub fn differs(&self) -> bool {
        !self.changes.is_empty() || !self.copies.is_empty() || !self.blocked.is_empty()
    }

    /// Whether there is nothing to do: no write call would be made.
    pub fn is_empty(&self) -> bool {
        self.to_do().next().is_none() && self.to_do_copies().next().is_none()
    }

    /// The changes that are to be made.
    pub fn to_do(&self) -> impl Iterator<Item = &PlannedChange> {
        self.changes.iter().filter(|change| change.state == ChangeState::Planned)
    }

    /// The copies that are to be made or awaited, and then shared.
    pub fn to_do_copies(&self) -> impl Iterator<Item = &PlannedCopy> {
        self.copies.iter().filter(|copy| copy.state == CopyState::Planned)
    }

    /// SHA-256, hex, over what would be done: plans that do the same, in whatever order, have the same.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.to_do(), self.to_do_copies())
    }

    /// The same plan, to be done for the picked changes and copies only; the others become
    /// [`ChangeState::Skipped`] and [`CopyState::Skipped`].
    #[must_use]
    pub fn only(mut self, changes: &BTreeSet<ChangeKey>, copies: &BTreeSet<CopyKey>) -> Self {
        for change in self.changes.iter_mut().filter(|change| !changes.contains(&change.key())) {
            change.state = ChangeState::Skipped;
        }
        for copy in self.copies.iter_mut().filter(|copy| !copies.contains(&copy.key())) {
            copy.state = CopyState::Skipped;
        }
        self
    }

    /// How `plan` and `drift` end: something could not be read, something differs, or nothing.
    pub fn exit(&self) -> ExitStatus {
        if !self.unreadable.is_empty() {
            return ExitStatus::Error;
        }
        if self.differs() { ExitStatus::Differs } else { ExitStatus::Done }
    }
}

/// Accounts to add to and to remove from one image.
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
        ChangeKey { cloud: self.cloud.clone(), region: self.region.clone(), image: self.image.id.clone() }
    }

    /// The image, as a provider is told.
    pub fn image_ref(&self) -> ImageRef {
        ImageRef { region: self.region.clone(), id: self.image.id.clone() }
    }

    /// The accounts that it is about.
    pub fn accounts(&self) -> impl Iterator<Item = &Arc<AccountLabel>> {
        self.add.iter().chain(&self.remove)
    }
}

/// Names one change: a plan has at most one for each image.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeKey {
    /// The cloud.
    pub cloud: CloudName,
    /// The region.
    pub region: Region,
    /// The image's id.
    pub image: ImageId,
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
/// Plans hold it behind an [`Arc`]: a large one names the same few accounts millions of times.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountLabel {
    /// The id.
    pub id: AccountId,
    /// The name in `[accounts]`, if it is there.
    pub name: Option<AccountName>,
}

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
    /// Why not.
    pub error: Error,
}

/// A plan in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Images to change.
    pub changes: usize,
    /// Copies to make or to await.
    pub copies: usize,
    /// Shares to add, those of copies included.
    pub additions: usize,
    /// Shares to remove.
    pub removals: usize,
    /// Selected images that are right already.
    pub right: usize,
    /// Blocked items.
    pub blocked: usize,
    /// Foreign shares, grants of other kinds included.
    pub foreign: usize,
    /// Regions and images that could not be read.
    pub unreadable: usize,
}
