//! What one run is about, and how far it may go.

use std::collections::BTreeSet;

use imgshare_protocol::{CloudName, Desired, Region, Rule, RuleName, Target};

/// The part of the config that a run is about: `--only`, `--cloud`, `--region`. An empty set: all.
///
/// Rules outside of it change nothing, but what they want is still wanted: a rule of mode `exact` that runs alone
/// does not take away what another rule gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only these rules.
    pub rules: BTreeSet<RuleName>,
    /// Only these clouds.
    pub clouds: BTreeSet<CloudName>,
    /// Only these regions.
    pub regions: BTreeSet<Region>,
}

impl Scope {
    /// Whether the run is about this rule.
    pub fn has_rule(&self, rule: &RuleName) -> bool {
        self.rules.is_empty() || self.rules.contains(rule)
    }

    /// Whether the run is about this cloud.
    pub fn has_cloud(&self, cloud: &CloudName) -> bool {
        self.clouds.is_empty() || self.clouds.contains(cloud)
    }

    /// Whether the run is about this region.
    pub fn has_region(&self, region: &Region) -> bool {
        self.regions.is_empty() || self.regions.contains(region)
    }

    /// The regions that a survey has to list: those that a rule of this scope is about, and those that it copies from.
    pub fn sites(&self, desired: &Desired) -> BTreeSet<(CloudName, Region)> {
        let sites = self.targets(desired).flat_map(|(rule, target)| {
            self.regions(rule, target).map(|region| (target.cloud.clone(), region.clone()))
        });
        sites.collect()
    }

    /// The rules of this scope for which this region has to be listed, in the file's order.
    pub(crate) fn rules_about(&self, desired: &Desired, cloud: &CloudName, region: &Region) -> Vec<RuleName> {
        let about = self.targets(desired).filter(|(rule, target)| {
            target.cloud == *cloud && self.regions(rule, target).any(|of| of == region)
        });
        about.map(|(rule, _)| rule.name.clone()).collect()
    }

    /// What has to be listed for one of the scope's targets. The region that is copied from is only read, so it need
    /// not be in the scope.
    fn regions<'a>(&'a self, rule: &'a Rule, target: &'a Target) -> impl Iterator<Item = &'a Region> {
        target.regions.iter().filter(|region| self.has_region(region)).chain(&rule.copy_from)
    }

    /// What the rules of this scope say for its clouds and regions, in the file's order.
    pub(crate) fn targets<'a>(
        &'a self,
        desired: &'a Desired,
    ) -> impl Iterator<Item = (&'a Rule, &'a Target)> {
        let rules = desired.rules.iter().filter(|rule| self.has_rule(&rule.name));
        let targets = rules.flat_map(|rule| rule.targets.iter().map(move |target| (rule, target)));
        targets.filter(|(_, target)| {
            self.has_cloud(&target.cloud) && target.regions.iter().any(|region| self.has_region(region))
        })
    }
}

/// How far one run may go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Shares that the run removes at most, instead of `[fence] max_removals`. `None`: the fence's bound.
    pub max_removals: Option<u32>,
    /// What the run is about.
    pub scope: Scope,
}
