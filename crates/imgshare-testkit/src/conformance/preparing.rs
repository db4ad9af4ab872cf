//! What is done to an image before it can be shared.

use imgshare_protocol::{Change, Image, ImageRef};

use super::listing;
use super::stage::Stage;
use super::subject::Subject;
use super::verdict::{Lack, Verdict, ensure};

pub(super) fn an_image_is_prepared_only_where_the_change_says_so(subject: &Subject) -> Verdict {
    subject.staged_with_shares(2, async |stage| {
        let image = &stage.images()[0];
        if !stage.cloud.unprepare(image) {
            return Ok(());
        }
        let announced = stage.listing_of(image).await?.prepare.is_some();
        stage.is_left_alone_by_reading_and_removing(image).await?;
        stage.is_left_alone_by_a_change_without_it(image).await?;
        match announced {
            true => stage.is_prepared_by_a_change_with_it(image).await,
            false => stage.is_left_alone_by_a_change_with_it(image).await,
        }
    })
}

impl Stage<'_> {
    async fn listing_of(&self, image: &ImageRef) -> Result<Image, Lack> {
        let all = listing::list(self, &self.region(), 2).await?.images;
        let listed = all.into_iter().find(|listed| listed.id == image.id);
        listed.ok_or_else(|| Lack::Broken(format!("{} is not listed", image.id)))
    }

    /// How they end is not asked here.
    async fn is_left_alone_by_reading_and_removing(&self, image: &ImageRef) -> Verdict {
        drop(self.provider.read_shares(image.clone()).await);
        let remove = self.accounts[..1].to_vec();
        drop(self.provider.change_shares(Change { remove, ..self.addition(image, &[]) }).await);
        self.is_left_alone(image, "listing, reading or removing")
    }

    async fn is_left_alone_by_a_change_without_it(&self, image: &ImageRef) -> Verdict {
        let changed = self.provider.change_shares(self.addition(image, &[0])).await.result;
        self.is_left_alone(image, "a change without `prepare`")?;
        let refused = changed.map_or(true, |changed| !changed.failed.is_empty());
        ensure(refused || self.cloud.accounts(image).contains(&self.accounts[0]), || {
            "a change without `prepare` succeeds and gives nobody anything; fail where the image has to be prepared first"
                .into()
        })
    }

    async fn is_prepared_by_a_change_with_it(&self, image: &ImageRef) -> Verdict {
        let change = Change { prepare: true, ..self.addition(image, &[0]) };
        let changed = self.provider.change_shares(change).await.result;
        let done = changed.as_ref().is_ok_and(|changed| changed.failed.is_empty());
        let shared = self.cloud.is_prepared(image) && self.cloud.accounts(image).contains(&self.accounts[0]);
        ensure(done && shared, || {
            format!("a change with `prepare` does not prepare the image and share it: {changed:?}")
        })?;
        ensure(self.listing_of(image).await?.prepare.is_none(), || {
            "an image that is prepared is still listed with `prepare`".into()
        })
    }

    /// What is not announced is never done: the plan could not say it.
    async fn is_left_alone_by_a_change_with_it(&self, image: &ImageRef) -> Verdict {
        let change = Change { prepare: true, ..self.addition(image, &[0]) };
        drop(self.provider.change_shares(change).await);
        ensure(!self.cloud.is_prepared(image), || {
            "a change with `prepare` prepares an image that is listed without it; say there what has to be done".into()
        })
    }

    fn addition(&self, image: &ImageRef, accounts: &[usize]) -> Change {
        let add = accounts.iter().map(|at| self.accounts[*at].clone()).collect();
        Change { image: image.clone(), add, ..Change::default() }
    }

    fn is_left_alone(&self, image: &ImageRef, by: &str) -> Verdict {
        ensure(!self.cloud.is_prepared(image), || {
            format!(
                "{by} prepares an image; do it only where Change::prepare asks for it, since the plan has to say it"
            )
        })
    }
}
