//! Copies: one call for each region, sent again only where a token makes that harmless.

use std::sync::Arc;

use imgshare_sdk::{Connect, Copied, CopyRequest, ErrorKind, ImageRef, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::json;

use crate::cloud::{action, connect, done, image, parameters, refuse, with_keys};

fn request() -> CopyRequest {
    let regions = ["cn-shanghai", "ap-southeast-1"].map(Into::into).to_vec();
    CopyRequest { source: image(), regions, name: Some("golden".into()), token: Some("run1".into()) }
}

/// A request for one region, with this token.
fn to_shanghai(token: Option<&str>) -> CopyRequest {
    CopyRequest { regions: vec!["cn-shanghai".into()], token: token.map(Into::into), ..request() }
}

async fn copy(cloud: &Arc<Script>, config: &Connect, request: CopyRequest) -> Result<Copied> {
    let world = FakeWorld::default().with_virtual_time();
    connect(cloud, world, config).copy_image(request).await.result
}

fn begun() -> Answer {
    done(json!({"ImageId": "m-copy"}))
}

/// Answers after which nobody knows whether there is a copy.
fn unsure() -> [Answer; 3] {
    [Answer::lost(), refuse(500, "InternalError"), Answer::status(502, "<html>bad gateway")]
}

#[tokio::test]
async fn each_region_has_a_call_of_its_own() -> Result<()> {
    let cloud = Script::in_order([done(json!({"ImageId": "m-1"})), done(json!({"ImageId": "m-2"}))]);
    let copied = connect(&cloud, FakeWorld::default(), &with_keys()).copy_image(request()).await.result?;
    let new = |region: &str, id: &str| ImageRef { region: region.into(), id: id.into() };
    assert_eq!(copied.images, [new("cn-shanghai", "m-1"), new("ap-southeast-1", "m-2")]);
    let requests = cloud.requests();
    assert!(requests.iter().all(|request| action(request) == "CopyImage"));
    assert!(requests.iter().all(|request| request.url.starts_with("https://ecs.cn-beijing.aliyuncs.com/?")));
    let tokens = requests.iter().map(|request| parameters(request)["ClientToken"].clone());
    let tokens: Vec<_> = tokens.collect();
    assert_ne!(tokens[0], tokens[1]);
    Ok(())
}

#[tokio::test]
async fn a_refused_copy_says_why() {
    let cloud = Script::in_order([refuse(404, "InvalidImageId.NotFound")]);
    let copied = connect(&cloud, FakeWorld::default(), &with_keys()).copy_image(request()).await.result;
    assert_eq!(copied.unwrap_err().kind, ErrorKind::ImageNotFound);
}

#[tokio::test(start_paused = true)]
async fn the_copy_says_of_what_it_is_one() {
    let cloud = Script::in_order([begun()]);
    copy(&cloud, &with_keys(), to_shanghai(None)).await.unwrap();
    let sent = parameters(&cloud.requests()[0]);
    assert_eq!(sent["Tag.1.Key"], "imgshare-source");
    assert_eq!(sent["Tag.1.Value"], "cn-beijing%2Fm-bp1fake0001");
    assert_eq!(
        (sent["DestinationRegionId"].as_str(), sent["DestinationImageName"].as_str()),
        ("cn-shanghai", "golden")
    );
    assert!(!sent.contains_key("Encrypted") && !sent.contains_key("ClientToken"), "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn without_a_token_what_may_have_been_copied_is_not_asked_for_again() {
    for answer in unsure() {
        let cloud = Script::in_order([answer.clone(), begun()]);
        let error = copy(&cloud, &with_keys(), to_shanghai(None)).await.unwrap_err();
        assert_eq!((error.kind, cloud.requests().len()), (ErrorKind::Unavailable, 1), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_token_it_is_asked_for_again_with_the_same_one() {
    for answer in unsure() {
        let cloud = Script::in_order([answer.clone(), begun()]);
        let copied = copy(&cloud, &with_keys(), to_shanghai(Some("run1"))).await.unwrap();
        assert_eq!(copied.images.len(), 1, "{answer:?}");
        let sent: Vec<_> = cloud.requests().iter().map(parameters).collect();
        assert_eq!(sent.len(), 2, "{answer:?}");
        // The time and the nonce of a try are in headers, so all that is said to the cloud is the same.
        assert_eq!(sent[0], sent[1], "{answer:?}");
        assert!(sent[0].contains_key("ClientToken"));
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_calls_and_a_host_that_was_never_reached_are_tried_again_in_any_case() {
    for answer in [refuse(400, "Throttling.User"), Answer::unreachable()] {
        let cloud = Script::in_order([answer.clone(), begun()]);
        assert!(copy(&cloud, &with_keys(), to_shanghai(None)).await.is_ok(), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_encrypted_with_the_key_of_its_region() {
    let settings = json!({ "copy_encrypted": true, "copy_kms_keys": { "cn-shanghai": "fake-key" } });
    let config = Connect { settings, ..with_keys() };
    let cloud = Script::in_order([begun()]);
    let error = copy(&cloud, &config, request()).await.unwrap_err();
    let sent = parameters(&cloud.requests()[0]);
    assert_eq!((sent["Encrypted"].as_str(), sent["KMSKeyId"].as_str()), ("true", "fake-key"));
    assert_eq!(error.hint.as_deref(), Some("add a key of ap-southeast-1 to `copy_kms_keys`"));
    assert_eq!(cloud.requests().len(), 1, "nothing is asked of a region without a key");
}

#[tokio::test(start_paused = true)]
async fn a_full_region_is_a_limit_of_the_cloud() {
    let cloud = Script::in_order([refuse(403, "QuotaExceed.Image")]);
    let error = copy(&cloud, &with_keys(), to_shanghai(None)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::QuotaExceeded);
    assert!(error.hint.is_some_and(|hint| hint.contains("region of the copy")));
}
