//! What a survey has to read, and what a rule selects.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use imgshare_protocol::{CloudName, Desired, Image, ImageId, ImageQuery, Region, Rule, Selection, Timestamp};

use crate::rules::{Rules, each_once, selected, target_of};
use crate::scope::Scope;
use crate::selector::{Ineligible, Selector, created_from, ineligible, is_exact};

/// The listings that show all rules of this region what they need, in the fewest calls.
///
/// No rule: none. All rules by ids: one, of all these ids. All rules alike in what a cloud can narrow by: one,
/// narrowed. Otherwise one of everything. Narrowing only saves calls; [`crate::diff`] selects again from what comes.
/// Rules outside of a run's scope count too: what they want on an image must not be removed.
pub fn queries(desired: &Desired, cloud: &CloudName, region: &Region, now: Timestamp) -> Vec<ImageQuery> {
    let rules = desired.rules.iter().filter(|rule| target_of(rule, cloud, region).is_some());
    let narrowed = rules.map(|rule| narrowed(&rule.images, region, now));
    narrowed.reduce(covering_both).into_iter().collect()
}

/// The narrowest listing of this region that shows all images that `selection` is about.
fn narrowed(selection: &Selection, region: &Region, now: Timestamp) -> ImageQuery {
    let all = ImageQuery { region: region.clone(), ..ImageQuery::default() };
    if let Some(ids) = &selection.ids {
        // Ids alone: an image that exists under another name is not to be mistaken for a missing one.
        return ImageQuery { ids: ids.iter().cloned().collect(), ..all };
    }
    ImageQuery {
        name: selection.name.clone().filter(|name| is_exact(name)),
        tags: selection.tags.clone(),
        family: selection.family.clone(),
        created_after: created_from(selection, now),
        ..all
    }
}

/// One listing that shows what either would.
fn covering_both(one: ImageQuery, other: ImageQuery) -> ImageQuery {
    let mut both = ImageQuery { region: one.region.clone(), ..ImageQuery::default() };
    if !one.ids.is_empty() && !other.ids.is_empty() {
        let ids: BTreeSet<ImageId> = one.ids.into_iter().chain(other.ids).collect();
        both.ids = ids.into_iter().collect();
        return both;
    }
    if one == other { one } else { both }
}

/// The images whose shares have to be read: eligible, selected by a rule of the scope, and not known to be unshared.
pub fn needs_shares(
    desired: &Desired,
    scope: &Scope,
    cloud: &CloudName,
    region: &Region,
    images: &[Image],
    now: Timestamp,
) -> BTreeSet<ImageId> {
    let rules = Rules::new(desired, now);
    let here = rules.of(cloud, region, scope);
    let images = each_once(images, |&image| image);
    let selected = selected(&here, &images);
    let wanted = images.iter().zip(&selected).filter(|(image, by)| {
        by.iter().any(|&rule| here[rule].in_scope)
            && ineligible(image).is_none()
            && image.shared != Some(false)
    });
    wanted.map(|(image, _)| image.id.clone()).collect()
}

/// An image that a rule selects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selected<'a> {
    /// The image.
    pub image: &'a Image,
    /// Why it cannot be shared now. `None`: it can.
    pub ineligible: Option<Ineligible<'a>>,
}

/// The images of one region that this rule selects, newest first, then by id.
pub fn selected_by<'a>(rule: &Rule, images: &'a [Image], now: Timestamp) -> Vec<Selected<'a>> {
    let images = each_once(images, |&image| image);
    let picked = Selector::new(&rule.images, now).pick(&images);
    let mut picked: Vec<_> = picked.into_iter().map(|place| images[place]).collect();
    picked.sort_by_key(|image| Reverse((image.created, &image.id)));
    picked.into_iter().map(|image| Selected { image, ineligible: ineligible(image) }).collect()
}
