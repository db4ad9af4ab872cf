//! Adding and removing accounts, whichever way the cloud behaves where its vendor says nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use imgshare_sdk::{Change, Changed, Connect, ErrorKind, Limits, Result, Shares};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::json;

use crate::cloud::{
    BAD_ACCOUNT, BadAccount, Repeated, SharedImage, action, connect, done, header, image, no_shares,
    parameters, refuse, with_keys,
};

async fn change(cloud: &Arc<Script>, config: &Connect, add: &[String], remove: &[String]) -> Result<Changed> {
    let alibaba = connect(cloud, FakeWorld::default().with_virtual_time(), config);
    let accounts = |ids: &[String]| ids.iter().map(|id| id.as_str().into()).collect();
    alibaba
        .change_shares(Change {
            image: image(),
            add: accounts(add),
            remove: accounts(remove),
            ..Change::default()
        })
        .await
        .result
}

async fn read(cloud: &Arc<Script>) -> Result<Shares> {
    connect(cloud, FakeWorld::default(), &with_keys()).read_shares(image()).await.result
}

/// Accounts that begin with this digit.
fn accounts(digit: u8, count: u32) -> Vec<String> {
    (0..count).map(|n| format!("{digit}{n:015}")).collect()
}

fn failed(changed: &Changed) -> Vec<(&str, ErrorKind)> {
    changed.failed.iter().map(|failure| (failure.account.as_str(), failure.error.kind)).collect()
}

fn writes(cloud: &Script) -> usize {
    cloud.requests().iter().filter(|request| action(request) == "ModifyImageSharePermission").count()
}

const EITHER_WAY: [(BadAccount, Repeated); 4] = [
    (BadAccount::SpoilsTheCall, Repeated::IsDone),
    (BadAccount::SpoilsTheCall, Repeated::IsAnError),
    (BadAccount::OthersAreDone, Repeated::IsDone),
    (BadAccount::OthersAreDone, Repeated::IsAnError),
];

