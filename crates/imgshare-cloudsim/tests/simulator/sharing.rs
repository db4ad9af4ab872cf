//! `ModifyImageSharePermission` and `DescribeImageSharePermission`: what is done and what is refused.

use imgshare_cloudsim::Scenario;
use imgshare_cloudsim::tencent::{AlreadyShared, BadAccount, Behaviour, CancelUnshared, WrongState};
use serde_json::json;

use crate::client::Login;
use crate::world::{IMAGE, OTHER_OWNER, OTHER_REGION, OWNER_ACCOUNT, REGION, Sim, code, scenario, small};

const FRIEND: &str = "100012345678";
const PARTNER: &str = "1038493875";
const UNKNOWN: &str = "100000000404";
const COLLABORATOR: &str = "200000000001";

fn behaving(behaviour: Behaviour) -> Scenario {
    let mut tencent = small();
    tencent.behaviour = behaviour;
    scenario(tencent)
}

#[tokio::test]
async fn shared_accounts_are_listed_and_cancelled_ones_are_not() {
    let sim = Sim::small().await;
    let answer = sim.share(IMAGE, &[FRIEND, PARTNER]).await;
    assert_eq!(answer.as_object().expect("an object").keys().collect::<Vec<_>>(), ["RequestId"]);
    sim.cancel(IMAGE, &[FRIEND]).await;
    let listed = sim.call("DescribeImageSharePermission", json!({"ImageId": IMAGE})).await;
    let expected = json!([{"AccountId": PARTNER, "CreatedTime": "2023-11-14T22:13:20Z"}]);
    assert_eq!(listed["SharePermissionSet"], expected);
}

#[tokio::test]
async fn each_account_that_cannot_receive_has_its_code() {
    let sim = Sim::small().await;
    for (account, expected) in [
        (UNKNOWN, "InvalidAccountId.NotFound"),
        ("12345678", "InvalidAccountId.NotFound"),
        ("12345678901234", "InvalidAccountId.NotFound"),
        ("partner-x", "InvalidAccountId.NotFound"),
        (COLLABORATOR, "FailedOperation.NotMasterAccount"),
        (OWNER_ACCOUNT, "InvalidAccountIs.YourSelf"),
    ] {
        assert_eq!(code(&sim.share(IMAGE, &[account]).await), expected, "{account}");
    }
    assert!(sim.shares_of(IMAGE).is_empty());
}

#[tokio::test]
async fn only_listed_accounts_exist_when_a_list_is_given() {
    let mut tencent = small();
    tencent.accounts.known = Some([FRIEND.into()].into());
    let sim = Sim::start(scenario(tencent)).await;
    assert_eq!(code(&sim.share(IMAGE, &[FRIEND]).await), "");
    assert_eq!(code(&sim.share(IMAGE, &[PARTNER]).await), "InvalidAccountId.NotFound");
    assert_eq!(code(&sim.share(IMAGE, &[COLLABORATOR]).await), "FailedOperation.NotMasterAccount");
}

#[tokio::test]
async fn each_image_that_cannot_be_shared_has_its_code() {
    let sim = Sim::small().await;
    for (image, expected) in [
        ("img-creatin0", "InvalidParameterValue.InvalidImageState"),
        ("img-byol0000", "FailedOperation.BYOLImageShareFailed"),
        ("img-locked00", "FailedOperation.QImageShareFailed"),
        ("img-secret00", "UnsupportedOperation.EncryptedImagesNotSupported"),
        ("img-public00", "UnauthorizedOperation.ImageNotBelongToAccount"),
        ("img-other000", "UnauthorizedOperation.ImageNotBelongToAccount"),
        ("img-nosuch00", "InvalidImageId.NotFound"),
        ("img-short", "InvalidImageId.Malformed"),
        ("IMG-6PB6LRMY", "InvalidImageId.Malformed"),
    ] {
        assert_eq!(code(&sim.share(image, &[FRIEND]).await), expected, "{image}");
    }
}

#[tokio::test]
async fn a_locked_image_is_listed_as_normal() {
    let sim = Sim::small().await;
    let listed = sim.call("DescribeImages", json!({"ImageIds": ["img-locked00"]})).await;
    assert_eq!(listed["ImageSet"][0]["ImageState"], "NORMAL");
}

#[tokio::test]
async fn an_image_is_found_in_its_own_region_only() {
    let sim = Sim::small().await;
    let params = json!({"ImageId": IMAGE, "AccountIds": [FRIEND], "Permission": "SHARE"});
    let login = crate::client::OWNER;
    let received = sim.send(&login, "ModifyImageSharePermission", OTHER_REGION, &params).await;
    assert_eq!(code(&received.response()), "InvalidImageId.NotFound");
}

#[tokio::test]
async fn nobody_reads_or_changes_another_owners_shares() {
    let sim = Sim::small().await;
    let login = Login { token: Some("FakeOtherToken"), ..OTHER_OWNER };
    let change = json!({"ImageId": IMAGE, "AccountIds": [FRIEND], "Permission": "SHARE"});
    for (action, params) in
        [("ModifyImageSharePermission", change), ("DescribeImageSharePermission", json!({"ImageId": IMAGE}))]
    {
        let received = sim.send(&login, action, REGION, &params).await;
        assert_eq!(code(&received.response()), "UnauthorizedOperation.ImageNotBelongToAccount");
    }
}

