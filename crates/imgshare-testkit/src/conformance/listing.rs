//! Listing images, page after page.

use std::collections::{BTreeSet, VecDeque};

use imgshare_protocol::{Image, ImageId, ImageQuery, Limits, PageToken, Region};

use super::stage::{EMPTY_REGION, Props, Stage};
use super::subject::Subject;
use super::verdict::{Lack, Verdict, broken, ensure, unchecked};

/// The page size that sizes are chosen around when the provider does not name one.
const COMMON_PAGE: u32 = 100;

/// Pages that are asked for before a listing is taken for one without an end, beside one for each image.
const PAGES_BESIDE_MAX: usize = 50;

/// A whole listing.
pub(super) struct Listing {
    pub(super) images: Vec<Image>,
    largest_page: usize,
}

pub(super) fn every_image_is_listed_once_and_the_listing_ends(subject: &Subject) -> Verdict {
    let page = subject.description().limits.images_per_page.unwrap_or(COMMON_PAGE).max(1);
    let sizes: BTreeSet<u32> = [1, page - 1, page, page + 1, 2 * page + 1].into();
    sizes.into_iter().try_for_each(|images| {
        subject.staged(&Props::images(images), async |stage| lists_all(stage).await.map(drop))
    })
}

pub(super) fn pages_hold_no_more_than_their_limit(subject: &Subject) -> Verdict {
    const FEW: u32 = 7;
    let own = subject.description().limits.clone();
    if own.images_per_page.is_none() {
        return unchecked("limits.images_per_page says that pages have no limit");
    }
    let limits = Limits { images_per_page: Some(FEW), ..own };
    subject.staged(&Props { images: 3 * FEW, limits: Some(limits) }, async |stage| {
        let largest = lists_all(stage).await?.largest_page;
        ensure(largest <= FEW as usize, || {
            format!("a page holds {largest} images where the config's limits.images_per_page is {FEW}; take the limits \
                     in Connect")
        })
    })
}

pub(super) fn ten_thousand_images_are_listed(subject: &Subject) -> Verdict {
    subject.staged(&Props::images(10_000), async |stage| lists_all(stage).await.map(drop))
}

pub(super) fn an_empty_region_has_no_images(subject: &Subject) -> Verdict {
    subject.staged(&Props::images(3), async |stage| {
        let found = list(stage, &EMPTY_REGION.into(), 0).await?.images.len();
        ensure(found == 0, || {
            format!("a region without images has {found}; list the query's own region only")
        })
    })
}

async fn lists_all(stage: &Stage<'_>) -> Result<Listing, Lack> {
    let expected: BTreeSet<ImageId> = stage.images().into_iter().map(|image| image.id).collect();
    let listing = list(stage, &stage.region(), expected.len()).await?;
    let ids: Vec<&ImageId> = listing.images.iter().map(|image| &image.id).collect();
    let found: BTreeSet<ImageId> = ids.iter().copied().cloned().collect();
    let all = expected.len();
    ensure(ids.len() == found.len(), || {
        format!("of {all} images {} are listed twice; let pages not overlap", ids.len() - found.len())
    })?;
    if let Some(missing) = expected.difference(&found).next() {
        let there = expected.intersection(&found).count();
        return broken(format!(
            "of {all} images {there} are listed ({missing} is missing); name every page in next"
        ));
    }
    ensure(found == expected, || format!("{} images are listed, and there are {all}", found.len()))?;
    Ok(listing)
}

/// Fetches all pages that the pages before them name.
pub(super) async fn list(stage: &Stage<'_>, region: &Region, expected: usize) -> Result<Listing, Lack> {
    let mut listing = Listing { images: Vec::new(), largest_page: 0 };
    let mut open = VecDeque::from([None]);
    let mut named: BTreeSet<PageToken> = BTreeSet::new();
    while let Some(token) = open.pop_front() {
        let query = ImageQuery { region: region.clone(), page: token, ..ImageQuery::default() };
        let page = stage.provider.list_images(query).await.result;
        let page = page.map_err(|error| Lack::Broken(format!("listing {expected} images fails: {error}")))?;
        listing.largest_page = listing.largest_page.max(page.items.len());
        listing.images.extend(page.items);
        for next in page.next {
            if !named.insert(next.clone()) {
                return broken(format!(
                    "two pages name the page {next} as the next one; name each page once"
                ));
            }
            open.push_back(Some(next));
        }
        ensure(named.len() <= expected + PAGES_BESIDE_MAX, || {
            format!(
                "listing {expected} images does not end after {} pages; leave next empty on the last one",
                named.len()
            )
        })?;
    }
    Ok(listing)
}
