//! Adding and removing accounts, whichever way the cloud behaves where its vendor says nothing.

use std::sync::Arc;

use imgshare_sdk::{Change, Changed, Connect, ErrorKind, Limits, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};

use crate::cloud::{BadAccount, CancelUnshared, SharedImage, action, done, image, refuse, with_keys};

async fn change(cloud: &Arc<Script>, config: &Connect, add: &[&str], remove: &[&str]) -> Result<Changed> {
    let world = Arc::new(FakeWorld::default().with_virtual_time());
    let plugin = imgshare_testkit::load("tencent");
    let tencent = imgshare_testkit::host(cloud, &world).connect(&plugin, config, false).unwrap();
    let accounts = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect();
    tencent
        .change_shares(Change {
            image: image(),
            add: accounts(add),
            remove: accounts(remove),
            ..Change::default()
        })
        .await
        .result
}

fn failed(changed: &Changed) -> Vec<(&str, ErrorKind)> {
    changed.failed.iter().map(|failure| (failure.account.as_str(), failure.error.kind)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_bad_account_is_named_and_the_good_ones_get_through() {
    for bad in [BadAccount::SpoilsTheCall, BadAccount::OthersAreDone] {
        let shared = SharedImage::default();
        let cloud = shared.cloud(bad, CancelUnshared::IsDone);
        let changed = change(&cloud, &with_keys(), &["1", "2", "900", "3", "4"], &[]).await.unwrap();
        assert_eq!(failed(&changed), [("900", ErrorKind::AccountInvalid)], "{bad:?}");
        assert_eq!(shared.accounts(), ["1", "2", "3", "4"], "{bad:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn cancelling_what_is_not_shared_is_done_whatever_the_cloud_says_to_it() {
    for unshared in [CancelUnshared::IsDone, CancelUnshared::IsAnError] {
        for bad in [BadAccount::SpoilsTheCall, BadAccount::OthersAreDone] {
            let shared = SharedImage::with(&["1", "2", "3"]);
            let cloud = shared.cloud(bad, unshared);
            let changed = change(&cloud, &with_keys(), &[], &["1", "77", "3", "78"]).await.unwrap();
            assert_eq!(failed(&changed), [], "{unshared:?}, {bad:?}");
            assert_eq!(shared.accounts(), ["2"], "{unshared:?}, {bad:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn accounts_go_in_batches_and_additions_before_removals() {
    let shared = SharedImage::with(&["8"]);
    let cloud = shared.cloud(BadAccount::SpoilsTheCall, CancelUnshared::IsDone);
    let limits = Limits { accounts_per_change: Some(2), ..Limits::default() };
    let config = Connect { limits, ..with_keys() };
    let changed = change(&cloud, &config, &["1", "2", "3"], &["8"]).await.unwrap();
    assert_eq!(changed.request_ids.len(), 3);
    assert_eq!(shared.accounts(), ["1", "2", "3"]);

    let bodies: Vec<_> =
        cloud.requests().into_iter().map(|request| String::from_utf8(request.body).unwrap()).collect();
    let expected =
        [(r#""1","2""#, "SHARE"), (r#""3""#, "SHARE"), (r#""8""#, "CANCEL")].map(|(accounts, permission)| {
            format!(r#"{{"ImageId":"img-6pb6lrmy","AccountIds":[{accounts}],"Permission":"{permission}"}}"#)
        });
    assert_eq!(bodies, expected);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_has_the_image_already_is_done() {
    let cloud = Script::in_order([refuse("FailedOperation.AccountAlreadyExists")]);
    assert_eq!(change(&cloud, &with_keys(), &["1"], &[]).await, Ok(Changed::default()));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_too_large_is_halved() {
    let cloud = Script::by(|request| {
        let accounts = String::from_utf8_lossy(&request.body).matches("\"1").count();
        match action(&request.headers) {
            "DescribeImageSharePermission" => done(serde_json::json!({"SharePermissionSet": []})),
            _ if accounts > 2 => refuse("InvalidParameterValue.LimitExceeded"),
            _ => done(serde_json::json!({})),
        }
    });
    let changed = change(&cloud, &with_keys(), &["11", "12", "13", "14", "15"], &[]).await.unwrap();
    assert_eq!(failed(&changed), []);
    assert_eq!(changed.request_ids.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_locked_image_is_reported_at_once_and_not_asked_again() {
    let cloud = Script::in_order([refuse("FailedOperation.InvalidImageState")]);
    let error = change(&cloud, &with_keys(), &["1", "2"], &["3"]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ImageNotShareable);
    assert_eq!(error.hint.as_deref(), Some("run again when the image is in state NORMAL"));
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_added_before_an_error_is_not_forgotten() {
    let cloud = Script::in_order([done(serde_json::json!({})), refuse("AuthFailure.TokenFailure")]);
    let changed = change(&cloud, &with_keys(), &["1"], &["2", "3"]).await.unwrap();
    assert_eq!(changed.request_ids, ["fake-request"]);
    let expected = [("2", ErrorKind::CredentialInvalid), ("3", ErrorKind::CredentialInvalid)];
    assert_eq!(failed(&changed), expected);
}

#[tokio::test(start_paused = true)]
async fn a_busy_cloud_is_asked_again_with_a_signature_of_its_own_time() {
    let cloud = Script::in_order([
        refuse("RequestLimitExceeded.UinLimitExceeded"),
        Answer::lost(),
        done(serde_json::json!({})),
    ]);
    let changed = change(&cloud, &with_keys(), &["1"], &[]).await.unwrap();
    assert_eq!(failed(&changed), []);
    assert_eq!(cloud.requests().len(), 3);
}
