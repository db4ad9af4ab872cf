//! Additions that need not wait for the whole plan.

use std::collections::HashMap;
use std::fmt;

use imgshare_protocol::{Cloud, CloudName, Image, ImageId, Region};

use super::findings::{Draft, Remarks, Site, image_name};
use super::image::{drafted, known};
use super::{limits, whole};
use crate::actual::SharesRead;
use crate::plan::{ImageName, PlannedChange};
use crate::rules::Rules;
use crate::selector::ineligible;
use crate::survey::{Listings, Survey, images};
use crate::together::{Names, Together};
use crate::view::{By, View};
use crate::wanted::Images;

/// What may be added to the images of one region as soon as the shares of each are read.
///
/// Additions depend on the config and on the image alone. What removes, or waits for removals, depends on the whole
/// plan: the fence counts over all of it.
pub struct EarlyAdditions {
    site: Option<OwnSite>,
    /// By id.
    images: Vec<Candidate>,
    unions: Vec<Together>,
}

struct OwnSite {
    cloud: Cloud,
    region: Region,
    names: Names,
}

/// An eligible image that a rule of the scope selects.
struct Candidate {
    image: ImageName,
    /// `None`: there are none.
    remarks: Option<Box<Remarks>>,
    shared: Option<bool>,
    /// Its place in `unions`.
    union: usize,
}

impl Candidate {
    fn new(image: &Image, union: usize) -> Self {
        let has_remarks = image.prepare.is_some() || image.receivers_need.is_some();
        let remarks = has_remarks.then(|| Box::new(Remarks::of(image)));
        Self { image: image_name(image), remarks, shared: image.shared, union }
    }
}

/// Additions to one image that every later plan of the run contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyChange {
    /// The change, with accounts to add only.
    pub change: PlannedChange,
    /// The plan may want to remove accounts too: see [`PlannedChange::rest_after`].
    pub more_to_come: bool,
}

impl fmt::Debug for EarlyAdditions {
    /// Tells how much there is; a large region has a hundred thousand images.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EarlyAdditions").field("images", &self.images.len()).finish_non_exhaustive()
    }
}

impl EarlyAdditions {
    /// Prepares the images of this region. The listings are the region's own and those of its
    /// [`sources`](Survey::sources).
    ///
    /// # Panics
    ///
    /// When a pattern in a rule does not compile; the config's reader has refused those.
    pub fn new(survey: &Survey<'_>, cloud: &CloudName, region: &Region, listings: &Listings<'_>) -> Self {
        let mut early = Self { site: None, images: Vec::new(), unions: Vec::new() };
        let known = survey.desired.clouds.get(cloud);
        let cloud = known.filter(|cloud| whole::unsupported(cloud, survey.descriptions).is_none());
        if let Some(cloud) = cloud {
            early.prepare(survey, Site { cloud, region }, &images(listings));
        }
        early
    }

    /// The additions to this image. `None`: there is nothing to add, its shares were not read, it cannot be shared, or
    /// its additions have to wait for its removals, either for their room or because one call does both.
    pub fn of(&self, image: &ImageId, shares: &SharesRead) -> Option<EarlyChange> {
        let place = self.images.binary_search_by(|candidate| candidate.image.id.cmp(image)).ok()?;
        let candidate = &self.images[place];
        let shares = known(shares, candidate.shared).ok()?;
        let OwnSite { cloud, region, names } = self.site.as_ref()?;
        let together = &self.unions[candidate.union];
        let site = Site { cloud, region };
        let (mut draft, _) = drafted(site, together, names, candidate.image.clone(), &shares);
        draft.remark(candidate.remarks.as_deref().cloned().unwrap_or_default());
        additions(draft)
    }

    fn prepare(&mut self, survey: &Survey<'_>, site: Site<'_>, images: &Images<'_>) {
        let rules = Rules::new(survey.desired, survey.now);
        let view = View::new(survey, &rules, site.cloud, site.region, images);
        let names = Names::new(survey.desired, &site.cloud.name);
        let mut known: HashMap<&By, Option<usize>> = HashMap::new();
        for (image, by) in view.images.iter().zip(&view.by).filter(|(image, _)| ineligible(image).is_none()) {
            let union = known.entry(by).or_insert_with(|| {
                self.unions.push(Together::new(&view.rules, by, &names)?);
                Some(self.unions.len() - 1)
            });
            self.images.extend(union.map(|union| Candidate::new(image, union)));
        }
        self.images.sort_unstable_by(|a, b| a.image.id.cmp(&b.image.id));
        self.site = Some(OwnSite { cloud: site.cloud.clone(), region: site.region.clone(), names });
    }
}

/// The additions of this change that will be in the plan whatever becomes of its removals.
fn additions(mut draft: Draft) -> Option<EarlyChange> {
    let more_to_come = !draft.change.remove.is_empty();
    if more_to_come && (draft.change.batching.add_and_remove_together || !draft.has_room_for_all()) {
        return None;
    }
    draft.change.remove.clear();
    let change = limits::fit_one(draft, &mut Vec::new());
    (!change.add.is_empty()).then_some(EarlyChange { change, more_to_come })
}

impl PlannedChange {
    /// What is left of this change of the plan when its early part was sent; normally the removals.
    #[must_use]
    pub fn rest_after(&self, early: &EarlyChange) -> Self {
        let mut rest = self.clone();
        rest.add.retain(|account| !early.change.add.contains(account));
        rest.forget_idle_remarks();
        rest
    }

    /// What is to be said of additions is not said where there are none.
    pub(super) fn forget_idle_remarks(&mut self) {
        if self.add.is_empty() {
            self.prepare = None;
            self.notes.clear();
        }
    }
}
