//! One change: its calls one after the other, each recorded before and after, then a look at the image.

use std::io;

use imgshare_host::Ended;
use imgshare_plan::{Outcome, PlannedChange, ReportedChange, verify_change};
use imgshare_protocol::{Change, Changed, Error, ErrorKind};

use crate::apply::{Applying, Verify};
use crate::audit::Write;
use crate::events::Event;
use crate::lanes::{Job, Part};
use crate::reads::read_shares;

impl Applying<'_> {
    /// Does a job. `None`: it was not begun, or the rest of the image's change is still to come.
    pub(crate) async fn job(&self, Job { change, part }: Job) -> Option<Outcome> {
        match part {
            Part::Whole => {
                let outcome = self.begin(&change)?;
                let outcome = self.send(&change, &change.batches(), outcome).await;
                Some(self.end(&change, outcome).await)
            }
            Part::First { so_far } => {
                let outcome = self.begin(&change)?;
                // Nobody waits for it only when the whole run is being dropped.
                let _ = so_far.send(self.send(&change, &change.batches(), outcome).await);
                None
            }
            Part::Rest { first, so_far } => {
                let outcome = so_far.await.ok()?;
                let outcome = self.send(&change, &change.rest_after(&first).batches(), outcome).await;
                Some(self.end(&change, outcome).await)
            }
        }
    }

    /// The outcome of a change that begins now. `None`: the run is to stop, so it does not.
    fn begin(&self, change: &PlannedChange) -> Option<Outcome> {
        if self.stop.is_requested() {
            return None;
        }
        self.observer.event(Event::Begun(change));
        Some(Outcome::new(change.key()))
    }

    /// Makes these calls of the change, unless the run is to stop.
    async fn send(&self, change: &PlannedChange, batches: &[Change], mut outcome: Outcome) -> Outcome {
        for batch in batches {
            if self.stop.is_requested() {
                outcome.not_sent(batch);
            } else {
                let Ended { result, sends } = self.batch(change, batch).await;
                outcome.answered(batch, result, sends);
            }
        }
        outcome
    }

    /// Looks at the image again, if it is to be looked at, and tells how the change ended.
    async fn end(&self, change: &PlannedChange, mut outcome: Outcome) -> Outcome {
        if self.verify == Verify::ReadBack && outcome.attempts > 0 {
            let (read, _) = read_shares(self.clouds, &change.cloud, change.image_ref()).await;
            outcome.verification = verify_change(change, &read);
        }
        self.observer.event(Event::Ended(&ReportedChange::new(change, Some(&outcome))));
        outcome
    }

    /// One write, recorded before and after. What cannot be recorded is not sent.
    async fn batch(&self, change: &PlannedChange, batch: &Change) -> Ended<Changed> {
        let write = Write::Shares(change, batch);
        if let Err(error) = self.audit.sending(self.world.now(), &write) {
            self.stop.request();
            return Ended { result: Err(unrecorded(&error)), sends: 0 };
        }
        let ended = match self.clouds.provider(&change.cloud) {
            Ok(provider) => provider.change_shares(batch.clone()).await,
            Err(error) => Ended { result: Err(error), sends: 0 },
        };
        let ended = Ended { result: ended.result.map_err(|error| located(change, error)), ..ended };
        if let Err(error) = self.audit.changed(self.world.now(), &write, &ended.result, ended.sends) {
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

pub(crate) fn unrecorded(error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Unexpected,
        format!("not sent, because the audit record cannot be written: {error}"),
    )
    .with_hint("make room for the audit record, or name another file with --audit")
}
