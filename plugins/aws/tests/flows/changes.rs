//! Adding and removing accounts, whichever way the cloud behaves where its vendor says nothing.

use std::sync::Arc;

use imgshare_sdk::{Change, Changed, Connect, ErrorKind, Limits, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};

use crate::cloud::{
    BadAccount, Shared, actions, aws, connect, done, form, image, no_shares, refuse, refuse_with, with_keys,
};

async fn change(cloud: &Arc<Script>, config: &Connect, add: &[String], remove: &[String]) -> Result<Changed> {
    let accounts = |ids: &[String]| ids.iter().map(|id| id.as_str().into()).collect();
    let change = Change { image: image(), add: accounts(add), remove: accounts(remove), ..Change::default() };
    connect(cloud, FakeWorld::default().with_virtual_time(), config).change_shares(change).await.result
}

/// Accounts that begin with this digit.
fn accounts(digit: u8, count: u32) -> Vec<String> {
    (0..count).map(|n| format!("{digit}{n:011}")).collect()
}

fn failed(changed: &Changed) -> Vec<(&str, ErrorKind)> {
    changed.failed.iter().map(|failure| (failure.account.as_str(), failure.error.kind)).collect()
}

fn writes(cloud: &Script) -> usize {
    actions(cloud).iter().filter(|action| *action == "ModifyImageAttribute").count()
}

#[tokio::test(start_paused = true)]
async fn one_call_adds_and_removes_accounts_organizations_and_units() {
    let shared = Shared::with(accounts(2, 2));
    let cloud = shared.cloud(BadAccount::SpoilsTheCall);
    let mut add = accounts(0, 3);
    add.push("arn:aws:organizations::123456789012:organization/o-fakefake01".into());
    add.push("arn:aws:organizations::123456789012:ou/o-fakefake01/ou-fake-fakefake".into());
    let changed = change(&cloud, &with_keys(), &add, &accounts(2, 2)).await.unwrap();
    assert_eq!((changed.failed.len(), changed.request_ids), (0, vec!["fake-request".to_owned()]));
    assert_eq!(shared.accounts(), add.into_iter().collect());
}

#[tokio::test(start_paused = true)]
async fn as_few_calls_as_the_limits_allow_and_never_more_accounts_than_the_cloud_takes() {
    for (limit, calls) in [(None, 3), (Some(700), 4), (Some(10_000), 1), (Some(1_000_000), 1)] {
        let shared = Shared::default();
        let cloud = shared.cloud(BadAccount::SpoilsTheCall);
        let config =
            Connect { limits: Limits { accounts_per_change: limit, ..Limits::default() }, ..with_keys() };
        change(&cloud, &config, &accounts(1, 2500), &[]).await.unwrap();
        assert_eq!((shared.accounts().len(), writes(&cloud)), (2500, calls), "{limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bad_account_is_named_and_all_others_get_through() {
    for bad in [BadAccount::SpoilsTheCall, BadAccount::OthersAreDone] {
        let shared = Shared::with(accounts(2, 3));
        let cloud = shared.cloud(bad);
        let mut add = accounts(1, 9);
        add.insert(4, "900000000000".into());
        let changed = change(&cloud, &with_keys(), &add, &accounts(2, 3)).await.unwrap();
        assert_eq!(failed(&changed), [("900000000000", ErrorKind::AccountInvalid)], "{bad:?}");
        assert_eq!(shared.accounts(), accounts(1, 9).into_iter().collect(), "{bad:?}");
        assert_eq!(actions(&cloud).len() - writes(&cloud), 1, "{bad:?}: one look at what was done");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_that_nobody_knows_may_be_an_accounts_fault_too() {
    let cloud = Script::by(|request| match form(request).text("Action") {
        "DescribeImageAttribute" => no_shares(),
        action if String::from_utf8_lossy(&request.body).contains("=9") => {
            refuse(&format!("NeverHeardOf{}", action.len()))
        }
        action => done(action, "<return>true</return>"),
    });
    let add = [accounts(1, 3), accounts(9, 1)].concat();
    let changed = change(&cloud, &with_keys(), &add, &[]).await.unwrap();
    assert_eq!(failed(&changed), [("900000000000", ErrorKind::Unexpected)]);
}

#[tokio::test(start_paused = true)]
async fn an_image_that_is_full_takes_nobody_and_says_so() {
    let cloud = Script::by(|request| match form(request).text("Action") {
        "DescribeImageAttribute" => no_shares(),
        _ => refuse("ResourceLimitExceeded"),
    });
    let changed = change(&cloud, &with_keys(), &accounts(1, 2), &[]).await.unwrap();
    let full = |account| (account, ErrorKind::QuotaExceeded);
    assert_eq!(failed(&changed), [full("100000000000"), full("100000000001")]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_throttled_or_lost_is_made_again() {
    for answer in [
        refuse_with(503, "RequestLimitExceeded", "Request limit exceeded."),
        refuse_with(500, "InternalError", "An internal error has occurred"),
        refuse_with(503, "Unavailable", "Busy."),
        Answer::lost(),
        Answer::status(502, "<html>bad gateway</html>"),
    ] {
        let cloud = Script::in_order([answer.clone(), done("ModifyImageAttribute", "<return>true</return>")]);
        let changed = change(&cloud, &with_keys(), &accounts(1, 1), &[]).await;
        assert!(changed.is_ok_and(|changed| changed.failed.is_empty()), "{answer:?}");
        assert_eq!(cloud.requests().len(), 2, "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_concerns_no_account_ends_the_change_at_once() {
    for (code, message, kind) in [
        (
            "UnauthorizedOperation",
            "You are not authorized to perform this operation.",
            ErrorKind::PermissionDenied,
        ),
        ("AuthFailure", "Not authorized for image:ami-0fake01", ErrorKind::PermissionDenied),
        (
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
            ErrorKind::CredentialInvalid,
        ),
        ("InvalidAMIID.NotFound", "The image id '[ami-0fake01]' does not exist", ErrorKind::ImageNotFound),
        ("InvalidAMIID.Unavailable", "No longer available", ErrorKind::ImageNotShareable),
        ("OptInRequired", "You are not subscribed to this service.", ErrorKind::PermissionDenied),
    ] {
        let cloud = Script::by(move |_| refuse_with(400, code, message));
        let error = change(&cloud, &with_keys(), &accounts(1, 5), &[]).await.unwrap_err();
        assert_eq!((error.kind, cloud.requests().len()), (kind, 1), "{code}");
        assert!(error.hint.is_some(), "{code}");
        assert_eq!(error.request_id.as_deref(), Some("fake-refusal"));
    }
}

#[tokio::test]
async fn everybody_is_reported_and_nobody_asks_for_it() {
    let list = "<item><group>all</group></item><item><userId>123456789012</userId></item>";
    let content = format!("<imageId>ami-0fake01</imageId><launchPermission>{list}</launchPermission>");
    let cloud = Script::in_order([done("DescribeImageAttribute", &content)]);
    let shares = aws(&cloud).read_shares(image()).await.result.unwrap();
    assert_eq!(shares.accounts, ["123456789012".into()].into());
    assert_eq!(shares.other_grants, ["everybody (public)"]);
}
