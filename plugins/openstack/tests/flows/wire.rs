//! The same requests as the cloud's own client makes: `tests/data/capture.py` captured them.

use std::sync::Arc;

use imgshare_sdk::{AcceptRequest, Change, Connect, ImageQuery, ImageRef, ReceivedQuery};
use imgshare_testkit::http::HttpRequest;
use imgshare_testkit::{Provider, Script};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cloud::{OTHER, PROJECT, REGION, cloud, connect, done, header, path, with, with_password};

const IMAGE: &str = "9a1d0c3b-a9e8-4d6f-8b2a-7c9e0d414243";

/// What was captured.
#[derive(Deserialize)]
struct Wire {
    logins: Vec<Login>,
    calls: std::collections::BTreeMap<String, Vec<Request>>,
}

#[derive(Deserialize)]
struct Login {
    name: String,
    fields: std::collections::BTreeMap<String, String>,
    request: Request,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    headers: std::collections::BTreeMap<String, String>,
    body: Value,
}

fn wire() -> Wire {
    serde_json::from_str(include_str!("../data/wire-openstack.json")).expect("what capture.py writes")
}

/// The body; `null`: there is none.
fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

/// Name and value of each parameter, in any order.
fn parameters(url: &str) -> Vec<&str> {
    let mut parameters: Vec<_> = url.split_once('?').map_or("", |(_, query)| query).split('&').collect();
    parameters.sort_unstable();
    parameters
}

fn image() -> ImageRef {
    ImageRef { region: REGION.into(), id: IMAGE.into() }
}

fn glance() -> Arc<Script> {
    cloud(|request| match path(request).rsplit('/').next() {
        Some("images") if !request.url.contains("marker") => {
            let next = format!("/v2/images?owner={PROJECT}&marker={IMAGE}&limit=1000");
            done(&json!({ "images": [{"id": IMAGE, "owner": PROJECT}], "next": next }))
        }
        Some("images") => done(&json!({ "images": [] })),
        _ => done(&json!({"id": IMAGE, "visibility": "private", "owner": PROJECT, "members": []})),
    })
}

async fn list(provider: &Provider) {
    let query = ImageQuery { region: REGION.into(), ..ImageQuery::default() };
    let first = provider.list_images(query.clone()).await.result.unwrap();
    let page = first.next.first().cloned();
    provider.list_images(ImageQuery { page, ..query }).await.result.unwrap();
}

/// The one request of this method, to an address that ends so.
fn sent(cloud: &Script, method: &str, end: &str) -> HttpRequest {
    let matches = |request: &HttpRequest| request.method == method && path(request).ends_with(end);
    let mut found: Vec<_> = cloud.requests().into_iter().filter(matches).collect();
    assert_eq!(found.len(), 1, "{method} {end}");
    found.remove(0)
}

fn same_place(ours: &HttpRequest, theirs: &Request) {
    let behind_version = |path: &str| path.split_once("/v2/").map(|(_, rest)| rest.to_owned());
    assert_eq!(ours.method, theirs.method);
    assert_eq!(behind_version(path(ours)), behind_version(theirs.path.split('?').next().unwrap()));
    assert!(!header(ours, "X-Auth-Token").is_empty() && theirs.headers.contains_key("x-auth-token"));
    let media_type = theirs.headers.get("content-type").map_or("", String::as_str);
    assert_eq!(header(ours, "Content-Type"), media_type);
}

#[tokio::test(start_paused = true)]
async fn logins_are_those_of_the_clouds_own_client() {
    for Login { name, fields, request } in wire().logins {
        let cloud = glance();
        let at = with(&[("auth_url", "https://keystone.example/identity")]);
        let credentials = at.credentials.into_iter().chain(fields).collect();
        list(&connect(&cloud, &Connect { credentials, ..with(&[]) })).await;
        let ours = &cloud.requests()[0];
        assert_eq!((path(ours), ours.method.as_str()), (request.path.as_str(), "POST"), "{name}");
        assert_eq!(body(ours), request.body, "{name}");
        assert_eq!(header(ours, "Content-Type"), request.headers["content-type"], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn reading_is_what_the_clouds_own_client_does() {
    let (cloud, wire) = (glance(), wire());
    let provider = connect(&cloud, &with_password());
    list(&provider).await;
    for (ours, theirs) in cloud.requests()[1..].iter().zip(&wire.calls["list"]) {
        same_place(ours, theirs);
        assert_eq!(parameters(&ours.url), parameters(&theirs.path));
    }
    provider.read_shares(image()).await.result.unwrap();
    same_place(&sent(&cloud, "GET", "/members"), &wire.calls["members"][0]);
}

#[tokio::test(start_paused = true)]
async fn changing_is_what_the_clouds_own_client_does() {
    let (cloud, wire) = (glance(), wire());
    let provider = connect(&cloud, &with_password());
    let change = Change { image: image(), add: vec![OTHER.into()], prepare: true, ..Change::default() };
    provider.change_shares(change).await.result.unwrap();
    let change = Change { image: image(), remove: vec![OTHER.into()], ..Change::default() };
    provider.change_shares(change).await.result.unwrap();

    let (ours, theirs) = (sent(&cloud, "POST", "/members"), &wire.calls["add"][0]);
    same_place(&ours, theirs);
    assert_eq!(body(&ours), theirs.body);
    same_place(&sent(&cloud, "DELETE", OTHER), &wire.calls["remove"][0]);

    // Theirs adds a member to the record, which replaces the one that is there (RFC 6902 4.1); ours says so.
    let (ours, theirs) = (sent(&cloud, "PATCH", IMAGE), wire.calls["prepare"].last().unwrap());
    same_place(&ours, theirs);
    let mut expected = theirs.body.clone();
    expected[0]["op"] = "replace".into();
    assert_eq!(body(&ours), expected);
}

#[tokio::test(start_paused = true)]
async fn receiving_is_what_the_clouds_own_client_does() {
    let (cloud, wire) = (glance(), wire());
    let provider = connect(&cloud, &with_password());
    let share = AcceptRequest { image: image(), account: PROJECT.into() };
    provider.accept_share(share).await.result.unwrap();
    let (ours, theirs) = (sent(&cloud, "PUT", PROJECT), &wire.calls["accept"][0]);
    same_place(&ours, theirs);
    assert_eq!(body(&ours)["status"], theirs.body["status"]);

    let query = ReceivedQuery { region: REGION.into(), images: vec![IMAGE.into()], account: PROJECT.into() };
    provider.read_received(query).await.result.unwrap();
    let requests = cloud.requests();
    let ours = requests.iter().find(|request| request.url.contains("member_status=pending")).unwrap();
    let theirs = &wire.calls["received"][0];
    same_place(ours, theirs);
    let ours = parameters(&ours.url);
    assert!(parameters(&theirs.path).iter().all(|parameter| ours.contains(parameter)), "{ours:?}");
}
