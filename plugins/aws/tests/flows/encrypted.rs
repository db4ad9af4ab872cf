//! Encrypted images: whose key it is decides whether they can be shared.

use imgshare_sdk::{Image, ImageQuery};
use imgshare_testkit::{Answer, Script};
use serde_json::json;

use crate::cloud::{actions, aws, done, form, header, images, refuse};

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/";

/// A page of images, each with a disk of the snapshot of the same number, encrypted.
fn encrypted(numbers: std::ops::Range<u32>) -> Answer {
    let item = |n: u32| {
        format!(
            "<item><imageId>ami-{n}</imageId><imageState>available</imageState><blockDeviceMapping><item><ebs>\
             <snapshotId>snap-{n}</snapshotId><encrypted>true</encrypted></ebs></item></blockDeviceMapping></item>"
        )
    };
    let items: String = numbers.map(item).collect();
    done("DescribeImages", &format!("<imagesSet>{items}</imagesSet>"))
}

fn keys(keys: &[(&str, &str)]) -> Answer {
    let item = |(snapshot, key): &(&str, &str)| {
        format!("<item><snapshotId>{snapshot}</snapshotId><kmsKeyId>{KEY}{key}</kmsKeyId></item>")
    };
    let items: String = keys.iter().map(item).collect();
    done("DescribeSnapshots", &format!("<snapshotSet>{items}</snapshotSet>"))
}

fn managed_by(manager: &str) -> Answer {
    Answer::ok(json!({"KeyMetadata": {"KeyManager": manager}}).to_string())
}

async fn list(cloud: &std::sync::Arc<Script>) -> Vec<Image> {
    let query = ImageQuery { region: "us-east-1".into(), ..ImageQuery::default() };
    aws(cloud).list_images(query).await.result.unwrap().items
}

fn is_told(image: &Image) -> (bool, Option<&str>) {
    (image.unshareable.is_some(), image.receivers_need.as_deref())
}

#[tokio::test]
async fn nothing_more_is_asked_when_no_image_is_encrypted() {
    let cloud = Script::in_order([images(&["ami-1"], None)]);
    assert_eq!(is_told(&list(&cloud).await[0]), (false, None));
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn the_clouds_own_key_blocks_an_image_and_a_customers_is_named() {
    let cloud = Script::in_order([
        encrypted(1..4),
        keys(&[("snap-1", "own"), ("snap-2", "mine"), ("snap-3", "mine")]),
        managed_by("CUSTOMER"),
        managed_by("AWS"),
    ]);
    let listed = list(&cloud).await;
    assert!(listed[0].unshareable.as_ref().is_some_and(|why| why.contains("aws/ebs")));
    for image in &listed[1..] {
        let (unshareable, need) = is_told(image);
        assert!(!unshareable && need.is_some_and(|need| need.contains(&format!("{KEY}mine"))), "{need:?}");
    }
    let requests = cloud.requests();
    assert_eq!(form(&requests[1]).filters(), [("snapshot-id", vec!["snap-1", "snap-2", "snap-3"])]);
    assert_eq!(requests[2].url, "https://kms.us-east-1.amazonaws.com/");
    assert_eq!(header(&requests[2], "x-amz-target"), "TrentService.DescribeKey");
    assert_eq!(requests[2].body, json!({"KeyId": format!("{KEY}mine")}).to_string().into_bytes());
}

#[tokio::test]
async fn each_key_is_asked_about_once() {
    let page = || [encrypted(1..2), keys(&[("snap-1", "mine")])];
    let [images, snapshots] = page();
    let cloud = Script::in_order([images, snapshots, managed_by("CUSTOMER")].into_iter().chain(page()));
    let aws = aws(&cloud);
    for _ in 0..2 {
        let query = ImageQuery { region: "us-east-1".into(), ..ImageQuery::default() };
        assert!(aws.list_images(query).await.result.unwrap().items[0].receivers_need.is_some());
    }
    assert_eq!(actions(&cloud).iter().filter(|action| *action == "TrentService.DescribeKey").count(), 1);
}

#[tokio::test]
async fn many_snapshots_are_asked_for_in_filters_of_two_hundred() {
    let cloud = Script::by(|request| match form(request).text("Action") {
        "DescribeImages" => encrypted(1..402),
        "DescribeSnapshots" => {
            let form = form(request);
            let named = form.filters().remove(0).1;
            assert!(named.len() <= 200);
            keys(&named.iter().map(|snapshot| (*snapshot, "mine")).collect::<Vec<_>>())
        }
        _ => managed_by("CUSTOMER"),
    });
    assert!(list(&cloud).await.iter().all(|image| image.receivers_need.is_some()));
    assert_eq!(cloud.requests().len(), 1 + 3 + 1);
}

#[tokio::test(start_paused = true)]
async fn a_missing_right_to_look_at_keys_spoils_no_listing_and_is_said() {
    let denied = Answer::status(400, r#"{"__type":"AccessDeniedException","Message":"Not for you."}"#);
    let of_the_key = Script::in_order([encrypted(1..2), keys(&[("snap-1", "mine")]), denied]);
    let of_the_snapshot = Script::in_order([encrypted(1..2), refuse("UnauthorizedOperation")]);
    for (cloud, call) in [(of_the_key, "DescribeKey"), (of_the_snapshot, "DescribeSnapshots")] {
        let listed = list(&cloud).await;
        let (unshareable, need) = is_told(&listed[0]);
        assert!(!unshareable, "{call}");
        let need = need.unwrap();
        assert!(need.contains("could not be told") && need.contains(call), "{need}");
    }
}

#[tokio::test]
async fn a_snapshot_that_the_cloud_says_nothing_of_is_said_to_be_so() {
    let cloud = Script::in_order([encrypted(1..2), keys(&[])]);
    let listed = list(&cloud).await;
    assert!(listed[0].receivers_need.as_ref().is_some_and(|need| need.contains("snap-1")));
}
