//! Images and who has them.

use std::collections::BTreeMap;

use imgshare_plan::{
    AccountLabel, Actual, ActualImage, ImageName, ImageRules, KnownShares, Listings, SharesRead, Survey,
    Unreadable,
};
use imgshare_protocol::{
    Acceptance, AccountId, Cloud, CloudName, Error, Image, ImageId, ImageState, ProviderName, Region, Rule,
    RuleName, SnapshotId,
};
use serde::Serialize;

use super::{FORMAT, rfc3339};

/// What `images` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Images {
    format: u32,
    pub(crate) images: Vec<ListedImage>,
    pub(crate) unreadable: Vec<Unreadable>,
}

/// One image and who has it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ListedImage {
    /// The rules that share it, in the file's order: they select it, or it is the copy that they want.
    pub(crate) rules: Vec<RuleName>,
    /// The rules that select it to be copied into other regions, in the file's order.
    pub(crate) copied_by: Vec<RuleName>,
    pub(crate) cloud: CloudName,
    pub(crate) provider: ProviderName,
    pub(crate) region: Region,
    pub(crate) image: ImageName,
    pub(crate) state: ImageState,
    /// The state in the cloud's own word.
    pub(crate) cloud_state: String,
    /// RFC 3339, UTC.
    pub(crate) created: Option<String>,
    pub(crate) family: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    /// The image that it is a copy of, where the cloud or a tag says so.
    pub(crate) copied_from: Option<ImageId>,
    /// Why it can never be shared, if that is known.
    pub(crate) unshareable: Option<String>,
    /// What has to be changed about it before it can be shared, in words.
    pub(crate) prepare: Option<String>,
    /// What receivers need besides the share, in words.
    pub(crate) receivers_need: Option<String>,
    /// The snapshots that it is made of, where these are shared apart from it.
    pub(crate) snapshots: Vec<ListedSnapshot>,
    /// Who has it. `None`: nobody asked, or there was no answer.
    pub(crate) accounts: Option<Vec<Receiver>>,
    /// Grants of other kinds, in words.
    pub(crate) other_grants: Vec<String>,
}

/// Somebody who has an image.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Receiver {
    #[serde(flatten)]
    pub(crate) account: AccountLabel,
    /// What it has made of the share, where receivers have to accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acceptance: Option<Acceptance>,
}

/// One snapshot and who has it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ListedSnapshot {
    pub(crate) id: SnapshotId,
    /// Who has it. `None`: no rule shares it, or there was no answer.
    pub(crate) accounts: Option<Vec<Receiver>>,
    /// Grants of other kinds, in words.
    pub(crate) other_grants: Vec<String>,
}

impl Images {
    /// The images of these that a rule of the scope is about.
    pub(crate) fn selected(survey: &Survey<'_>, actual: &Actual) -> Self {
        let mut all = Self::all(survey, actual);
        all.images.retain(|image| !image.rules.is_empty() || !image.copied_by.is_empty());
        all
    }

    /// All of these images.
    pub(crate) fn all(survey: &Survey<'_>, actual: &Actual) -> Self {
        let mut all = Self { format: FORMAT, images: Vec::new(), unreadable: Vec::new() };
        let listed = listed(actual);
        for ((cloud, region), read) in &actual.regions {
            let Some(cloud) = survey.desired.clouds.get(cloud) else { continue };
            let snapshots = actual.snapshots.get(&(cloud.name.clone(), region.clone()));
            let place = Place { survey, cloud, region, snapshots };
            match read {
                Ok(images) => place.list(images, &listings(&listed, cloud), &mut all),
                Err(error) => all.unreadable.push(place.unreadable(None, error)),
            }
        }
        all
    }
}

type Listed<'a> = BTreeMap<(&'a CloudName, &'a Region), Vec<Image>>;

/// The images alone, of each region that could be listed.
fn listed(actual: &Actual) -> Listed<'_> {
    let regions = actual.regions.iter();
    let listed = regions.filter_map(|((cloud, region), read)| {
        let images = read.as_ref().ok()?.iter().map(|actual| actual.image.clone());
        Some(((cloud, region), images.collect()))
    });
    listed.collect()
}

/// The listings of one cloud's regions.
fn listings<'a>(listed: &'a Listed<'_>, cloud: &Cloud) -> Listings<'a> {
    let of_cloud = listed.iter().filter(|((of, _), _)| **of == cloud.name);
    of_cloud.map(|((_, region), images)| ((*region).clone(), images.as_slice())).collect()
}

/// One region, with what the config says.
struct Place<'a> {
    survey: &'a Survey<'a>,
    cloud: &'a Cloud,
    region: &'a Region,
    /// Those of which it was read who has them.
    snapshots: Option<&'a BTreeMap<SnapshotId, SharesRead>>,
}

