//! Tokens that end: by their own time, or because the cloud says so in the middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use imgshare_sdk::{Change, ErrorKind, ImageQuery};
use imgshare_testkit::http::HttpRequest;
use imgshare_testkit::{Answer, FakeWorld, Provider};
use serde_json::json;

use crate::cloud::{
    OTHER, cloud, connect, connect_in, done, header, image, logins, path, refuse, with_password,
};

async fn list(provider: &Provider) -> Result<(), ErrorKind> {
    let query = ImageQuery { region: "RegionOne".into(), ..ImageQuery::default() };
    provider.list_images(query).await.result.map(drop).map_err(|error| error.kind)
}

/// The number of the login that this request's token is from.
fn token(request: &HttpRequest) -> &str {
    header(request, "X-Auth-Token").strip_prefix("FAKE-TOKEN-").unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_five_minutes_before_it_expires() {
    let world = Arc::new(FakeWorld::default());
    let cloud = cloud(|_| done(&json!({ "images": [] })));
    let provider = connect_in(&world, &cloud, &with_password());
    list(&provider).await.unwrap();
    world.advance_ms(3_299_999);
    list(&provider).await.unwrap();
    assert_eq!(logins(&cloud), 1);
    world.advance_ms(1);
    list(&provider).await.unwrap();
    assert_eq!(logins(&cloud), 2);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_wrong_does_not_make_tokens_old() {
    let world = Arc::new(FakeWorld::default());
    world.advance_ms(86_400_000);
    let cloud = cloud(|_| done(&json!({ "images": [] })));
    let provider = connect_in(&world, &cloud, &with_password());
    list(&provider).await.unwrap();
    list(&provider).await.unwrap();
    assert_eq!(logins(&cloud), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_refused_in_the_middle_is_renewed_once_for_all_calls() {
    // The first token is good for the listing and no longer for the additions behind it.
    let cloud = cloud(|request| match (request.method.as_str(), token(request)) {
        ("GET", _) => done(&json!({ "images": [] })),
        (_, "1") => refuse(401),
        _ => done(&json!({})),
    });
    let provider = connect(&cloud, &with_password());
    list(&provider).await.unwrap();
    let accounts: Vec<_> = (10..30).map(|number| format!("{}{number}", &OTHER[..30]).into()).collect();
    let change = Change { image: image(), add: accounts, ..Change::default() };
    let changed = provider.change_shares(change).await.result.unwrap();
    assert_eq!((changed.failed.len(), changed.request_ids.len()), (0, 20));
    assert_eq!(logins(&cloud), 2, "twenty calls were refused, and one of them logged in again");
    let posts: Vec<_> =
        cloud.requests().into_iter().filter(|request| path(request).ends_with("/members")).collect();
    assert_eq!(posts.iter().filter(|request| token(request) == "2").count(), 20);
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_later_gets_the_new_token() {
    let cloud = cloud(|request| match token(request) {
        "1" => refuse(401),
        _ => done(&json!({ "images": [] })),
    });
    let provider = connect(&cloud, &with_password());
    for _ in 0..3 {
        list(&provider).await.unwrap();
    }
    assert_eq!(logins(&cloud), 2);
    let refused = cloud.requests().iter().filter(|request| token(request) == "1").count();
    assert_eq!(refused, 1, "nobody tries the old one again");
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_refuses_its_own_new_token_is_not_asked_for_ever() {
    let cloud = cloud(|_| refuse(401));
    assert_eq!(list(&connect(&cloud, &with_password())).await, Err(ErrorKind::CredentialInvalid));
    assert_eq!((logins(&cloud), cloud.requests().len()), (2, 4));
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_is_busy_is_asked_again_with_the_same_token() {
    for status in [429, 500, 503] {
        let asked = AtomicUsize::new(0);
        let cloud = cloud(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
            0 => Answer::status(status, "<html>not now"),
            1 => Answer::lost(),
            _ => done(&json!({ "images": [] })),
        });
        list(&connect(&cloud, &with_password())).await.unwrap();
        assert_eq!((logins(&cloud), cloud.requests().len()), (1, 4), "{status}");
    }
}
