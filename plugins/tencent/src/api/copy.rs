//! Copies of an image in other regions.
//!
//! <https://cloud.tencent.com/document/api/213/15711>

use imgshare_sdk::{Copied, CopyRequest, ImageRef, Region};
use serde::{Deserialize, Serialize};

use super::{Answer, Ask};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sync<'a> {
    image_ids: [&'a str; 1],
    destination_regions: &'a [Region],
    #[serde(skip_serializing_if = "Option::is_none")]
    image_name: Option<&'a str>,
    image_set_required: bool,
}

/// Characters that the name of a copy has at most.
pub const NAME_LENGTH_MAX: u32 = 60;

/// The new images, as the cloud names them. The copies are being made by now, so nothing that is missing here may turn
/// the answer into an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageSet {
    image_set: Option<Vec<Option<NewImage>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct NewImage {
    image_id: Option<String>,
    region: Option<String>,
}

impl NewImage {
    /// The new image. `None`: the cloud does not say which, or where.
    fn image(self) -> Option<ImageRef> {
        let id = self.image_id.filter(|id| !id.is_empty())?;
        let region = self.region.filter(|region| !region.is_empty())?;
        Some(ImageRef { region: region.into(), id: id.into() })
    }
}

/// Asks for copies. In spite of its list the call takes one image; done twice it makes two copies, and the cloud has
/// nothing like a token against that.
pub fn sync(copy: &CopyRequest) -> Ask {
    let parameters = Sync {
        image_ids: [copy.source.id.as_str()],
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
    Copied { images: images.into_iter().flatten().filter_map(NewImage::image).collect(), request_ids }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_names_no_new_image_is_still_the_answer_to_a_copy_that_was_begun() {
        for text in [
            "{}",
            r#"{"ImageSet":null}"#,
            r#"{"ImageSet":[]}"#,
            r#"{"ImageSet":[null,{},{"ImageId":"","Region":"ap-shanghai"},{"ImageId":"img-1","Region":null}]}"#,
        ] {
            let value: ImageSet = serde_json::from_str(text).unwrap();
            let copied = copied(Answer { value, request_id: "r-1".into() });
            assert_eq!((copied.images.len(), copied.request_ids.len()), (0, 1), "{text}");
        }
    }
}
