//! Answers that are no use: refusals, other statuses, and what is not in the documented form.

use std::sync::Arc;

use imgshare_sdk::{Change, ErrorKind, ImageQuery};
use imgshare_testkit::{Answer, Script};
use serde_json::{Value, json};

use crate::cloud::{connect, done, image, refuse, with_keys, with_settings};

async fn read(cloud: &Arc<Script>) -> Result<usize, ErrorKind> {
    let shares = connect(cloud, &with_keys()).read_shares(image()).await.result;
    shares.map(|shares| shares.accounts.len()).map_err(|error| error.kind)
}

#[tokio::test(start_paused = true)]
async fn each_return_code_has_its_kind_and_only_what_may_pass_is_tried_again() {
    for (code, kind, again) in [
        (110, ErrorKind::Unavailable, true),
        (130, ErrorKind::Unavailable, true),
        (150, ErrorKind::Unavailable, true),
        (153, ErrorKind::RateLimited, true),
        (161, ErrorKind::Unsupported, false),
        (170, ErrorKind::CredentialInvalid, false),
        (171, ErrorKind::CredentialInvalid, false),
        (172, ErrorKind::CredentialInvalid, false),
        (174, ErrorKind::CredentialInvalid, false),
        (292, ErrorKind::CredentialInvalid, false),
        (293, ErrorKind::PermissionDenied, false),
        (294, ErrorKind::PermissionDenied, false),
        (295, ErrorKind::PermissionDenied, false),
        (299, ErrorKind::PermissionDenied, false),
        (2000, ErrorKind::Unexpected, false),
        (8433, ErrorKind::Unexpected, false),
        (226_601, ErrorKind::Unexpected, false),
    ] {
        let cloud = Script::by(move |_| refuse(code, "no"));
        assert_eq!(read(&cloud).await, Err(kind), "{code}");
        assert_eq!(cloud.requests().len() > 1, again, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_read_gets_through_in_the_end() {
    let throttled = std::iter::repeat_with(|| refuse(153, "too fast")).take(5);
    let cloud = Script::in_order(throttled.chain([done(json!({"AccountSet": [{"AccountId": 1}]}))]));
    assert_eq!(read(&cloud).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn another_status_than_200_counts_by_itself() {
    for (answer, kind) in [
        (Answer::status(429, ""), ErrorKind::RateLimited),
        (Answer::status(503, "<html>"), ErrorKind::Unavailable),
        (Answer::status(500, r#"{"RetCode": 5000}"#), ErrorKind::Unavailable),
        (Answer::status(403, "no"), ErrorKind::PermissionDenied),
        (Answer::status(404, "no"), ErrorKind::Unsupported),
    ] {
        let cloud = Script::by(move |_| answer.clone());
        assert_eq!(read(&cloud).await, Err(kind));
    }
}

#[tokio::test(start_paused = true)]
async fn shares_are_read_in_every_form_that_is_documented_somewhere() {
    for (set, count) in [
        (json!([{"AccountId": 1}, {"AccountId": "2"}]), 2),
        (json!({"AccountId": 1, "AccountName": "x"}), 1),
        (json!({}), 0),
        (json!(null), 0),
        (json!([]), 0),
    ] {
        let cloud = Script::in_order([done(json!({ "AccountSet": set }))]);
        assert_eq!(read(&cloud).await, Ok(count), "{set}");
    }
    assert_eq!(read(&Script::in_order([done(json!({}))])).await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn wrong_types_are_an_answer_not_understood_and_never_a_panic_or_a_success() {
    for value in [json!(7), json!("text"), json!([7]), json!(true), json!([true]), json!([[]])] {
        let field = |name: &str| done(json!({ name: value }));
        assert_eq!(
            read(&Script::in_order([field("AccountSet")])).await,
            Err(ErrorKind::Malformed),
            "{value}"
        );
        assert_eq!(list(field("ImageSet")).await, Err(ErrorKind::Malformed), "{value}");
    }
    let id = json!([{"AccountId": {}, "CompShareImageId": []}]);
    let answer = || done(json!({"AccountSet": id, "ImageSet": id}));
    assert_eq!(read(&Script::in_order([answer()])).await, Err(ErrorKind::Malformed));
    assert_eq!(list(answer()).await, Err(ErrorKind::Malformed));
    for value in [json!(true), json!([[]]), json!({"7": 7})] {
        assert_eq!(change(&value).await, Err(ErrorKind::Malformed), "{value}");
    }
}

async fn list(answer: Answer) -> Result<usize, ErrorKind> {
    let provider = connect(&Script::in_order([answer]), &with_settings(json!({"zone": "none"})));
    let page = provider.list_images(ImageQuery { region: "cn-wlcb".into(), ..ImageQuery::default() }).await;
    page.result.map(|page| page.items.len()).map_err(|error| error.kind)
}

/// Adds an account where the cloud's list of invalid ones is this.
async fn change(invalid: &Value) -> Result<(), ErrorKind> {
    let provider = connect(&Script::in_order([done(json!({ "InvalidAccounts": invalid }))]), &with_keys());
    let change = Change { image: image(), add: vec!["1".into()], remove: vec![], ..Change::default() };
    provider.change_shares(change).await.result.map(drop).map_err(|error| error.kind)
}

#[tokio::test(start_paused = true)]
async fn what_is_no_answer_at_all_is_not_understood() {
    for body in ["", "[]", "[0]", "null", "{", r#"{"RetCode": null}"#, r#"{"Action": "X"}"#] {
        assert_eq!(read(&Script::in_order([Answer::ok(body)])).await, Err(ErrorKind::Malformed), "{body}");
    }
}
