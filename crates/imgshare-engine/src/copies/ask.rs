//! Asking a cloud for one copy.

use imgshare_host::{Ended, Provider};
use imgshare_plan::PlannedCopy;
use imgshare_protocol::{Copied, Error, ErrorKind, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Copying, RegionCopies};
use crate::events::{CopyStep, Event};
use crate::write::Write;

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

    /// The one call.
    async fn send(&self, copy: &PlannedCopy) -> Ended<Copied> {
        let token = token(copy, self.applying.world.now());
        let send = async |provider: &Provider| provider.copy_image(copy.request(token)).await;
        self.applying.write(&Write::Copy(copy), send).await
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
