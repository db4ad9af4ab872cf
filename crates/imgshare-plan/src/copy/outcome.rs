//! What became of one copy, as the one who made or awaited it saw it.

use imgshare_protocol::{Copied, Error, ImageId, Result};

use super::{CopyKey, CopySeen};
use crate::acceptance::{AcceptanceOutcome, PlannedAcceptance};
use crate::outcome::Outcome;
use crate::plan::PlannedChange;

/// What became of one copy that was begun or awaited. A copy without an outcome was not begun.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CopyOutcome {
    /// The copy.
    pub key: CopyKey,
    /// The new image, as soon as it is known.
    pub image: Option<ImageId>,
    /// How it was when somebody looked last.
    pub seen: CopySeen,
    /// The cloud's ids of the calls that it accepted.
    pub request_ids: Vec<String>,
    /// How often something was sent to the cloud to make it. 0: an earlier run has begun it.
    pub attempts: u32,
    /// Why it is not there, not usable or not shared; also that the time for waiting is over.
    pub error: Option<Error>,
    /// How it was shared. `None`: there was nothing to share, or `error` says why it was not.
    pub share: Option<(PlannedChange, Outcome)>,
    /// How its snapshots were shared.
    pub snapshots: Vec<(PlannedChange, Outcome)>,
    /// How it was accepted. An acceptance without an outcome was not begun.
    pub acceptances: Vec<(PlannedAcceptance, Option<AcceptanceOutcome>)>,
}

impl CopyOutcome {
    /// The outcome of a copy that is about to be made or awaited.
    pub fn new(key: CopyKey) -> Self {
        Self { key, ..Self::default() }
    }

    /// Takes note of what came back on the call that makes the copy, made in this many attempts.
    pub fn answered(&mut self, answer: Result<Copied>, attempts: u32) {
        self.attempts += attempts;
        match answer {
            Ok(copied) => {
                let mut here = copied.images.into_iter().filter(|image| image.region == self.key.region);
                self.image = here.next().map(|image| image.id).or(self.image.take());
                self.request_ids.extend(copied.request_ids);
            }
            Err(error) => self.error = Some(error),
        }
    }

    /// Takes note of how the copy is now. One that is there settles how making it was answered: a call may fail on its
    /// way back, after the cloud has done it.
    pub fn saw(&mut self, seen: CopySeen) {
        if let Some(id) = seen.image() {
            self.image = Some(id.clone());
            self.error = None;
        }
        self.seen = seen;
    }
}
