//! Adding and removing accounts, ten at a time, past those that the cloud calls invalid.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use imgshare_sdk::{AccountId, Change, Changed, Connect, ErrorKind, Limits, Result};
use imgshare_testkit::{Answer, Script};
use serde_json::json;

use crate::cloud::{
    AlreadySo, SharedImage, actions, calls, connect, done, image, list, parameters, refuse, with_keys,
};

const MODIFY: &str = "ModifyCompShareImageShareAccount";
const DESCRIBE: &str = "DescribeCompShareImageShareAccounts";
const ALL_ANSWERS: [AlreadySo; 3] = [AlreadySo::Done, AlreadySo::Invalid, AlreadySo::Error];

async fn change(cloud: &Arc<Script>, add: &[&str], remove: &[&str]) -> Result<Changed> {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect();
    change_ids(cloud, ids(add), ids(remove)).await
}

async fn change_ids(cloud: &Arc<Script>, add: Vec<AccountId>, remove: Vec<AccountId>) -> Result<Changed> {
    connect(cloud, &with_keys())
        .change_shares(Change { image: image(), add, remove, ..Change::default() })
        .await
        .result
}

fn ids(range: RangeInclusive<u32>) -> Vec<AccountId> {
    range.map(|id| id.to_string().into()).collect()
}

fn failed(changed: &Changed) -> Vec<(&str, ErrorKind)> {
    changed.failed.iter().map(|failure| (failure.account.as_str(), failure.error.kind)).collect()
}

/// How many accounts each call adds and removes.
fn sizes(cloud: &Script) -> Vec<(usize, usize)> {
    let size = |call| (list(call, "AddAccounts").len(), list(call, "RemoveAccounts").len());
    calls(cloud).iter().map(size).collect()
}

#[tokio::test(start_paused = true)]
async fn twenty_seven_accounts_take_three_calls_and_the_eleventh_is_not_dropped() {
    let shared = SharedImage::default();
    let cloud = shared.cloud(AlreadySo::Done);
    let changed = change_ids(&cloud, ids(101..=127), vec![]).await.unwrap();
    assert_eq!(failed(&changed), []);
    assert_eq!(changed.request_ids.len(), 3);
    assert_eq!(sizes(&cloud), [(10, 0), (10, 0), (7, 0)]);
    assert_eq!(shared.accounts().len(), 27);
}

#[tokio::test(start_paused = true)]
async fn one_call_adds_and_removes() {
    let shared = SharedImage::with(&["501", "502", "77"]);
    let cloud = shared.cloud(AlreadySo::Done);
    let changed = change_ids(&cloud, ids(101..=112), ids(501..=502)).await.unwrap();
    assert_eq!(failed(&changed), []);
    assert_eq!(sizes(&cloud), [(10, 2), (2, 0)]);
    assert_eq!(shared.accounts().len(), 13);
}

