//! Listing, page after page, and past filters that the cloud does not take.

use std::sync::Arc;

use imgshare_sdk::{ErrorKind, Image, ImageQuery, Page, Result};
use imgshare_testkit::Script;

use crate::cloud::{aws, done, form, header, images, refuse};

async fn list(cloud: &Arc<Script>, query: ImageQuery) -> Result<Page<Image>> {
    aws(cloud).list_images(ImageQuery { region: "us-east-1".into(), ..query }).await.result
}

fn ids(page: &Page<Image>) -> Vec<&str> {
    page.items.iter().map(|image| image.id.as_str()).collect()
}

fn named(name: &str) -> ImageQuery {
    ImageQuery { name: Some(name.into()), ..ImageQuery::default() }
}

#[tokio::test]
async fn a_call_goes_to_the_regions_host_and_asks_for_old_and_disabled_images_too() {
    let cloud = Script::in_order([images(&["ami-1"], None)]);
    let page = list(&cloud, ImageQuery::default()).await.unwrap();
    assert_eq!((ids(&page), page.next.len()), (vec!["ami-1"], 0));

    let request = cloud.requests().remove(0);
    assert_eq!(
        (request.method.as_str(), request.url.as_str()),
        ("POST", "https://ec2.us-east-1.amazonaws.com/")
    );
    assert_eq!(header(&request, "x-amz-date"), "20231114T221320Z");
    assert_eq!(header(&request, "content-type"), "application/x-www-form-urlencoded; charset=utf-8");
    assert_eq!(
        String::from_utf8(request.body).unwrap(),
        "Action=DescribeImages&Version=2016-11-15&Owner.1=self&IncludeDeprecated=true&IncludeDisabled=true&\
         MaxResults=1000"
    );
}

#[tokio::test]
async fn each_page_names_the_next_one_until_the_last() {
    let cloud = Script::in_order([images(&["ami-1"], Some("a+b/c=")), images(&["ami-2"], None)]);
    let first = list(&cloud, named("golden")).await.unwrap();
    let next = first.next.first().cloned();
    let second = list(&cloud, ImageQuery { page: next, ..named("golden") }).await.unwrap();
    assert_eq!((ids(&first), ids(&second), second.next.len()), (vec!["ami-1"], vec!["ami-2"], 0));
    let sent = form(&cloud.requests()[1]);
    assert_eq!(sent.get("NextToken"), Some("a+b/c="));
    assert_eq!(sent.filters(), [("name", vec!["golden"])], "a page is asked for as the one before it");
}

#[tokio::test]
async fn ids_are_a_filter_since_a_list_of_them_has_no_pages() {
    let cloud = Script::in_order([images(&["ami-1", "ami-9"], None)]);
    let query = ImageQuery { ids: vec!["ami-1".into(), "ami-2".into()], ..ImageQuery::default() };
    assert_eq!(ids(&list(&cloud, query).await.unwrap()), ["ami-1"]);
    let sent = form(&cloud.requests()[0]);
    assert_eq!(sent.filters(), [("image-id", vec!["ami-1", "ami-2"])]);
    assert_eq!(sent.list("ImageId"), [""; 0]);
}

#[tokio::test]
async fn a_filter_that_the_cloud_refuses_costs_no_listing() {
    let cloud =
        Script::in_order([refuse("InvalidParameterValue"), images(&["ami-1"], Some("t")), images(&[], None)]);
    let page = list(&cloud, named("golden")).await.unwrap();
    assert_eq!(ids(&page), ["ami-1"]);
    let next = ImageQuery { page: page.next.first().cloned(), ..named("golden") };
    assert_eq!(list(&cloud, next).await, Ok(Page::default()));
    for request in &cloud.requests()[1..] {
        assert_eq!(form(request).filters().len(), 0);
    }
}

#[tokio::test]
async fn an_error_that_no_filter_makes_is_the_listings_own() {
    for (code, kind) in [
        ("AuthFailure", ErrorKind::CredentialInvalid),
        ("UnauthorizedOperation", ErrorKind::PermissionDenied),
    ] {
        let cloud = Script::in_order([refuse(code)]);
        assert_eq!(list(&cloud, named("golden")).await.unwrap_err().kind, kind);
        assert_eq!(cloud.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_later_page_that_fails_is_an_error_since_its_place_is_none_in_another_listing() {
    let cloud = Script::in_order([refuse("InvalidParameterValue"), images(&["ami-1"], None)]);
    let query = ImageQuery { page: Some("narrowed:t".into()), ..named("golden") };
    assert_eq!(list(&cloud, query).await.unwrap_err().kind, ErrorKind::Unexpected);
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn an_answer_without_a_list_is_not_taken_for_a_region_without_images() {
    let cloud = Script::in_order([done("DescribeImages", "")]);
    assert_eq!(list(&cloud, ImageQuery::default()).await.unwrap_err().kind, ErrorKind::Malformed);
}
