//! The config's rules, ready to meet the images of a region.

use std::collections::HashSet;

use imgshare_protocol::{CloudName, Desired, Image, Region, Rule, Target, Timestamp};

use crate::scope::Scope;
use crate::selector::Selector;

/// All rules, their patterns compiled once.
pub(crate) struct Rules<'a> {
    rules: Vec<(&'a Rule, Selector<'a>)>,
}

/// A rule and what it says for the region at hand.
pub(crate) struct RuleHere<'a, 'r> {
    pub(crate) rule: &'a Rule,
    pub(crate) target: &'a Target,
    pub(crate) in_scope: bool,
    selector: &'r Selector<'a>,
}

impl<'a> Rules<'a> {
    pub(crate) fn new(desired: &'a Desired, now: Timestamp) -> Self {
        let rules = desired.rules.iter().map(|rule| (rule, Selector::new(&rule.images, now)));
        Self { rules: rules.collect() }
    }

    /// The rules that are about this region, in the file's order.
    pub(crate) fn of(&self, cloud: &CloudName, region: &Region, scope: &Scope) -> Vec<RuleHere<'a, '_>> {
        let in_scope = scope.has_cloud(cloud) && scope.has_region(region);
        let here = self.rules.iter().filter_map(|(rule, selector)| {
            let target = target_of(rule, cloud, region)?;
            Some(RuleHere { rule, target, in_scope: in_scope && scope.has_rule(&rule.name), selector })
        });
        here.collect()
    }
}

/// What this rule says for this region, if it says anything.
pub(crate) fn target_of<'a>(rule: &'a Rule, cloud: &CloudName, region: &Region) -> Option<&'a Target> {
    rule.targets.iter().find(|target| target.cloud == *cloud && target.regions.contains(region))
}

/// For each image the places in `rules` of those that select it, in the file's order.
pub(crate) fn selected(rules: &[RuleHere<'_, '_>], images: &[&Image]) -> Vec<Vec<usize>> {
    let mut selected = vec![Vec::new(); images.len()];
    for (rule, here) in rules.iter().enumerate() {
        for image in here.selector.pick(images) {
            selected[image].push(rule);
        }
    }
    selected
}

/// Each image once, its first time.
pub(crate) fn each_once<'a, T>(
    items: impl IntoIterator<Item = T>,
    image: impl Fn(&T) -> &'a Image,
) -> Vec<T> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(&image(item).id)).collect()
}
