//! Asking a cloud for one copy.

use imgshare_host::Ended;
use imgshare_plan::PlannedCopy;
use imgshare_protocol::{Copied, Error, ErrorKind, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Copying, RegionCopies, located};
use crate::audit::Write;
use crate::change::unrecorded;
use crate::events::{CopyStep, Event};

impl RegionCopies<'_> {
    /// Asks for a copy, recorded before and after. `None`: the run is to stop, so nothing was sent.
    pub(super) async fn ask(&self, copy: &PlannedCopy) -> Option<Copying> {
        if self.applying.stop.is_requested() {
            return None;
        }
        self.applying.observer.event(Event::Copy { copy, step: CopyStep::Asked });
        let Ended { result, sends } = self.send(copy).await;
        let mut copying = Copying::new(copy);
        copying.open = sends > 0 && result.as_ref().err().is_none_or(may_have_begun);
        copying.outcome.answered(result, sends);
        if !copying.open {
            self.tell(&copying, CopyStep::Failed);
        }
        Some(copying)
    }

    /// The one call. What cannot be recorded is not sent.
    async fn send(&self, copy: &PlannedCopy) -> Ended<Copied> {
        let applying = self.applying;
        let write = Write::Copy(copy);
        let now = applying.world.now();
        if let Err(error) = applying.audit.sending(now, &write) {
            applying.stop.request();
            return Ended { result: Err(unrecorded(&error)), sends: 0 };
        }
        let ended = match applying.clouds.provider(&copy.cloud) {
            Ok(provider) => provider.copy_image(copy.request(token(copy, now))).await,
            Err(error) => Ended { result: Err(error), sends: 0 },
        };
        let ended = Ended { result: ended.result.map_err(|error| located(copy, error)), ..ended };
        if let Err(error) = applying.audit.copied(applying.world.now(), &write, &ended.result, ended.sends) {
            applying.stop.request();
            tracing::error!(%error, "the audit record cannot be written, so nothing more is sent");
        }
        ended
    }
}

/// Whether the cloud may have begun the copy in spite of this error: whatever is no refusal in its own words.
fn may_have_begun(error: &Error) -> bool {
    use ErrorKind::{Malformed, Panicked, Unavailable, Unexpected};
    matches!(error.kind, Malformed | Panicked | Unavailable | Unexpected)
}

/// What makes asking for the same copy twice harmless, where the cloud has such a thing: two runs within an hour say
/// the same. After that a listing shows what was begun, and asking anew must not be answered with a copy that somebody
/// has deleted meanwhile.
fn token(copy: &PlannedCopy, now: Timestamp) -> String {
    let hour = now.seconds() / 3600;
    let PlannedCopy { cloud, source_region, source, region, .. } = copy;
    let what = format!("{cloud}\n{source_region}\n{}\n{region}\n{hour}", source.id);
    Sha256::digest(what).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
