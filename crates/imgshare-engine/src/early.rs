//! Additions that are made before the whole plan is known.

use std::cell::RefCell;
use std::collections::HashMap;

use imgshare_plan::{ChangeKey, EarlyAdditions, EarlyChange, Listings, Outcome, Plan, SharesRead, Survey};
use imgshare_protocol::ImageId;
use tokio::sync::oneshot;

use crate::lanes::{Lanes, Part, Site};

/// The additions of a run that have been put on their way.
pub(crate) struct Early<'a> {
    lanes: &'a Lanes,
    begun: RefCell<HashMap<ChangeKey, Begun>>,
}

/// The additions to one image.
enum Begun {
    /// They are all that is to be done there.
    All,
    /// More may have to be done, when they are.
    Part { first: Box<EarlyChange>, so_far: oneshot::Receiver<Outcome> },
}

/// The additions of one region.
pub(crate) struct SiteEarly<'a> {
    early: &'a Early<'a>,
    additions: EarlyAdditions,
}

impl SiteEarly<'_> {
    /// Puts the additions to this image on their way, now that it is known who has it.
    pub(crate) fn put(&self, image: &ImageId, shares: &SharesRead) {
        if let Some(change) = self.additions.of(image, shares) {
            self.early.put(change);
        }
    }
}

impl<'a> Early<'a> {
    pub(crate) fn new(lanes: &'a Lanes) -> Self {
        Self { lanes, begun: RefCell::default() }
    }

    /// What may be added in this region, now that it is listed.
    pub(crate) fn of(
        &self,
        survey: &Survey<'_>,
        (cloud, region): &Site,
        listings: &Listings<'_>,
    ) -> SiteEarly<'_> {
        SiteEarly { early: self, additions: EarlyAdditions::new(survey, cloud, region, listings) }
    }

    fn put(&self, early: EarlyChange) {
        let (key, change) = (early.change.key(), early.change.clone());
        let (begun, part) = if early.more_to_come {
            let (sender, so_far) = oneshot::channel();
            (Begun::Part { first: Box::new(early), so_far }, Part::First { so_far: sender })
        } else {
            (Begun::All, Part::Whole)
        };
        self.lanes.put(change, part);
        self.begun.borrow_mut().insert(key, begun);
    }

    /// Puts on their way all changes of the plan that are not yet.
    pub(crate) fn complete(self, plan: &Plan) {
        let mut begun = self.begun.into_inner();
        for change in plan.to_do() {
            let part = match begun.remove(&change.key()) {
                None => Part::Whole,
                Some(Begun::All) => continue,
                Some(Begun::Part { first, so_far }) => Part::Rest { first, so_far },
            };
            self.lanes.put(change.clone(), part);
        }
        debug_assert!(begun.is_empty(), "the plan names every image that was changed before it was known");
    }
}
