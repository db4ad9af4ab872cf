//! Copies: the cloud has nothing against making one twice, so whatever may have been done is never asked for again.

use std::sync::Arc;

use imgshare_sdk::{Copied, CopyRequest, ErrorKind, ImageRef, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::{Value, json};

use crate::cloud::{action, done, header, image, refuse, with_keys};

fn request() -> CopyRequest {
    let regions = vec!["ap-shanghai".into()];
    CopyRequest { source: image(), regions, name: Some("golden".into()), token: Some("run1".into()) }
}

async fn copy(cloud: &Arc<Script>) -> Result<Copied> {
    let world = Arc::new(FakeWorld::default().with_virtual_time());
    let plugin = imgshare_testkit::load("tencent");
    let tencent = imgshare_testkit::host(cloud, &world).connect(&plugin, &with_keys(), false).unwrap();
    tencent.copy_image(request()).await.result
}

fn begun() -> Answer {
    done(json!({"ImageSet": [{"ImageId": "img-copy0000", "Region": "ap-shanghai"}]}))
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_one_call_in_the_sources_region_and_names_the_new_image() {
    let cloud = Script::in_order([begun()]);
    let copied = copy(&cloud).await.unwrap();
    assert_eq!(copied.images, [ImageRef { region: "ap-shanghai".into(), id: "img-copy0000".into() }]);
    assert_eq!(copied.request_ids, ["fake-request"]);

    let request = cloud.requests().remove(0);
    assert_eq!(action(&request.headers), "SyncImages");
    assert_eq!(header(&request.headers, "X-TC-Region"), "ap-guangzhou");
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let expected = json!({
        "ImageIds": ["img-6pb6lrmy"],
        "DestinationRegions": ["ap-shanghai"],
        "ImageName": "golden",
        "ImageSetRequired": true,
    });
    assert_eq!(body, expected);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_copied_is_not_asked_for_again() {
    for answer in [
        Answer::lost(),
        refuse("InternalError"),
        refuse("InternalServerError"),
        Answer::status(502, "<html>bad gateway"),
        Answer::ok("cut o"),
    ] {
        let cloud = Script::in_order([answer.clone(), begun()]);
        let error = copy(&cloud).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Unavailable | ErrorKind::Malformed), "{answer:?}: {error}");
        assert_eq!(cloud.requests().len(), 1, "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_surely_not_done_is_asked_for_again() {
    for answer in [refuse("RequestLimitExceeded"), Answer::unreachable()] {
        let cloud = Script::in_order([answer.clone(), begun()]);
        assert_eq!(copy(&cloud).await.unwrap().images.len(), 1, "{answer:?}");
        assert_eq!(cloud.requests().len(), 2, "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_copy_is_not_asked_for_again_and_says_why() {
    for (code, kind) in [
        ("ImageQuotaLimitExceeded", ErrorKind::QuotaExceeded),
        ("InvalidParameterValue.InvalidImageState", ErrorKind::Conflict),
        ("InvalidImageId.NotFound", ErrorKind::ImageNotFound),
        ("UnauthorizedOperation.ImageNotBelongToAccount", ErrorKind::PermissionDenied),
        ("InvalidRegion.NotFound", ErrorKind::Unsupported),
    ] {
        let cloud = Script::in_order([refuse(code), begun()]);
        let error = copy(&cloud).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_deref()), (kind, Some(code)));
        assert!(error.hint.is_some(), "{code}");
        assert_eq!(cloud.requests().len(), 1, "{code}");
    }
}
