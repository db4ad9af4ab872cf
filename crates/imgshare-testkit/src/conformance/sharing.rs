//! Reading and changing who has an image.

mod held;

use std::collections::BTreeSet;

use imgshare_protocol::{AccountId, Change, Changed, ErrorKind, ImageQuery, ImageRef};

use self::held::{Held, Then};
use super::made_up;
use super::stage::Stage;
use super::subject::Subject;
use super::verdict::{Lack, Verdict, ensure, unchecked};

/// The batch size that sizes are chosen around when the provider does not name one.
pub(super) const COMMON_BATCH: usize = 10;

/// Accounts that one image is shared with behind the provider's back; more than any cloud's default page.
const MANY: usize = 120;

/// Requests after which a change is cut off, from none to this many.
const CUTS_MAX: usize = 4;

pub(super) type Accounts = BTreeSet<AccountId>;

pub(super) fn what_was_changed_is_read_back(subject: &Subject) -> Verdict {
    subject.staged_with_shares(1, async |stage| {
        let (image, accounts) = (&stage.images()[0], &stage.accounts);
        stage.change_all(image, &accounts[..2], &[]).await?;
        stage.has_exactly(image, &accounts[..2], "after adding two accounts").await?;
        stage.change_all(image, &[], &accounts[..1]).await?;
        stage.has_exactly(image, &accounts[1..2], "after removing the first of two accounts").await?;
        if subject.description().limits.add_and_remove_together {
            stage.change_all(image, &accounts[2..3], &accounts[1..2]).await?;
            stage
                .has_exactly(image, &accounts[2..3], "after adding one and removing another at once")
                .await?;
        }
        Ok(())
    })
}

pub(super) fn batches_around_the_limit_lose_no_account(subject: &Subject) -> Verdict {
    let limits = &subject.description().limits;
    let batch = limits.accounts_per_change.map_or(COMMON_BATCH, |limit| limit as usize).clamp(1, MANY);
    let most = limits.accounts_per_image.map_or(MANY, |limit| limit as usize);
    let sizes: BTreeSet<usize> =
        [1, batch - 1, batch, batch + 1, 2 * batch + 1].into_iter().map(|size| size.clamp(1, most)).collect();
    let images = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
    subject.staged_with_shares(images, async |stage| {
        for (image, size) in stage.images().iter().zip(&sizes) {
            let accounts = &stage.accounts[..*size];
            // As the host does it: nobody is handed more than the limit.
            for accounts in accounts.chunks(batch) {
                stage.change_all(image, accounts, &[]).await?;
            }
            stage.has_exactly(image, accounts, &format!("after adding {size} accounts")).await?;
            for accounts in accounts.chunks(batch) {
                stage.change_all(image, &[], accounts).await?;
            }
            stage.has_exactly(image, &[], &format!("after removing {size} accounts")).await?;
        }
        Ok(())
    })
}

pub(super) fn all_accounts_of_an_image_are_read(subject: &Subject) -> Verdict {
    subject.staged_with_shares(2, async |stage| {
        let images = stage.images();
        let most = subject.description().limits.accounts_per_image.map_or(MANY, |limit| limit as usize);
        let accounts = &stage.accounts[..most.min(MANY)];
        accounts.iter().for_each(|account| stage.cloud.share(&images[0], account));
        stage.has_exactly(&images[0], accounts, "that others have shared").await?;
        stage.has_exactly(&images[1], &[], "that nobody has").await?;
        stage.listing_tells_no_lie(&images[0]).await
    })
}

pub(super) fn what_is_so_already_is_done(subject: &Subject) -> Verdict {
    subject.staged_with_shares(1, async |stage| {
        let (image, accounts) = (&stage.images()[0], &stage.accounts);
        stage.cloud.share(image, &accounts[0]);
        for _ in 0..2 {
            stage.change_all(image, &accounts[..2], &[]).await?;
            stage.has_exactly(image, &accounts[..2], "after adding two accounts, one of them again").await?;
        }
        for _ in 0..2 {
            stage.change_all(image, &[], &accounts[..1]).await?;
            stage.has_exactly(image, &accounts[1..2], "after removing one account, then again").await?;
        }
        Ok(())
    })
}

pub(super) fn nothing_to_do_writes_nothing(subject: &Subject) -> Verdict {
    subject.staged_with_shares(1, async |stage| {
        let (image, accounts) = (&stage.images()[0], &stage.accounts);
        stage.cloud.share(image, &accounts[0]);
        stage.has_exactly(image, &accounts[..1], "that one account has").await?;
        stage.list_once().await?;
        let reading: BTreeSet<String> = stage.cloud.calls().into_keys().collect();
        stage.change_all(image, &accounts[1..2], &[]).await?;
        let writing = stage.cloud.calls().into_keys().any(|call| !reading.contains(&call));
        ensure(writing, || {
            format!("listing and reading make the same calls as changing ({reading:?}), so they write")
        })?;
        stage.change_all(image, &[], &[]).await?;
        stage.has_exactly(image, &accounts[..2], "after a change of no accounts").await
    })
}

