//! One change: its calls one after the other, each recorded before and after, then a look at the image.

use imgshare_host::{Ended, Provider};
use imgshare_plan::{Outcome, PlannedChange, ReportedChange, verify_change};
use imgshare_protocol::{Change, Changed};

use crate::apply::{Applying, Verify};
use crate::events::Event;
use crate::lanes::{Job, Part};
use crate::reads::read_back;
use crate::write::Write;

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
            outcome.verification = verify_change(change, &read_back(self.clouds, change).await);
        }
        self.observer.event(Event::Ended(&ReportedChange::new(change, Some(&outcome))));
        outcome
    }

    /// One call of the change.
    async fn batch(&self, change: &PlannedChange, batch: &Change) -> Ended<Changed> {
        let send = async |provider: &Provider| match change.snapshot_change(batch) {
            None => provider.change_shares(batch.clone()).await,
            Some(snapshot) => provider.change_snapshot_shares(snapshot).await,
        };
        self.write(&Write::Shares(change, batch), send).await
    }
}
