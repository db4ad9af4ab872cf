//! Makes what a plan says so: while it is still being surveyed, or after somebody has agreed to it.

use std::collections::BTreeSet;

use futures_util::future::join;
use imgshare_host::World;
use imgshare_plan::{Bounds, Plan, Report, Survey, diff};
use imgshare_protocol::{Desired, Timestamp};

use crate::accept::to_accept;
use crate::audit::Audit;
use crate::clouds::Clouds;
use crate::copies::{self, Copying, Patience};
use crate::early::Early;
use crate::events::{Event, Observer};
use crate::lanes::{Accepted, Part, Site, lanes};
use crate::outcomes::Outcomes;
use crate::receivers::{Receivers, look_after};
use crate::site::Reader;
use crate::stop::Stop;
use crate::survey::Surveyor;

/// How the changes of a run are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// The shares of each changed image are read again, and receivers are asked where the config says how.
    #[default]
    ReadBack,
    /// Neither: the report says "granted, not verified".
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
    /// Whether changed images are read again and receivers asked.
    pub verify: Verify,
    /// How patiently copies are awaited.
    pub patience: Patience,
    /// Asks it to stop.
    pub stop: &'a Stop,
    /// Hears what happens.
    pub observer: &'a dyn Observer,
}

/// Makes the changes of a plan that somebody has agreed to. One that fails does not stop the others. At the end these
/// receivers are asked what they see.
///
/// Dropping the future leaves writes in the air; to end early, use [`Stop`].
pub async fn apply(plan: &Plan, receivers: &Receivers, applying: &Applying<'_>) -> Report {
    let (lanes, workers) = lanes(sites(plan));
    let outcomes = Outcomes::default();
    let copied = async move {
        plan.to_do().for_each(|change| lanes.put(change.clone(), Part::Whole));
        to_accept(plan).into_iter().for_each(|shares| lanes.accept(shares));
        copies::make(plan, &lanes, applying).await
    };
    let (copies, accepted) = join(copied, workers.work(applying, &outcomes)).await;
    conclude(plan, receivers, applying, Made { outcomes, copies, accepted }).await
}

/// Surveys the clouds, plans and makes the plan so, for whoever has agreed to any plan: the additions to an image are
/// made as soon as its own shares are read, removals when the whole plan is known. The plan is told as
/// [`Event::Planned`] in between. At the end receivers are asked what they see. Asked to stop, it reports what it has
/// read and done until then.
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
    let outcomes = Outcomes::default();
    let planned = async move {
        let survey = Survey { desired, descriptions: clouds.descriptions(), scope: &bounds.scope, now };
        let surveyor = Surveyor { survey, reader: Reader { clouds, observer: *observer, stop } };
        let early = Early::new(&lanes);
        let actual = surveyor.read(Some(&early)).await;
        let plan = diff(desired, clouds.descriptions(), &actual, now, bounds);
        observer.event(Event::Planned(&plan));
        early.complete(&plan);
        to_accept(&plan).into_iter().for_each(|shares| lanes.accept(shares));
        let receivers = Receivers::of(&survey, &actual);
        let copies = copies::make(&plan, &lanes, applying).await;
        (plan, receivers, copies)
    };
    let ((plan, receivers, copies), accepted) = join(planned, workers.work(applying, &outcomes)).await;
    let report = conclude(&plan, &receivers, applying, Made { outcomes, copies, accepted }).await;
    (plan, report)
}

/// What a run has made of its plan.
struct Made {
    outcomes: Outcomes,
    copies: Vec<Copying>,
    accepted: Accepted,
}

/// What happened, with the sharing of each copy told with the copy, and what receivers see of it.
async fn conclude(plan: &Plan, receivers: &Receivers, applying: &Applying<'_>, made: Made) -> Report {
    let Made { outcomes, copies, mut accepted } = made;
    let mut outcomes = outcomes.into_inner();
    let copies = copies.into_iter().map(|copy| copy.settle(&mut outcomes, &mut accepted));
    let copies: Vec<_> = copies.collect();
    let report =
        Report::new(plan, outcomes.into_values(), copies).with_acceptances(plan, accepted.into_values());
    if applying.verify == Verify::None || applying.stop.is_requested() {
        return report;
    }
    let received = look_after(&report, receivers, applying).await;
    report.with_received(received)
}

/// The regions that something is to be changed in.
fn sites(plan: &Plan) -> BTreeSet<Site> {
    let changes = plan.to_do().map(|change| (change.cloud.clone(), change.region.clone()));
    let copies = plan.to_do_copies().map(|copy| (copy.cloud.clone(), copy.region.clone()));
    changes.chain(copies).collect()
}
