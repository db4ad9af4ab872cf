//! Copies whose source the cloud reports, or a tag.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use imgshare_protocol::{Image, ImageId, ImageState, Region};

use super::{Doubt, Found, Images, Wanted};
use crate::copy::usefulness;

/// Which images come from which.
///
/// An image and all copies of it, and of these, are one family. A region that has one of the family has the image:
/// otherwise two rules that copy in a circle would make copies for ever.
pub(super) struct Origins<'a, 'i> {
    here: &'i [&'a Image],
    relations: Relations<'a>,
    /// The places of this region's images of each family.
    families: HashMap<&'a ImageId, Vec<usize>>,
    /// The regions in which images of this id are wanted.
    wanted_in: BTreeMap<&'a ImageId, BTreeSet<&'a Region>>,
}

impl<'a, 'i> Origins<'a, 'i> {
    pub(super) fn new(images: &Images<'a>, here: &'i [&'a Image], wanted: &[Wanted<'a>]) -> Self {
        let mut relations = Relations::default();
        for image in images.values().flatten() {
            image.copied_from.iter().for_each(|source| relations.relate(&image.id, source));
        }
        let mut wanted_in: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for Wanted { source, source_region, .. } in wanted {
            wanted_in.entry(&source.id).or_default().insert(*source_region);
        }
        let mut origins = Self { here, relations, families: HashMap::new(), wanted_in };
        for (place, image) in here.iter().enumerate() {
            origins.families.entry(origins.relations.first(&image.id)).or_default().push(place);
        }
        origins
    }

    pub(super) fn recognise(&self, wanted: &mut [Wanted<'a>]) {
        for wanted in wanted {
            let mut candidates = self.candidates(wanted.source);
            wanted.found = if self.wanted_in[&wanted.source.id].len() > 1 {
                Found::Ambiguous(Doubt::SameId)
            } else if candidates.is_empty() {
                Found::Missing
            } else {
                Found::of(candidates.remove(0), self.here)
            };
            wanted.others = candidates;
        }
    }

    /// The places of the images that are this one in this region: the most useful first, then copies of just this one,
    /// then by age.
    fn candidates(&self, source: &'a Image) -> Vec<usize> {
        let family =
            self.families.get(self.relations.first(&source.id)).map(Vec::as_slice).unwrap_or_default();
        let mut candidates: Vec<usize> =
            family.iter().copied().filter(|&place| is_copy(self.here[place], source)).collect();
        candidates.sort_by_key(|&place| {
            let image = self.here[place];
            let created = (image.created.is_none(), image.created);
            (usefulness(image.state), !is_direct(image, source), created, &image.id)
        });
        candidates
    }
}

/// Of relatives only those count that can be used, now or soon: they are other images to somebody.
fn is_copy(image: &Image, source: &Image) -> bool {
    is_direct(image, source) || matches!(image.state, ImageState::Available | ImageState::Pending)
}

fn is_direct(image: &Image, source: &Image) -> bool {
    image.copied_from.as_ref() == Some(&source.id)
}

/// Images and what they are copies of, as a forest: the images of one tree are one family. Tags can be wrong, so
/// images may say that they come from one another.
#[derive(Default)]
struct Relations<'a>(HashMap<&'a ImageId, &'a ImageId>);

impl<'a> Relations<'a> {
    /// Makes one family of two.
    fn relate(&mut self, one: &'a ImageId, other: &'a ImageId) {
        let (one, other) = (self.first(one), self.first(other));
        if one != other {
            self.0.insert(one, other);
        }
    }

    /// The image by which its family goes.
    fn first(&self, id: &'a ImageId) -> &'a ImageId {
        std::iter::successors(Some(id), |id| self.0.get(id).copied()).last().unwrap_or(id)
    }
}
