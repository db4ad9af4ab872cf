//! Makes the changes of a plan: the images of a region side by side, one write at a time for each image.

use std::io;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use imgshare_host::{Ended, World};
use imgshare_plan::{Outcome, Plan, PlannedChange, Report, ReportedChange, verify_change};
use imgshare_protocol::{Change, Changed, CloudName, Error, ErrorKind, Region};

use crate::audit::Audit;
use crate::clouds::Clouds;
use crate::events::{Event, Observer};
use crate::stop::Stop;
use crate::survey::read_shares;

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
    /// Asks it to stop.
    pub stop: &'a Stop,
    /// Hears what happens.
    pub observer: &'a dyn Observer,
}

/// Makes the changes that are to be made. One that fails does not stop the others.
///
/// Dropping the future leaves writes in the air; to end early, use [`Stop`].
pub async fn apply(plan: &Plan, applying: &Applying<'_>) -> Report {
    let sites = by_site(plan).into_iter().map(|(_, changes)| {
        let made = stream::iter(changes).map(|change| applying.change(change));
        made.buffer_unordered(applying.clouds.concurrency).filter_map(std::future::ready).collect::<Vec<_>>()
    });
    let outcomes = join_all(sites).await.into_iter().flatten();
    Report::new(plan, outcomes, [])
}

/// Each region has quotas of its own, so a slow one must not hold up the others.
fn by_site(plan: &Plan) -> Vec<((&CloudName, &Region), Vec<&PlannedChange>)> {
    let mut sites: Vec<((&CloudName, &Region), Vec<&PlannedChange>)> = Vec::new();
    for change in plan.to_do() {
        let site = (&change.cloud, &change.region);
        match sites.iter_mut().find(|(known, _)| *known == site) {
            Some((_, changes)) => changes.push(change),
            None => sites.push((site, vec![change])),
        }
    }
    sites
}

impl Applying<'_> {
    /// Makes one change, unless the run is to stop before it begins.
    async fn change(&self, change: &PlannedChange) -> Option<Outcome> {
        if self.stop.is_requested() {
            return None;
        }
        self.observer.event(Event::Begun(change));
        let mut outcome = Outcome::new(change.key());
        for batch in change.batches() {
            if self.stop.is_requested() {
                outcome.not_sent(&batch);
            } else {
                let Ended { result, sends } = self.batch(change, &batch).await;
                outcome.answered(&batch, result, sends);
            }
        }
        if self.verify == Verify::ReadBack && outcome.attempts > 0 {
            let read = read_shares(self.clouds, &change.cloud, change.image_ref()).await;
            outcome.verification = verify_change(change, &read);
        }
        self.observer.event(Event::Ended(&ReportedChange::new(change, Some(&outcome))));
        Some(outcome)
    }

    /// One write, recorded before and after. What cannot be recorded is not sent.
    async fn batch(&self, change: &PlannedChange, batch: &Change) -> Ended<Changed> {
        if let Err(error) = self.audit.sending(self.world.now(), change, batch) {
            self.stop.request();
            return Ended { result: Err(unrecorded(&error)), sends: 0 };
        }
        let ended = match self.clouds.provider(&change.cloud) {
            Ok(provider) => provider.change_shares(batch.clone()).await,
            Err(error) => Ended { result: Err(error), sends: 0 },
        };
        let ended = Ended { result: ended.result.map_err(|error| located(change, error)), ..ended };
        if let Err(error) = self.audit.answered(self.world.now(), change, batch, &ended.result, ended.sends) {
            self.stop.request();
            tracing::error!(%error, "the audit record cannot be written, so nothing more is sent");
        }
        ended
    }
}

fn located(change: &PlannedChange, error: Error) -> Error {
    error
        .with_context("cloud", change.cloud.as_str())
        .with_context("region", change.region.as_str())
        .with_context("image", change.image.id.as_str())
}

fn unrecorded(error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Unexpected,
        format!("not sent, because the audit record cannot be written: {error}"),
    )
    .with_hint("make room for the audit record, or name another file with --audit")
}
