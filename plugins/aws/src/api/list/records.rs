//! Image records, read leniently: of any field the cloud may say nothing.

use std::collections::BTreeMap;

use imgshare_sdk::copying::{SOURCE_TAG, tagged_source};
use imgshare_sdk::{Image, ImageId, ImageState, SnapshotId, Timestamp, time};

use super::Listed;
use crate::xml::Element;

/// Reads a record. `None`: it is a kernel or a RAM disk, or has no id by which it could be named.
pub(super) fn read(record: Element<'_>, now: Timestamp) -> Option<Listed> {
    if record.text("imageType").is_some_and(|kind| kind != "machine") {
        return None;
    }
    let tags = tags(record);
    let image = Image {
        id: record.text("imageId")?.into(),
        name: record.owned("name").unwrap_or_default(),
        state: state(record),
        cloud_state: cloud_state(record, now),
        created: record.text("creationDate").and_then(time::parse_rfc3339),
        copied_from: copied_from(record, &tags),
        tags,
        // Of an image that is not public nothing is said: single accounts may have it.
        shared: record.is_true("isPublic").then_some(true),
        snapshots: snapshots(record, |_| true),
        ..Image::default()
    };
    let encrypted = snapshots(record, |disk| disk.is_true("encrypted"));
    Some(Listed { image, encrypted })
}

/// What can be done with an image of this record.
pub(in crate::api) fn state(record: Element<'_>) -> ImageState {
    match record.text("imageState") {
        Some("available") => ImageState::Available,
        Some("pending" | "transient") => ImageState::Pending,
        Some("failed" | "error" | "invalid") => ImageState::Failed,
        Some("disabled" | "deregistered") => ImageState::Unavailable,
        _ => ImageState::Unknown,
    }
}

/// The cloud's word; of a deprecated image also that: it can be shared and used, but others no longer find it.
fn cloud_state(record: Element<'_>, now: Timestamp) -> String {
    let word = record.text("imageState").unwrap_or_default();
    let deprecated = record.text("deprecationTime").and_then(time::parse_rfc3339);
    match deprecated {
        Some(since) if since <= now => format!("{word}, deprecated"),
        _ => word.to_owned(),
    }
}

fn tags(record: Element<'_>) -> BTreeMap<String, String> {
    let tag = |tag: Element<'_>| Some((tag.owned("key")?, tag.owned("value").unwrap_or_default()));
    record.items("tagSet").filter_map(tag).collect()
}

/// The source that the cloud reports, or else our tag names. What was made of an instance is no copy, although the cloud
/// reports the image that the instance was started from.
fn copied_from(record: Element<'_>, tags: &BTreeMap<String, String>) -> Option<ImageId> {
    if record.text("sourceInstanceId").is_some() {
        return None;
    }
    let reported = record.text("sourceImageId").map(ImageId::from);
    reported.or_else(|| tags.get(SOURCE_TAG).and_then(|value| tagged_source(value)))
}

