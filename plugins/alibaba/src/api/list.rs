//! The images of a region, page by page: the owner's own, and those that others share with a receiver.
//!
//! <https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeimages>

mod hints;
mod records;

use imgshare_sdk::paging::{PageNumber, concerns};
use imgshare_sdk::{Image, ImageQuery, Page, ReceivedImage, Region};
use serde::Deserialize;

use super::Ask;
use records::ImageRecord;

/// The most that one page holds.
pub const IMAGES_PER_PAGE: u32 = 100;

/// All states: without them, only available images are listed.
const STATES: &str = "Available,Creating,Waiting,UnAvailable,CreateFailed,Deprecated";

/// A listing that is narrowed by tags ends after so many images, however many match.
const NARROWED_IMAGES_MAX: u64 = 1000;

/// A page of images, as the cloud gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageSet {
    images: Option<Images>,
    /// Of all matches, not of this page.
    total_count: Option<u64>,
    /// Images of a page, which may be fewer than were asked for.
    page_size: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Images {
    image: Option<Vec<Option<ImageRecord>>>,
}

/// Whether the listing may be shorter than it should, because it was narrowed.
pub fn may_lack_some(answer: &ImageSet) -> bool {
    answer.total_count.is_none_or(|total| total >= NARROWED_IMAGES_MAX)
}

/// Whether the listing of all images may be begun in place of this page, which hints narrow to what the query is about.
/// A later page belongs to a listing that is on its way.
pub fn may_be_widened(query: &ImageQuery, page: PageNumber) -> bool {
    page.begins() && !page.whole && !hints::narrowing(query).is_empty()
}

/// Asks for this page of the owner's images, with `per_page` on each.
pub fn describe(query: &ImageQuery, page: PageNumber, per_page: u32) -> Ask {
    let mut ask = Ask::new("DescribeImages", true)
        .with("RegionId", &query.region)
        .with("ImageOwnerAlias", "self")
        .with("Status", STATES)
        .with("PageNumber", &page.number)
        .with("PageSize", &per_page);
    if !page.whole {
        ask.parameters.extend(hints::narrowing(query));
    }
    ask
}

/// Reads the images, and which pages are still to be asked for.
///
/// The cloud's name filter is fuzzy, so names are compared here; so are ids, which may not have been sent. Other hints
/// are left to whoever asked.
pub fn page(answer: ImageSet, query: &ImageQuery, page: PageNumber, per_page: u32) -> Page<Image> {
    let records = answer.images.unwrap_or_default().image.unwrap_or_default();
    let per_page = answer.page_size.filter(|size| (1..per_page).contains(size)).unwrap_or(per_page);
    let next = page.after(records.len(), answer.total_count, per_page);
    let next = next.into_iter().map(PageNumber::token).collect();
    let images = records.into_iter().flatten().filter_map(ImageRecord::image);
    Page { items: images.filter(|image| concerns(query, image)).collect(), next }
}

/// Asks for this page of the images that others share with the caller, with `per_page` on each. That the call finds
/// several ids at once is not documented, so all are listed.
pub fn describe_received(region: &Region, page: PageNumber, per_page: u32) -> Ask {
    Ask::new("DescribeImages", true)
        .with("RegionId", region)
        .with("ImageOwnerAlias", "others")
        .with("Status", STATES)
        .with("PageNumber", &page.number)
        .with("PageSize", &per_page)
}

/// Reads the images that others share with the caller, and which pages are still to be asked for.
pub fn received(answer: ImageSet, page: PageNumber, per_page: u32) -> (Vec<ReceivedImage>, Vec<PageNumber>) {
    let records = answer.images.unwrap_or_default().image.unwrap_or_default();
    let per_page = answer.page_size.filter(|size| (1..per_page).contains(size)).unwrap_or(per_page);
    let next = page.after(records.len(), answer.total_count, per_page);
    (records.into_iter().flatten().filter_map(ImageRecord::received).collect(), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(text: &str, per_page: u32) -> Vec<String> {
        let answer = serde_json::from_str(text).unwrap();
        let page = page(answer, &ImageQuery::default(), PageNumber::FIRST, per_page);
        page.next.iter().map(|token| token.as_str().to_owned()).collect()
    }

    #[test]
    fn a_cloud_whose_pages_are_smaller_than_asked_for_has_more_of_them() {
        let images = r#""Images":{"Image":[{"ImageId":"m-1"}]}"#;
        assert_eq!(next(&format!(r#"{{{images},"TotalCount":250,"PageSize":100}}"#), 100), ["2", "3+"]);
        assert_eq!(next(&format!(r#"{{{images},"TotalCount":150,"PageSize":50}}"#), 100), ["2", "3+"]);
        assert_eq!(next(&format!(r#"{{{images},"TotalCount":150,"PageSize":0}}"#), 100), ["2+"]);
        assert_eq!(next(&format!(r#"{{{images},"TotalCount":150}}"#), 100), ["2+"]);
    }

    #[test]
    fn an_empty_answer_is_an_empty_page() {
        for text in
            ["{}", r#"{"Images":null,"TotalCount":null}"#, r#"{"Images":{"Image":[]},"TotalCount":0}"#]
        {
            assert_eq!(next(text, 100), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_narrowed_listing_is_trusted_while_it_is_surely_not_cut_off() {
        for (text, expected) in
            [(r#"{"TotalCount":999}"#, false), (r#"{"TotalCount":1000}"#, true), ("{}", true)]
        {
            assert_eq!(may_lack_some(&serde_json::from_str(text).unwrap()), expected, "{text}");
        }
    }
}
