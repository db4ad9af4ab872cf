//! Snapshots that rules share together with the images that are made of them.

use std::collections::BTreeMap;

use imgshare_protocol::{Image, SnapshotId};

use crate::selector::ineligible;
use crate::view::{By, View, add};

/// A snapshot of a region that rules share.
pub(crate) struct Snapshot<'a> {
    pub(crate) id: &'a SnapshotId,
    /// The first image that is made of it and that the rules are about.
    pub(crate) image: &'a Image,
    /// The rules that share it: those of all its images.
    pub(crate) by: By,
}

impl<'a> View<'a, '_> {
    /// The snapshots that any rule of the region shares, by id. What rules want of images that cannot be shared now is
    /// not wanted of their snapshots either, but not taken away.
    pub(crate) fn snapshots(&self) -> Vec<Snapshot<'a>> {
        let mut all: BTreeMap<&'a SnapshotId, Snapshot<'a>> = BTreeMap::new();
        if !self.rules.iter().any(|here| here.rule.with_snapshots) {
            return Vec::new();
        }
        for (&image, by) in self.images.iter().zip(&self.by).filter(|(image, _)| !image.snapshots.is_empty())
        {
            let by = self.by_of_snapshots(image, by);
            if by == By::default() {
                continue;
            }
            for id in &image.snapshots {
                let snapshot = all.entry(id).or_insert_with(|| Snapshot { id, image, by: By::default() });
                snapshot.takes(image, &by);
            }
        }
        all.into_values().collect()
    }

    /// The rules that share the snapshots of this image.
    fn by_of_snapshots(&self, image: &Image, by: &By) -> By {
        let sharing = |places: &[usize]| {
            let places = places.iter().copied();
            places.filter(|&place| self.rules[place].rule.with_snapshots).collect::<Vec<_>>()
        };
        let (selects, mut spares) = (sharing(&by.selects), sharing(&by.spares));
        if ineligible(image).is_none() {
            return By { selects, spares };
        }
        add(&mut spares, &selects);
        By { selects: Vec::new(), spares }
    }
}

impl<'a> Snapshot<'a> {
    /// Takes note that this image is made of it, too.
    fn takes(&mut self, image: &'a Image, by: &By) {
        if self.by.selects.is_empty() {
            self.image = image;
        }
        add(&mut self.by.selects, &by.selects);
        add(&mut self.by.spares, &by.spares);
    }
}
