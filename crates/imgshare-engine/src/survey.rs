//! Reads what the clouds say today: lists the regions, then reads the shares of the images that matter.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::future::join_all;
use imgshare_host::Ended;
use imgshare_plan::{Actual, ActualImage, Listings, Scope, SharesRead, Survey};
use imgshare_protocol::{
    CloudName, Desired, Image, ImageId, ImageQuery, OperationKind, Region, Result, Timestamp,
};

use crate::clouds::Clouds;
use crate::early::Early;
use crate::events::Observer;
use crate::lanes::Site;
use crate::site::{Reader, SiteShares, Wanted};
use crate::stop::Stop;

/// Reads everything that a plan for this scope needs. What could not be read is a value in the answer; the regions do
/// not wait for one another.
pub async fn survey(
    desired: &Desired,
    scope: &Scope,
    clouds: &Clouds,
    now: Timestamp,
    observer: &dyn Observer,
) -> Actual {
    let stop = Stop::default();
    let survey = Survey { desired, descriptions: clouds.descriptions(), scope, now };
    Surveyor { survey, reader: Reader { clouds, observer, stop: &stop } }.read(None).await
}

/// Reads all images of these regions, and with `read_shares` who has them, whatever the rules say.
pub async fn list_images(
    sites: impl IntoIterator<Item = (CloudName, Region)>,
    clouds: &Clouds,
    read_shares: bool,
    observer: &dyn Observer,
) -> Actual {
    let stop = Stop::default();
    let reader = Reader { clouds, observer, stop: &stop };
    let regions = sites.into_iter().map(|site| async move {
        let query = ImageQuery { region: site.1.clone(), ..ImageQuery::default() };
        let listed = reader.list(&site, &[query]).await.result;
        let wanted =
            |images: &[Image]| if read_shares { all_that_may_be_shared(images) } else { Wanted::default() };
        let shares = reader.shares(&site, &listed, wanted, |_, _| {}).await;
        (site, together(listed, shares.images))
    });
    Actual { regions: join_all(regions).await.into_iter().collect(), ..Actual::default() }
}

fn all_that_may_be_shared(images: &[Image]) -> Wanted {
    let images = images.iter().filter(|image| image.shared != Some(false));
    Wanted { images: images.map(|image| image.id.clone()).collect(), ..Wanted::default() }
}

/// Surveys for some rules.
#[derive(Clone, Copy)]
pub(crate) struct Surveyor<'a> {
    pub(crate) survey: Survey<'a>,
    pub(crate) reader: Reader<'a>,
}

impl Surveyor<'_> {
    /// Reads everything that a plan needs. With `early`, the additions to each image are put on their way as soon as
    /// it is known who has it.
    pub(crate) async fn read(&self, early: Option<&Early<'_>>) -> Actual {
        let groups = join_all(self.groups().into_iter().map(|sites| self.read_group(sites, early))).await;
        let mut actual = Actual::default();
        for part in groups {
            actual.regions.extend(part.regions);
            actual.snapshots.extend(part.snapshots);
            actual.calls.extend(part.calls);
        }
        actual
    }

    /// The regions to survey; those of a cloud of which one has to know another's images are together.
    fn groups(&self) -> Vec<Vec<Site>> {
        let sites = self.survey.sites();
        let linked = |(cloud, region): &&Site| !self.survey.sources(cloud, region).is_empty();
        let linked: BTreeSet<CloudName> =
            sites.iter().filter(linked).map(|(cloud, _)| cloud.clone()).collect();
        let mut groups: BTreeMap<(CloudName, Option<Region>), Vec<Site>> = BTreeMap::new();
        for (cloud, region) in sites {
            let alone = (!linked.contains(&cloud)).then(|| region.clone());
            groups.entry((cloud.clone(), alone)).or_default().push((cloud, region));
        }
        groups.into_values().collect()
    }

    /// Reads regions of one cloud.
    async fn read_group(&self, sites: Vec<Site>, early: Option<&Early<'_>>) -> Actual {
        let mut actual = Actual::default();
        let mut listed = Vec::new();
        for (site, Ended { result, sends }) in join_all(sites.into_iter().map(|site| self.list(site))).await {
            count(&mut actual, &site, OperationKind::ListImages, sends);
            listed.push((site, result));
        }
        let listings = listings(&listed);
        let shares = listed.iter().map(|(site, listed)| self.shares(site, listed, &listings, early));
        let shares = join_all(shares).await;
        for ((site, listed), shares) in listed.into_iter().zip(shares) {
            count(&mut actual, &site, OperationKind::ReadShares, shares.sends);
            count(&mut actual, &site, OperationKind::ReadSnapshotShares, shares.snapshot_sends);
            if !shares.snapshots.is_empty() {
                actual.snapshots.insert(site.clone(), shares.snapshots);
            }
            actual.regions.insert(site, together(listed, shares.images));
        }
        actual
    }

    async fn list(&self, site: Site) -> (Site, Ended<Vec<Image>>) {
        let (cloud, region) = &site;
        let listed = self.reader.list(&site, &self.survey.queries(cloud, region)).await;
        (site, listed)
    }

    async fn shares(
        &self,
        site: &Site,
        listed: &Result<Vec<Image>>,
        listings: &Listings<'_>,
        early: Option<&Early<'_>>,
    ) -> SiteShares {
        let (cloud, region) = site;
        let additions = early.map(|early| early.of(&self.survey, site, listings));
        let heard = |image: &ImageId, read: &SharesRead| {
            if let Some(additions) = &additions {
                additions.put(image, read);
            }
        };
        let wanted = |images: &[Image]| {
            let wanted = self.survey.needs_shares(cloud, region, listings);
            let known = images.iter().filter(|image| !wanted.contains(&image.id));
            known.for_each(|image| heard(&image.id, &SharesRead::NotRead));
            Wanted { images: wanted, snapshots: self.survey.needs_snapshots(cloud, region, listings) }
        };
        self.reader.shares(site, listed, wanted, heard).await
    }
}

/// The listings of one cloud's regions, as far as there are any.
fn listings(listed: &[(Site, Result<Vec<Image>>)]) -> Listings<'_> {
    let listed = listed.iter().filter_map(|((_, region), listed)| Some((region, listed.as_ref().ok()?)));
    listed.map(|(region, images)| (region.clone(), images.as_slice())).collect()
}

fn count(actual: &mut Actual, (cloud, region): &Site, operation: OperationKind, calls: u32) {
    actual.calls.insert((cloud.clone(), region.clone(), operation), calls.into());
}

/// The images with their shares, as far as these were read.
fn together(
    listed: Result<Vec<Image>>,
    mut shares: HashMap<ImageId, SharesRead>,
) -> Result<Vec<ActualImage>> {
    let mut of = |image: &Image| shares.remove(&image.id).unwrap_or_default();
    Ok(listed?.into_iter().map(|image| ActualImage { shares: of(&image), image }).collect())
}
