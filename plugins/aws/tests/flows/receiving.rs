//! What the receiver of shares sees.

use imgshare_sdk::{ErrorKind, ImageState, ReceivedQuery};
use imgshare_testkit::{Answer, Script};

use crate::cloud::{actions, aws, done, form, images, refuse};

const ACCOUNT: &str = "123456789012";

fn query(account: &str, count: usize) -> ReceivedQuery {
    let images = (0..count).map(|n| format!("ami-{n:04}").into()).collect();
    ReceivedQuery { region: "us-east-1".into(), images, account: account.into() }
}

fn caller(account: &str) -> Answer {
    done(
        "GetCallerIdentity",
        &format!("<GetCallerIdentityResult><Account>{account}</Account></GetCallerIdentityResult>"),
    )
}

#[tokio::test]
async fn only_images_that_were_asked_for_and_are_shared_are_seen() {
    let cloud = Script::in_order([caller(ACCOUNT), images(&["ami-0001", "ami-9999"], None)]);
    let seen = aws(&cloud).read_received(query(ACCOUNT, 3)).await.result.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].id.as_str(), seen[0].state), ("ami-0001", ImageState::Available));
    let sent = form(&cloud.requests()[1]);
    assert_eq!((sent.get("ExecutableBy.1"), sent.get("Owner.1")), (Some("self"), None));
    assert_eq!(sent.get("IncludeDeprecated"), Some("true"), "others' old images are hidden otherwise");
}

#[tokio::test]
async fn many_images_are_asked_for_in_filters_of_two_hundred_page_by_page() {
    let cloud = Script::by(|request| match (form(request).text("Action"), form(request).get("NextToken")) {
        ("GetCallerIdentity", _) => caller(ACCOUNT),
        (_, None) => images(&[form(request).text("Filter.1.Value.1")], Some("t")),
        (_, Some(_)) => images(&[form(request).text("Filter.1.Value.2")], None),
    });
    let seen = aws(&cloud).read_received(query(ACCOUNT, 401)).await.result.unwrap();
    let ids: Vec<_> = seen.iter().map(|image| image.id.as_str()).collect();
    assert_eq!(ids, ["ami-0000", "ami-0001", "ami-0200", "ami-0201", "ami-0400"]);
    assert_eq!(cloud.requests().len(), 1 + 3 * 2);
}

#[tokio::test]
async fn the_login_of_another_account_is_refused_and_nothing_is_taken_for_its_word() {
    let cloud = Script::in_order([caller("210987654321")]);
    let error = aws(&cloud).read_received(query(ACCOUNT, 1)).await.result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AccountInvalid);
    assert!(error.message.contains("210987654321") && error.message.contains(ACCOUNT), "{error}");
    assert_eq!(actions(&cloud), ["GetCallerIdentity"]);
}

#[tokio::test]
async fn who_asks_is_looked_up_once() {
    let cloud = Script::in_order([caller(ACCOUNT), images(&[], None), images(&[], None)]);
    let aws = aws(&cloud);
    for _ in 0..2 {
        assert_eq!(aws.read_received(query(ACCOUNT, 1)).await.result, Ok(vec![]));
    }
    assert_eq!(actions(&cloud), ["GetCallerIdentity", "DescribeImages", "DescribeImages"]);
}

#[tokio::test]
async fn any_account_may_ask_for_its_organization() {
    let cloud = Script::in_order([images(&["ami-0000"], None)]);
    let organization = "arn:aws:organizations::123456789012:organization/o-fakefake01";
    assert_eq!(aws(&cloud).read_received(query(organization, 1)).await.result.map(|seen| seen.len()), Ok(1));
}

#[tokio::test]
async fn when_it_cannot_be_told_who_asks_nothing_is_said_of_the_images() {
    let cloud = Script::in_order([refuse("AccessDenied")]);
    assert!(aws(&cloud).read_received(query(ACCOUNT, 1)).await.result.is_err());
}

#[tokio::test]
async fn a_page_that_leads_to_itself_ends_the_question() {
    let cloud = Script::in_order([caller(ACCOUNT), images(&[], Some("t")), images(&[], Some("t"))]);
    let error = aws(&cloud).read_received(query(ACCOUNT, 1)).await.result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
}