/// The snapshots of those disks.
fn snapshots(record: Element<'_>, of: impl Fn(Element<'_>) -> bool) -> Vec<SnapshotId> {
    let disks = record.items("blockDeviceMapping").filter_map(|mapping| mapping.child("ebs"));
    let mut ids: Vec<SnapshotId> =
        disks.filter(|disk| of(*disk)).filter_map(|disk| disk.text("snapshotId").map(Into::into)).collect();
    ids.sort();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn listed(fields: &str) -> Option<Listed> {
        xml::with_root(format!("<item>{fields}</item>").as_bytes(), |record| read(record, NOW)).unwrap()
    }

    fn with(fields: &str) -> Image {
        listed(&format!("<imageId>ami-1</imageId>{fields}")).unwrap().image
    }

    #[test]
    fn a_full_record_is_read_whole() {
        let listed = listed(
            "<imageId>ami-0fake01</imageId><imageLocation>1/golden</imageLocation><imageState>available</imageState>\
             <imageOwnerId>123456789012</imageOwnerId><isPublic>false</isPublic><imageType>machine</imageType>\
             <name>golden</name><creationDate>2023-11-14T22:13:20.000Z</creationDate>\
             <blockDeviceMapping>\
               <item><deviceName>/dev/sda1</deviceName><ebs><snapshotId>snap-2</snapshotId><encrypted>true</encrypted></ebs></item>\
               <item><deviceName>/dev/sdb</deviceName><ebs><snapshotId>snap-1</snapshotId><encrypted>false</encrypted></ebs></item>\
               <item><deviceName>/dev/sdc</deviceName><ebs><snapshotId>snap-1</snapshotId></ebs></item>\
               <item><deviceName>/dev/sdd</deviceName><virtualName>ephemeral0</virtualName></item>\
               <item><deviceName>/dev/sde</deviceName><ebs><volumeSize>8</volumeSize><encrypted>true</encrypted></ebs></item>\
             </blockDeviceMapping>\
             <tagSet><item><key>team</key><value>data</value></item><item><key>empty</key><value/></item></tagSet>",
        )
        .unwrap();
        let expected = Image {
            id: "ami-0fake01".into(),
            name: "golden".into(),
            state: ImageState::Available,
            cloud_state: "available".into(),
            created: Some(Timestamp::from_seconds(1_700_000_000)),
            tags: [("team".into(), "data".into()), ("empty".into(), String::new())].into(),
            snapshots: vec!["snap-1".into(), "snap-2".into()],
            ..Image::default()
        };
        assert_eq!(listed, Listed { image: expected, encrypted: vec!["snap-2".into()] });
    }

    #[test]
    fn fields_that_are_missing_or_empty_cost_no_image() {
        let bare = Image { id: "ami-1".into(), ..Image::default() };
        assert_eq!(with(""), bare);
        assert_eq!(with("<name/><creationDate/><tagSet/><blockDeviceMapping/><isPublic/>"), bare);
    }

    #[test]
    fn kernels_ram_disks_and_what_has_no_id_is_left_out() {
        for kind in ["kernel", "ramdisk"] {
            assert_eq!(listed(&format!("<imageId>a</imageId><imageType>{kind}</imageType>")), None);
        }
        assert_eq!(listed("<name>nameless</name>"), None);
    }

    #[test]
    fn every_state_of_the_cloud_has_its_meaning() {
        for (word, expected) in [
            ("available", ImageState::Available),
            ("pending", ImageState::Pending),
            ("transient", ImageState::Pending),
            ("failed", ImageState::Failed),
            ("error", ImageState::Failed),
            ("invalid", ImageState::Failed),
            ("disabled", ImageState::Unavailable),
            ("deregistered", ImageState::Unavailable),
            ("retired", ImageState::Unknown),
        ] {
            let image = with(&format!("<imageState>{word}</imageState>"));
            assert_eq!((image.state, image.cloud_state.as_str()), (expected, word));
        }
    }

    #[test]
    fn a_deprecated_image_can_still_be_shared_and_says_what_it_is() {
        let deprecated = |time: &str| {
            with(&format!("<imageState>available</imageState><deprecationTime>{time}</deprecationTime>"))
        };
        let old = deprecated("2023-11-14T22:13:20.000Z");
        assert_eq!((old.state, old.cloud_state.as_str()), (ImageState::Available, "available, deprecated"));
        assert_eq!(deprecated("2023-11-14T22:14:00.000Z").cloud_state, "available");
    }

    #[test]
    fn a_copy_is_known_by_what_the_cloud_reports_or_else_by_our_tag() {
        let tag = "<tagSet><item><key>imgshare-source</key><value>us-east-1/ami-tag</value></item></tagSet>";
        let reported =
            "<sourceImageId>ami-src</sourceImageId><sourceImageRegion>us-east-1</sourceImageRegion>";
        assert_eq!(with(tag).copied_from, Some("ami-tag".into()));
        assert_eq!(with(&format!("{reported}{tag}")).copied_from, Some("ami-src".into()));
        assert_eq!(with("").copied_from, None);
    }

    #[test]
    fn what_was_made_of_an_instance_is_no_copy_of_the_image_that_the_instance_had() {
        let baked = "<sourceImageId>ami-src</sourceImageId><sourceInstanceId>i-1</sourceInstanceId>";
        assert_eq!(with(baked).copied_from, None);
    }

    #[test]
    fn a_public_image_is_shared_and_of_others_nothing_is_said() {
        assert_eq!(with("<isPublic>true</isPublic>").shared, Some(true));
        assert_eq!(with("<isPublic>false</isPublic>").shared, None);
    }
}
