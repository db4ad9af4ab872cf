//! Makes what a plan says so: while it is still being surveyed, or after somebody has agreed to it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join;
use imgshare_host::World;
use imgshare_plan::{Bounds, ChangeKey, Outcome, Plan, Report, Survey, diff};
use imgshare_protocol::{Desired, Timestamp};

use crate::audit::Audit;
use crate::clouds::Clouds;
use crate::copies::{self, Copying, Patience};
use crate::early::Early;
use crate::events::{Event, Observer};
use crate::lanes::{Part, Site, lanes};
use crate::site::Reader;
use crate::stop::Stop;
use crate::survey::Surveyor;

/// How the changes of a run are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// The shares of each changed image are read again.
    #[default]
    ReadBack,
    /// They are not: the report says "granted, not verified".
    None,
}

/// What applying a plan needs.
pub struct Applying<'a> {
    /// The clouds.
    pub clouds: &'a Clouds,
    /// The clock of the audit record.
    pub world: &'a dyn World,
    /// Where every write is recorded.
    pub audit: &'a Audit,
    /// Whether changed images are read again.
    pub verify: Verify,
    /// How patiently copies are awaited.
    pub patience: Patience,
    /// Asks it to stop.
    pub stop: &'a Stop,
    /// Hears what happens.
    pub observer: &'a dyn Observer,
}

/// Makes the changes of a plan that somebody has agreed to. One that fails does not stop the others.
///
/// Dropping the future leaves writes in the air; to end early, use [`Stop`].
pub async fn apply(plan: &Plan, applying: &Applying<'_>) -> Report {
    let (lanes, workers) = lanes(sites(plan));
    let copied = async move {
        plan.to_do().for_each(|change| lanes.put(change.clone(), Part::Whole));
        copies::make(plan, &lanes, applying).await
    };
    let (copies, outcomes) = join(copied, workers.work(applying)).await;
    report(plan, outcomes, copies)
}

/// Surveys the clouds, plans and makes the plan so, for whoever has agreed to any plan: the additions to an image are
/// made as soon as its own shares are read, removals when the whole plan is known. The plan is told as
/// [`Event::Planned`] in between. Asked to stop, it reports what it has read and done until then.
///
/// Dropping the future leaves writes in the air; to end early, use [`Stop`].
pub async fn survey_and_apply(
    desired: &Desired,
    bounds: &Bounds,
    now: Timestamp,
    applying: &Applying<'_>,
) -> (Plan, Report) {
    let Applying { clouds, observer, stop, .. } = applying;
    let (lanes, workers) = lanes(bounds.scope.sites(desired));
    let planned = async move {
        let survey = Survey { desired, descriptions: clouds.descriptions(), scope: &bounds.scope, now };
        let surveyor = Surveyor { survey, reader: Reader { clouds, observer: *observer, stop } };
        let early = Early::new(&lanes);
        let actual = surveyor.read(Some(&early)).await;
        let plan = diff(desired, clouds.descriptions(), &actual, now, bounds);
        observer.event(Event::Planned(&plan));
        early.complete(&plan);
        let copies = copies::make(&plan, &lanes, applying).await;
        (plan, copies)
    };
    let ((plan, copies), outcomes) = join(planned, workers.work(applying)).await;
    let report = report(&plan, outcomes, copies);
    (plan, report)
}

/// What happened, with the sharing of each copy told with the copy.
fn report(plan: &Plan, mut outcomes: BTreeMap<ChangeKey, Outcome>, copies: Vec<Copying>) -> Report {
    let copies: Vec<_> = copies.into_iter().map(|copy| copy.settle(&mut outcomes)).collect();
    Report::new(plan, outcomes.into_values(), copies)
}

/// The regions that something is to be changed in.
fn sites(plan: &Plan) -> BTreeSet<Site> {
    let changes = plan.to_do().map(|change| (change.cloud.clone(), change.region.clone()));
    let copies = plan.to_do_copies().map(|copy| (copy.cloud.clone(), copy.region.clone()));
    changes.chain(copies).collect()
}
