//! The copies that the rules of one region want, and which of its images they are.

mod by_name;
mod by_origin;

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{CloudName, Copying, Desired, Image, ImageId, ImageState, Recognition, Region};

use crate::rules::{RuleHere, copied_from, target_of};
use by_name::Names;
use by_origin::Origins;

/// The images of a cloud's regions, each once, by name and id.
pub(crate) type Images<'a> = BTreeMap<&'a Region, Vec<&'a Image>>;

/// An image of another region that shall be in this one.
pub(crate) struct Wanted<'a> {
    pub(crate) source_region: &'a Region,
    pub(crate) source: &'a Image,
    /// The copy's name.
    pub(crate) name: &'a str,
    /// The places of the rules that want it.
    pub(crate) rules: Vec<usize>,
    pub(crate) found: Found,
    /// The places of other images that are or may be its copies. They are left alone.
    pub(crate) others: Vec<usize>,
}

/// The copy among the region's images, by its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is not there.
    #[default]
    Missing,
    /// It is there; what can be done with it is its state's word.
    There(usize),
    /// It is being made.
    Making(usize),
    /// It is there and will never be usable.
    Failed(usize),
    /// Nobody can tell.
    Ambiguous(Doubt),
}

/// Why nobody can tell which image is the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The source has no name.
    Unnamed,
    /// Copies of several wanted images would have this name.
    WantedTwice,
    /// Another image of the source's region may be what was copied.
    OtherSource,
    /// Several images of this region have the name.
    SeveralHere,
    /// Wanted images of several regions have one id.
    SameId,
}

impl Found {
    fn of(place: usize, images: &[&Image]) -> Self {
        match images[place].state {
            ImageState::Pending => Self::Making(place),
            ImageState::Failed => Self::Failed(place),
            ImageState::Available | ImageState::Unavailable | ImageState::Unknown => Self::There(place),
        }
    }
}

/// The copies that these rules want in this region, by name, each recognised as far as can be. Rules of which nobody
/// knows what they select are marked.
pub(crate) fn wanted<'a>(
    rules: &mut [RuleHere<'a, '_>],
    region: &Region,
    images: &Images<'a>,
    copying: &Copying,
) -> Vec<Wanted<'a>> {
    let mut wanted = gathered(rules, images, copying);
    wanted.sort_by(|a, b| by_place(a).cmp(&by_place(b)));
    let here = images.get(region).map(Vec::as_slice).unwrap_or_default();
    match copying.recognised_by {
        _ if wanted.is_empty() => {}
        Recognition::SourceId | Recognition::Tag => {
            Origins::new(images, here, &wanted).recognise(&mut wanted);
        }
        Recognition::Name => Names::new(images, here, &wanted, copying).recognise(&mut wanted),
    }
    wanted
}

fn by_place<'w>(wanted: &'w Wanted<'_>) -> impl Ord + use<'w> {
    (wanted.name, wanted.source_region, &wanted.source.id)
}

/// What the rules select in the regions that they copy from.
fn gathered<'a>(rules: &mut [RuleHere<'a, '_>], images: &Images<'a>, copying: &Copying) -> Vec<Wanted<'a>> {
    let mut wanted: BTreeMap<(&Region, &ImageId), Wanted<'a>> = BTreeMap::new();
    for (rule, here) in rules.iter_mut().enumerate() {
        let Some(source_region) = here.from else { continue };
        let Some(sources) = images.get(source_region) else {
            here.unknown = true;
            continue;
        };
        for place in here.pick(sources) {
            let source = sources[place];
            let known = wanted.entry((source_region, &source.id));
            let known = known.or_insert_with(|| Wanted::new(source_region, source, copying));
            known.rules.push(rule);
        }
    }
    wanted.into_values().collect()
}

impl<'a> Wanted<'a> {
    fn new(source_region: &'a Region, source: &'a Image, copying: &Copying) -> Self {
        let name = copy_name(&source.name, copying);
        Self { source_region, source, name, rules: vec![], found: Found::Missing, others: vec![] }
    }
}

/// The name that a copy of an image of this name has: as much of it as the cloud allows.
fn copy_name<'n>(name: &'n str, copying: &Copying) -> &'n str {
    let length = copying.name_length_max.map_or(usize::MAX, |length| length as usize);
    name.char_indices().nth(length).map_or(name, |(end, _)| &name[..end])
}

/// The regions whose images tell which copies this region shall have and has: those that its rules copy from, those
/// that images are copied from into these, and so on.
pub(crate) fn sources<'a>(desired: &'a Desired, cloud: &CloudName, region: &Region) -> BTreeSet<&'a Region> {
    let from = |to: &Region| {
        let rules = desired.rules.iter().filter(|rule| target_of(rule, cloud, to).is_some());
        rules.filter_map(|rule| copied_from(rule, to)).collect::<Vec<_>>()
    };
    let mut sources = BTreeSet::new();
    let mut new = from(region);
    while let Some(source) = new.pop() {
        if source != region && sources.insert(source) {
            new.extend(from(source));
        }
    }
    sources
}