impl Place<'_> {
    fn list(&self, images: &[ActualImage], listings: &Listings<'_>, all: &mut Images) {
        let mut rules = self.survey.image_rules(&self.cloud.name, self.region, listings);
        let mut sorted: Vec<_> = images.iter().collect();
        sorted.sort_by_key(|actual| (&actual.image.name, &actual.image.id));
        for actual in sorted {
            let rules = rules.remove(&actual.image.id).unwrap_or_default();
            if let SharesRead::Failed(error) = &actual.shares {
                let rules = rules.sharing.clone();
                all.unreadable.push(Unreadable { rules, ..self.unreadable(Some(&actual.image), error) });
            }
            all.unreadable.extend(self.unreadable_snapshots(actual, &rules.sharing));
            all.images.push(self.listed(actual, rules));
        }
    }

    /// The rules of the scope that are about this region.
    fn rules_here(&self) -> impl Iterator<Item = &Rule> {
        let Survey { desired, scope, .. } = self.survey;
        let rules = desired.rules.iter().filter(|rule| scope.has_rule(&rule.name));
        rules.filter(|rule| {
            let mut targets = rule.targets.iter().filter(|target| target.cloud == self.cloud.name);
            let copies = rule.copy_from.as_ref() == Some(self.region);
            targets.any(|target| copies || target.regions.contains(self.region))
        })
    }

    fn listed(&self, actual: &ActualImage, rules: ImageRules) -> ListedImage {
        let image = &actual.image;
        let (accounts, other_grants) = match &actual.shares {
            SharesRead::NotRead if image.shared == Some(false) => (Some(Vec::new()), Vec::new()),
            read => self.who_has(read),
        };
        ListedImage {
            rules: rules.sharing,
            copied_by: rules.copying,
            cloud: self.cloud.name.clone(),
            provider: self.cloud.provider.clone(),
            region: self.region.clone(),
            image: name_of(image),
            state: image.state,
            cloud_state: image.cloud_state.clone(),
            created: image.created.map(rfc3339),
            family: image.family.clone(),
            tags: image.tags.clone(),
            copied_from: image.copied_from.clone(),
            unshareable: image.unshareable.clone(),
            prepare: image.prepare.clone(),
            receivers_need: image.receivers_need.clone(),
            snapshots: image.snapshots.iter().map(|id| self.snapshot(id)).collect(),
            accounts,
            other_grants,
        }
    }

    fn who_has(&self, read: &SharesRead) -> (Option<Vec<Receiver>>, Vec<String>) {
        match read {
            SharesRead::Read(shares) => (Some(self.receivers(shares)), shares.other_grants.clone()),
            SharesRead::NotRead | SharesRead::Failed(_) => (None, Vec::new()),
        }
    }

    fn read(&self, snapshot: &SnapshotId) -> &SharesRead {
        self.snapshots.and_then(|read| read.get(snapshot)).unwrap_or(&SharesRead::NotRead)
    }

    fn snapshot(&self, id: &SnapshotId) -> ListedSnapshot {
        let (accounts, other_grants) = self.who_has(self.read(id));
        ListedSnapshot { id: id.clone(), accounts, other_grants }
    }

    fn unreadable_snapshots(&self, actual: &ActualImage, rules: &[RuleName]) -> Vec<Unreadable> {
        let failed = actual.image.snapshots.iter().filter_map(|id| match self.read(id) {
            SharesRead::Failed(error) => Some((id, error)),
            SharesRead::Read(_) | SharesRead::NotRead => None,
        });
        let unreadable = failed.map(|(id, error)| Unreadable {
            rules: rules.to_vec(),
            snapshot: Some(id.clone()),
            ..self.unreadable(Some(&actual.image), error)
        });
        unreadable.collect()
    }

    fn receivers(&self, shares: &KnownShares) -> Vec<Receiver> {
        let receiver =
            |id| Receiver { account: self.label(id), acceptance: shares.acceptance.get(id).copied() };
        shares.accounts.iter().map(receiver).collect()
    }

    fn label(&self, id: &AccountId) -> AccountLabel {
        AccountLabel { id: id.clone(), name: self.survey.desired.account_name(&self.cloud.name, id).cloned() }
    }

    fn unreadable(&self, image: Option<&Image>, error: &Error) -> Unreadable {
        Unreadable {
            rules: self.rules_here().map(|rule| rule.name.clone()).collect(),
            cloud: self.cloud.name.clone(),
            provider: self.cloud.provider.clone(),
            region: self.region.clone(),
            image: image.map(name_of),
            snapshot: None,
            error: error.clone(),
        }
    }
}

fn name_of(image: &Image) -> ImageName {
    ImageName { id: image.id.clone(), name: image.name.clone() }
}