pub(super) fn a_bad_account_is_named_and_the_good_ones_get_through(subject: &Subject) -> Verdict {
    let limit = subject.description().limits.accounts_per_change.map_or(COMMON_BATCH, |limit| limit as usize);
    let good = limit.min(COMMON_BATCH).saturating_sub(1);
    if good == 0 {
        return unchecked("limits.accounts_per_change is 1, so no account is in a call with another");
    }
    subject.staged_with_shares(3, async |stage| {
        if !stage.cloud.refuses_bad_accounts() {
            return unchecked(
                "limits.bad_account_spoils_change is false, and the tiny cloud takes every account then; set it if \
                 your cloud refuses a call because of one account",
            );
        }
        for (image, place) in stage.images().iter().zip([0, good / 2, good]) {
            let mut accounts = stage.accounts[..good].to_vec();
            accounts.insert(place, stage.seed.bad_account.clone());
            let changed = stage.change(image, &accounts, &[]).await?;
            stage.only_the_bad_one_failed(&changed)?;
            let case = format!("after adding {good} good accounts and, in place {}, a bad one", place + 1);
            stage.has_exactly(image, &stage.accounts[..good], &case).await?;
        }
        Ok(())
    })
}

pub(super) fn a_change_that_was_cut_off_can_be_made_again(subject: &Subject) -> Verdict {
    let cases: Vec<(usize, Then)> =
        (0..CUTS_MAX).flat_map(|cut| [(cut, Then::NeverArrives), (cut, Then::NeverAnswers)]).collect();
    let images = u32::try_from(cases.len()).unwrap_or(u32::MAX);
    subject.staged_with_shares(images, async |stage| {
        for (image, (cut, then)) in stage.images().iter().zip(cases) {
            let accounts = &stage.accounts[..2];
            let held = Held::after(cut, then, stage.cloud.transport());
            let provider = stage.provider_through(|_| held.clone())?;
            let error = tokio::select! {
                ended = provider.change_shares(change(image, accounts, &[])) => ended.result.err(),
                () = held.reached() => None,
            };
            ensure(error.is_none(), || {
                format!("a change that adds 2 accounts fails: {}", error.unwrap_or_default())
            })?;
            stage.change_all(image, accounts, &[]).await?;
            let case = format!("after a change that was dropped at its request {} and made again", cut + 1);
            stage.has_exactly(image, accounts, &case).await?;
        }
        Ok(())
    })
}

/// A change whose plan has said what it does to the image first.
fn change(image: &ImageRef, add: &[AccountId], remove: &[AccountId]) -> Change {
    Change { image: image.clone(), add: add.to_vec(), remove: remove.to_vec(), prepare: true }
}

impl Stage<'_> {
    async fn change(
        &self,
        image: &ImageRef,
        add: &[AccountId],
        remove: &[AccountId],
    ) -> Result<Changed, Lack> {
        let changed = self.provider.change_shares(change(image, add, remove)).await.result;
        changed.map_err(|error| {
            let (add, remove) = (add.len(), remove.len());
            Lack::Broken(format!("a change that adds {add} and removes {remove} accounts fails: {error}"))
        })
    }

    /// Makes a change in which no account may fail.
    async fn change_all(&self, image: &ImageRef, add: &[AccountId], remove: &[AccountId]) -> Verdict {
        let changed = self.change(image, add, remove).await?;
        ensure(changed.failed.is_empty(), || {
            let (failed, error) = (changed.failed.len(), &changed.failed[0].error);
            format!(
                "a change that adds {} and removes {} accounts, all of them good, fails for {failed} of them ({error}); \
                 what is so already counts as done",
                add.len(),
                remove.len()
            )
        })
    }

    /// Both the cloud and the provider say that exactly these accounts have the image.
    async fn has_exactly(&self, image: &ImageRef, accounts: &[AccountId], case: &str) -> Verdict {
        let expected: Accounts = accounts.iter().cloned().collect();
        let actual = self.cloud.accounts(image);
        ensure(actual == expected, || format!("{case}, the cloud has {}", difference(&expected, &actual)))?;
        let read = self.provider.read_shares(image.clone()).await.result;
        let read = read.map_err(|error| Lack::Broken(format!("reading an image {case} fails: {error}")))?;
        ensure(read.accounts == expected, || {
            let read = difference(&expected, &read.accounts);
            format!("of an image {case}, ReadShares says {read}; read all pages, and leave the owner out")
        })
    }

    pub(super) fn only_the_bad_one_failed(&self, changed: &Changed) -> Verdict {
        let bad = &self.seed.bad_account;
        let failed: Accounts = changed.failed.iter().map(|failure| failure.account.clone()).collect();
        ensure(failed == BTreeSet::from([bad.clone()]), || {
            format!("failed names {}; the bad account, and no other, belongs there", listed(&failed))
        })?;
        let kind = changed.failed[0].error.kind;
        ensure(kind == ErrorKind::AccountInvalid, || {
            format!("the bad account fails with kind {kind:?}; its kind must be AccountInvalid")
        })
    }

    async fn list_once(&self) -> Result<Vec<imgshare_protocol::Image>, Lack> {
        let query = ImageQuery { region: made_up::REGION.into(), ..ImageQuery::default() };
        let page = self.provider.list_images(query).await.result;
        page.map(|page| page.items).map_err(|error| Lack::Broken(format!("listing images fails: {error}")))
    }

    async fn listing_tells_no_lie(&self, shared: &ImageRef) -> Verdict {
        let images = self.list_once().await?;
        let said = images.iter().find(|image| image.id == shared.id).and_then(|image| image.shared);
        ensure(said != Some(false), || {
            "the listing says of a shared image that nobody has it, so its shares would never be read; leave `shared` \
             out where it is not sure"
                .into()
        })
    }
}

pub(super) fn difference(expected: &Accounts, actual: &Accounts) -> String {
    let (missing, extra) = (expected.difference(actual).count(), actual.difference(expected).count());
    format!("{} of {} accounts and {extra} others", expected.len() - missing, expected.len())
}

fn listed(accounts: &Accounts) -> String {
    match accounts.len() {
        0 => "nobody".to_owned(),
        count => format!("{count} accounts"),
    }
}
