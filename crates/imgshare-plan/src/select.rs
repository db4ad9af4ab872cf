//! What a rule selects, and the listings that show it.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use imgshare_protocol::{Image, ImageId, ImageQuery, Region, Rule, Selection, Timestamp};

use crate::rules::each_once;
use crate::selector::{Ineligible, Selector, created_from, ineligible, is_exact};

/// The narrowest listing of this region that shows all images that `selection` is about.
pub(crate) fn narrowed(selection: &Selection, region: &Region, now: Timestamp) -> ImageQuery {
    let all = everything(region);
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

/// The listing of all images of this region.
pub(crate) fn everything(region: &Region) -> ImageQuery {
    ImageQuery { region: region.clone(), ..ImageQuery::default() }
}

/// One listing that shows what either would.
pub(crate) fn covering_both(one: ImageQuery, other: ImageQuery) -> ImageQuery {
    let mut both = everything(&one.region);
    if !one.ids.is_empty() && !other.ids.is_empty() {
        let ids: BTreeSet<ImageId> = one.ids.into_iter().chain(other.ids).collect();
        both.ids = ids.into_iter().collect();
        return both;
    }
    if one == other { one } else { both }
}

/// An image that a rule selects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selected<'a> {
    /// The image.
    pub image: &'a Image,
    /// Why it cannot be shared now. `None`: it can.
    pub ineligible: Option<Ineligible<'a>>,
}

/// The images of one region that this rule selects there, newest first, then by id. A rule that copies selects in the
/// region that it copies from.
pub fn selected_by<'a>(rule: &Rule, images: &'a [Image], now: Timestamp) -> Vec<Selected<'a>> {
    let images = each_once(images, |&image| image);
    let picked = Selector::new(&rule.images, now).pick(&images);
    let mut picked: Vec<_> = picked.into_iter().map(|place| images[place]).collect();
    picked.sort_by_key(|image| Reverse((image.created, &image.id)));
    picked.into_iter().map(|image| Selected { image, ineligible: ineligible(image) }).collect()
}
