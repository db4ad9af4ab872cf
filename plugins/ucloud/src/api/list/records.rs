//! Image records of both products, read leniently: of any field the cloud may say nothing, or null.

use std::collections::BTreeMap;

use imgshare_sdk::{Image, ImageState, ReceivedImage, Timestamp};
use serde::Deserialize;

use crate::api::lenient::{List, Text, Whole};

/// Why no UHost image can be shared, and what there is instead.
pub(crate) const UHOST_UNSHAREABLE: &str = "the cloud has no action that shares a UHost image; CopyCustomImage makes an independent copy in another project \
     or region instead";

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ImageRecord {
    comp_share_image_id: Option<Text>,
    name: Option<Text>,
    status: Option<Text>,
    tags: List<Text>,

    image_id: Option<Text>,
    image_name: Option<Text>,
    state: Option<Text>,
    /// The business group.
    tag: Option<Text>,

    image_type: Option<Text>,
    create_time: Whole,
}

impl ImageRecord {
    /// The image. `None`: it is the cloud's own, or has no id by which it could be named.
    pub(super) fn image(self) -> Option<Image> {
        if self.image_type.as_ref().is_some_and(|of| is_the_clouds(&of.0)) {
            return None;
        }
        if let Some(id) = text(self.image_id) {
            return Some(Image {
                unshareable: Some(UHOST_UNSHAREABLE.into()),
                shared: Some(false),
                ..image(id, self.image_name, self.state, self.create_time, self.tag)
            });
        }
        let id = text(self.comp_share_image_id)?;
        Some(image(id, self.name, self.status, self.create_time, self.tags.0))
    }

    /// The CompShare image as somebody has it whom another shares it with. `None`: it has no id.
    pub(super) fn received(self) -> Option<ReceivedImage> {
        let cloud_state = text(self.status).unwrap_or_default();
        Some(ReceivedImage {
            id: text(self.comp_share_image_id)?.into(),
            state: state_of(&cloud_state),
            cloud_state,
            acceptance: None,
        })
    }
}

fn image(
    id: String,
    name: Option<Text>,
    state: Option<Text>,
    created: Whole,
    tags: impl IntoIterator<Item = Text>,
) -> Image {
    let cloud_state = text(state).unwrap_or_default();
    Image {
        id: id.into(),
        name: text(name).unwrap_or_default(),
        state: state_of(&cloud_state),
        cloud_state,
        created: created.0.filter(|seconds| *seconds > 0).map(Timestamp::from_seconds),
        tags: tagged(tags),
        ..Image::default()
    }
}

fn text(text: Option<Text>) -> Option<String> {
    text.map(|text| text.0).filter(|text| !text.is_empty())
}

/// Tags of this cloud are words without values.
fn tagged(words: impl IntoIterator<Item = Text>) -> BTreeMap<String, String> {
    words.into_iter().filter_map(|word| text(Some(word))).map(|word| (word, String::new())).collect()
}

/// An owner's image is `Custom`, or `Community` once it is in the market.
fn is_the_clouds(image_type: &str) -> bool {
    matches!(image_type, "System" | "App" | "Base" | "Business")
}

/// CompShare writes `UnAvailable`, UHost `Unavailable`. An image under review is not known to be shareable.
fn state_of(word: &str) -> ImageState {
    match word {
        "Available" => ImageState::Available,
        "Making" | "Copying" | "Reviewing" => ImageState::Pending,
        "UnAvailable" | "Unavailable" | "Offline" => ImageState::Unavailable,
        _ => ImageState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Image> {
        serde_json::from_str::<ImageRecord>(text).unwrap().image()
    }

    #[test]
    fn a_full_record_is_read_whole() {
        let image = read(
            r#"{"CompShareImageId":"compshareImage-1","Name":"golden","Status":"Available","ImageType":"Custom",
                "Visibility":0,"CreateTime":1700000000,"PubTime":0,"Size":51200,"Tags":["pytorch","cuda"],
                "Owner":{"AccountId":55001122},"Container":"False","Softwares":[{"Name":"x"}],"Price":0.5}"#,
        );
        let expected = Image {
            id: "compshareImage-1".into(),
            name: "golden".into(),
            state: ImageState::Available,
            cloud_state: "Available".into(),
            created: Some(Timestamp::from_seconds(1_700_000_000)),
            tags: [("pytorch".into(), String::new()), ("cuda".into(), String::new())].into(),
            ..Image::default()
        };
        assert_eq!(image, Some(expected));
    }

    #[test]
    fn a_uhost_image_says_why_it_cannot_be_shared() {
        let image = read(
            r#"{"ImageId":"uimage-1","ImageName":"golden","ImageType":"Custom","State":"Available","Tag":"Default",
                "CreateTime":"1700000000","Features":["NetEnhanced"],"DataSnapshotIds":{}}"#,
        )
        .unwrap();
        assert_eq!((image.id.as_str(), image.name.as_str()), ("uimage-1", "golden"));
        assert_eq!((image.state, image.shared), (ImageState::Available, Some(false)));
        assert_eq!(image.tags, [("Default".into(), String::new())].into());
        assert!(image.unshareable.unwrap().contains("CopyCustomImage"));
    }

    #[test]
    fn fields_that_are_missing_or_null_cost_no_image() {
        let bare = Image { id: "i-1".into(), ..Image::default() };
        assert_eq!(read(r#"{"CompShareImageId":"i-1"}"#).as_ref(), Some(&bare));
        let nulls = r#"{"CompShareImageId":"i-1","Name":null,"Status":null,"ImageType":null,"CreateTime":null,
                        "Tags":null,"Container":null,"ImageId":null}"#;
        assert_eq!(read(nulls), Some(bare));
    }

    #[test]
    fn a_time_is_a_number_or_a_text() {
        for time in ["1700000000", r#""1700000000""#] {
            let image = read(&format!(r#"{{"CompShareImageId":"i-1","CreateTime":{time}}}"#)).unwrap();
            assert_eq!(image.created, Some(Timestamp::from_seconds(1_700_000_000)), "{time}");
        }
        let never = read(r#"{"CompShareImageId":"i-1","CreateTime":0}"#).unwrap();
        assert_eq!(never.created, None);
    }

    #[test]
    fn the_clouds_own_images_and_images_without_id_are_left_out() {
        for of in ["System", "App", "Base", "Business"] {
            assert_eq!(read(&format!(r#"{{"CompShareImageId":"i-1","ImageType":"{of}"}}"#)), None, "{of}");
        }
        assert!(read(r#"{"CompShareImageId":"i-1","ImageType":"Community"}"#).is_some());
        assert_eq!(read(r#"{"Name":"nameless"}"#), None);
    }

    #[test]
    fn every_state_of_the_cloud_has_its_meaning() {
        for (words, expected) in [
            ("Available", ImageState::Available),
            ("Making Copying Reviewing", ImageState::Pending),
            ("UnAvailable Unavailable Offline", ImageState::Unavailable),
            ("Retired available", ImageState::Unknown),
        ] {
            for word in words.split_whitespace() {
                assert_eq!(state_of(word), expected, "{word}");
            }
        }
    }
}
