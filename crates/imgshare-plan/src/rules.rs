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
    /// Its place in the file, from 0.
    pub(crate) number: usize,
    pub(crate) in_scope: bool,
    /// The other region in which its images are selected, if they are.
    pub(crate) from: Option<&'a Region>,
    /// Nobody could see what it selects there.
    pub(crate) unknown: bool,
    selector: &'r Selector<'a>,
}

impl<'a> Rules<'a> {
    pub(crate) fn new(desired: &'a Desired, now: Timestamp) -> Self {
        let rules = desired.rules.iter().map(|rule| (rule, Selector::new(&rule.images, now)));
        Self { rules: rules.collect() }
    }

    /// All rules, in the file's order, each with what picks its images.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(&'a Rule, Selector<'a>)> {
        self.rules.iter()
    }

    /// The rules that are about this region, in the file's order.
    pub(crate) fn of(&self, cloud: &CloudName, region: &Region, scope: &Scope) -> Vec<RuleHere<'a, '_>> {
        let in_scope = scope.has_cloud(cloud) && scope.has_region(region);
        let here = self.rules.iter().enumerate().filter_map(|(number, (rule, selector))| {
            Some(RuleHere {
                rule,
                target: target_of(rule, cloud, region)?,
                number,
                in_scope: in_scope && scope.has_rule(&rule.name),
                from: copied_from(rule, region),
                unknown: false,
                selector,
            })
        });
        here.collect()
    }
}

impl RuleHere<'_, '_> {
    /// The places in `images` of those that its selection is about.
    pub(crate) fn pick(&self, images: &[&Image]) -> Vec<usize> {
        self.selector.pick(images)
    }
}

/// What this rule says for this region, if it says anything.
pub(crate) fn target_of<'a>(rule: &'a Rule, cloud: &CloudName, region: &Region) -> Option<&'a Target> {
    rule.targets.iter().find(|target| target.cloud == *cloud && target.regions.contains(region))
}

/// The other region in which this rule's images for `region` are selected. In the region that it copies from, it is a
/// rule like any other.
pub(crate) fn copied_from<'a>(rule: &'a Rule, region: &Region) -> Option<&'a Region> {
    rule.copy_from.as_ref().filter(|from| *from != region)
}

/// Each image once, its first time, by name and id.
pub(crate) fn in_order<'a, T>(items: impl IntoIterator<Item = T>, image: impl Fn(&T) -> &'a Image) -> Vec<T> {
    let mut items = each_once(items, &image);
    items.sort_by(|a, b| (&image(a).name, &image(a).id).cmp(&(&image(b).name, &image(b).id)));
    items
}

/// Each image once, its first time.
pub(crate) fn each_once<'a, T>(
    items: impl IntoIterator<Item = T>,
    image: impl Fn(&T) -> &'a Image,
) -> Vec<T> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(&image(item).id)).collect()
}
