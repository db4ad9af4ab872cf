//! Copies of an image in other regions.
//!
//! <https://cloud.tencent.com/document/api/213/15711>

use imgshare_sdk::{Copied, CopyRequest, ImageId, ImageRef, Region};
use serde::{Deserialize, Serialize};

use super::{Answer, Ask};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sync<'a> {
    image_ids: [&'a ImageId; 1],
    destination_regions: &'a [Region],
    #[serde(skip_serializing_if = "Option::is_none")]
    image_name: Option<&'a str>,
    image_set_required: bool,
}

/// The new images, as the cloud names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageSet {
    image_set: Option<Vec<NewImage>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NewImage {
    image_id: ImageId,
    region: Region,
}

/// Asks for copies. In spite of its list the call takes one image; done twice it makes two copies, and the cloud has
/// nothing like a token against that.
pub fn sync(copy: &CopyRequest) -> Ask {
    let parameters = Sync {
        image_ids: [&copy.source.id],
        destination_regions: &copy.regions,
        image_name: copy.name.as_deref(),
        // Without it the answer names no image.
        image_set_required: true,
    };
    Ask::new("SyncImages", &parameters, false)
}

/// Reads which images are being made.
pub fn copied(answer: Answer<ImageSet>) -> Copied {
    let request_ids = answer.some_request_id().into_iter().collect();
    let images = answer.value.image_set.unwrap_or_default();
    Copied {
        images: images.into_iter().map(|new| ImageRef { region: new.region, id: new.image_id }).collect(),
        request_ids,
    }
}
