//! The images of a region, page by page: the owner's own, and those that others share with a receiver.
//!
//! <https://cloud.tencent.com/document/api/213/15715>

mod filters;
mod records;

use imgshare_sdk::paging::{Span, concerns};
use imgshare_sdk::{Image, ImageId, ImageQuery, Page, ReceivedImage};
use serde::{Deserialize, Serialize};

use super::Ask;
use filters::Filter;
use records::ImageRecord;

/// The most that one page holds.
pub const IMAGES_PER_PAGE: u32 = 100;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeImages {
    filters: Vec<Filter>,
    offset: u64,
    limit: u64,
}

/// A page of images, as the cloud gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageSet {
    image_set: Option<Vec<Option<ImageRecord>>>,
    /// Of all matches, not of this page.
    total_count: Option<u64>,
}

/// Whether the listing of all images may be begun in place of this page, which filters narrow to what the query is
/// about. A later page belongs to a listing that is on its way.
pub fn may_be_widened(query: &ImageQuery, span: Span) -> bool {
    span.begins() && !span.whole && !filters::narrowing(query).is_empty()
}

/// Asks for the private images in this span of the listing, at most `per_page` of them.
pub fn describe(query: &ImageQuery, span: Span, per_page: u32) -> Ask {
    let mut filters = vec![filters::private_images()];
    if !span.whole {
        filters.extend(filters::narrowing(query));
    }
    let parameters = DescribeImages { filters, offset: span.from, limit: span.limit(per_page) };
    Ask::new("DescribeImages", &parameters, true)
}

/// Reads the images, and which pages are still to be asked for.
///
/// The cloud's name filter is fuzzy, so names are compared here; so are ids, which may not have been sent. Other hints
/// are left to whoever asked.
pub fn page(answer: ImageSet, query: &ImageQuery, span: Span, per_page: u32) -> Page<Image> {
    let records = answer.image_set.unwrap_or_default();
    let next = span.after(records.len(), answer.total_count, per_page);
    let next = next.into_iter().map(Span::token).collect();
    let images = records.into_iter().flatten().filter_map(ImageRecord::image);
    Page { items: images.filter(|image| concerns(query, image)).collect(), next }
}

/// Whether so few images are looked for that the cloud can be asked for these only.
pub fn are_few(images: &[ImageId]) -> bool {
    filters::ids(images).is_some()
}

/// Asks for the images that others share with the caller, in this span of the listing; of few, for these only.
pub fn describe_received(images: &[ImageId], span: Span, per_page: u32) -> Ask {
    let mut filters = vec![filters::shared_images()];
    if !span.whole {
        filters.extend(filters::ids(images));
    }
    let parameters = DescribeImages { filters, offset: span.from, limit: span.limit(per_page) };
    Ask::new("DescribeImages", &parameters, true)
}

/// Reads the images that others share with the caller, and which spans are still to be asked for.
pub fn received(answer: ImageSet, span: Span, per_page: u32) -> (Vec<ReceivedImage>, Vec<Span>) {
    let records = answer.image_set.unwrap_or_default();
    let next = span.after(records.len(), answer.total_count, per_page);
    (records.into_iter().flatten().filter_map(ImageRecord::received).collect(), next)
}
