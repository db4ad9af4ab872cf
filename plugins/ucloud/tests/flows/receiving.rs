//! What a receiver sees: looked for among all that others share with it, and zone by zone where that is not enough.

use std::collections::BTreeMap;
use std::sync::Arc;

use imgshare_sdk::{Connect, ErrorKind, ImageId, ImageState, ReceivedImage, ReceivedQuery, Result};
use imgshare_testkit::{Answer, Script};
use serde_json::json;

use crate::cloud::{actions, calls, connect, done, parameters, with_keys, with_settings};

const ZONES: &str = "DescribeCompShareSupportZone";
const SHARING: &str = "DescribeCompShareSharingImages";

async fn receive(cloud: &Arc<Script>, config: &Connect, images: &[ImageId]) -> Result<Vec<ReceivedImage>> {
    let account = "55001122".into();
    let query = ReceivedQuery { region: "cn-wlcb".into(), images: images.to_vec(), account };
    connect(cloud, config).read_received(query).await.result
}

fn ids(numbers: std::ops::Range<usize>) -> Vec<ImageId> {
    numbers.map(|number| format!("compshareImage-{number:04}").into()).collect()
}

/// A cloud with these images in its only zone. A listing without a zone has all of them, or none.
fn cloud(images: std::ops::Range<usize>, lists_without_zone: bool) -> Arc<Script> {
    let images = ids(images);
    Script::by(move |request| {
        let call = parameters(&request.body);
        match call["Action"].as_str() {
            ZONES => done(json!({"ZoneInfo": [{"Region": "cn-wlcb", "Zone": "cn-wlcb-01"}]})),
            SHARING if lists_without_zone || call.contains_key("Zone") => page(&call, &images),
            SHARING => page(&call, &[]),
            other => panic!("{other} is not expected"),
        }
    })
}

fn page(call: &BTreeMap<String, String>, images: &[ImageId]) -> Answer {
    let number = |name: &str| call[name].parse::<usize>().unwrap();
    let record = |id: &ImageId| json!({"CompShareImageId": id, "Status": "Available"});
    let page = images.iter().skip(number("Offset")).take(number("Limit"));
    done(json!({"ImageSet": page.map(record).collect::<Vec<_>>(), "TotalCount": images.len()}))
}

fn found(received: &[ReceivedImage]) -> Vec<ImageId> {
    received.iter().map(|image| image.id.clone()).collect()
}

#[tokio::test]
async fn one_call_finds_what_is_shared() {
    let cloud = cloud(0..3, true);
    let received = receive(&cloud, &with_keys(), &ids(1..2)).await.unwrap();
    let seen = ReceivedImage {
        id: "compshareImage-0001".into(),
        state: ImageState::Available,
        cloud_state: "Available".into(),
        acceptance: None,
    };
    assert_eq!(received, [seen]);
    assert_eq!(actions(&cloud), [SHARING]);
}

#[tokio::test]
async fn all_pages_are_looked_through() {
    let cloud = cloud(0..250, true);
    assert_eq!(found(&receive(&cloud, &with_keys(), &ids(0..250)).await.unwrap()), ids(0..250));
    assert_eq!(actions(&cloud), [SHARING; 3]);
}

#[tokio::test]
async fn what_a_listing_without_a_zone_lacks_is_looked_for_in_each_zone() {
    let cloud = cloud(0..3, false);
    assert_eq!(found(&receive(&cloud, &with_keys(), &ids(1..5)).await.unwrap()), ids(1..3));
    assert_eq!(actions(&cloud), [SHARING, ZONES, SHARING]);
    assert_eq!(calls(&cloud)[2]["Zone"], "cn-wlcb-01");
}

#[tokio::test]
async fn the_zone_of_the_settings_is_the_only_one_that_is_named() {
    for (zone, expected) in [("none", vec![SHARING]), ("cn-wlcb-02", vec![SHARING, SHARING])] {
        let cloud = cloud(0..3, true);
        let config = with_settings(json!({ "zone": zone }));
        assert_eq!(receive(&cloud, &config, &ids(7..8)).await, Ok(vec![]));
        assert_eq!(actions(&cloud), expected, "{zone}");
    }
}

#[tokio::test]
async fn for_no_images_nothing_is_asked_and_uhost_images_are_never_received() {
    let cloud = Script::capture();
    assert_eq!(receive(&cloud, &with_keys(), &[]).await, Ok(vec![]));
    let uhost = with_settings(json!({ "product": "uhost" }));
    assert_eq!(receive(&cloud, &uhost, &ids(0..1)).await.unwrap_err().kind, ErrorKind::Unsupported);
    assert_eq!(cloud.requests().len(), 0);
}