#[tokio::test(start_paused = true)]
async fn twenty_seven_accounts_take_three_calls_and_all_of_them_get_the_image() {
    let shared = SharedImage::default();
    let cloud = shared.cloud(BadAccount::SpoilsTheCall, Repeated::IsDone);
    let add = accounts(1, 27);
    let changed = change(&cloud, &with_keys(), &add, &[]).await.unwrap();
    assert_eq!((changed.failed.len(), changed.request_ids.len()), (0, 3));
    assert_eq!(shared.accounts(), add.into_iter().collect());
    assert_eq!(cloud.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_eleventh_account_is_never_dropped_even_if_the_limit_is_set_higher() {
    for limit in [Some(50), Some(11), Some(10), None] {
        let shared = SharedImage::with(accounts(2, 12));
        let cloud = shared.cloud(BadAccount::SpoilsTheCall, Repeated::IsDone);
        let limits = Limits { accounts_per_change: limit, ..Limits::default() };
        let config = Connect { limits, ..with_keys() };
        change(&cloud, &config, &accounts(1, 11), &accounts(2, 12)).await.unwrap();
        assert_eq!(shared.accounts(), accounts(1, 11).into_iter().collect(), "{limit:?}");
        assert_eq!(writes(&cloud), 2, "{limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_is_set_lower_is_obeyed() {
    let shared = SharedImage::default();
    let cloud = shared.cloud(BadAccount::SpoilsTheCall, Repeated::IsDone);
    let limits = Limits { accounts_per_change: Some(4), ..Limits::default() };
    change(&cloud, &Connect { limits, ..with_keys() }, &accounts(1, 10), &[]).await.unwrap();
    assert_eq!((shared.accounts().len(), writes(&cloud)), (10, 3));
}

#[tokio::test(start_paused = true)]
async fn a_bad_account_is_named_and_all_others_get_through() {
    for (bad, repeated) in EITHER_WAY {
        let shared = SharedImage::with(accounts(2, 3));
        let cloud = shared.cloud(bad, repeated);
        let mut add = accounts(1, 9);
        add.insert(4, "9000000000000000".into());
        let changed = change(&cloud, &with_keys(), &add, &accounts(2, 3)).await.unwrap();
        assert_eq!(
            failed(&changed),
            [("9000000000000000", ErrorKind::AccountInvalid)],
            "{bad:?}, {repeated:?}"
        );
        assert_eq!(changed.failed[0].error.code.as_deref(), Some(BAD_ACCOUNT));
        assert_eq!(shared.accounts(), accounts(1, 9).into_iter().collect(), "{bad:?}, {repeated:?}");
        // One that fails, one look, and from then on two calls for each halving of thirteen accounts at most.
        assert!(writes(&cloud) <= 9, "{bad:?}, {repeated:?}: {}", writes(&cloud));
        assert_eq!(cloud.requests().len() - writes(&cloud), 1, "{bad:?}, {repeated:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_that_nobody_knows_may_be_an_accounts_fault_too() {
    for status in [400, 403, 404] {
        let cloud = Script::by(move |request| match action(request) {
            "DescribeImageSharePermission" => no_shares(),
            _ if request.url.contains("=9") => refuse(status, "NeverHeardOf.Account"),
            _ => done(json!({})),
        });
        let add = [accounts(1, 3), accounts(9, 1)].concat();
        let changed = change(&cloud, &with_keys(), &add, &[]).await.unwrap();
        assert_eq!(failed(&changed), [("9000000000000000", ErrorKind::Unexpected)], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_so_already_is_done_whatever_the_cloud_says_to_it() {
    for (bad, repeated) in EITHER_WAY {
        let shared = SharedImage::with(accounts(1, 2));
        let cloud = shared.cloud(bad, repeated);
        let changed = change(&cloud, &with_keys(), &accounts(1, 4), &accounts(3, 2)).await.unwrap();
        assert_eq!(failed(&changed), [], "{bad:?}, {repeated:?}");
        assert_eq!(shared.accounts(), accounts(1, 4).into_iter().collect(), "{bad:?}, {repeated:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_about_no_account_is_not_searched_for_one() {
    for code in ["IncorrectImageStatus", "Forbidden.RAM", "InvalidImageId.NotFound"] {
        let cloud = Script::in_order([refuse(403, code)]);
        let error = change(&cloud, &with_keys(), &accounts(1, 5), &[]).await.unwrap_err();
        assert_eq!((error.code.as_deref(), cloud.requests().len()), (Some(code), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_added_before_an_error_is_not_forgotten() {
    let cloud = Script::in_order([done(json!({})), refuse(403, "InvalidSecurityToken.Expired")]);
    let changed = change(&cloud, &with_keys(), &accounts(1, 11), &[]).await.unwrap();
    assert_eq!(changed.request_ids, ["fake-request"]);
    assert_eq!(failed(&changed), [("1000000000000010", ErrorKind::CredentialInvalid)]);
}

#[tokio::test(start_paused = true)]
async fn a_busy_cloud_is_asked_again_with_another_time_and_nonce() {
    let busy = || refuse(400, "NeverHeardOf").header("x-acs-retry-after", "2000");
    let cloud = Script::in_order([busy(), refuse(400, "Throttling.User"), Answer::lost(), done(json!({}))]);
    let changed = change(&cloud, &with_keys(), &accounts(1, 1), &[]).await.unwrap();
    assert_eq!(failed(&changed), []);
    let requests = cloud.requests();
    let nonces: BTreeSet<_> =
        requests.iter().map(|request| header(request, "x-acs-signature-nonce")).collect();
    assert_eq!((requests.len(), nonces.len()), (4, 4));
    let dates: Vec<_> = requests.iter().map(|request| header(request, "x-acs-date")).collect();
    assert!(
        dates.is_sorted() && dates[0] < "2023-11-14T22:13:22Z" && dates[3] >= "2023-11-14T22:13:22Z",
        "{dates:?}"
    );
}

#[tokio::test]
async fn the_accounts_behind_the_first_page_of_shares_are_read_too() {
    for (count, pages) in [(0, 1), (11, 1), (100, 1), (101, 2), (250, 3)] {
        let shared = SharedImage::with(accounts(1, count));
        let cloud = shared.cloud(BadAccount::SpoilsTheCall, Repeated::IsDone);
        let shares = read(&cloud).await.unwrap();
        assert_eq!(shares.accounts.len(), count as usize);
        let asked: Vec<_> =
            cloud.requests().iter().map(|request| parameters(request)["PageNumber"].clone()).collect();
        assert_eq!(asked.len(), pages, "{count}: {asked:?}");
    }
}

#[tokio::test]
async fn a_page_of_shares_that_cannot_be_read_is_an_error_and_not_a_short_list() {
    let first: Vec<_> = accounts(1, 100).iter().map(|id| json!({"AliyunId": id})).collect();
    let cloud = Script::in_order([
        done(json!({"Accounts": {"Account": first}, "TotalCount": 130})),
        refuse(403, "Forbidden.RAM"),
    ]);
    assert_eq!(read(&cloud).await.unwrap_err().kind, ErrorKind::PermissionDenied);
}

#[tokio::test]
async fn share_groups_are_reported_and_are_nobodys_account() {
    let cloud = Script::in_order([done(json!({
        "Accounts": {"Account": [{"AliyunId": "1234567890123456", "SharedTime": "2023-01-01T12:05:00Z"}]},
        "ShareGroups": {"ShareGroup": [{"Group": "all"}]},
        "TotalCount": 1
    }))]);
    let shares = read(&cloud).await.unwrap();
    assert_eq!(shares.accounts, ["1234567890123456".into()].into());
    assert_eq!(shares.other_grants, ["share group `all`"]);
}
