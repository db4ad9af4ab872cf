//! A rule's selection, made ready to meet many images.

use std::cmp::Reverse;

use globset::{Glob, GlobMatcher};
use imgshare_protocol::{Image, ImageState, Selection, Timestamp};
use regex::Regex;

/// Characters that make a name a glob.
const GLOB_CHARACTERS: [char; 6] = ['*', '?', '[', ']', '{', '}'];

/// A selection with its patterns compiled.
#[derive(Debug)]
pub(crate) struct Selector<'a> {
    selection: &'a Selection,
    name: Option<NamePattern<'a>>,
    regex: Option<Regex>,
    created_from: Option<Timestamp>,
}

#[derive(Debug)]
enum NamePattern<'a> {
    Exact(&'a str),
    Glob(GlobMatcher),
}

impl<'a> Selector<'a> {
    /// Compiles the patterns.
    ///
    /// # Panics
    ///
    /// When a pattern does not compile; the config's reader has refused those.
    pub(crate) fn new(selection: &'a Selection, now: Timestamp) -> Self {
        let regex = selection.name_regex.as_deref().map(Regex::new);
        Self {
            selection,
            name: selection.name.as_deref().map(NamePattern::new),
            regex: regex.map(|regex| regex.expect("the config's reader refuses a `name_regex` that is none")),
            created_from: created_from(selection, now),
        }
    }

    /// The places in `images` of those that this selection is about.
    ///
    /// With `newest = N` these are the N newest eligible images (one that is still being made does not push a usable
    /// one out) and those among the N newest of all that are not eligible, so that they can be reported.
    pub(crate) fn pick(&self, images: &[&Image]) -> Vec<usize> {
        let places = 0..images.len();
        let mut picked: Vec<usize> = places.filter(|&place| self.matches(images[place])).collect();
        if let Some(newest) = self.selection.newest {
            keep_newest(&mut picked, images, newest as usize);
        }
        picked
    }

    /// Everything but `newest`.
    fn matches(&self, image: &Image) -> bool {
        let Selection { ids, tags, family, .. } = self.selection;
        ids.as_ref().is_none_or(|ids| ids.contains(&image.id))
            && self.name.as_ref().is_none_or(|name| name.matches(&image.name))
            && self.regex.as_ref().is_none_or(|regex| regex.is_match(&image.name))
            && tags.iter().all(|(key, value)| image.tags.get(key) == Some(value))
            && family.as_ref().is_none_or(|family| image.family.as_ref() == Some(family))
            && self.created_from.is_none_or(|from| image.created.is_some_and(|created| created >= from))
    }
}

impl<'a> NamePattern<'a> {
    fn new(pattern: &'a str) -> Self {
        if is_exact(pattern) {
            return Self::Exact(pattern);
        }
        let glob = Glob::new(pattern).expect("the config's reader refuses a `name` that is no glob");
        Self::Glob(glob.compile_matcher())
    }

    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => *exact == name,
            Self::Glob(glob) => glob.is_match(name),
        }
    }
}

/// Whether a name in the config means just this name.
pub(crate) fn is_exact(pattern: &str) -> bool {
    !pattern.contains(GLOB_CHARACTERS) && !pattern.contains('\\')
}

/// The first moment that `newer_than` lets in.
pub(crate) fn created_from(selection: &Selection, now: Timestamp) -> Option<Timestamp> {
    let seconds = i64::try_from(selection.newer_than_seconds?).unwrap_or(i64::MAX);
    Some(now.plus_seconds(-seconds))
}

/// Keeps the `newest` by time, then by id. An image without a time counts as the oldest.
fn keep_newest(picked: &mut Vec<usize>, images: &[&Image], newest: usize) {
    picked.sort_by_key(|&place| Reverse((images[place].created, &images[place].id)));
    let (mut rank, mut eligible) = (0, 0);
    picked.retain(|&place| {
        rank += 1;
        if ineligible(images[place]).is_some() {
            return rank <= newest;
        }
        eligible += 1;
        eligible <= newest
    });
}

/// Why an image cannot be shared now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ineligible<'a> {
    /// Its state; see the image's `state` and `cloud_state`.
    State,
    /// It can never be shared, for this reason.
    Unshareable(&'a str),
}

/// Why this image cannot be shared now. `None`: it can.
pub(crate) fn ineligible(image: &Image) -> Option<Ineligible<'_>> {
    if let Some(why) = &image.unshareable {
        return Some(Ineligible::Unshareable(why));
    }
    (image.state != ImageState::Available).then_some(Ineligible::State)
}
