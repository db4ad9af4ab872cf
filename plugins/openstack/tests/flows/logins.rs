//! Each kind of login, as Keystone gets it, and what comes of its answer.

use imgshare_sdk::{Connect, ErrorKind, ImageQuery, Result};
use imgshare_testkit::{Answer, Script};
use serde_json::{Value, json};

use crate::cloud::{
    calls, cloud, connect, done, header, keystone_refuses, logged_in, sent, token_body, with, with_password,
};

fn query(region: &str) -> ImageQuery {
    ImageQuery { region: region.into(), ..ImageQuery::default() }
}

/// What is posted to Keystone with this config.
async fn login(config: &Connect) -> (String, Value) {
    let cloud = cloud(|_| done(&json!({ "images": [] })));
    connect(&cloud, config).list_images(query("RegionOne")).await.result.unwrap();
    let login = cloud.requests().remove(0);
    (login.url.clone(), sent(&login)["auth"].take())
}

/// How listing ends when Keystone gives this answer.
async fn listing(config: &Connect, region: &str, keystone: Answer) -> Result<()> {
    let cloud = Script::by(move |request| match request.url.contains("/auth/tokens") {
        true => keystone.clone(),
        false => done(&json!({ "images": [] })),
    });
    connect(&cloud, config).list_images(query(region)).await.result.map(drop)
}

#[tokio::test(start_paused = true)]
async fn a_password_is_sent_once_and_the_token_with_every_call() {
    let cloud = cloud(|_| done(&json!({ "images": [] })));
    let provider = connect(&cloud, &with_password());
    for _ in 0..3 {
        provider.list_images(query("RegionOne")).await.result.unwrap();
    }
    let requests = cloud.requests();
    assert_eq!(requests.len(), 4);
    assert_eq!(requests[0].url, "https://keystone.example/v3/auth/tokens");
    assert!(requests[1..].iter().all(|request| header(request, "X-Auth-Token") == "FAKE-TOKEN-1"));
    assert!(requests[1..].iter().all(|request| request.body.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_login_is_posted_in_its_own_form() {
    let at = ("auth_url", "https://keystone.example/identity/v3/");
    let (url, password) =
        login(&with(&[at, ("user_id", "u-1"), ("password", "FAKE"), ("project_id", "p-1")])).await;
    assert_eq!(url, "https://keystone.example/identity/v3/auth/tokens");
    assert_eq!(password["identity"]["password"]["user"], json!({"id": "u-1", "password": "FAKE"}));
    assert_eq!(password["scope"]["project"]["id"], "p-1");

    let (_, credential) = login(&with(&[
        at,
        ("application_credential_id", "a-1"),
        ("application_credential_secret", "FAKE"),
        ("project_id", "p-1"),
    ]))
    .await;
    assert_eq!(credential["identity"]["methods"], json!(["application_credential"]));
    assert_eq!(credential["scope"], Value::Null, "it is bound to its project");

    let (_, token) = login(&with(&[at, ("token", "FAKE-TOKEN"), ("project_id", "p-1")])).await;
    assert_eq!(token["identity"]["token"]["id"], "FAKE-TOKEN");
    assert_eq!(token["scope"]["project"]["id"], "p-1");
}

#[tokio::test(start_paused = true)]
async fn region_and_interface_lead_to_glance() {
    for (region, settings, expected) in [
        ("RegionOne", Value::Null, "https://glance.example/RegionOne/public/v2/images"),
        (
            "RegionOne",
            json!({"interface": "internal"}),
            "https://glance.example/RegionOne/internal/v2/images",
        ),
        ("North", Value::Null, "https://glance.example/North/public/v2/images"),
    ] {
        let cloud = cloud(|_| done(&json!({ "images": [] })));
        let config = Connect { settings, ..with_password() };
        connect(&cloud, &config).list_images(query(region)).await.result.unwrap();
        assert_eq!(cloud.requests()[1].url.split('?').next(), Some(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_not_in_the_catalogue_is_said_with_those_that_are() {
    let error = listing(&with_password(), "South", logged_in("FAKE-TOKEN")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.ends_with("region `South`; it has: North, RegionOne"), "{error}");

    let mut without = token_body();
    without["token"]["catalog"][1]["type"] = "volume".into();
    let keystone = Answer::status(201, without.to_string()).header("x-subject-token", "FAKE-TOKEN");
    let error = listing(&with_password(), "RegionOne", keystone).await.unwrap_err();
    assert!(error.message.ends_with("it has: identity, volume"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn another_host_takes_everything() {
    let cloud = cloud(|_| done(&json!({ "images": [] })));
    let config = Connect { endpoint: Some("https://proxy.example:8443".into()), ..with_password() };
    connect(&cloud, &config).list_images(query("RegionOne")).await.result.unwrap();
    let requests = cloud.requests();
    assert_eq!(requests[0].url, "https://proxy.example:8443/v3/auth/tokens");
    assert!(requests[1].url.starts_with("https://proxy.example:8443/RegionOne/public/v2/images?"));
}

#[tokio::test(start_paused = true)]
async fn a_login_that_keystone_refuses_says_what_to_check() {
    for (status, kind) in [
        (401, ErrorKind::CredentialInvalid),
        (403, ErrorKind::PermissionDenied),
        (404, ErrorKind::Unsupported),
        (300, ErrorKind::Unsupported),
    ] {
        let error = listing(&with_password(), "RegionOne", keystone_refuses(status)).await.unwrap_err();
        assert_eq!((error.kind, error.hint.is_some()), (kind, true), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_tried_once() {
    let cloud = Script::by(|_| keystone_refuses(401));
    let error = connect(&cloud, &with_password()).list_images(query("RegionOne")).await.result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    assert_eq!(calls(&cloud), ["POST /v3/auth/tokens"]);
}

#[tokio::test(start_paused = true)]
async fn a_login_without_a_project_says_what_to_set() {
    let mut unscoped = token_body();
    unscoped["token"].as_object_mut().unwrap().remove("project");
    let keystone = Answer::status(201, unscoped.to_string()).header("x-subject-token", "FAKE-TOKEN");
    let error = listing(&with_password(), "RegionOne", keystone).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    assert!(error.hint.unwrap().contains("project_name"));
}
