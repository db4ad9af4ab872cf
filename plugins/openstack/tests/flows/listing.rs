//! Listing a project's images, page after page, hidden ones beside the others.

use imgshare_sdk::{Connect, ErrorKind, Image, ImageQuery, ImageState, Limits, Page, PageToken, Result};
use imgshare_testkit::{Answer, Script};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::cloud::{PROJECT, calls, cloud, connect, done, refuse, with_password};

fn record(id: &str) -> Value {
    json!({"id": id, "name": id, "owner": PROJECT, "status": "active", "visibility": "shared"})
}

async fn page(cloud: &Arc<Script>, config: &Connect, page: Option<PageToken>) -> Result<Page<Image>> {
    let query = ImageQuery { region: "RegionOne".into(), page, ..ImageQuery::default() };
    connect(cloud, config).list_images(query).await.result
}

fn ids(page: &Page<Image>) -> Vec<&str> {
    page.items.iter().map(|image| image.id.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn pages_follow_the_marker_and_hidden_images_are_a_listing_of_their_own() {
    let cloud = cloud(|request| {
        let next = "/v2/images?marker=i-2&limit=1000";
        match (request.url.contains("os_hidden=true"), request.url.contains("marker=i-2")) {
            (false, false) => done(&json!({"images": [record("i-1"), record("i-2")], "next": next})),
            (false, true) => done(&json!({"images": [record("i-3")]})),
            (true, _) => done(&json!({"images": [record("i-4")]})),
        }
    });
    let config = with_password();
    let first = page(&cloud, &config, None).await.unwrap();
    assert_eq!(ids(&first), ["i-1", "i-2"]);
    let [behind, hidden] = first.next.as_slice() else { panic!("{:?}", first.next) };
    let (behind, hidden) =
        (page(&cloud, &config, Some(behind.clone())), page(&cloud, &config, Some(hidden.clone())));
    let (behind, hidden) = (behind.await.unwrap(), hidden.await.unwrap());
    assert_eq!((ids(&behind), ids(&hidden)), (vec!["i-3"], vec!["i-4"]));
    assert_eq!((behind.next, hidden.next), (vec![], vec![]));
    let lists: Vec<_> = calls(&cloud).into_iter().filter(|call| call.starts_with("GET")).collect();
    let expected = ["", "&marker=i-2", "&os_hidden=true"];
    assert_eq!(
        lists,
        expected.map(|rest| {
            let (hidden, marker) = if rest.starts_with("&os") { (rest, "") } else { ("", rest) };
            format!("GET /v2/images?owner={PROJECT}&limit=1000{hidden}{marker}")
        })
    );
}

#[tokio::test(start_paused = true)]
async fn hidden_images_can_be_left_out() {
    let cloud = cloud(|_| done(&json!({ "images": [] })));
    let config = Connect { settings: json!({"hidden_images": "leave_out"}), ..with_password() };
    assert_eq!(page(&cloud, &config, None).await, Ok(Page::default()));
}

#[tokio::test(start_paused = true)]
async fn pages_are_as_large_as_the_config_says() {
    let cloud = cloud(|_| done(&json!({ "images": [] })));
    for (limit, expected) in [(Some(7), "limit=7"), (Some(5000), "limit=1000"), (None, "limit=1000")] {
        let limits = Limits { images_per_page: limit, ..Limits::default() };
        page(&cloud, &Connect { limits, ..with_password() }, None).await.unwrap();
        assert!(calls(&cloud).last().unwrap().ends_with(expected), "{limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn images_of_others_that_an_administrator_sees_are_not_the_owners() {
    let cloud = cloud(|_| {
        let mut foreign = record("i-2");
        foreign["owner"] = "somebody".into();
        done(&json!({"images": [record("i-1"), foreign]}))
    });
    assert_eq!(ids(&page(&cloud, &with_password(), None).await.unwrap()), ["i-1"]);
}

#[tokio::test(start_paused = true)]
async fn visibility_says_what_has_to_be_done_first_and_what_cannot_be_shared() {
    let cloud = cloud(|_| {
        let of = |visibility: &str| {
            let mut record = record(visibility);
            record["visibility"] = visibility.into();
            record
        };
        done(&json!({"images": [of("shared"), of("private"), of("community"), of("public")]}))
    });
    let page = page(&cloud, &with_password(), None).await.unwrap();
    let said: Vec<_> = page
        .items
        .iter()
        .map(|image| (image.id.as_str(), image.prepare.is_some(), image.unshareable.is_some()))
        .collect();
    assert_eq!(
        said,
        [
            ("shared", false, false),
            ("private", true, false),
            ("community", false, true),
            ("public", false, true)
        ]
    );
    assert!(page.items.iter().all(|image| image.state == ImageState::Available));
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_fails_says_why() {
    let behind = || Some("shown:i-9".into());
    for (page_of, status, kind) in [
        (None, 404, ErrorKind::Unsupported),
        (None, 300, ErrorKind::Unsupported),
        (None, 403, ErrorKind::PermissionDenied),
        (behind(), 400, ErrorKind::Conflict),
        (behind(), 404, ErrorKind::Conflict),
    ] {
        let cloud = cloud(move |_| refuse(status));
        let error = page(&cloud, &with_password(), page_of).await.unwrap_err();
        assert_eq!((error.kind, error.hint.is_some()), (kind, true), "{status}");
        assert_eq!(error.request_id.as_deref(), Some("req-fake"));
    }
    let cloud = cloud(|_| Answer::ok("<html>"));
    assert_eq!(page(&cloud, &with_password(), None).await.unwrap_err().kind, ErrorKind::Malformed);
}
