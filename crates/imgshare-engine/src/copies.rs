//! Copies: made where they are missing, awaited until they can be used, then shared as any image.

mod ask;
mod wait;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use imgshare_plan::{
    ChangeKey, CopyOutcome, CopySeen, Outcome, Plan, PlannedAcceptance, PlannedChange, PlannedCopy,
};
use imgshare_protocol::{Error, Image, ImageId, ImageQuery};

use crate::apply::Applying;
use crate::lanes::{Accepted, Lanes, Site};
use crate::listing::all_pages;

/// How patiently copies are awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long a run waits for its copies in all, from when it begins to ask for them.
    pub longest: Duration,
    /// The time between the first two looks; it grows with each further one.
    pub first_gap: Duration,
    /// The longest time between two looks.
    pub longest_gap: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { longest: seconds(3600), first_gap: seconds(1), longest_gap: seconds(20) }
    }
}

/// Makes and awaits the plan's copies. Each is put on the lane of its region as soon as it can be shared.
pub(crate) async fn make(plan: &Plan, lanes: &Lanes, applying: &Applying<'_>) -> Vec<Copying> {
    let regions = by_region(plan)
        .into_iter()
        .map(|(site, copies)| async move { RegionCopies { applying, lanes, site }.make(copies).await });
    join_all(regions).await.into_iter().flatten().collect()
}

/// The copies by the region where they shall be.
fn by_region(plan: &Plan) -> BTreeMap<Site, Vec<&PlannedCopy>> {
    let mut regions: BTreeMap<Site, Vec<&PlannedCopy>> = BTreeMap::new();
    for copy in plan.to_do_copies() {
        regions.entry((copy.cloud.clone(), copy.region.clone())).or_default().push(copy);
    }
    regions
}

/// The copies into one region.
struct RegionCopies<'a> {
    applying: &'a Applying<'a>,
    lanes: &'a Lanes,
    site: Site,
}

/// A copy of this run, with what became of it so far.
pub(crate) struct Copying {
    copy: PlannedCopy,
    outcome: CopyOutcome,
    /// Its sharing, as soon as that is on a lane.
    share: Option<PlannedChange>,
    /// That of its snapshots.
    snapshots: Vec<PlannedChange>,
    /// Its acceptances, likewise.
    acceptances: Vec<PlannedAcceptance>,
    /// It is not there yet, and looking again may show that it is.
    open: bool,
}

impl RegionCopies<'_> {
    async fn make(&self, copies: Vec<&PlannedCopy>) -> Vec<Copying> {
        let (to_ask, begun): (Vec<_>, Vec<_>) = copies.into_iter().partition(|copy| copy.begun.is_none());
        let mut copies: Vec<_> = begun.into_iter().map(Copying::new).collect();
        copies.extend(self.ask_for_all(to_ask).await);
        self.wait(&mut copies).await;
        copies
    }

    /// Asks for copies, unless a fresh look at the region shows that they are there or on their way: an earlier run, or
    /// one on another machine, may have begun them since the survey.
    async fn ask_for_all(&self, copies: Vec<&PlannedCopy>) -> Vec<Copying> {
        if copies.is_empty() {
            return Vec::new();
        }
        let images = match self.look(&[]).await {
            Ok(images) => images,
            Err(error) => return copies.into_iter().map(|copy| Copying::unmade(copy, &error)).collect(),
        };
        let asked = stream::iter(copies).map(async |copy| match copy.seen(&images, None) {
            CopySeen::Missing => self.ask(copy).await,
            _ => Some(Copying::new(copy)),
        });
        asked
            .buffer_unordered(self.applying.clouds.concurrency)
            .filter_map(std::future::ready)
            .collect()
            .await
    }

    /// The images of the region, or those with these ids.
    async fn look(&self, ids: &[ImageId]) -> Result<Vec<Image>, Error> {
        let (cloud, region) = &self.site;
        let query = ImageQuery { region: region.clone(), ids: ids.to_vec(), ..ImageQuery::default() };
        all_pages(self.applying.clouds.provider(cloud)?, &query).await.result
    }
}

impl Copying {
    fn new(copy: &PlannedCopy) -> Self {
        let outcome = CopyOutcome::new(copy.key());
        let (snapshots, acceptances) = (Vec::new(), Vec::new());
        Self { copy: copy.clone(), outcome, share: None, snapshots, acceptances, open: true }
    }

    fn unmade(copy: &PlannedCopy, error: &Error) -> Self {
        let mut copying = Self::new(copy);
        copying.fail(error.clone());
        copying
    }

    fn fail(&mut self, error: Error) {
        self.outcome.error = Some(located(&self.copy, error));
        self.open = false;
    }

    /// The whole outcome, with that of its sharing; one without an outcome was not begun.
    pub(crate) fn settle(
        mut self,
        outcomes: &mut BTreeMap<ChangeKey, Outcome>,
        accepted: &mut Accepted,
    ) -> CopyOutcome {
        let mut of = |change: PlannedChange| {
            let outcome = outcomes.remove(&change.key()).unwrap_or_else(|| not_begun(&change));
            (change, outcome)
        };
        self.outcome.share = self.share.map(&mut of);
        self.outcome.snapshots = self.snapshots.into_iter().map(of).collect();
        let acceptances = self.acceptances.into_iter().map(|share| {
            let outcome = accepted.remove(&share.key());
            (share, outcome)
        });
        self.outcome.acceptances = acceptances.collect();
        self.outcome
    }
}

fn not_begun(change: &PlannedChange) -> Outcome {
    let mut outcome = Outcome::new(change.key());
    change.batches().iter().for_each(|batch| outcome.not_sent(batch));
    outcome
}

fn located(copy: &PlannedCopy, error: Error) -> Error {
    error
        .with_context("cloud", copy.cloud.as_str())
        .with_context("region", copy.region.as_str())
        .with_context("source", format!("{} in {}", copy.source.id, copy.source_region))
}
