//! Which rules are about a change, found out in another way than the planner's.

use std::collections::BTreeSet;

use imgshare_plan::{ImageName, PlannedChange, selected_by};
use imgshare_protocol::{AccountId, Image, ImageId, Recognition, Rule, Target};

use crate::world::{NOW, World};

/// The rules that select the image of this change, or may mean it, in whatever scope; of a snapshot, those that share
/// it with any image.
pub(super) fn rules_of<'a>(world: &'a World, change: &PlannedChange) -> Vec<&'a Rule> {
    let Some(snapshot) = &change.snapshot else { return rules_of_image(world, change) };
    let mut images = world.images(change.cloud.as_str(), change.region.as_str());
    images.retain(|image| image.snapshots.contains(snapshot));
    let rules = images.into_iter().flat_map(|image| {
        let image = ImageName { id: image.id, name: image.name };
        rules_of_image(world, &PlannedChange { image, ..change.clone() })
    });
    rules.filter(|rule| rule.with_snapshots).collect()
}

fn rules_of_image<'a>(world: &'a World, change: &PlannedChange) -> Vec<&'a Rule> {
    let listings = world.listings(change.cloud.as_str());
    let here = |rule: &&Rule| {
        let target =
            |target: &Target| target.cloud == change.cloud && target.regions.contains(&change.region);
        rule.targets.iter().any(target)
            && match rule.copy_from.as_ref().filter(|from| **from != change.region) {
                None => selects(rule, &listings[&change.region], &change.image.id),
                Some(from) => match listings.get(from) {
                    Some(sources) => may_mean(world, rule, sources, change),
                    None => true,
                },
            }
    };
    world.desired.rules.iter().filter(here).collect()
}

fn selects(rule: &Rule, images: &[Image], id: &ImageId) -> bool {
    selected_by(rule, images, NOW).iter().any(|selected| selected.image.id == *id)
}

/// Whether the image of this change may be a copy of what the rule selects among `sources`.
fn may_mean(world: &World, rule: &Rule, sources: &[Image], change: &PlannedChange) -> bool {
    let about =
        world.descriptions.get(&change.provider).map(|about| about.copying.clone()).unwrap_or_default();
    let length = about.name_length_max.map_or(usize::MAX, |length| length as usize);
    let family = family(world, change);
    selected_by(rule, sources, NOW).iter().any(|source| match about.recognised_by {
        Recognition::Name => source.image.name.chars().take(length).eq(change.image.name.chars()),
        Recognition::SourceId | Recognition::Tag => family.contains(&source.image.id),
    })
}

/// The images that the image of this change is a copy of, and all copies of these.
fn family(world: &World, change: &PlannedChange) -> BTreeSet<ImageId> {
    let mut regions = world.survey().sources(&change.cloud, &change.region);
    regions.insert(change.region.clone());
    let listings = world.listings(change.cloud.as_str());
    let near = listings.iter().filter(|(region, _)| regions.contains(*region));
    let images: Vec<&Image> = near.flat_map(|(_, images)| images).collect();
    let mut family = BTreeSet::from([change.image.id.clone()]);
    for _ in 0..images.len() {
        for image in &images {
            let Some(from) = &image.copied_from else { continue };
            if family.contains(&image.id) || family.contains(from) {
                family.extend([image.id.clone(), from.clone()]);
            }
        }
    }
    family
}

pub(super) fn wants(rule: &Rule, change: &PlannedChange, account: &AccountId) -> bool {
    rule.targets.iter().any(|target| target.cloud == change.cloud && target.accounts.contains(account))
}
