//! Image records, read leniently: of any field the cloud may say nothing, or null.

use std::collections::BTreeMap;

use imgshare_sdk::{Image, ImageState, ReceivedImage, progress, time};
use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ImageRecord {
    image_id: Option<String>,
    image_name: Option<String>,
    image_type: Option<String>,
    image_state: Option<String>,
    created_time: Option<String>,
    image_family: Option<String>,
    license_type: Option<String>,
    /// A number, of images that are being copied.
    sync_percent: Value,
    tags: Option<Vec<Option<Tag>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Tag {
    key: Option<String>,
    value: Option<String>,
}

impl ImageRecord {
    /// The image. `None`: it is not the owner's, or has no id by which it could be named.
    pub(super) fn image(self) -> Option<Image> {
        if self.image_type.is_some_and(|of| of != "PRIVATE_IMAGE") {
            return None;
        }
        let cloud_state = self.image_state.unwrap_or_default();
        let state = state(&cloud_state);
        let pending = state == ImageState::Pending;
        Some(Image {
            id: self.image_id.filter(|id| !id.is_empty())?.into(),
            name: self.image_name.unwrap_or_default(),
            state,
            cloud_state,
            created: self.created_time.as_deref().and_then(time::parse_rfc3339),
            family: self.image_family.filter(|family| !family.is_empty()),
            tags: tags(self.tags.unwrap_or_default()),
            unshareable: self.license_type.as_deref().and_then(unshareable),
            progress_percent: progress::percent(&self.sync_percent).filter(|_| pending),
            ..Image::default()
        })
    }

    /// The image as somebody has it whom another shares it with. `None`: it is there for another reason, or has no id.
    pub(super) fn received(self) -> Option<ReceivedImage> {
        if self.image_type.is_some_and(|of| of != "SHARED_IMAGE") {
            return None;
        }
        let cloud_state = self.image_state.unwrap_or_default();
        Some(ReceivedImage {
            id: self.image_id.filter(|id| !id.is_empty())?.into(),
            state: state(&cloud_state),
            cloud_state,
            acceptance: None,
        })
    }
}

fn state(word: &str) -> ImageState {
    match word {
        "NORMAL" => ImageState::Available,
        "CREATING" | "SYNCING" | "IMPORTING" => ImageState::Pending,
        "CREATEFAILED" | "IMPORTFAILED" => ImageState::Failed,
        _ => ImageState::Unknown,
    }
}

fn tags(tags: Vec<Option<Tag>>) -> BTreeMap<String, String> {
    tags.into_iter().flatten().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect()
}

/// Encryption and the kinds of images behind the other refusals do not show in a record.
fn unshareable(license: &str) -> Option<String> {
    (license == "BYOL").then(|| "it has a licence of its owner's own (BYOL)".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::Timestamp;

    fn read(text: &str) -> Option<Image> {
        serde_json::from_str::<ImageRecord>(text).unwrap().image()
    }

    #[test]
    fn a_full_record_is_read_whole() {
        let image = read(
            r#"{"ImageId":"img-00000001","ImageName":"golden","ImageType":"PRIVATE_IMAGE","ImageState":"NORMAL",
                "CreatedTime":"2023-11-14T22:13:20Z","ImageFamily":"ubuntu","LicenseType":"TencentCloud",
                "Tags":[{"Key":"team","Value":"data"},{"Key":"empty","Value":null}],"SyncPercent":null}"#,
        );
        let expected = Image {
            id: "img-00000001".into(),
            name: "golden".into(),
            state: ImageState::Available,
            cloud_state: "NORMAL".into(),
            created: Some(Timestamp::from_seconds(1_700_000_000)),
            family: Some("ubuntu".into()),
            tags: [("team".into(), "data".into()), ("empty".into(), String::new())].into(),
            ..Image::default()
        };
        assert_eq!(image, Some(expected));
    }

    #[test]
    fn fields_that_are_missing_or_null_cost_no_image() {
        let bare = Image { id: "img-1".into(), ..Image::default() };
        assert_eq!(read(r#"{"ImageId":"img-1"}"#).as_ref(), Some(&bare));
        let nulls = r#"{"ImageId":"img-1","ImageName":null,"ImageType":null,"ImageState":null,"CreatedTime":null,
                        "ImageFamily":null,"LicenseType":null,"SyncPercent":null,"Tags":[null]}"#;
        assert_eq!(read(nulls), Some(bare));
    }

    #[test]
    fn images_of_others_and_images_without_id_are_left_out() {
        assert_eq!(read(r#"{"ImageId":"img-1","ImageType":"SHARED_IMAGE"}"#), None);
        assert_eq!(read(r#"{"ImageId":"img-1","ImageType":"PUBLIC_IMAGE"}"#), None);
        assert_eq!(read(r#"{"ImageName":"nameless"}"#), None);
    }

    #[test]
    fn only_an_image_that_another_shares_is_received() {
        let received = |text: &str| {
            serde_json::from_str::<ImageRecord>(text).unwrap().received().map(|image| image.state)
        };
        let shared = r#"{"ImageId":"img-1","ImageType":"SHARED_IMAGE","ImageState":"NORMAL"}"#;
        assert_eq!(received(shared), Some(ImageState::Available));
        assert_eq!(received(r#"{"ImageId":"img-1","ImageState":"SYNCING"}"#), Some(ImageState::Pending));
        assert_eq!(received(r#"{"ImageId":"img-1","ImageType":"PRIVATE_IMAGE"}"#), None);
        assert_eq!(received(r#"{"ImageType":"SHARED_IMAGE"}"#), None);
    }

    #[test]
    fn every_state_of_the_cloud_has_its_meaning() {
        for (word, expected) in [
            ("NORMAL", ImageState::Available),
            ("CREATING", ImageState::Pending),
            ("SYNCING", ImageState::Pending),
            ("IMPORTING", ImageState::Pending),
            ("CREATEFAILED", ImageState::Failed),
            ("IMPORTFAILED", ImageState::Failed),
            ("RETIRED", ImageState::Unknown),
        ] {
            assert_eq!(state(word), expected, "{word}");
        }
    }

    #[test]
    fn only_an_image_that_is_being_made_has_progress() {
        let progress = |state: &str, percent: &str| {
            let text = format!(r#"{{"ImageId":"img-1","ImageState":"{state}","SyncPercent":{percent}}}"#);
            read(&text).unwrap().progress_percent
        };
        assert_eq!(progress("SYNCING", "45"), Some(45));
        assert_eq!(progress("SYNCING", r#""45""#), Some(45));
        for odd in ["null", "-1", "1000", r#""soon""#, "{}"] {
            assert_eq!(progress("SYNCING", odd), None, "{odd}");
        }
        assert_eq!(progress("NORMAL", "100"), None);
    }

    #[test]
    fn both_forms_of_time_that_the_cloud_writes_are_read() {
        for text in ["2023-11-14T22:13:20Z", "2023-11-14T22:13:20+00:00"] {
            let image = read(&format!(r#"{{"ImageId":"img-1","CreatedTime":"{text}"}}"#)).unwrap();
            assert_eq!(image.created, Some(Timestamp::from_seconds(1_700_000_000)), "{text}");
        }
    }

    #[test]
    fn only_a_licence_that_forbids_it_makes_an_image_unshareable() {
        let image =
            |license: &str| read(&format!(r#"{{"ImageId":"img-1","LicenseType":"{license}"}}"#)).unwrap();
        assert!(image("BYOL").unshareable.is_some());
        assert_eq!(image("TencentCloud").unshareable, None);
        assert_eq!(image("something new").unshareable, None);
    }
}