#[tokio::test(start_paused = true)]
async fn invalid_accounts_are_named_and_the_others_cost_one_call_more() {
    let shared = SharedImage::default();
    let cloud = shared.cloud(AlreadySo::Done);
    let changed = change(&cloud, &["1", "900", "2", "901", "3"], &[]).await.unwrap();
    let invalid = [("900", ErrorKind::AccountInvalid), ("901", ErrorKind::AccountInvalid)];
    assert_eq!(failed(&changed), invalid);
    assert_eq!(shared.accounts(), ["1", "2", "3"]);
    assert_eq!(sizes(&cloud), [(5, 0), (3, 0)]);
    assert_eq!(changed.request_ids.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_invalid_account_in_one_batch_costs_the_others_nothing() {
    let shared = SharedImage::default();
    let cloud = shared.cloud(AlreadySo::Done);
    let add = ids(101..=109).into_iter().chain(["900".into()]).chain(ids(110..=119)).collect();
    let changed = change_ids(&cloud, add, vec![]).await.unwrap();
    assert_eq!(failed(&changed), [("900", ErrorKind::AccountInvalid)]);
    assert_eq!(sizes(&cloud), [(10, 0), (9, 0), (10, 0)]);
}

#[tokio::test(start_paused = true)]
async fn when_all_are_invalid_nothing_is_sent_again() {
    let shared = SharedImage::default();
    let cloud = shared.cloud(AlreadySo::Done);
    let changed = change(&cloud, &["900", "901"], &[]).await.unwrap();
    assert_eq!(changed.failed.len(), 2);
    assert_eq!(actions(&cloud), [MODIFY]);
    let error = &changed.failed[0].error;
    assert_eq!(
        (error.code.as_deref(), error.request_id.as_deref()),
        (Some("InvalidAccounts"), Some("fake-request"))
    );
}

#[tokio::test(start_paused = true)]
async fn accounts_are_not_called_invalid_for_others_that_are_not_in_the_call() {
    let cloud = Script::in_order([done(json!({"InvalidAccounts": [4711]}))]);
    let changed = change(&cloud, &["1", "2"], &[]).await.unwrap();
    assert_eq!(failed(&changed), [("1", ErrorKind::Malformed), ("2", ErrorKind::Malformed)]);
}

#[tokio::test(start_paused = true)]
async fn a_share_that_is_gone_already_is_done_whatever_the_cloud_says_to_it() {
    for already in ALL_ANSWERS {
        let shared = SharedImage::with(&["1", "2", "3"]);
        let cloud = shared.cloud(already);
        let changed = change(&cloud, &["4"], &["1", "77", "3"]).await.unwrap();
        assert_eq!(failed(&changed), [], "{already:?}");
        assert_eq!(shared.accounts(), ["2", "4"], "{already:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_answer_was_lost_is_sent_again_and_done_whatever_the_cloud_says_to_it() {
    for already in ALL_ANSWERS {
        let shared = SharedImage::default();
        let cloud = losing_the_first_answer(&shared, already);
        let changed = change(&cloud, &["1", "2"], &[]).await.unwrap();
        assert_eq!(failed(&changed), [], "{already:?}");
        assert_eq!(shared.accounts(), ["1", "2"], "{already:?}");
    }
}

/// Does what the first call asks for, and says nothing.
fn losing_the_first_answer(shared: &SharedImage, already: AlreadySo) -> Arc<Script> {
    let (shared, first) = (shared.clone(), AtomicBool::new(true));
    Script::by(move |request| {
        let answer = shared.answer(&parameters(&request.body), already);
        if first.swap(false, Ordering::SeqCst) { Answer::lost() } else { answer }
    })
}

#[tokio::test(start_paused = true)]
async fn what_the_image_itself_is_refused_for_is_tried_once() {
    let cloud = Script::by(|request| {
        let is_write = String::from_utf8_lossy(&request.body).contains(MODIFY);
        if is_write { refuse(226_603, "no") } else { done(json!({"AccountSet": {}})) }
    });
    let changed = change(&cloud, &["1", "2"], &[]).await.unwrap();
    assert_eq!(failed(&changed), [("1", ErrorKind::Unexpected), ("2", ErrorKind::Unexpected)]);
    assert_eq!(actions(&cloud), [MODIFY, DESCRIBE]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_addition_does_not_keep_a_removal_from_being_made() {
    let cloud = Script::by(|request| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        match (body.contains(MODIFY), body.contains("AddAccounts")) {
            (true, true) => refuse(8999, "too many accounts"),
            (true, false) => done(json!({})),
            (false, _) => done(json!({"AccountSet": [{"AccountId": 5}]})),
        }
    });
    let changed = change(&cloud, &["1"], &["5"]).await.unwrap();
    assert_eq!(failed(&changed), [("1", ErrorKind::Unexpected)]);
    assert_eq!(changed.request_ids, ["fake-request"]);
    assert_eq!(actions(&cloud), [MODIFY, DESCRIBE, MODIFY, MODIFY]);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_about_no_account_ends_the_change() {
    let cloud = Script::in_order([refuse(299, "IAM denied")]);
    let error = change_ids(&cloud, ids(101..=127), vec![]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_done_before_an_error_is_not_forgotten() {
    let cloud = Script::in_order([done(json!({})), refuse(171, "Signature VerifyAC Error")]);
    let changed = change_ids(&cloud, ids(101..=127), vec![]).await.unwrap();
    assert_eq!(changed.request_ids, ["fake-request"]);
    assert_eq!(changed.failed.len(), 17);
    assert!(changed.failed.iter().all(|failure| failure.error.kind == ErrorKind::CredentialInvalid));
}

#[tokio::test(start_paused = true)]
async fn an_invalid_account_is_named_even_when_the_others_cannot_be_sent_any_more() {
    let cloud = Script::in_order([done(json!({"InvalidAccounts": ["900"]})), refuse(299, "IAM denied")]);
    let changed = change(&cloud, &["1", "900"], &[]).await.unwrap();
    let expected = [("900", ErrorKind::AccountInvalid), ("1", ErrorKind::PermissionDenied)];
    assert_eq!(failed(&changed), expected);
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_the_config_counts_and_drops_nobody() {
    for (limit, calls) in [(3, 4), (10, 2), (0, 11)] {
        let shared = SharedImage::default();
        let cloud = shared.cloud(AlreadySo::Done);
        let limits = Limits { accounts_per_change: Some(limit), ..Limits::default() };
        let config = Connect { limits, ..with_keys() };
        let change = Change { image: image(), add: ids(101..=111), ..Change::default() };
        assert_eq!(connect(&cloud, &config).change_shares(change).await.result.unwrap().failed.len(), 0);
        assert_eq!((cloud.requests().len(), shared.accounts().len()), (calls, 11), "{limit}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_write_is_sent_again_as_it_was() {
    let cloud = Script::in_order([refuse(153, "too fast"), refuse(110, "time-out"), done(json!({}))]);
    let changed = change(&cloud, &["1"], &[]).await.unwrap();
    assert_eq!(failed(&changed), []);
    let bodies: Vec<_> = cloud.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}
