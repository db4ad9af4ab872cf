//! Copies: sent to the region of the copy, and again only where a token makes that harmless.

use std::sync::Arc;

use imgshare_sdk::{Connect, Copied, CopyRequest, ErrorKind, ImageRef, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::json;

use crate::cloud::{actions, connect, done, form, image, images, refuse, refuse_with, with_keys};

fn request(region: &str) -> CopyRequest {
    let regions = vec![region.into()];
    CopyRequest { source: image(), regions, name: Some("golden".into()), token: Some("run1".into()) }
}

async fn copy_with(cloud: &Arc<Script>, config: &Connect, request: CopyRequest) -> Result<Copied> {
    connect(cloud, FakeWorld::default().with_virtual_time(), config).copy_image(request).await.result
}

async fn copy(cloud: &Arc<Script>, request: CopyRequest) -> Result<Copied> {
    copy_with(cloud, &with_keys(), request).await
}

fn begun() -> Answer {
    done("CopyImage", "<imageId>ami-0copy</imageId>")
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_asked_of_its_own_region_and_says_of_what_it_is_one() {
    let cloud = Script::in_order([begun()]);
    let copied = copy(&cloud, request("eu-west-1")).await.unwrap();
    assert_eq!(copied.images, [ImageRef { region: "eu-west-1".into(), id: "ami-0copy".into() }]);
    assert_eq!(copied.request_ids, ["fake-request"]);
    let sent = cloud.requests().remove(0);
    assert_eq!(sent.url, "https://ec2.eu-west-1.amazonaws.com/");
    let form = form(&sent);
    for (name, value) in [
        ("SourceRegion", "us-east-1"),
        ("SourceImageId", "ami-0fake01"),
        ("Name", "golden"),
        ("TagSpecification.1.ResourceType", "image"),
        ("TagSpecification.1.Tag.1.Key", "imgshare-source"),
        ("TagSpecification.1.Tag.1.Value", "us-east-1/ami-0fake01"),
    ] {
        assert_eq!(form.get(name), Some(value), "{name}");
    }
    for name in ["Encrypted", "KmsKeyId", "CopyImageTags"] {
        assert_eq!(form.get(name), None);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_name_the_copy_gets_its_sources() {
    let cloud = Script::in_order([images(&["ami-0fake01"], None), begun()]);
    copy(&cloud, CopyRequest { name: None, ..request("eu-west-1") }).await.unwrap();
    let requests = cloud.requests();
    assert_eq!(requests[0].url, "https://ec2.us-east-1.amazonaws.com/");
    assert_eq!(form(&requests[0]).list("ImageId"), ["ami-0fake01"]);
    assert_eq!(form(&requests[1]).get("Name"), Some("golden"));

    let cloud = Script::in_order([images(&[], None)]);
    let error = copy(&cloud, CopyRequest { name: None, ..request("eu-west-1") }).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ImageNotFound);
}

#[tokio::test(start_paused = true)]
async fn without_a_token_what_may_have_been_copied_is_not_asked_for_again() {
    for answer in [Answer::lost(), refuse_with(500, "InternalError", "No."), Answer::status(502, "<html>")] {
        let cloud = Script::in_order([answer.clone(), begun()]);
        let error = copy(&cloud, CopyRequest { token: None, ..request("eu-west-1") }).await.unwrap_err();
        assert_eq!((error.kind, cloud.requests().len()), (ErrorKind::Unavailable, 1), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_token_it_is_asked_for_again_with_the_same_one() {
    let cloud = Script::in_order([Answer::lost(), begun()]);
    copy(&cloud, request("eu-west-1")).await.unwrap();
    let sent = cloud.requests();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].body, sent[1].body);
    assert!(form(&sent[0]).get("ClientToken").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_encrypted_with_the_key_of_its_region() {
    let settings =
        json!({"copy_encrypted": true, "copy_tags": true, "copy_kms_keys": {"eu-west-1": "alias/fake"}});
    let config = Connect { settings, ..with_keys() };
    let cloud = Script::in_order([begun()]);
    copy_with(&cloud, &config, request("eu-west-1")).await.unwrap();
    let sent = form(&cloud.requests()[0]);
    assert_eq!((sent.get("Encrypted"), sent.get("KmsKeyId")), (Some("true"), Some("alias/fake")));
    assert_eq!(sent.get("CopyImageTags"), Some("true"));
    let error = copy_with(&cloud, &config, request("eu-west-2")).await.unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("add a key of eu-west-2 to `copy_kms_keys`"));
    assert_eq!(cloud.requests().len(), 1, "nothing is asked of a region without a key");
}

#[tokio::test(start_paused = true)]
async fn between_parts_of_the_cloud_nothing_is_copied() {
    for region in ["cn-north-1", "us-gov-west-1"] {
        let cloud = Script::capture();
        let error = copy(&cloud, request(region)).await.unwrap_err();
        assert_eq!((error.kind, cloud.requests().len()), (ErrorKind::Unsupported, 0), "{region}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_not_enabled_says_what_to_do() {
    for (code, kind) in
        [("OptInRequired", ErrorKind::PermissionDenied), ("AuthFailure", ErrorKind::CredentialInvalid)]
    {
        let cloud = Script::in_order([refuse(code)]);
        let error = copy(&cloud, request("af-south-1")).await.unwrap_err();
        assert_eq!(error.kind, kind);
        assert!(error.hint.is_some_and(|hint| hint.contains("enable")), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_right_to_copy_names_the_one_for_tags_too() {
    let cloud = Script::in_order([refuse("UnauthorizedOperation")]);
    let error = copy(&cloud, request("eu-west-1")).await.unwrap_err();
    let hint = error.hint.unwrap_or_default();
    assert!(hint.contains("ec2:CopyImage") && hint.contains("ec2:CreateTags"), "{hint}");
    assert_eq!(actions(&cloud), ["CopyImage"]);
}
