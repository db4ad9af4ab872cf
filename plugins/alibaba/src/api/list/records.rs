//! Image records, read leniently: of any field the cloud may say nothing, or null.

use std::collections::BTreeMap;

use imgshare_sdk::copying::{SOURCE_TAG, tagged_source};
use imgshare_sdk::{Image, ImageState, ReceivedImage, progress, time};
use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ImageRecord {
    image_id: Option<String>,
    image_name: Option<String>,
    image_family: Option<String>,
    image_owner_alias: Option<String>,
    status: Option<String>,
    creation_time: Option<String>,
    /// A truth value.
    is_public: Value,
    /// A truth value, as text.
    is_self_shared: Value,
    /// A text such as `45%`.
    progress: Value,
    tags: Option<Tags>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Tags {
    tag: Option<Vec<Option<Tag>>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Tag {
    tag_key: Option<String>,
    tag_value: Option<String>,
}

impl ImageRecord {
    /// The image. `None`: it is not the owner's, or has no id by which it could be named.
    pub(super) fn image(self) -> Option<Image> {
        if self.image_owner_alias.is_some_and(|of| of != "self") {
            return None;
        }
        let cloud_state = self.status.unwrap_or_default();
        let state = state(&cloud_state);
        let pending = state == ImageState::Pending;
        let tags = tags(self.tags.unwrap_or_default());
        Some(Image {
            id: self.image_id.filter(|id| !id.is_empty())?.into(),
            name: self.image_name.unwrap_or_default(),
            state,
            cloud_state,
            created: self.creation_time.as_deref().and_then(time::parse_rfc3339),
            family: self.image_family.filter(|family| !family.is_empty()),
            copied_from: tags.get(SOURCE_TAG).and_then(|value| tagged_source(value)),
            tags,
            progress_percent: progress::percent(&self.progress).filter(|_| pending),
            unshareable: (truth(&self.is_public) == Some(true)).then(|| "it is a community image".into()),
            shared: truth(&self.is_self_shared),
            ..Image::default()
        })
    }

    /// The image as somebody has it whom another shares it with. `None`: it is there for another reason, being its own
    /// or everybody's, or has no id.
    pub(super) fn received(self) -> Option<ReceivedImage> {
        let alias_is_another = self.image_owner_alias.is_some_and(|of| of != "others");
        if alias_is_another || truth(&self.is_public) == Some(true) {
            return None;
        }
        let cloud_state = self.status.unwrap_or_default();
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
        "Available" => ImageState::Available,
        "Creating" | "Waiting" => ImageState::Pending,
        "CreateFailed" => ImageState::Failed,
        "UnAvailable" | "Deprecated" => ImageState::Unavailable,
        _ => ImageState::Unknown,
    }
}

fn tags(tags: Tags) -> BTreeMap<String, String> {
    let tags = tags.tag.unwrap_or_default().into_iter().flatten();
    tags.filter_map(|tag| Some((tag.tag_key?, tag.tag_value.unwrap_or_default()))).collect()
}

/// A truth value or the text of one, in any spelling. `None`: neither, so nothing is known.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::Timestamp;

    fn read(text: &str) -> Option<Image> {
        serde_json::from_str::<ImageRecord>(text).unwrap().image()
    }

    fn with(field: &str) -> Image {
        read(&format!(r#"{{"ImageId":"m-1",{field}}}"#)).unwrap()
    }

    #[test]
    fn a_full_record_is_read_whole() {
        let image = read(
            r#"{"ImageId":"m-bp00000001","ImageName":"golden","ImageOwnerAlias":"self","Status":"Available",
                "CreationTime":"2023-11-14T22:13:20Z","ImageFamily":"ubuntu","IsSelfShared":"True","IsPublic":false,
                "Tags":{"Tag":[{"TagKey":"team","TagValue":"data"},{"TagKey":"empty","TagValue":null}]},
                "Progress":"100%","Size":40,"DiskDeviceMappings":{"DiskDeviceMapping":[]}}"#,
        );
        let expected = Image {
            id: "m-bp00000001".into(),
            name: "golden".into(),
            state: ImageState::Available,
            cloud_state: "Available".into(),
            created: Some(Timestamp::from_seconds(1_700_000_000)),
            family: Some("ubuntu".into()),
            tags: [("team".into(), "data".into()), ("empty".into(), String::new())].into(),
            shared: Some(true),
            ..Image::default()
        };
        assert_eq!(image, Some(expected));
    }

    #[test]
    fn fields_that_are_missing_or_null_cost_no_image() {
        let bare = Image { id: "m-1".into(), ..Image::default() };
        assert_eq!(read(r#"{"ImageId":"m-1"}"#).as_ref(), Some(&bare));
        let nulls = r#"{"ImageId":"m-1","ImageName":null,"ImageOwnerAlias":null,"Status":null,"CreationTime":null,
                        "ImageFamily":null,"IsPublic":null,"IsSelfShared":null,"Progress":null,"Tags":{"Tag":[null]}}"#;
        assert_eq!(read(nulls), Some(bare));
    }

    #[test]
    fn images_of_others_and_images_without_id_are_left_out() {
        for alias in ["system", "others", "marketplace"] {
            assert_eq!(read(&format!(r#"{{"ImageId":"m-1","ImageOwnerAlias":"{alias}"}}"#)), None);
        }
        assert_eq!(read(r#"{"ImageName":"nameless"}"#), None);
    }

    #[test]
    fn only_an_image_that_another_shares_is_received() {
        let received = |fields: &str| {
            let text = format!(r#"{{"ImageId":"m-1","Status":"Available"{fields}}}"#);
            serde_json::from_str::<ImageRecord>(&text).unwrap().received().map(|image| image.state)
        };
        assert_eq!(received(r#","ImageOwnerAlias":"others","IsPublic":false"#), Some(ImageState::Available));
        assert_eq!(received(""), Some(ImageState::Available));
        for other in ["self", "system", "marketplace"] {
            assert_eq!(received(&format!(r#","ImageOwnerAlias":"{other}""#)), None);
        }
        // A community image is everybody's.
        assert_eq!(received(r#","ImageOwnerAlias":"others","IsPublic":true"#), None);
    }

    #[test]
    fn every_state_of_the_cloud_has_its_meaning() {
        for (word, expected) in [
            ("Available", ImageState::Available),
            ("Creating", ImageState::Pending),
            ("Waiting", ImageState::Pending),
            ("CreateFailed", ImageState::Failed),
            ("UnAvailable", ImageState::Unavailable),
            ("Deprecated", ImageState::Unavailable),
            ("Retired", ImageState::Unknown),
        ] {
            assert_eq!(state(word), expected, "{word}");
        }
    }

    #[test]
    fn whether_an_image_is_shared_is_believed_only_where_the_cloud_says_so() {
        for (value, expected) in [
            (r#""False""#, Some(false)),
            (r#""false""#, Some(false)),
            ("false", Some(false)),
            (r#""True""#, Some(true)),
            ("true", Some(true)),
            (r#""""#, None),
            (r#""no""#, None),
            ("0", None),
            ("null", None),
        ] {
            assert_eq!(with(&format!(r#""IsSelfShared":{value}"#)).shared, expected, "{value}");
        }
    }

    #[test]
    fn a_copy_is_known_by_the_tag_that_was_put_on_it_and_by_nothing_else() {
        let copied_from = |key: &str, value: &str| {
            with(&format!(r#""Tags":{{"Tag":[{{"TagKey":"{key}","TagValue":"{value}"}}]}}"#)).copied_from
        };
        assert_eq!(copied_from("imgshare-source", "cn-hangzhou/m-bp1"), Some("m-bp1".into()));
        assert_eq!(copied_from("imgshare-source", "by hand"), None);
        assert_eq!(copied_from("source", "cn-hangzhou/m-bp1"), None);
        assert_eq!(with(r#""IsCopied":true"#).copied_from, None);
    }

    #[test]
    fn only_an_image_that_is_being_made_has_progress() {
        let progress = |state: &str, progress: &str| {
            with(&format!(r#""Status":"{state}","Progress":{progress}"#)).progress_percent
        };
        assert_eq!(progress("Creating", r#""45%""#), Some(45));
        assert_eq!(progress("Waiting", "0"), Some(0));
        for odd in ["null", r#""""#, r#""soon""#, "-1", "{}"] {
            assert_eq!(progress("Creating", odd), None, "{odd}");
        }
        assert_eq!(progress("Available", r#""100%""#), None);
    }

    #[test]
    fn a_community_image_is_not_shareable() {
        assert!(with(r#""IsPublic":true"#).unshareable.is_some());
        assert!(with(r#""IsPublic":"true""#).unshareable.is_some());
        assert_eq!(with(r#""IsPublic":false"#).unshareable, None);
    }

    #[test]
    fn a_time_is_read_with_and_without_seconds() {
        for (text, seconds) in [("2023-11-14T22:13:20Z", 1_700_000_000), ("2023-11-14T22:13Z", 1_699_999_980)]
        {
            let created = with(&format!(r#""CreationTime":"{text}""#)).created;
            assert_eq!(created, Some(Timestamp::from_seconds(seconds)), "{text}");
        }
    }
}
