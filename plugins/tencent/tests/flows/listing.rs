//! Listing, over pages and past filters that the cloud does not take.

use std::sync::Arc;

use imgshare_sdk::{ErrorKind, Image, ImageQuery, Page, Result};
use imgshare_testkit::{FakeWorld, Script};

use crate::cloud::{header, images, refuse, with_keys};

async fn list(cloud: &Arc<Script>, query: ImageQuery) -> Result<Page<Image>> {
    let world = Arc::new(FakeWorld::default());
    let plugin = imgshare_testkit::load("tencent");
    let tencent = imgshare_testkit::host(cloud, &world).connect(&plugin, &with_keys(), false).unwrap();
    tencent.list_images(ImageQuery { region: "ap-guangzhou".into(), ..query }).await.result
}

fn ids(page: &Page<Image>) -> Vec<&str> {
    page.items.iter().map(|image| image.id.as_str()).collect()
}

fn bodies(cloud: &Script) -> Vec<String> {
    cloud.requests().into_iter().map(|request| String::from_utf8(request.body).unwrap()).collect()
}

const PRIVATE: &str = r#"{"Name":"image-type","Values":["PRIVATE_IMAGE"]}"#;

#[tokio::test]
async fn a_call_goes_to_the_nearest_host_and_says_what_the_cloud_wants_to_know() {
    let cloud = Script::in_order([images(&["img-00000001"], 1)]);
    let page = list(&cloud, ImageQuery::default()).await.unwrap();
    assert_eq!((ids(&page), page.next.len()), (vec!["img-00000001"], 0));

    let request = cloud.requests().remove(0);
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://cvm.tencentcloudapi.com/"));
    for (name, value) in [
        ("X-TC-Action", "DescribeImages"),
        ("X-TC-Version", "2017-03-12"),
        ("X-TC-Region", "ap-guangzhou"),
        ("X-TC-Timestamp", "1700000000"),
        ("X-TC-Language", "en-US"),
        ("Content-Type", "application/json"),
    ] {
        assert_eq!(header(&request.headers, name), value, "{name}");
    }
    assert_eq!(bodies(&cloud), [format!(r#"{{"Filters":[{PRIVATE}],"Offset":0,"Limit":100}}"#)]);
}

#[tokio::test]
async fn an_id_that_the_filter_refuses_costs_no_listing() {
    let query = ImageQuery { ids: vec!["img-typo".into(), "img-00000002".into()], ..ImageQuery::default() };
    let cloud = Script::in_order([
        refuse("InvalidImageId.NotFound"),
        images(&["img-00000001", "img-00000002"], 150),
        images(&[], 2),
    ]);
    let page = list(&cloud, query.clone()).await.unwrap();
    assert_eq!(ids(&page), ["img-00000002"]);

    let next = page.next.first().cloned();
    assert!(next.is_some());
    assert_eq!(list(&cloud, ImageQuery { page: next, ..query }).await, Ok(Page::default()));
    assert_eq!(
        bodies(&cloud),
        [
            format!(
                r#"{{"Filters":[{PRIVATE},{{"Name":"image-id","Values":["img-typo","img-00000002"]}}],"Offset":0,"Limit":100}}"#
            ),
            format!(r#"{{"Filters":[{PRIVATE}],"Offset":0,"Limit":100}}"#),
            format!(r#"{{"Filters":[{PRIVATE}],"Offset":2,"Limit":100}}"#),
        ]
    );
}

#[tokio::test]
async fn an_error_that_no_filter_makes_is_the_listings_own() {
    let query = ImageQuery { name: Some("golden".into()), ..ImageQuery::default() };
    let cloud = Script::in_order([refuse("AuthFailure.SignatureFailure")]);
    assert_eq!(list(&cloud, query).await.unwrap_err().kind, ErrorKind::CredentialInvalid);
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn a_region_that_is_none_is_refused_before_anything_is_sent() {
    let world = Arc::new(FakeWorld::default());
    let cloud = Script::capture();
    let plugin = imgshare_testkit::load("tencent");
    let tencent = imgshare_testkit::host(&cloud, &world).connect(&plugin, &with_keys(), false).unwrap();
    let query = ImageQuery { region: "evil.example/-fsi".into(), ..ImageQuery::default() };
    assert!(tencent.list_images(query).await.result.is_err());
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn a_later_page_that_fails_is_an_error_since_its_place_is_none_in_another_listing() {
    let named = ImageQuery { name: Some("golden".into()), ..ImageQuery::default() };
    for token in ["100-200", "100-"] {
        let cloud = Script::in_order([refuse("InvalidParameterValue.Unheard"), images(&["img-00000001"], 1)]);
        let query = ImageQuery { page: Some(token.into()), ..named.clone() };
        assert_eq!(list(&cloud, query).await.unwrap_err().kind, ErrorKind::Unexpected, "{token}");
        assert_eq!(cloud.requests().len(), 1, "{token}");
    }
}
