//! Reading one region.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use imgshare_host::Ended;
use imgshare_plan::{SharesPool, SharesRead};
use imgshare_protocol::{Error, Image, ImageId, ImageQuery, ImageRef};

use crate::clouds::Clouds;
use crate::events::{Event, Observer};
use crate::lanes::Site;
use crate::listing::all_pages;
use crate::reads::read_shares;
use crate::stop::{Stop, unread};

/// Reads regions.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) clouds: &'a Clouds,
    pub(crate) observer: &'a dyn Observer,
    pub(crate) stop: &'a Stop,
}

/// Who has the images of a region, as far as that was read.
#[derive(Default)]
pub(crate) struct SiteShares {
    pub(crate) known: HashMap<ImageId, SharesRead>,
    /// Answers that are alike are kept once.
    pool: SharesPool,
    /// Requests that this took.
    pub(crate) sends: u32,
}

impl Reader<'_> {
    /// The images of all these listings, each image once.
    pub(crate) async fn list(&self, site: &Site, queries: &[ImageQuery]) -> Ended<Vec<Image>> {
        let listed = self.stop.unless_requested(self.list_all(site, queries)).await;
        let Ended { result, sends } = listed.unwrap_or(Ended { result: Err(unread()), sends: 0 });
        Ended { result: result.map_err(|error| located(site, error)), sends }
    }

    async fn list_all(&self, (cloud, _): &Site, queries: &[ImageQuery]) -> Ended<Vec<Image>> {
        let provider = match self.clouds.provider(cloud) {
            Ok(provider) => provider,
            Err(error) => return Ended { result: Err(error), sends: 0 },
        };
        let listings = join_all(queries.iter().map(|query| all_pages(provider, query))).await;
        let sends = listings.iter().map(|listing| listing.sends).sum();
        let images = listings.into_iter().map(|listing| listing.result).collect::<Result<Vec<_>, _>>();
        Ended { result: images.map(|images| images.into_iter().flatten().collect()), sends }
    }

    /// Who has those of the listed images that `wanted` picks. Each answer is also told as it comes.
    pub(crate) async fn shares(
        &self,
        site: &Site,
        listed: &Result<Vec<Image>, Error>,
        wanted: impl FnOnce(&[Image]) -> BTreeSet<ImageId>,
        heard: impl Fn(&ImageId, &SharesRead),
    ) -> SiteShares {
        let (cloud, region) = site;
        let images = match listed {
            Ok(images) => images,
            Err(error) => {
                self.observer.event(Event::Unlisted { cloud, region, error });
                return SiteShares::default();
            }
        };
        let wanted = wanted(images);
        self.observer.event(Event::Listed { cloud, region, images: images.len(), to_read: wanted.len() });
        let reads = stream::iter(wanted).map(async |image| {
            let (read, sends) = self.shares_of(site, &image).await;
            heard(&image, &read);
            self.observer.event(Event::SharesRead);
            (image, read, sends)
        });
        let add = |mut all: SiteShares, (image, read, sends)| {
            all.known.insert(image, all.pool.keep(read));
            all.sends += sends;
            std::future::ready(all)
        };
        reads.buffer_unordered(self.clouds.concurrency).fold(SiteShares::default(), add).await
    }

    async fn shares_of(&self, (cloud, region): &Site, image: &ImageId) -> (SharesRead, u32) {
        let image = ImageRef { region: region.clone(), id: image.clone() };
        let read = self.stop.unless_requested(read_shares(self.clouds, cloud, image)).await;
        read.unwrap_or_else(|| (SharesRead::Failed(unread()), 0))
    }
}

fn located((cloud, region): &Site, error: Error) -> Error {
    error.with_context("cloud", cloud.as_str()).with_context("region", region.as_str())
}
