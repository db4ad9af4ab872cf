//! Images and who has them.

use std::collections::BTreeMap;

use imgshare_plan::{
    AccountLabel, Actual, ActualImage, ImageName, Scope, SharesRead, Unreadable, selected_by,
};
use imgshare_protocol::CloudName;
use imgshare_protocol::{
    AccountId, Cloud, Desired, Error, Image, ImageId, ImageState, ProviderName, Region, Rule, RuleName,
    Timestamp,
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
    /// The rules that select it, in the file's order.
    pub(crate) rules: Vec<RuleName>,
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
    /// Why it can never be shared, if that is known.
    pub(crate) unshareable: Option<String>,
    /// Who has it. `None`: nobody asked, or there was no answer.
    pub(crate) accounts: Option<Vec<AccountLabel>>,
    /// Grants of other kinds, in words.
    pub(crate) other_grants: Vec<String>,
}

impl Images {
    /// The images of these that a rule of the scope selects.
    pub(crate) fn selected(desired: &Desired, scope: &Scope, actual: &Actual, now: Timestamp) -> Self {
        let mut all = Self::all(desired, scope, actual, now);
        all.images.retain(|image| !image.rules.is_empty());
        all
    }

    /// All of these images.
    pub(crate) fn all(desired: &Desired, scope: &Scope, actual: &Actual, now: Timestamp) -> Self {
        let mut all = Self { format: FORMAT, images: Vec::new(), unreadable: Vec::new() };
        for ((cloud, region), read) in &actual.regions {
            let Some(cloud) = desired.clouds.get(cloud) else { continue };
            let place = Place { desired, scope, cloud, region };
            match read {
                Ok(images) => place.list(images, now, &mut all),
                Err(error) => all.unreadable.push(place.unreadable(None, error)),
            }
        }
        all
    }
}

/// One region, with what the config says.
struct Place<'a> {
    desired: &'a Desired,
    scope: &'a Scope,
    cloud: &'a Cloud,
    region: &'a Region,
}

impl Place<'_> {
    fn list(&self, images: &[ActualImage], now: Timestamp, all: &mut Images) {
        let rules = self.rules(images, now);
        let mut sorted: Vec<_> = images.iter().collect();
        sorted.sort_by_key(|actual| (&actual.image.name, &actual.image.id));
        for actual in sorted {
            let rules = rules.get(&actual.image.id).cloned().unwrap_or_default();
            if let SharesRead::Failed(error) = &actual.shares {
                all.unreadable
                    .push(Unreadable { rules: rules.clone(), ..self.unreadable(Some(&actual.image), error) });
            }
            all.images.push(self.listed(actual, rules));
        }
    }

    /// The rules of the scope that are about this region.
    fn rules_here(&self) -> impl Iterator<Item = &Rule> {
        let rules = self.desired.rules.iter().filter(|rule| self.scope.has_rule(&rule.name));
        rules.filter(|rule| {
            let mut targets = rule.targets.iter();
            targets.any(|target| target.cloud == self.cloud.name && target.regions.contains(self.region))
        })
    }

    /// The rules of the scope that select each image.
    fn rules(&self, images: &[ActualImage], now: Timestamp) -> BTreeMap<ImageId, Vec<RuleName>> {
        let images: Vec<Image> = images.iter().map(|actual| actual.image.clone()).collect();
        let mut rules: BTreeMap<ImageId, Vec<RuleName>> = BTreeMap::new();
        for rule in self.rules_here() {
            for selected in selected_by(rule, &images, now) {
                rules.entry(selected.image.id.clone()).or_default().push(rule.name.clone());
            }
        }
        rules
    }

    fn listed(&self, actual: &ActualImage, rules: Vec<RuleName>) -> ListedImage {
        let image = &actual.image;
        let (accounts, other_grants) = match &actual.shares {
            SharesRead::Read(shares) => {
                (Some(shares.accounts.iter().map(|id| self.label(id)).collect()), shares.other_grants.clone())
            }
            SharesRead::NotRead if image.shared == Some(false) => (Some(Vec::new()), Vec::new()),
            SharesRead::NotRead | SharesRead::Failed(_) => (None, Vec::new()),
        };
        ListedImage {
            rules,
            cloud: self.cloud.name.clone(),
            provider: self.cloud.provider.clone(),
            region: self.region.clone(),
            image: name_of(image),
            state: image.state,
            cloud_state: image.cloud_state.clone(),
            created: image.created.map(rfc3339),
            family: image.family.clone(),
            tags: image.tags.clone(),
            unshareable: image.unshareable.clone(),
            accounts,
            other_grants,
        }
    }

    fn label(&self, id: &AccountId) -> AccountLabel {
        AccountLabel { id: id.clone(), name: self.desired.account_name(&self.cloud.name, id).cloned() }
    }

    fn unreadable(&self, image: Option<&Image>, error: &Error) -> Unreadable {
        Unreadable {
            rules: self.rules_here().map(|rule| rule.name.clone()).collect(),
            cloud: self.cloud.name.clone(),
            provider: self.cloud.provider.clone(),
            region: self.region.clone(),
            image: image.map(name_of),
            error: error.clone(),
        }
    }
}

fn name_of(image: &Image) -> ImageName {
    ImageName { id: image.id.clone(), name: image.name.clone() }
}
