//! Copies to several regions.

use imgshare_sdk::{CopyRequest, ErrorKind, ImageRef, Result};
use imgshare_testkit::{FakeWorld, Script};
use serde_json::json;

use crate::cloud::{action, connect, done, image, parameters, refuse, with_keys};

fn request() -> CopyRequest {
    let regions = ["cn-shanghai", "ap-southeast-1"].map(Into::into).to_vec();
    CopyRequest { source: image(), regions, name: Some("golden".into()), token: Some("run-1".into()) }
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