#[tokio::test]
async fn an_image_is_shared_with_at_most_500_accounts() {
    let sim = Sim::small().await;
    let accounts: Vec<String> = (0..501).map(|n| format!("1000100{n:05}")).collect();
    let accounts: Vec<&str> = accounts.iter().map(String::as_str).collect();
    for batch in accounts[..500].chunks(50) {
        assert_eq!(code(&sim.share(IMAGE, batch).await), "");
    }
    assert_eq!(code(&sim.share(IMAGE, &accounts[500..]).await), "OverQuota");
    assert_eq!(code(&sim.share(IMAGE, &accounts[..10]).await), "", "those who have it take no room");
    assert_eq!(sim.shares_of(IMAGE).len(), 500);
}

#[tokio::test]
async fn a_call_takes_so_many_accounts_as_the_scenario_says() {
    let sim = Sim::start(behaving(Behaviour { accounts_per_call_max: 1, ..Behaviour::default() })).await;
    assert_eq!(code(&sim.share(IMAGE, &[FRIEND, PARTNER]).await), "InvalidParameterValue.LimitExceeded");
    assert_eq!(code(&sim.share(IMAGE, &[FRIEND]).await), "");
    assert_eq!(code(&sim.share(IMAGE, &[]).await), "InvalidParameterValue");
}

#[tokio::test]
async fn a_bad_account_spoils_its_call_or_not_as_the_scenario_says() {
    for (bad_account, expected) in
        [(BadAccount::SpoilsTheCall, vec![]), (BadAccount::GoodOnesApplied, vec![FRIEND, PARTNER])]
    {
        let sim = Sim::start(behaving(Behaviour { bad_account, ..Behaviour::default() })).await;
        let answer = sim.share(IMAGE, &[FRIEND, UNKNOWN, COLLABORATOR, PARTNER]).await;
        assert_eq!(code(&answer), "InvalidAccountId.NotFound", "the first bad account decides");
        assert_eq!(sim.shares_of(IMAGE), expected);
    }
}

#[tokio::test]
async fn no_message_names_the_bad_account() {
    let sim = Sim::small().await;
    let answer = sim.share(IMAGE, &[FRIEND, UNKNOWN]).await;
    assert!(!answer["Error"]["Message"].as_str().expect("a message").contains(UNKNOWN));
}

#[tokio::test]
async fn sharing_twice_is_fine_or_refused_as_the_scenario_says() {
    for (already_shared, expected) in
        [(AlreadyShared::Ok, ""), (AlreadyShared::Refused, "FailedOperation.AccountAlreadyExists")]
    {
        let sim = Sim::start(behaving(Behaviour { already_shared, ..Behaviour::default() })).await;
        sim.share(IMAGE, &[FRIEND]).await;
        assert_eq!(code(&sim.share(IMAGE, &[FRIEND]).await), expected);
        assert_eq!(sim.shares_of(IMAGE), [FRIEND]);
    }
}

#[tokio::test]
async fn cancelling_what_is_not_shared_is_fine_or_refused_as_the_scenario_says() {
    for (cancel_unshared, expected) in
        [(CancelUnshared::Ok, ""), (CancelUnshared::Refused, "InvalidAccountId.NotFound")]
    {
        let sim = Sim::start(behaving(Behaviour { cancel_unshared, ..Behaviour::default() })).await;
        assert_eq!(code(&sim.cancel(IMAGE, &[FRIEND]).await), expected);
        assert_eq!(code(&sim.cancel(IMAGE, &["no-account"]).await), "InvalidAccountId.NotFound");
    }
}

#[tokio::test]
async fn a_wrong_state_has_either_documented_code() {
    let wrong_state = WrongState::OperationError;
    let sim = Sim::start(behaving(Behaviour { wrong_state, ..Behaviour::default() })).await;
    assert_eq!(code(&sim.share("img-creatin0", &[FRIEND]).await), "FailedOperation.InvalidImageState");
}

#[tokio::test]
async fn parameters_are_checked() {
    let sim = Sim::small().await;
    for (params, expected) in [
        (json!({"AccountIds": [FRIEND], "Permission": "SHARE"}), "MissingParameter"),
        (json!({"ImageId": IMAGE, "Permission": "SHARE"}), "MissingParameter"),
        (json!({"ImageId": IMAGE, "AccountIds": [FRIEND]}), "MissingParameter"),
        (
            json!({"ImageId": IMAGE, "AccountIds": [100012345678u64], "Permission": "SHARE"}),
            "InvalidParameter",
        ),
        (json!({"ImageId": IMAGE, "AccountIds": [FRIEND], "Permission": "GRANT"}), "InvalidParameterValue"),
        (
            json!({"ImageId": IMAGE, "AccountIds": [FRIEND], "Permission": "SHARE", "DryRun": true}),
            "UnknownParameter",
        ),
    ] {
        let answer = sim.call("ModifyImageSharePermission", params.clone()).await;
        assert_eq!(code(&answer), expected, "{params}");
    }
}
