//! Sharing the snapshots of an image.

use std::collections::BTreeSet;

use imgshare_protocol::{
    AccountId, Changed, ImageRef, OperationKind, SnapshotChange, SnapshotId, SnapshotRef,
};

use super::listing;
use super::sharing::{Accounts, COMMON_BATCH, difference};
use super::stage::{Props, Stage};
use super::subject::Subject;
use super::verdict::{Lack, Verdict, ensure, unchecked};

/// The largest batch that is tried; more than any cloud's limit.
const BATCH_MAX: usize = 120;

pub(super) fn the_listing_names_the_snapshots_of_an_image(subject: &Subject) -> Verdict {
    subject.staged_with_snapshots(2, async |stage, _| {
        for image in listing::list(stage, &stage.region(), 2).await?.images {
            let expected = stage.cloud.snapshots(&ImageRef { region: stage.region(), id: image.id });
            let told: BTreeSet<SnapshotId> = image.snapshots.into_iter().collect();
            ensure(told == expected, || {
                format!("an image that is made of the snapshots {expected:?} is listed with {told:?}")
            })?;
        }
        Ok(())
    })
}

pub(super) fn what_was_changed_of_a_snapshot_is_read_back(subject: &Subject) -> Verdict {
    subject.staged_with_snapshots(1, async |stage, snapshot| {
        let accounts = &stage.accounts;
        for case in ["after adding two accounts", "after adding two accounts again"] {
            stage.change_snapshot(snapshot, &accounts[..2], &[]).await?;
            stage.snapshot_has_exactly(snapshot, &accounts[..2], case).await?;
        }
        for case in ["after removing the first of two accounts", "after removing one account again"] {
            stage.change_snapshot(snapshot, &[], &accounts[..1]).await?;
            stage.snapshot_has_exactly(snapshot, &accounts[1..2], case).await?;
        }
        if subject.description().snapshots.add_and_remove_together {
            let case = "after adding one and removing another at once";
            stage.change_snapshot(snapshot, &accounts[2..3], &accounts[1..2]).await?;
            stage.snapshot_has_exactly(snapshot, &accounts[2..3], case).await?;
        }
        ensure(stage.cloud.accounts(&stage.images()[0]).is_empty(), || {
            "changing who has a snapshot changes who has the image".into()
        })
    })
}

pub(super) fn batches_lose_no_account_of_a_snapshot(subject: &Subject) -> Verdict {
    let batch = batch(subject);
    let sizes = BTreeSet::from([1, batch, batch + 1, 2 * batch + 1]);
    let images = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
    subject.staged_with_snapshots(images, async |stage, _| {
        for (snapshot, size) in stage.snapshots().iter().zip(sizes) {
            let accounts = &stage.accounts[..size];
            // As the host does it: nobody is handed more than the limit.
            for accounts in accounts.chunks(batch) {
                stage.change_snapshot(snapshot, accounts, &[]).await?;
            }
            stage.snapshot_has_exactly(snapshot, accounts, &format!("after adding {size} accounts")).await?;
            for accounts in accounts.chunks(batch) {
                stage.change_snapshot(snapshot, &[], accounts).await?;
            }
            stage.snapshot_has_exactly(snapshot, &[], &format!("after removing {size} accounts")).await?;
        }
        Ok(())
    })
}

pub(super) fn a_bad_account_of_a_snapshot_is_named_and_the_good_ones_get_through(
    subject: &Subject,
) -> Verdict {
    let good = batch(subject).min(COMMON_BATCH) - 1;
    if good == 0 {
        return Ok(());
    }
    subject.staged_with_snapshots(1, async |stage, snapshot| {
        if !stage.cloud.refuses_bad_accounts() {
            return unchecked("the cloud takes every account");
        }
        let mut accounts = stage.accounts[..good].to_vec();
        accounts.insert(good / 2, stage.seed.bad_account.clone());
        let changed = stage.changed_snapshot(snapshot, &accounts, &[]).await?;
        stage.only_the_bad_one_failed(&changed)?;
        let case = format!("after adding {good} good accounts and a bad one");
        stage.snapshot_has_exactly(snapshot, &stage.accounts[..good], &case).await
    })
}

/// Accounts that one change takes.
fn batch(subject: &Subject) -> usize {
    let limit = subject.description().snapshots.accounts_per_change;
    limit.map_or(COMMON_BATCH, |limit| limit as usize).clamp(1, BATCH_MAX)
}

impl Subject {
    /// Plays where snapshots can be shared, with one of them. A provider that does not offer it has nothing to show.
    fn staged_with_snapshots(
        &self,
        images: u32,
        play: impl AsyncFnOnce(&Stage<'_>, &SnapshotRef) -> Verdict,
    ) -> Verdict {
        if !self.description().can(OperationKind::ChangeSnapshotShares) {
            return Ok(());
        }
        self.staged(&Props::images(images), async |stage| match stage.snapshots().first() {
            Some(snapshot) => play(stage, snapshot).await,
            None => unchecked("the cloud has no snapshots; let its double have some (Cloud::snapshots)"),
        })
    }
}

impl Stage<'_> {
    /// One of each image.
    fn snapshots(&self) -> Vec<SnapshotRef> {
        let first = |image: &ImageRef| self.cloud.snapshots(image).into_iter().next();
        let ids: Vec<SnapshotId> = self.images().iter().filter_map(first).collect();
        ids.into_iter().map(|id| SnapshotRef { region: self.region(), id }).collect()
    }

    async fn changed_snapshot(
        &self,
        snapshot: &SnapshotRef,
        add: &[AccountId],
        remove: &[AccountId],
    ) -> Result<Changed, Lack> {
        let change =
            SnapshotChange { snapshot: snapshot.clone(), add: add.to_vec(), remove: remove.to_vec() };
        let changed = self.provider.change_snapshot_shares(change).await.result;
        changed.map_err(|error| {
            let (add, remove) = (add.len(), remove.len());
            Lack::Broken(format!(
                "a change of a snapshot that adds {add} and removes {remove} accounts fails: {error}"
            ))
        })
    }

    /// Makes a change in which no account may fail.
    async fn change_snapshot(
        &self,
        snapshot: &SnapshotRef,
        add: &[AccountId],
        remove: &[AccountId],
    ) -> Verdict {
        let changed = self.changed_snapshot(snapshot, add, remove).await?;
        ensure(changed.failed.is_empty(), || {
            let (failed, error) = (changed.failed.len(), &changed.failed[0].error);
            format!(
                "a change of a snapshot, all of its accounts good, fails for {failed} of them ({error}); what is so already \
                 counts as done"
            )
        })
    }

    /// Both the cloud and the provider say that exactly these accounts have the snapshot.
    async fn snapshot_has_exactly(
        &self,
        snapshot: &SnapshotRef,
        accounts: &[AccountId],
        case: &str,
    ) -> Verdict {
        let expected: Accounts = accounts.iter().cloned().collect();
        let actual = self.cloud.snapshot_accounts(snapshot);
        ensure(actual == expected, || {
            format!("{case} of a snapshot, the cloud has {}", difference(&expected, &actual))
        })?;
        let read = self.provider.read_snapshot_shares(snapshot.clone()).await.result;
        let read = read.map_err(|error| Lack::Broken(format!("reading a snapshot {case} fails: {error}")))?;
        ensure(read.accounts == expected, || {
            let read = difference(&expected, &read.accounts);
            format!(
                "of a snapshot {case}, ReadSnapshotShares says {read}; read all pages, and leave the owner out"
            )
        })
    }
}
