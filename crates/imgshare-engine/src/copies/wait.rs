//! Waiting for copies that are on their way.

use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use imgshare_plan::{CopySeen, PlannedChange};
use imgshare_protocol::{Error, ErrorKind, Image, ImageId, ImageRef, SnapshotId, SnapshotRef};
use tokio::time::{Instant, sleep_until};

use super::{Copying, RegionCopies, located};
use crate::accept::ToAccept;
use crate::events::{CopyStep, Event};
use crate::lanes::Part;
use crate::reads::{read_shares, read_snapshot_shares};
use crate::stop::unread;

/// Looks at the region's images until a copy whose answer was lost counts as never begun.
const LOOKS_IN_DOUBT: u32 = 3;

impl RegionCopies<'_> {
    /// Looks again and again until each copy can be used or has failed, the time is over, or the run is to stop.
    pub(super) async fn wait(&self, copies: &mut [Copying]) {
        let patience = self.applying.patience;
        let deadline = Instant::now() + patience.longest;
        let mut gap = patience.first_gap;
        for look in 1.. {
            let looked = self.look_at(copies, look).await;
            let mut open = copies.iter_mut().filter(|copy| copy.open).peekable();
            if open.peek().is_none() {
                return;
            }
            let next = Instant::now() + gap;
            if next > deadline {
                return open.for_each(|copy| copy.out_of_time(patience.longest, looked.as_ref().err()));
            }
            if self.applying.stop.unless_requested(sleep_until(next)).await.is_none() {
                return;
            }
            gap = (gap * 3 / 2).min(patience.longest_gap);
        }
    }

    /// One look at the region, and what follows from it for each copy.
    async fn look_at(&self, copies: &mut [Copying], look: u32) -> Result<(), Error> {
        let open: Vec<_> = copies.iter_mut().filter(|copy| copy.open).collect();
        if open.is_empty() {
            return Ok(());
        }
        let looked = self.applying.stop.unless_requested(self.look(&known_ids(&open))).await;
        let images = looked.unwrap_or_else(|| Err(unread()))?;
        let together = self.applying.clouds.concurrency;
        stream::iter(open).for_each_concurrent(together, |copy| self.note(copy, &images, look)).await;
        Ok(())
    }

    async fn note(&self, copying: &mut Copying, images: &[Image], look: u32) {
        let seen = copying.copy.seen(images, copying.outcome.image.as_ref());
        match &seen {
            // Listings lag: one that was accepted, or seen before, is waited for.
            CopySeen::Missing => {
                let in_doubt = copying.outcome.error.is_some();
                copying.open = !in_doubt || look < LOOKS_IN_DOUBT;
            }
            CopySeen::Making { percent, .. } => {
                copying.outcome.saw(seen.clone());
                self.tell(copying, CopyStep::Making { percent: *percent });
            }
            CopySeen::Usable(image) => {
                copying.open = false;
                copying.outcome.saw(seen.clone());
                return self.share(copying, image, images).await;
            }
            CopySeen::Failed { .. } | CopySeen::Ambiguous => {
                copying.open = false;
                copying.outcome.saw(seen.clone());
            }
        }
        if !copying.open {
            self.tell(copying, CopyStep::Failed);
        }
    }

    /// Puts the sharing of a copy that can be used on its way, as of any image: nothing is changed on one whose shares
    /// cannot be read. These are the images of its region.
    async fn share(&self, copying: &mut Copying, image: &ImageId, images: &[Image]) {
        self.tell(copying, CopyStep::Usable { image });
        let (cloud, region) = &self.site;
        let at = ImageRef { region: region.clone(), id: image.clone() };
        let (read, _) = read_shares(self.applying.clouds, cloud, at).await;
        match copying.copy.share(image, &read) {
            Err(error) => return copying.fail(error),
            Ok(change) => copying.share = change.inspect(|change| self.put(change)),
        }
        let shares = copying.copy.acceptances(image, &read);
        if !shares.is_empty() {
            let after = copying.share.as_ref().map(PlannedChange::key);
            self.lanes.accept(ToAccept { shares: shares.clone(), after });
        }
        copying.acceptances = shares;
        for snapshot in copying.copy.snapshots_of(image, images) {
            self.share_snapshot(copying, image, &snapshot).await;
        }
    }

    async fn share_snapshot(&self, copying: &mut Copying, image: &ImageId, snapshot: &SnapshotId) {
        let (cloud, region) = &self.site;
        let at = SnapshotRef { region: region.clone(), id: snapshot.clone() };
        let (read, _) = read_snapshot_shares(self.applying.clouds, cloud, at).await;
        match copying.copy.share_snapshot(image, snapshot, &read) {
            Err(error) => copying.fail(error),
            Ok(change) => copying.snapshots.extend(change.inspect(|change| self.put(change))),
        }
    }

    fn put(&self, change: &PlannedChange) {
        self.lanes.put(change.clone(), Part::Whole);
    }

    pub(super) fn tell(&self, copying: &Copying, step: CopyStep<'_>) {
        self.applying.observer.event(Event::Copy { copy: &copying.copy, step });
    }
}

impl Copying {
    fn out_of_time(&mut self, waited: Duration, last_error: Option<&Error>) {
        if self.outcome.error.is_some() {
            return;
        }
        let error = last_error.map_or_else(|| not_ready(waited), |error| located(&self.copy, error.clone()));
        self.fail(error);
    }
}

fn not_ready(waited: Duration) -> Error {
    Error::new(ErrorKind::Unavailable, format!("the copy is not ready after {}", in_words(waited)))
        .with_hint("run again: the copy goes on and will be found; --copy-timeout makes a run wait longer")
}

/// `90 seconds`, `30 minutes`, `1 hour`: in the largest unit that leaves no rest.
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    let (number, unit) = match seconds {
        1.. if seconds.is_multiple_of(3600) => (seconds / 3600, "hour"),
        1.. if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// The ids of all that are waited for; none when one of them is not known, which means: look at everything.
fn known_ids(open: &[&mut Copying]) -> Vec<ImageId> {
    let ids = open.iter().map(|copy| copy.outcome.image.clone()).collect::<Option<Vec<_>>>();
    ids.unwrap_or_default()
}
