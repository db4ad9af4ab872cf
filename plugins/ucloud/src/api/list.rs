//! The images of a region, page by page: the owner's own, of CompShare or of UHost, and those that others share with a
//! receiver.

mod parts;
mod records;

use imgshare_sdk::paging::concerns;
use imgshare_sdk::{Image, ImageId, ImageQuery, Page, ReceivedImage};
use serde::{Deserialize, Serialize};

use super::Ask;
use super::lenient::{List, Whole};
use crate::settings::Product;
pub use parts::Part;
use records::ImageRecord;
pub(crate) use records::UHOST_UNSHAREABLE;

/// The most that one page of CompShare holds. How many UHost's holds is not said; whatever comes is counted.
pub const IMAGES_PER_PAGE: u32 = 100;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeCompShareImages<'a> {
    zone: Option<&'a str>,
    comp_share_image_id: Option<&'a ImageId>,
    offset: u64,
    limit: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeImage<'a> {
    zone: Option<&'a str>,
    image_type: &'static str,
    image_id: Option<&'a ImageId>,
    offset: u64,
    limit: u64,
}

/// A page of images, as the cloud gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageSet {
    image_set: List<ImageRecord>,
    /// Of all matches, not of this page.
    total_count: Whole,
}

/// Asks for the images in this part of the listing, at most `per_page` of them.
///
/// Nothing narrows it but the id of one image: names, tags and times are not among what the cloud filters by.
pub fn describe(product: Product, query: &ImageQuery, part: &Part, per_page: u32) -> Ask {
    let (zone, id) = (part.zone.as_deref(), part.only_id(query));
    let (offset, limit) = (part.span.from, part.span.limit(per_page));
    match product {
        Product::Compshare => {
            let parameters = DescribeCompShareImages { zone, comp_share_image_id: id, offset, limit };
            Ask::new("DescribeCompShareCustomImages", &parameters, true)
        }
        Product::Uhost => {
            let parameters = DescribeImage { zone, image_type: "Custom", image_id: id, offset, limit };
            Ask::new("DescribeImage", &parameters, true)
        }
    }
}

/// Reads the images, and which pages are still to be asked for. Ids and names are compared here; other hints are left
/// to whoever asked.
pub fn page(answer: ImageSet, query: &ImageQuery, part: &Part, per_page: u32) -> Page<Image> {
    let records = answer.image_set.0;
    let total = answer.total_count.0.and_then(|total| u64::try_from(total).ok());
    let next = part.after(records.len(), total, per_page).iter().map(Part::token).collect();
    let images = records.into_iter().filter_map(ImageRecord::image);
    Page { items: images.filter(|image| concerns(query, image)).collect(), next }
}

/// Asks for the images that others share with the caller, in this part of the listing. The call finds one id at most, so
/// all are listed.
pub fn describe_received(part: &Part, per_page: u32) -> Ask {
    let (offset, limit) = (part.span.from, part.span.limit(per_page));
    let zone = part.zone.as_deref();
    let parameters = DescribeCompShareImages { zone, comp_share_image_id: None, offset, limit };
    Ask::new("DescribeCompShareSharingImages", &parameters, true)
}

/// Reads the images that others share with the caller, and which parts are still to be asked for.
pub fn received(answer: ImageSet, part: &Part, per_page: u32) -> (Vec<ReceivedImage>, Vec<Part>) {
    let records = answer.image_set.0;
    let total = answer.total_count.0.and_then(|total| u64::try_from(total).ok());
    let next = part.after(records.len(), total, per_page);
    (records.into_iter().filter_map(ImageRecord::received).collect(), next)
}
