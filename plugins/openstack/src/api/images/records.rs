//! One image, as Glance describes it.

use std::collections::BTreeMap;

use imgshare_sdk::{Image, ImageState, time};
use serde_json::{Map, Value};

/// What Glance says of every image; everything else in a record is the owner's own property.
const FIELDS: &[&str] = &[
    "checksum",
    "container_format",
    "created_at",
    "direct_url",
    "disk_format",
    "file",
    "id",
    "locations",
    "min_disk",
    "min_ram",
    "name",
    "os_hash_algo",
    "os_hash_value",
    "os_hidden",
    "owner",
    "protected",
    "schema",
    "self",
    "size",
    "status",
    "stores",
    "tags",
    "updated_at",
    "virtual_size",
    "visibility",
];

/// What has to be done to a private image. Glance keeps its members, cannot be asked for them meanwhile, and gives the
/// image back to them with the change.
const PREPARE: &str =
    "its visibility becomes `shared` (now `private`), and members that it had before have it again";

/// Who may see an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Its owner alone.
    Private,
    /// Its owner and its members.
    Shared,
    /// Everybody who knows its id.
    Community,
    /// Everybody.
    Public,
    /// A word that this version does not know.
    Unknown(String),
}

impl Visibility {
    /// The one that Glance names so.
    pub fn read(word: &str) -> Self {
        match word {
            "private" => Self::Private,
            "shared" => Self::Shared,
            "community" => Self::Community,
            "public" => Self::Public,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// In Glance's word.
    pub fn word(&self) -> &str {
        match self {
            Self::Private => "private",
            Self::Shared => "shared",
            Self::Community => "community",
            Self::Public => "public",
            Self::Unknown(word) => word,
        }
    }

    /// Who has the image besides its members, in words.
    pub fn other_grant(&self) -> Option<String> {
        let who = match self {
            Self::Public => "everybody",
            Self::Community => "everybody who knows its id",
            Self::Private | Self::Shared | Self::Unknown(_) => return None,
        };
        Some(format!("{who} (visibility `{}`)", self.word()))
    }

    /// Why such an image takes no members, whatever is done about it here.
    pub fn unshareable(&self) -> Option<String> {
        match self {
            Self::Private | Self::Shared => None,
            other => {
                Some(format!("its visibility is `{}`, and only `shared` images take members", other.word()))
            }
        }
    }
}

/// The image of a record. `None`: it has no id.
pub(super) fn image(record: &Map<String, Value>) -> Option<Image> {
    let text = |key: &str| record.get(key).and_then(Value::as_str);
    let id = text("id").filter(|id| !id.is_empty())?;
    let visibility = text("visibility").map(Visibility::read);
    let status = text("status").unwrap_or_default();
    Some(Image {
        id: id.into(),
        name: text("name").unwrap_or_default().to_owned(),
        state: state(status),
        cloud_state: status.to_owned(),
        created: text("created_at").and_then(time::parse_rfc3339),
        tags: tags(record),
        unshareable: visibility.as_ref().and_then(Visibility::unshareable),
        prepare: (visibility == Some(Visibility::Private)).then(|| PREPARE.to_owned()),
        // What members a private image has, it has not for now.
        shared: (visibility == Some(Visibility::Private)).then_some(false),
        ..Image::default()
    })
}

fn state(status: &str) -> ImageState {
    match status {
        "active" => ImageState::Available,
        "queued" | "saving" | "uploading" | "importing" => ImageState::Pending,
        "killed" => ImageState::Failed,
        "deactivated" | "deleted" | "pending_delete" => ImageState::Unavailable,
        _ => ImageState::Unknown,
    }
}

/// The owner's own properties, and the words that Glance calls tags with nothing behind them.
fn tags(record: &Map<String, Value>) -> BTreeMap<String, String> {
    let words = record.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let words = words.map(|word| (word.to_owned(), String::new()));
    let own = record.iter().filter(|(key, _)| !FIELDS.contains(&key.as_str()));
    let properties = own.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    words.chain(properties).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(record: Value) -> Option<Image> {
        let Value::Object(record) = record else { panic!("no record") };
        image(&record)
    }

    #[test]
    fn an_image_is_read_with_its_properties_and_words_as_tags() {
        let image = read(json!({
            "id": "i-1", "name": "golden", "status": "active", "visibility": "shared", "size": 7, "self": "/v2/images/i-1",
            "created_at": "2023-11-14T22:13:20Z", "tags": ["baked", "os_distro", 7], "os_distro": "ubuntu", "hw_cpus": 4,
        }));
        let image = image.unwrap();
        assert_eq!(
            (image.name.as_str(), image.state, image.cloud_state.as_str()),
            ("golden", ImageState::Available, "active")
        );
        assert_eq!(image.created.map(imgshare_sdk::Timestamp::seconds), Some(1_700_000_000));
        let tags = [("baked", ""), ("os_distro", "ubuntu")];
        assert_eq!(image.tags, tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
        assert_eq!((image.unshareable, image.prepare, image.shared), (None, None, None));
    }

    #[test]
    fn every_state_of_glance_has_a_meaning() {
        for (states, expected) in [
            ("active", ImageState::Available),
            ("queued saving uploading importing", ImageState::Pending),
            ("killed", ImageState::Failed),
            ("deactivated deleted pending_delete", ImageState::Unavailable),
            ("dreaming", ImageState::Unknown),
        ] {
            for state in states.split_whitespace() {
                assert_eq!(read(json!({"id": "i", "status": state})).unwrap().state, expected, "{state}");
            }
        }
    }

    #[test]
    fn only_a_private_image_is_made_shareable() {
        let of = |visibility: &str| read(json!({"id": "i", "visibility": visibility})).unwrap();
        assert_eq!(of("private").prepare.as_deref(), Some(PREPARE));
        assert_eq!((of("private").unshareable, of("private").shared), (None, Some(false)));
        for visibility in ["public", "community", "moonlit"] {
            let image = of(visibility);
            assert!(image.unshareable.is_some_and(|why| why.contains(visibility)));
            assert_eq!((image.prepare, image.shared), (None, None), "{visibility}");
        }
    }

    #[test]
    fn values_of_other_types_are_left_out() {
        let record = json!({"id": "i", "name": null, "status": 7, "visibility": [], "created_at": {}, "tags": "x", "own": null});
        let image = read(record).unwrap();
        assert_eq!(image, Image { id: "i".into(), state: ImageState::Unknown, ..Image::default() });
        assert_eq!((read(json!({"id": 7})), read(json!({"id": ""})), read(json!({}))), (None, None, None));
    }
}
