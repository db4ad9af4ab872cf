//! What a receiver sees: asked for by its ids where these are few, looked for among all that is shared otherwise.

use std::sync::Arc;

use imgshare_sdk::{ErrorKind, ImageId, ImageState, ReceivedImage, ReceivedQuery, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::json;

use crate::cloud::{done, refuse, with_keys};

const SHARED: &str = r#"{"Name":"image-type","Values":["SHARED_IMAGE"]}"#;

async fn receive(cloud: &Arc<Script>, images: &[ImageId]) -> Result<Vec<ReceivedImage>> {
    let plugin = imgshare_testkit::load("tencent");
    let world = Arc::new(FakeWorld::default());
    let tencent = imgshare_testkit::host(cloud, &world).connect(&plugin, &with_keys(), false).unwrap();
    let account = "100012345678".into();
    let query = ReceivedQuery { region: "ap-guangzhou".into(), images: images.to_vec(), account };
    tencent.read_received(query).await.result
}

fn ids(numbers: std::ops::Range<usize>) -> Vec<ImageId> {
    numbers.map(|number| format!("img-{number:08}").into()).collect()
}

/// A page of images of this kind, out of so many.
fn page(kind: &str, ids: &[ImageId], total: u64) -> Answer {
    let record = |id: &ImageId| json!({"ImageId": id, "ImageType": kind, "ImageState": "NORMAL"});
    done(json!({"ImageSet": ids.iter().map(record).collect::<Vec<_>>(), "TotalCount": total}))
}

fn bodies(cloud: &Script) -> Vec<String> {
    cloud.requests().into_iter().map(|request| String::from_utf8(request.body).unwrap()).collect()
}

fn found(received: &[ReceivedImage]) -> Vec<ImageId> {
    received.iter().map(|image| image.id.clone()).collect()
}

#[tokio::test]
async fn a_few_images_are_asked_for_in_one_call() {
    let cloud = Script::in_order([page("SHARED_IMAGE", &ids(0..1), 1)]);
    let received = receive(&cloud, &ids(0..2)).await.unwrap();
    let seen = ReceivedImage {
        id: "img-00000000".into(),
        state: ImageState::Available,
        cloud_state: "NORMAL".into(),
        acceptance: None,
    };
    assert_eq!(received, [seen]);
    let by_id = r#"{"Name":"image-id","Values":["img-00000000","img-00000001"]}"#;
    assert_eq!(bodies(&cloud), [format!(r#"{{"Filters":[{SHARED},{by_id}],"Offset":0,"Limit":100}}"#)]);
}

#[tokio::test]
async fn an_id_that_the_filter_refuses_hides_no_other_image() {
    let cloud = Script::in_order([refuse("InvalidImageId.NotFound"), page("SHARED_IMAGE", &ids(0..3), 3)]);
    let wanted = [ids(1..2), vec!["img-typo".into()]].concat();
    assert_eq!(found(&receive(&cloud, &wanted).await.unwrap()), ids(1..2));
    assert_eq!(bodies(&cloud)[1], format!(r#"{{"Filters":[{SHARED}],"Offset":0,"Limit":100}}"#));
}

#[tokio::test]
async fn many_images_are_looked_for_on_all_pages() {
    let all = ids(0..250);
    let pages: Vec<_> = all.chunks(100).map(|ids| page("SHARED_IMAGE", ids, 250)).collect();
    let cloud = Script::in_order(pages);
    let wanted = ids(0..260);
    assert_eq!(found(&receive(&cloud, &wanted).await.unwrap()), all);
    assert_eq!(cloud.requests().len(), 3);
}

#[tokio::test]
async fn images_that_are_there_for_another_reason_are_not_received() {
    for kind in ["PRIVATE_IMAGE", "PUBLIC_IMAGE"] {
        let cloud = Script::in_order([page(kind, &ids(0..1), 1)]);
        assert_eq!(receive(&cloud, &ids(0..1)).await, Ok(vec![]), "{kind}");
    }
}

#[tokio::test]
async fn for_no_images_nothing_is_asked_and_a_wrong_key_is_an_error() {
    let cloud = Script::capture();
    assert_eq!(receive(&cloud, &[]).await, Ok(vec![]));
    assert_eq!(cloud.requests().len(), 0);
    let cloud = Script::in_order([refuse("AuthFailure.SignatureFailure")]);
    assert_eq!(receive(&cloud, &ids(0..1)).await.unwrap_err().kind, ErrorKind::CredentialInvalid);
}
