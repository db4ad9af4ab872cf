//! What a survey has to read, region by region.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{
    CloudName, Description, Desired, Image, ImageId, ImageQuery, ProviderName, Region, Timestamp,
};

use crate::scope::Scope;

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

    /// The other regions whose listings have to be there before anything can be said of this region's images. One
    /// that could not be listed is not waited for.
    pub fn sources(&self, _cloud: &CloudName, _region: &Region) -> BTreeSet<Region> {
        BTreeSet::new()
    }

    /// The listings that show all rules of this region what they need, in the fewest calls; see [`crate::queries`].
    pub fn queries(&self, cloud: &CloudName, region: &Region) -> Vec<ImageQuery> {
        crate::select::queries(self.desired, cloud, region, self.now)
    }

    /// The images of this region whose shares have to be read: eligible, selected by a rule of the scope, and not
    /// known to be unshared. The listings are this region's and those of its [`sources`](Self::sources).
    pub fn needs_shares(
        &self,
        cloud: &CloudName,
        region: &Region,
        listings: &Listings<'_>,
    ) -> BTreeSet<ImageId> {
        let images = listings.get(region).copied().unwrap_or_default();
        crate::select::needs_shares(self.desired, self.scope, cloud, region, images, self.now)
    }
}
