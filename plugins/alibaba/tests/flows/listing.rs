//! Listing, over pages and past hints that the cloud does not take.

use std::sync::Arc;

use imgshare_sdk::{Connect, ErrorKind, Image, ImageQuery, Page, Result};
use imgshare_testkit::{FakeWorld, Script};
use serde_json::json;

use crate::cloud::{connect, header, images, parameters, refuse, with_credentials, with_keys};

async fn list(cloud: &Arc<Script>, query: ImageQuery) -> Result<Page<Image>> {
    let alibaba = connect(cloud, FakeWorld::default(), &with_keys());
    alibaba.list_images(ImageQuery { region: "cn-beijing".into(), ..query }).await.result
}

fn ids(page: &Page<Image>) -> Vec<&str> {
    page.items.iter().map(|image| image.id.as_str()).collect()
}

/// What was asked for beyond what every listing asks for, and which page.
fn asked(cloud: &Script) -> Vec<String> {
    let usual = ["ImageOwnerAlias", "PageSize", "RegionId", "Status"];
    let text = |request| {
        let parameters = parameters(request).into_iter().filter(|(name, _)| !usual.contains(&name.as_str()));
        parameters.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    };
    cloud.requests().iter().map(text).collect()
}

#[tokio::test]
async fn a_call_goes_to_the_regions_host_and_asks_for_own_images_in_all_states() {
    let cloud = Script::in_order([images(&["m-1"], 1)]);
    let page = list(&cloud, ImageQuery::default()).await.unwrap();
    assert_eq!((ids(&page), page.next.len()), (vec!["m-1"], 0));

    let request = cloud.requests().remove(0);
    assert_eq!((request.method.as_str(), request.body.len()), ("POST", 0));
    assert_eq!(
        request.url,
        "https://ecs.cn-beijing.aliyuncs.com/?ImageOwnerAlias=self&PageNumber=1&PageSize=100&RegionId=cn-beijing&\
         Status=Available%2CCreating%2CWaiting%2CUnAvailable%2CCreateFailed%2CDeprecated"
    );
    for (name, value) in [
        ("x-acs-action", "DescribeImages"),
        ("x-acs-version", "2014-05-26"),
        ("x-acs-date", "2023-11-14T22:13:20Z"),
        ("accept", "application/json"),
        ("x-acs-security-token", ""),
    ] {
        assert_eq!(header(&request, name), value, "{name}");
    }
    let authorization = header(&request, "Authorization");
    assert!(authorization.starts_with("ACS3-HMAC-SHA256 Credential=LTAIFAKECONFIG,"), "{authorization}");
}

#[tokio::test]
async fn the_old_signature_puts_everything_into_the_query() {
    let keys =
        [("access_key_id", "LTAIFAKE"), ("access_key_secret", "FakeKey"), ("security_token", "FAKE/TOKEN=")];
    let config = Connect {
        settings: json!({"signature": "rpc"}),
        endpoint: Some("http://127.0.0.1:7070".into()),
        ..with_credentials(&keys)
    };
    let cloud = Script::in_order([images(&["m-1"], 1)]);
    let query = ImageQuery { region: "cn-beijing".into(), ..ImageQuery::default() };
    connect(&cloud, FakeWorld::default(), &config).list_images(query).await.result.unwrap();

    let request = cloud.requests().remove(0);
    assert!(request.url.starts_with("http://127.0.0.1:7070/?AccessKeyId=LTAIFAKE&"), "{}", request.url);
    let parameters = parameters(&request);
    for (name, value) in [
        ("Action", "DescribeImages"),
        ("Format", "JSON"),
        ("RegionId", "cn-beijing"),
        ("SecurityToken", "FAKE%2FTOKEN%3D"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2023-11-14T22%3A13%3A20Z"),
        ("Version", "2014-05-26"),
    ] {
        assert_eq!(parameters.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(parameters["Signature"].ends_with("%3D"));
    assert_eq!(request.headers, []);
}

#[tokio::test]
async fn a_hint_that_the_cloud_refuses_costs_no_listing() {
    let query = ImageQuery { ids: vec!["m-2".into()], ..ImageQuery::default() };
    let cloud = Script::in_order([
        refuse(404, "InvalidImageId.NotFound"),
        images(&["m-1", "m-2"], 150),
        images(&["m-3"], 101),
    ]);
    let page = list(&cloud, query.clone()).await.unwrap();
    assert_eq!(ids(&page), ["m-2"]);

    let next = page.next.first().cloned();
    assert!(next.is_some());
    assert_eq!(list(&cloud, ImageQuery { page: next, ..query }).await, Ok(Page::default()));
    assert_eq!(asked(&cloud), ["ImageId=m-2 PageNumber=1", "PageNumber=1", "PageNumber=2"]);
}

#[tokio::test]
async fn a_narrowed_listing_that_may_be_cut_off_is_read_without_hints() {
    let query = ImageQuery { tags: [("team".into(), "data".into())].into(), ..ImageQuery::default() };
    for (count, calls) in [(999, 1), (1000, 2)] {
        let cloud = Script::in_order([images(&["m-1"], count), images(&["m-1"], 3000)]);
        let page = list(&cloud, query.clone()).await.unwrap();
        assert_eq!(cloud.requests().len(), calls, "{count}");
        assert_eq!(page.next.len(), if calls == 1 { 9 } else { 29 }, "{count}");
    }
    let cloud = Script::in_order([images(&["m-1"], 1000), images(&["m-1"], 3000)]);
    list(&cloud, query).await.unwrap();
    assert_eq!(asked(&cloud), ["PageNumber=1 Tag.1.Key=team Tag.1.Value=data", "PageNumber=1"]);
}

#[tokio::test]
async fn a_later_page_that_fails_is_an_error_since_it_cannot_begin_another_listing() {
    let query = ImageQuery { family: Some("ubuntu".into()), ..ImageQuery::default() };
    let cloud = Script::in_order([images(&["m-1"], 150), refuse(400, "NeverHeardOf")]);
    let next = list(&cloud, query.clone()).await.unwrap().next;
    let later = list(&cloud, ImageQuery { page: next.first().cloned(), ..query }).await;
    assert_eq!(later.unwrap_err().kind, ErrorKind::Unexpected);
    assert_eq!(cloud.requests().len(), 2);
}

#[tokio::test]
async fn an_error_that_no_hint_makes_is_the_listings_own() {
    let query = ImageQuery { name: Some("golden".into()), ..ImageQuery::default() };
    let cloud = Script::in_order([refuse(400, "SignatureDoesNotMatch")]);
    assert_eq!(list(&cloud, query).await.unwrap_err().kind, ErrorKind::CredentialInvalid);
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn a_region_that_is_none_is_refused_before_anything_is_sent() {
    let cloud = Script::capture();
    let alibaba = connect(&cloud, FakeWorld::default(), &with_keys());
    let query = ImageQuery { region: "evil.example/".into(), ..ImageQuery::default() };
    assert!(alibaba.list_images(query).await.result.is_err());
    assert_eq!(cloud.requests().len(), 0);
}
