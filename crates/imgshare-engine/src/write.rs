//! What is written to clouds, each recorded before it is sent and after it is answered.

use std::io;

use imgshare_host::{Ended, Provider};
use imgshare_plan::{PlannedAcceptance, PlannedChange, PlannedCopy};
use imgshare_protocol::{Accepted, Change, Changed, CloudName, Copied, Error, ErrorKind};

use crate::apply::Applying;
use crate::audit::{Facts, Outcome, What};
use crate::reads::unasked;

/// What is written to a cloud.
pub(crate) enum Write<'a> {
    /// One call of a change.
    Shares(&'a PlannedChange, &'a Change),
    /// A copy.
    Copy(&'a PlannedCopy),
    /// Accepting a share, with its receiver's login.
    Acceptance(&'a PlannedAcceptance),
}

impl Write<'_> {
    /// What the audit record says of it.
    pub(crate) fn facts(&self) -> Facts<'_> {
        match self {
            Self::Shares(change, batch) => Facts {
                cloud: &change.cloud,
                provider: &change.provider,
                region: &change.region,
                image: &change.image,
                rules: &change.rules,
                what: of_shares(change, batch),
            },
            Self::Copy(copy) => Facts {
                cloud: &copy.cloud,
                provider: &copy.provider,
                region: &copy.source_region,
                image: &copy.source,
                rules: &copy.rules,
                what: What::Copy { copy_to: &copy.region, copy_name: &copy.name },
            },
            Self::Acceptance(acceptance) => Facts {
                cloud: &acceptance.cloud,
                provider: &acceptance.provider,
                region: &acceptance.region,
                image: &acceptance.image,
                rules: &acceptance.rules,
                what: What::Acceptance { accept: &acceptance.account.id, accept_with: &acceptance.with },
            },
        }
    }

    /// The cloud that it is sent to.
    fn cloud(&self) -> &CloudName {
        match self {
            Self::Shares(change, _) => &change.cloud,
            Self::Copy(copy) => &copy.cloud,
            Self::Acceptance(acceptance) => &acceptance.with,
        }
    }

    /// The error with what it is about.
    fn located(&self, error: Error) -> Error {
        let error = error.with_context("cloud", self.cloud().as_str());
        match self {
            Self::Shares(change, _) => {
                let error = error.with_context("region", change.region.as_str());
                let error = error.with_context("image", change.image.id.as_str());
                change.snapshot.iter().fold(error, |error, id| error.with_context("snapshot", id.as_str()))
            }
            Self::Copy(copy) => error
                .with_context("region", copy.region.as_str())
                .with_context("source", format!("{} in {}", copy.source.id, copy.source_region)),
            Self::Acceptance(acceptance) => error
                .with_context("region", acceptance.region.as_str())
                .with_context("image", acceptance.image.id.as_str())
                .with_context("account", acceptance.account.id.as_str()),
        }
    }
}

fn of_shares<'a>(change: &'a PlannedChange, batch: &'a Change) -> What<'a> {
    What::Shares {
        add: &batch.add,
        remove: &batch.remove,
        snapshot: change.snapshot.as_ref(),
        prepare: change.prepare.as_deref().filter(|_| batch.prepare),
    }
}

/// What comes back on a write that was not refused as a whole.
pub(crate) trait Answer {
    /// What the audit record says of it.
    fn outcome(&self) -> Outcome<'_>;
}

impl Answer for Changed {
    fn outcome(&self) -> Outcome<'_> {
        if self.failed.is_empty() {
            return Outcome::accepted(&self.request_ids);
        }
        Outcome::Partly { request_ids: &self.request_ids, failed: &self.failed }
    }
}

impl Answer for Copied {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::Accepted { request_ids: &self.request_ids, made: Some(&self.images) }
    }
}

impl Answer for Accepted {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::accepted(&self.request_ids)
    }
}

impl Applying<'_> {
    /// Makes one write with its cloud's provider, recorded before and after. What cannot be recorded is not sent.
    pub(crate) async fn write<T: Answer>(
        &self,
        write: &Write<'_>,
        send: impl AsyncFnOnce(&Provider) -> Ended<T>,
    ) -> Ended<T> {
        if let Err(error) = self.audit.sending(self.world.now(), write) {
            self.stop.request();
            return unasked(write.located(unrecorded(&error)));
        }
        let ended = match self.clouds.provider(write.cloud()) {
            Ok(provider) => send(provider).await,
            Err(error) => unasked(error),
        };
        let ended = Ended { result: ended.result.map_err(|error| write.located(error)), ..ended };
        if let Err(error) = self.audit.answered(self.world.now(), write, &ended) {
            self.stop.request();
            tracing::error!(%error, "the audit record cannot be written, so nothing more is sent");
        }
        ended
    }
}

fn unrecorded(error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Unexpected,
        format!("not sent, because the audit record cannot be written: {error}"),
    )
    .with_hint("make room for the audit record, or name another file with --audit")
}
