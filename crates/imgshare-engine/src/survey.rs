//! Reads what the clouds say today: lists the regions, then reads the shares of the images that matter.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use imgshare_plan::{Actual, ActualImage, Scope, SharesRead, needs_shares, queries};
use imgshare_protocol::{
    CloudName, Desired, Error, Image, ImageId, ImageQuery, ImageRef, Region, Result, Timestamp,
};

use crate::clouds::Clouds;
use crate::events::{Event, Observer};
use crate::listing::all_pages;

/// Reads everything that a plan for this scope needs. What could not be read is a value in the answer; the regions do
/// not wait for one another.
pub async fn survey(
    desired: &Desired,
    scope: &Scope,
    clouds: &Clouds,
    now: Timestamp,
    observer: &dyn Observer,
) -> Actual {
    let sites = scope.sites(desired);
    let regions = sites.into_iter().map(|(cloud, region)| async move {
        let queries = queries(desired, &cloud, &region, now);
        let site = Site { clouds, cloud: &cloud, region: &region, observer };
        let images = site.listed(&queries).await;
        let to_read = |images: &[Image]| needs_shares(desired, scope, &cloud, &region, images, now);
        let read = site.read(images, to_read).await;
        ((cloud, region), read)
    });
    Actual { regions: join_all(regions).await.into_iter().collect(), ..Actual::default() }
}

/// Reads all images of these regions, and with `read_shares` who has them, whatever the rules say.
pub async fn list_images(
    sites: impl IntoIterator<Item = (CloudName, Region)>,
    clouds: &Clouds,
    read_shares: bool,
    observer: &dyn Observer,
) -> Actual {
    let regions = sites.into_iter().map(|(cloud, region)| async move {
        let query = ImageQuery { region: region.clone(), ..ImageQuery::default() };
        let site = Site { clouds, cloud: &cloud, region: &region, observer };
        let images = site.listed(&[query]).await;
        let read =
            site.read(
                images,
                |images| if read_shares { all_that_may_be_shared(images) } else { BTreeSet::new() },
            );
        let read = read.await;
        ((cloud, region), read)
    });
    Actual { regions: join_all(regions).await.into_iter().collect(), ..Actual::default() }
}

fn all_that_may_be_shared(images: &[Image]) -> BTreeSet<ImageId> {
    images.iter().filter(|image| image.shared != Some(false)).map(|image| image.id.clone()).collect()
}

/// One region that is being read.
struct Site<'a> {
    clouds: &'a Clouds,
    cloud: &'a CloudName,
    region: &'a Region,
    observer: &'a dyn Observer,
}

impl Site<'_> {
    /// The images of all these listings, each image once.
    async fn listed(&self, queries: &[ImageQuery]) -> Result<Vec<Image>> {
        let provider = self.clouds.provider(self.cloud)?;
        let listings = join_all(queries.iter().map(|query| all_pages(provider, query))).await;
        let mut images = Vec::new();
        for listing in listings {
            images.extend(listing.map_err(|error| self.located(error))?);
        }
        Ok(images)
    }

    async fn read(
        &self,
        images: Result<Vec<Image>>,
        to_read: impl FnOnce(&[Image]) -> BTreeSet<ImageId>,
    ) -> Result<Vec<ActualImage>> {
        let (cloud, region) = (self.cloud, self.region);
        let images =
            images.inspect_err(|error| self.observer.event(Event::Unlisted { cloud, region, error }))?;
        let to_read = to_read(&images);
        self.observer.event(Event::Listed { cloud, region, images: images.len(), to_read: to_read.len() });
        let mut shares = self.shares(to_read).await;
        let known = |image: &Image| shares.remove(&image.id).unwrap_or_default();
        let mut known = known;
        Ok(images.into_iter().map(|image| ActualImage { shares: known(&image), image }).collect())
    }

    async fn shares(&self, ids: BTreeSet<ImageId>) -> HashMap<ImageId, SharesRead> {
        let reads = stream::iter(ids).map(|id| async move {
            let read = read_shares(
                self.clouds,
                self.cloud,
                ImageRef { region: self.region.clone(), id: id.clone() },
            );
            let read = read.await;
            self.observer.event(Event::SharesRead);
            (id, read)
        });
        reads.buffer_unordered(self.clouds.concurrency).collect().await
    }

    fn located(&self, error: Error) -> Error {
        error.with_context("cloud", self.cloud.as_str()).with_context("region", self.region.as_str())
    }
}

/// Reads who has one image.
pub(crate) async fn read_shares(clouds: &Clouds, cloud: &CloudName, image: ImageRef) -> SharesRead {
    let located = |error: Error| {
        error
            .with_context("cloud", cloud.as_str())
            .with_context("region", image.region.as_str())
            .with_context("image", image.id.as_str())
    };
    let shares = match clouds.provider(cloud) {
        Ok(provider) => provider.read_shares(image.clone()).await.result,
        Err(error) => Err(error),
    };
    match shares {
        Ok(shares) => SharesRead::Read(shares),
        Err(error) => SharesRead::Failed(located(error)),
    }
}
