//! What a receiver sees: looked for among all that others share with it.

use std::sync::Arc;

use imgshare_sdk::{ErrorKind, ImageId, ImageState, ReceivedImage, ReceivedQuery, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::json;

use crate::cloud::{connect, done, parameters, refuse, with_keys};

async fn receive(cloud: &Arc<Script>, images: &[ImageId]) -> Result<Vec<ReceivedImage>> {
    let alibaba = connect(cloud, FakeWorld::default(), &with_keys());
    let account = "1234567890123456".into();
    let query = ReceivedQuery { region: "cn-beijing".into(), images: images.to_vec(), account };
    alibaba.read_received(query).await.result
}

fn ids(numbers: std::ops::Range<usize>) -> Vec<ImageId> {
    numbers.map(|number| format!("m-{number:04}").into()).collect()
}

/// A page of images of this owner, out of so many.
fn page(alias: &str, ids: &[ImageId], total: u64) -> Answer {
    let record = |id: &ImageId| json!({"ImageId": id, "ImageOwnerAlias": alias, "Status": "Deprecated"});
    let images: Vec<_> = ids.iter().map(record).collect();
    done(json!({"Images": {"Image": images}, "TotalCount": total, "PageSize": 100}))
}

#[tokio::test]
async fn what_others_share_is_asked_for_in_all_states() {
    let cloud = Script::in_order([page("others", &ids(0..3), 3)]);
    let received = receive(&cloud, &[ids(1..2), vec!["m-elsewhere".into()]].concat()).await.unwrap();
    let seen = ReceivedImage {
        id: "m-0001".into(),
        state: ImageState::Unavailable,
        cloud_state: "Deprecated".into(),
        acceptance: None,
    };
    assert_eq!(received, [seen]);
    let asked = parameters(&cloud.requests()[0]);
    assert_eq!(asked["ImageOwnerAlias"], "others");
    assert!(asked["Status"].contains("Deprecated"), "{asked:?}");
    assert!(!asked.contains_key("ImageId"), "whether it finds several is not documented: {asked:?}");
}

#[tokio::test]
async fn all_pages_are_looked_through_until_all_is_found() {
    let all = ids(0..250);
    let pages = || all.chunks(100).map(|ids| page("others", ids, 250));
    let cloud = Script::in_order(pages());
    let received = receive(&cloud, &ids(200..260)).await.unwrap();
    assert_eq!((received.len(), cloud.requests().len()), (50, 3));
    let cloud = Script::in_order(pages());
    assert_eq!(receive(&cloud, &ids(0..100)).await.map(|received| received.len()), Ok(100));
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn images_that_are_there_for_another_reason_are_not_received() {
    for alias in ["self", "system", "marketplace"] {
        let cloud = Script::in_order([page(alias, &ids(0..1), 1)]);
        assert_eq!(receive(&cloud, &ids(0..1)).await, Ok(vec![]), "{alias}");
    }
}

#[tokio::test]
async fn for_no_images_nothing_is_asked_and_a_wrong_key_is_an_error() {
    let cloud = Script::capture();
    assert_eq!(receive(&cloud, &[]).await, Ok(vec![]));
    assert_eq!(cloud.requests().len(), 0);
    let cloud = Script::in_order([refuse(404, "InvalidAccessKeyId.NotFound")]);
    assert_eq!(receive(&cloud, &ids(0..1)).await.unwrap_err().kind, ErrorKind::CredentialInvalid);
}
