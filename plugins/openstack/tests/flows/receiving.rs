//! The receiver's side.

use std::sync::Arc;

use imgshare_sdk::{AcceptRequest, Acceptance, ErrorKind, ReceivedImage, ReceivedQuery, Result};
use imgshare_testkit::Script;
use serde_json::{Value, json};

use crate::cloud::{OTHER, PROJECT, calls, cloud, connect, done, image, refuse, sent, with_password};

async fn accept(cloud: &Arc<Script>, account: &str) -> Result<Vec<String>> {
    let share = AcceptRequest { image: image(), account: account.into() };
    connect(cloud, &with_password()).accept_share(share).await.result.map(|accepted| accepted.request_ids)
}

async fn received(cloud: &Arc<Script>, account: &str, images: &[String]) -> Result<Vec<ReceivedImage>> {
    let images = images.iter().map(|id| id.as_str().into()).collect();
    let query = ReceivedQuery { region: "RegionOne".into(), images, account: account.into() };
    connect(cloud, &with_password()).read_received(query).await.result
}

fn listings(cloud: &Script) -> Vec<String> {
    calls(cloud).into_iter().filter(|call| call.starts_with("GET /v2/images?")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_share_is_accepted_as_the_receiver() {
    let cloud = cloud(|_| done(&json!({"status": "accepted"})));
    assert_eq!(accept(&cloud, PROJECT).await, Ok(vec!["req-fake".to_owned()]));
    assert_eq!(calls(&cloud)[1..], [format!("PUT /v2/images/image-1/members/{PROJECT}")]);
    assert_eq!(sent(&cloud.requests()[1]), json!({"status": "accepted"}));
}

#[tokio::test(start_paused = true)]
async fn a_login_of_somebody_else_accepts_and_sees_nothing() {
    let cloud = cloud(|_| panic!("Glance is not asked"));
    assert_eq!(accept(&cloud, OTHER).await.unwrap_err().kind, ErrorKind::AccountInvalid);
    let error = received(&cloud, OTHER, &["i-1".to_owned()]).await.unwrap_err();
    assert_eq!((error.kind, error.hint.is_some()), (ErrorKind::AccountInvalid, true));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_shared_cannot_be_accepted() {
    let error = accept(&cloud(|_| refuse(404)), PROJECT).await.unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::ImageNotFound, "the image is not shared with this project")
    );
}

#[tokio::test(start_paused = true)]
async fn images_are_seen_with_what_was_made_of_them_hidden_ones_too() {
    let record = |id: &str, status: &str| json!({"id": id, "owner": OTHER, "status": status, "name": id});
    let cloud = cloud(move |request| {
        let has = |part: &str| request.url.contains(part);
        let images: Vec<Value> = match (has("os_hidden=true"), has("=pending"), has("=accepted")) {
            (false, true, _) => vec![record("i-1", "active"), record("unasked", "active")],
            (false, _, true) => {
                vec![record("i-2", "deactivated"), json!({"id": "i-5", "owner": PROJECT, "status": "active"})]
            }
            (true, false, false) => vec![record("i-3", "active")],
            _ => vec![],
        };
        done(&json!({ "images": images }))
    });
    let wanted = ["i-1", "i-2", "i-3", "i-4", "i-5"].map(str::to_owned);
    let seen = received(&cloud, PROJECT, &wanted).await.unwrap();
    let seen: Vec<_> = seen
        .iter()
        .map(|image| (image.id.as_str(), image.cloud_state.as_str(), image.acceptance.unwrap()))
        .collect();
    let expected = [
        ("i-1", "active", Acceptance::Pending),
        ("i-2", "deactivated", Acceptance::Accepted),
        ("i-3", "active", Acceptance::Rejected),
    ];
    assert_eq!(seen, expected, "neither what is its own, nor what it does not see");
    assert_eq!(listings(&cloud).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn long_lists_go_in_parts_and_what_is_found_is_not_asked_for_again() {
    let cloud = cloud(|request| {
        let ids = request.url.split("id=in%3A").nth(1).unwrap().split('&').next().unwrap();
        let is_pending = request.url.contains("=pending");
        let images: Vec<_> = ids
            .split("%2C")
            .filter(|_| is_pending)
            .map(|id| json!({"id": id, "owner": OTHER, "status": "active"}))
            .collect();
        done(&json!({ "images": images }))
    });
    let wanted: Vec<_> = (0..120).map(|number| format!("image-{number:03}")).collect();
    assert_eq!(received(&cloud, PROJECT, &wanted).await.unwrap().len(), 120);
    let listings = listings(&cloud);
    assert_eq!(listings.len(), 9, "three parts, three answers each");
    assert!(listings.iter().all(|call| call.len() < 3000 && !call.contains("os_hidden")));
}

#[tokio::test(start_paused = true)]
async fn an_id_that_would_change_the_question_is_not_seen() {
    let cloud = cloud(|_| panic!("Glance is not asked"));
    assert_eq!(received(&cloud, PROJECT, &["a,b".to_owned(), String::new()]).await, Ok(vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_cannot_be_asked_is_an_error_and_not_an_empty_list() {
    let error = received(&cloud(|_| refuse(403)), PROJECT, &["i-1".to_owned()]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
}
