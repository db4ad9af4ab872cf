//! Sharing the snapshots of images.

use std::sync::Arc;

use imgshare_sdk::{Changed, ErrorKind, SnapshotChange, SnapshotRef};
use imgshare_testkit::Script;

use crate::cloud::{BadAccount, Shared, actions, aws, form};

fn snapshot() -> SnapshotRef {
    SnapshotRef { region: "us-east-1".into(), id: "snap-1".into() }
}

/// Accounts that begin with this digit.
fn accounts(digit: u8, count: u32) -> Vec<String> {
    (0..count).map(|n| format!("{digit}{n:011}")).collect()
}

async fn change(cloud: &Arc<Script>, add: &[String], remove: &[String]) -> Changed {
    let accounts = |ids: &[String]| ids.iter().map(|id| id.as_str().into()).collect();
    let change = SnapshotChange { snapshot: snapshot(), add: accounts(add), remove: accounts(remove) };
    aws(cloud).change_snapshot_shares(change).await.result.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_adds_or_removes_and_at_most_five_hundred() {
    let shared = Shared::with(accounts(2, 501));
    let cloud = shared.cloud(BadAccount::SpoilsTheCall);
    assert_eq!(change(&cloud, &accounts(1, 501), &accounts(2, 501)).await.failed, []);
    assert_eq!(shared.accounts(), accounts(1, 501).into_iter().collect());
    let sent: Vec<_> = cloud
        .requests()
        .iter()
        .map(|request| (form(request).text("OperationType").to_owned(), form(request).list("UserId").len()))
        .collect();
    let expected = [("add", 500), ("add", 1), ("remove", 500), ("remove", 1)];
    assert_eq!(sent, expected.map(|(way, count)| (way.to_owned(), count)));
}

#[tokio::test(start_paused = true)]
async fn a_bad_account_is_named_and_all_others_get_through() {
    for bad in [BadAccount::SpoilsTheCall, BadAccount::OthersAreDone] {
        let shared = Shared::default();
        let cloud = shared.cloud(bad);
        let changed = change(&cloud, &[accounts(1, 3), accounts(9, 1)].concat(), &[]).await;
        let failed: Vec<_> = changed.failed.iter().map(|failure| failure.account.as_str()).collect();
        assert_eq!(failed, ["900000000000"], "{bad:?}");
        assert_eq!(shared.accounts(), accounts(1, 3).into_iter().collect(), "{bad:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_organization_cannot_have_a_snapshot_and_is_told_so_without_a_call() {
    let organization = "arn:aws:organizations::123456789012:organization/o-fakefake01".to_owned();
    let shared = Shared::default();
    let cloud = shared.cloud(BadAccount::SpoilsTheCall);
    let changed =
        change(&cloud, &[organization.clone(), "100000000000".into()], std::slice::from_ref(&organization))
            .await;
    assert_eq!(changed.failed.len(), 1);
    assert_eq!(changed.failed[0].account.as_str(), organization);
    assert_eq!(changed.failed[0].error.kind, ErrorKind::AccountInvalid);
    assert_eq!(actions(&cloud), ["ModifySnapshotAttribute"]);
}

#[tokio::test]
async fn who_has_a_snapshot_is_read() {
    let cloud = Shared::with(["012345678901".to_owned()]).cloud(BadAccount::SpoilsTheCall);
    let shares = aws(&cloud).read_snapshot_shares(snapshot()).await.result.unwrap();
    assert_eq!(shares.accounts, ["012345678901".into()].into());
    assert_eq!(form(&cloud.requests()[0]).text("Attribute"), "createVolumePermission");
}
