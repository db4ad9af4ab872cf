//! The images of others that somebody has, as the receiver asks for them.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html>, `ExecutableBy`

use imgshare_sdk::{ImageId, ReceivedImage, Result};

use super::list::{IMAGES_PER_PAGE, state};
use super::{Ask, Part, not_as_documented};
use crate::call::Service;
use crate::xml::Element;

/// Asks which of these images are shared with whoever asks, itself or by its organization; at most as many as a filter
/// takes.
pub fn describe(images: &[ImageId], page: Option<&String>) -> Ask {
    Ask::new(Service::Ec2, "DescribeImages", true)
        .with("ExecutableBy.1", "self")
        .with("IncludeDeprecated", &true)
        .with("IncludeDisabled", &true)
        .with_filter(1, "image-id", images)
        .with("MaxResults", &IMAGES_PER_PAGE)
        .with_some("NextToken", page)
}

/// Reads a page; an image that was not asked for is left out.
///
/// # Errors
///
/// `Malformed` when the answer has no list of images.
pub fn received(answer: Element<'_>, asked: &[ImageId]) -> Result<Part<ReceivedImage>> {
    answer.child("imagesSet").ok_or_else(not_as_documented)?;
    let images = answer.items("imagesSet").filter_map(image);
    let items = images.filter(|image| asked.contains(&image.id)).collect();
    Ok(Part { items, next: answer.owned("nextToken") })
}

fn image(record: Element<'_>) -> Option<ReceivedImage> {
    Some(ReceivedImage {
        id: record.text("imageId")?.into(),
        state: state(record),
        cloud_state: record.owned("imageState").unwrap_or_default(),
        ..ReceivedImage::default()
    })
}
