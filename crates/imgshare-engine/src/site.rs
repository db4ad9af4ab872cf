//! Reading one region.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::future::{join, join_all};
use futures_util::stream::{self, StreamExt as _};
use imgshare_host::Ended;
use imgshare_plan::{SharesPool, SharesRead};
use imgshare_protocol::{Error, Image, ImageId, ImageQuery, ImageRef, SnapshotId, SnapshotRef};

use crate::clouds::Clouds;
use crate::events::{Event, Observer};
use crate::lanes::Site;
use crate::listing::all_pages;
use crate::reads::{read_shares, read_snapshot_shares};
use crate::stop::{Stop, unread};

/// Reads regions.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) clouds: &'a Clouds,
    pub(crate) observer: &'a dyn Observer,
    pub(crate) stop: &'a Stop,
}

/// What is to be read of a region, now that it is listed.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) images: BTreeSet<ImageId>,
    pub(crate) snapshots: BTreeSet<SnapshotId>,
}

/// Who has the images and the snapshots of a region, as far as that was read.
#[derive(Default)]
pub(crate) struct SiteShares {
    pub(crate) images: HashMap<ImageId, SharesRead>,
    /// Answers that are alike are kept once.
    pool: SharesPool,
    /// Requests that the images took.
    pub(crate) sends: u32,
    pub(crate) snapshots: BTreeMap<SnapshotId, SharesRead>,
    /// Requests that the snapshots took.
    pub(crate) snapshot_sends: u32,
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

    /// Who has those of the listed images and of their snapshots that `wanted` picks. Each answer about an image is also
    /// told as it comes.
    pub(crate) async fn shares(
        &self,
        site: &Site,
        listed: &Result<Vec<Image>, Error>,
        wanted: impl FnOnce(&[Image]) -> Wanted,
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
        let to_read = wanted.images.len() + wanted.snapshots.len();
        self.observer.event(Event::Listed { cloud, region, images: images.len(), to_read });
        let images = self.shares_of_images(site, wanted.images, heard);
        let (shares, snapshots) = join(images, self.shares_of_snapshots(site, wanted.snapshots)).await;
        let snapshot_sends = snapshots.iter().map(|(_, (_, sends))| sends).sum();
        let snapshots = snapshots.into_iter().map(|(snapshot, (read, _))| (snapshot, read)).collect();
        SiteShares { snapshots, snapshot_sends, ..shares }
    }

    async fn shares_of_images(
        &self,
        site: &Site,
        wanted: BTreeSet<ImageId>,
        heard: impl Fn(&ImageId, &SharesRead),
    ) -> SiteShares {
        let reads = stream::iter(wanted).map(async |image| {
            let (read, sends) = self.shares_of(site, &image).await;
            heard(&image, &read);
            self.observer.event(Event::SharesRead);
            (image, read, sends)
        });
        let add = |mut all: SiteShares, (image, read, sends)| {
            all.images.insert(image, all.pool.keep(read));
            all.sends += sends;
            std::future::ready(all)
        };
        reads.buffer_unordered(self.clouds.concurrency).fold(SiteShares::default(), add).await
    }

    async fn shares_of_snapshots(
        &self,
        (cloud, region): &Site,
        wanted: BTreeSet<SnapshotId>,
    ) -> Vec<(SnapshotId, (SharesRead, u32))> {
        let reads = stream::iter(wanted).map(async |id| {
            let snapshot = SnapshotRef { region: region.clone(), id: id.clone() };
            let read = read_snapshot_shares(self.clouds, cloud, snapshot);
            let read = self.stop.unless_requested(read).await;
            self.observer.event(Event::SharesRead);
            (id, read.unwrap_or_else(|| (SharesRead::Failed(unread()), 0)))
        });
        reads.buffer_unordered(self.clouds.concurrency).collect().await
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
