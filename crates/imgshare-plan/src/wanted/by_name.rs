//! Copies that have nothing but their name.

use std::collections::HashMap;

use imgshare_protocol::{Copying, Image, ImageState, Region};

use super::{Doubt, Found, Images, Wanted, copy_name};

/// Which images have which name.
///
/// What is shared as somebody's copy must not be another image: wherever a second image could be meant, as the source
/// or as the copy, nothing is made and nothing is shared.
pub(super) struct Names<'a, 'i> {
    here: &'i [&'a Image],
    /// The places of this region's images of each name.
    places: HashMap<&'a str, Vec<usize>>,
    /// How many images whose copies have this name are wanted.
    wanted: HashMap<&'a str, u32>,
    /// How many images of a region may have been copied under this name.
    sources: HashMap<(&'a Region, &'a str), u32>,
}

impl<'a, 'i> Names<'a, 'i> {
    pub(super) fn new(
        images: &Images<'a>,
        here: &'i [&'a Image],
        wanted: &[Wanted<'a>],
        copying: &Copying,
    ) -> Self {
        let mut places: HashMap<_, Vec<_>> = HashMap::new();
        for (place, image) in here.iter().enumerate() {
            places.entry(image.name.as_str()).or_default().push(place);
        }
        // An image whose making failed could never be copied.
        let copyable = |region: &&'a Region| {
            let region = *region;
            let could = images[region].iter().filter(|image| image.state != ImageState::Failed);
            could.map(move |image| (region, copy_name(&image.name, copying)))
        };
        let regions = wanted.iter().map(|wanted| wanted.source_region);
        let regions: std::collections::BTreeSet<_> = regions.collect();
        Self {
            here,
            places,
            wanted: counted(wanted.iter().map(|wanted| wanted.name)),
            sources: counted(regions.iter().flat_map(copyable)),
        }
    }

    pub(super) fn recognise(&self, wanted: &mut [Wanted<'a>]) {
        for wanted in wanted {
            let places = self.places.get(wanted.name).map(Vec::as_slice).unwrap_or_default();
            wanted.found = match (self.doubt(wanted), places) {
                (Some(doubt), _) => Found::Ambiguous(doubt),
                (None, []) => Found::Missing,
                (None, [only]) => Found::of(*only, self.here),
                (None, _) => Found::Ambiguous(Doubt::SeveralHere),
            };
            if matches!(wanted.found, Found::Ambiguous(_)) {
                wanted.others = places.to_vec();
            }
        }
    }

    fn doubt(&self, wanted: &Wanted<'a>) -> Option<Doubt> {
        let several = |count: Option<&u32>| count.is_some_and(|count| *count > 1);
        if wanted.name.is_empty() {
            return Some(Doubt::Unnamed);
        }
        if several(self.sources.get(&(wanted.source_region, wanted.name))) {
            return Some(Doubt::OtherSource);
        }
        several(self.wanted.get(wanted.name)).then_some(Doubt::WantedTwice)
    }
}

fn counted<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> HashMap<K, u32> {
    let mut counts = HashMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}
