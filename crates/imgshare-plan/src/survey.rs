//! What a survey has to read, region by region.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{
    CloudName, Description, Desired, Image, ImageId, ImageQuery, ProviderName, Recognition, Region, Rule,
    SnapshotId, Timestamp,
};

use crate::rules::{Rules, copied_from, in_order, target_of};
use crate::scope::Scope;
use crate::select::{covering_both, everything, narrowed};
use crate::selector::ineligible;
use crate::snapshots::Snapshot;
use crate::view::{View, copying};
use crate::wanted::{self, Images};

/// The images of regions of one cloud, as they were listed. A region that is not in it could not be listed.
pub type Listings<'a> = BTreeMap<Region, &'a [Image]>;

/// What one run compares, and when: whatever a survey asks of the planner depends on these.
#[derive(Clone, Copy, Debug)]
pub struct Survey<'a> {
    /// What the config says.
    pub desired: &'a Desired,
    /// What is known of its clouds' providers.
    pub descriptions: &'a BTreeMap<ProviderName, Description>,
    /// What the run is about.
    pub scope: &'a Scope,
    /// The time of the run.
    pub now: Timestamp,
}

impl Survey<'_> {
    /// The regions that have to be listed.
    pub fn sites(&self) -> BTreeSet<(CloudName, Region)> {
        self.scope.sites(self.desired)
    }

    /// The other regions whose listings have to be there before anything can be said of this region's images: images
    /// are copied from them. All of them are among the [`sites`](Self::sites); one that cannot be listed is no longer
    /// waited for.
    pub fn sources(&self, cloud: &CloudName, region: &Region) -> BTreeSet<Region> {
        let sites = self.sites();
        let sources = wanted::sources(self.desired, cloud, region).into_iter().cloned();
        sources.filter(|source| sites.contains(&(cloud.clone(), source.clone()))).collect()
    }

    /// The listings that show all rules of this region what they need, in the fewest calls.
    ///
    /// No rule: none. All rules by ids: one, of all these ids. All rules alike in what a cloud can narrow by: one,
    /// narrowed. Otherwise one of everything; so too where copies are to be found or counted. Narrowing only saves
    /// calls; [`crate::diff`] selects again from what comes. Rules outside of the run's scope count too: what they
    /// want on an image must not be removed.
    pub fn queries(&self, cloud: &CloudName, region: &Region) -> Vec<ImageQuery> {
        let queries = self.desired.rules.iter().filter_map(|rule| self.query(rule, cloud, region));
        queries.reduce(covering_both).into_iter().collect()
    }

    /// The listing that shows this rule what it needs.
    fn query(&self, rule: &Rule, cloud: &CloudName, region: &Region) -> Option<ImageQuery> {
        let here = target_of(rule, cloud, region).is_some();
        if here && copied_from(rule, region).is_some() {
            return Some(everything(region));
        }
        let is_source = self.is_source(rule, cloud, region);
        // Whether a name means one image only can be seen among all.
        if is_source && self.goes_by_name(cloud) {
            return Some(everything(region));
        }
        (here || is_source).then(|| narrowed(&rule.images, region, self.now))
    }

    /// Whether this rule copies from this region into others.
    pub(crate) fn is_source(&self, rule: &Rule, cloud: &CloudName, region: &Region) -> bool {
        let elsewhere = |target: &&imgshare_protocol::Target| target.regions.iter().any(|to| to != region);
        let mut targets = rule.targets.iter().filter(|target| target.cloud == *cloud);
        rule.copy_from.as_ref() == Some(region) && targets.any(|target| elsewhere(&target))
    }

    fn goes_by_name(&self, cloud: &CloudName) -> bool {
        let cloud = self.desired.clouds.get(cloud);
        cloud.is_some_and(|cloud| copying(self, cloud).recognised_by == Recognition::Name)
    }

    /// The images of this region whose shares have to be read: eligible, selected by a rule of the scope or a copy of
    /// such, and not known to be unshared. The listings are this region's and those of its
    /// [`sources`](Self::sources).
    pub fn needs_shares(
        &self,
        cloud: &CloudName,
        region: &Region,
        listings: &Listings<'_>,
    ) -> BTreeSet<ImageId> {
        let Some(cloud) = self.desired.clouds.get(cloud) else { return BTreeSet::new() };
        let rules = Rules::new(self.desired, self.now);
        let view = View::new(self, &rules, cloud, region, &images(listings));
        let wanted = view.images.iter().zip(&view.by).filter(|(image, by)| {
            by.selects.iter().any(|&rule| view.rules[rule].in_scope)
                && ineligible(image).is_none()
                && image.shared != Some(false)
        });
        wanted.map(|(image, _)| image.id.clone()).collect()
    }

    /// The snapshots of this region whose shares have to be read: those of eligible images that a rule of the scope
    /// shares with their snapshots, whatever the listing says of the images' own shares. The listings are this region's and those of its [`sources`](Self::sources).
    pub fn needs_snapshots(
        &self,
        cloud: &CloudName,
        region: &Region,
        listings: &Listings<'_>,
    ) -> BTreeSet<SnapshotId> {
        let Some(cloud) = self.desired.clouds.get(cloud) else { return BTreeSet::new() };
        if !self.desired.rules.iter().any(|rule| rule.with_snapshots) {
            return BTreeSet::new();
        }
        let rules = Rules::new(self.desired, self.now);
        let view = View::new(self, &rules, cloud, region, &images(listings));
        let in_scope =
            |snapshot: &Snapshot<'_>| snapshot.by.selects.iter().any(|&rule| view.rules[rule].in_scope);
        let wanted = view.snapshots().into_iter().filter(in_scope);
        wanted.map(|snapshot| snapshot.id.clone()).collect()
    }
}

/// Each image once, by name and id.
pub(crate) fn images<'a>(listings: &'a Listings<'_>) -> Images<'a> {
    let images = listings.iter();
    images.map(|(region, images)| (region, in_order(images.iter(), |&image| image))).collect()
}
