//! Which rules are about which image, for those who list images.

use std::collections::BTreeMap;

use imgshare_protocol::{CloudName, ImageId, Region, RuleName};

use crate::rules::Rules;
use crate::survey::{Listings, Survey, images};
use crate::view::View;

/// The rules of a run that are about one image, in the file's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageRules {
    /// They share it, or will when it can be shared: they select it here, or it is the copy that they want.
    pub sharing: Vec<RuleName>,
    /// They select it to be copied into other regions.
    pub copying: Vec<RuleName>,
}

impl Survey<'_> {
    /// The rules of the scope that are about each image of this region; images without any are left out. The listings
    /// are this region's and those of its [`sources`](Self::sources).
    ///
    /// # Panics
    ///
    /// When a pattern in a rule does not compile; the config's reader has refused those.
    pub fn image_rules(
        &self,
        cloud: &CloudName,
        region: &Region,
        listings: &Listings<'_>,
    ) -> BTreeMap<ImageId, ImageRules> {
        let mut all: BTreeMap<ImageId, ImageRules> = BTreeMap::new();
        let Some(known) = self.desired.clouds.get(cloud) else { return all };
        let rules = Rules::new(self.desired, self.now);
        let view = View::new(self, &rules, known, region, &images(listings));
        for (image, sharing) in view.images.iter().zip(view.rules_by_image()) {
            for here in sharing.into_iter().map(|rule| &view.rules[rule]).filter(|here| here.in_scope) {
                all.entry(image.id.clone()).or_default().sharing.push(here.rule.name.clone());
            }
        }
        if self.scope.has_cloud(cloud) && self.scope.has_region(region) {
            for (rule, image) in self.copied(&rules, cloud, region, &view) {
                all.entry(image).or_default().copying.push(rule);
            }
        }
        all
    }

    /// The images that the scope's rules copy from this region, each with the rule.
    fn copied(
        &self,
        rules: &Rules<'_>,
        cloud: &CloudName,
        region: &Region,
        view: &View<'_, '_>,
    ) -> Vec<(RuleName, ImageId)> {
        let copying = rules
            .iter()
            .filter(|(rule, _)| self.scope.has_rule(&rule.name) && self.is_source(rule, cloud, region));
        let copied = copying.flat_map(|(rule, selector)| {
            let places = selector.pick(&view.images).into_iter();
            places.map(|place| (rule.name.clone(), view.images[place].id.clone()))
        });
        copied.collect()
    }
}
