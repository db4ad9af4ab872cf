//! `ModifyImageSharePermission` and `DescribeImageSharePermission`: what is done, refused, and silently left undone.

use imgshare_cloudsim::alibaba::{BadAccount, Behaviour, FirstOf};
use imgshare_cloudsim::{ImageScenario, Redundant};
use serde_json::json;

use super::client::{IMAGE, OWNER_ACCOUNT, Sim, code, image, small};

const FRIEND: &str = "1234567890123456";
const PARTNER: &str = "1234567890120001";
const UNKNOWN: &str = "1000000000000404";

fn accounts(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("12345678901{number:05}")).collect()
}

fn refs(accounts: &[String]) -> Vec<&str> {
    accounts.iter().map(String::as_str).collect()
}

fn done() -> (u16, String) {
    (200, String::new())
}

#[tokio::test]
async fn shared_accounts_are_listed_and_removed_ones_are_not() {
    let sim = Sim::small().await;
    assert_eq!(sim.modify(IMAGE, &[FRIEND, PARTNER], &[]).await, done());
    assert_eq!(sim.modify(IMAGE, &[], &[FRIEND]).await, done());
    let (_, listed) = sim.call("DescribeImageSharePermission", &[("ImageId", IMAGE)]).await;
    let expected = json!({"Account": [{"AliyunId": PARTNER, "SharedTime": "2023-11-14T22:13:20Z"}]});
    assert_eq!(listed["Accounts"], expected);
    assert_eq!((&listed["TotalCount"], &listed["ShareGroups"]), (&json!(1), &json!({"ShareGroup": []})));
}

#[tokio::test]
async fn the_eleventh_account_of_a_call_is_silently_ignored() {
    let sim = Sim::small().await;
    let accounts = accounts(12);
    assert_eq!(sim.modify(IMAGE, &refs(&accounts), &[]).await, done());
    assert_eq!(sim.shares_of(IMAGE), accounts[..10]);

    assert_eq!(sim.modify(IMAGE, &refs(&accounts[10..]), &[]).await, done());
    assert_eq!(sim.shares_of(IMAGE), accounts);

    assert_eq!(sim.modify(IMAGE, &[], &refs(&accounts)).await, done());
    assert_eq!(sim.shares_of(IMAGE), accounts[10..]);
}

#[tokio::test]
async fn an_ignored_account_is_not_even_looked_at() {
    let sim = Sim::small().await;
    let accounts = accounts(10);
    let mut eleven = refs(&accounts);
    eleven.push(UNKNOWN);
    assert_eq!(sim.modify(IMAGE, &eleven, &[]).await, done());
}

#[tokio::test]
async fn a_page_of_shares_has_ten_accounts_by_default_and_a_hundred_at_most() {
    let mut world = small();
    world.behaviour.accounts_per_image_max = 300;
    let shares: Vec<_> = accounts(130).into_iter().map(Into::into).collect();
    let images = &mut world.owners[0].regions.values_mut().nth(1).expect("the region").images;
    images.push(ImageScenario { shares, ..image("m-popular", "popular") });
    let sim = Sim::start(world).await;
    for (page, expected) in [
        (&[][..], 10),
        (&[("PageNumber", "13")], 10),
        (&[("PageNumber", "14")], 0),
        (&[("PageSize", "100")], 100),
        (&[("PageSize", "100"), ("PageNumber", "2")], 30),
    ] {
        let params = [&[("ImageId", "m-popular")], page].concat();
        let (_, listed) = sim.call("DescribeImageSharePermission", &params).await;
        assert_eq!(listed["TotalCount"], 130, "{listed}");
        assert_eq!(listed["Accounts"]["Account"].as_array().map(Vec::len), Some(expected), "{page:?}");
    }
    for bad in [("PageSize", "101"), ("PageSize", "0"), ("PageNumber", "0"), ("PageNumber", "one")] {
        let (status, answer) =
            sim.call("DescribeImageSharePermission", &[("ImageId", "m-popular"), bad]).await;
        assert_eq!((status, code(&answer)), (400, "InvalidParameter"), "{bad:?}");
    }
}

#[tokio::test]
async fn each_account_that_cannot_receive_has_its_code_and_spoils_the_call() {
    let sim = Sim::small().await;
    for (account, expected) in [
        (UNKNOWN, "InvalidAccount.NotFound"),
        ("partner-x", "InvalidAccount.NotFound"),
        ("2000000000000001", "InvalidAccount.NotFound"),
        (OWNER_ACCOUNT, "InvalidAccount.Forbbiden"),
    ] {
        assert_eq!(sim.modify(IMAGE, &[FRIEND, account], &[]).await, (404, expected.to_owned()));
    }
    assert!(sim.shares_of(IMAGE).is_empty());
}

#[tokio::test]
async fn what_a_bad_account_does_to_the_others_can_be_chosen() {
    for (bad_account, status, shares) in [
        (BadAccount::SpoilsTheCall, 404, vec![]),
        (BadAccount::GoodOnesApplied, 404, vec![FRIEND]),
        (BadAccount::SilentlyIgnored, 200, vec![FRIEND]),
    ] {
        let sim = Sim::behaving(Behaviour { bad_account, ..Behaviour::default() }).await;
        assert_eq!(sim.modify(IMAGE, &[FRIEND, UNKNOWN], &[]).await.0, status, "{bad_account:?}");
        assert_eq!(sim.shares_of(IMAGE), shares, "{bad_account:?}");
    }
}

#[tokio::test]
async fn a_refusal_may_name_the_bad_account() {
    for names_bad_account in [false, true] {
        let sim = Sim::behaving(Behaviour { names_bad_account, ..Behaviour::default() }).await;
        let params = [("ImageId", IMAGE), ("AddAccount.1", FRIEND), ("AddAccount.2", UNKNOWN)];
        let (_, answer) = sim.call("ModifyImageSharePermission", &params).await;
        assert_eq!(answer["Message"].to_string().contains(UNKNOWN), names_bad_account, "{answer}");
    }
}

#[tokio::test]
async fn what_changes_nothing_is_done_or_refused() {
    let sim = Sim::small().await;
    for _ in 0..2 {
        assert_eq!(sim.modify(IMAGE, &[FRIEND], &[PARTNER]).await, done());
    }
    let refused = Redundant::Refused;
    let behaviour = Behaviour { already_shared: refused, remove_unshared: refused, ..Behaviour::default() };
    let sim = Sim::behaving(behaviour).await;
    assert_eq!(sim.modify(IMAGE, &[FRIEND], &[]).await, done());
    assert_eq!(sim.modify(IMAGE, &[FRIEND], &[]).await.1, "InvalidAccount.NotFound");
    assert_eq!(sim.modify(IMAGE, &[], &[PARTNER]).await.1, "InvalidAccount.NotFound");
}

#[tokio::test]
async fn who_is_added_and_removed_in_one_call_ends_as_the_scenario_says() {
    for (first, shares) in [(FirstOf::Add, vec![]), (FirstOf::Remove, vec![FRIEND])] {
        let sim = Sim::behaving(Behaviour { first, ..Behaviour::default() }).await;
        assert_eq!(sim.modify(IMAGE, &[FRIEND], &[FRIEND]).await, done());
        assert_eq!(sim.shares_of(IMAGE), shares, "{first:?}");
    }
}

#[tokio::test]
async fn an_image_takes_fifty_accounts_and_a_removal_makes_room() {
    let sim = Sim::small().await;
    let accounts = accounts(50);
    for ten in accounts.chunks(10) {
        assert_eq!(sim.modify(IMAGE, &refs(ten), &[]).await, done());
    }
    let full = (403, "QuotaExceed.ShareImageUser".to_owned());
    assert_eq!(sim.modify(IMAGE, &[FRIEND], &[]).await, full);
    assert_eq!(sim.modify(IMAGE, &[FRIEND], &[accounts[0].as_str()]).await, done());
    assert_eq!(sim.modify(IMAGE, &[accounts[1].as_str()], &[]).await, done(), "it has the image");
    assert_eq!(sim.shares_of(IMAGE).len(), 50);
}

#[tokio::test]
async fn each_image_that_cannot_be_shared_has_its_code() {
    let sim = Sim::small().await;
    for (image, status, expected) in [
        ("m-nosuch", 404, "InvalidImageId.NotFound"),
        ("m-other", 404, "InvalidImageId.NotFound"),
        ("m-creating", 400, "IncorrectImageStatus"),
        ("m-deprecated", 403, "OperationDenied.InvalidImageStatus"),
        ("m-encrypted", 403, "InvalidOperation.ServiceKeyEncryptedImageUnsupported"),
        ("m-locked", 403, "OperationDenied"),
        ("m-public", 403, "Image.Public"),
    ] {
        assert_eq!(sim.modify(image, &[FRIEND], &[]).await, (status, expected.to_owned()), "{image}");
    }
    assert_eq!(sim.modify("m-deprecated", &[], &[FRIEND]).await, done(), "removing is always allowed");
}

#[tokio::test]
async fn share_groups_are_listed_apart() {
    let mut world = small();
    let images = &mut world.owners[0].regions.values_mut().nth(1).expect("the region").images;
    images.push(ImageScenario { share_groups: vec!["all".to_owned()], ..image("m-grouped", "grouped") });
    let sim = Sim::start(world).await;
    let (_, listed) = sim.call("DescribeImageSharePermission", &[("ImageId", "m-grouped")]).await;
    assert_eq!(listed["ShareGroups"], json!({"ShareGroup": [{"Group": "all"}]}));
    assert_eq!((&listed["Accounts"], &listed["TotalCount"]), (&json!({"Account": []}), &json!(0)));
}

#[tokio::test]
async fn a_dry_run_says_that_it_passed_and_does_nothing() {
    let sim = Sim::small().await;
    for (account, expected) in [(FRIEND, "DryRunOperation"), (UNKNOWN, "InvalidAccount.NotFound")] {
        let params = [("ImageId", IMAGE), ("AddAccount.1", account), ("DryRun", "True")];
        let (_, answer) = sim.call("ModifyImageSharePermission", &params).await;
        assert_eq!(code(&answer), expected);
    }
    assert!(sim.shares_of(IMAGE).is_empty());
}

#[tokio::test]
async fn nothing_is_published_and_a_call_without_accounts_is_refused() {
    let sim = Sim::small().await;
    for (more, status, expected) in [
        (&[("IsPublic", "true"), ("AddAccount.1", FRIEND)][..], 403, "PublicImageAgreement.NotSigned"),
        (
            &[("LaunchPermission", "all"), ("AddAccount.1", FRIEND)],
            403,
            "ForbiddenParameter.LaunchPermission",
        ),
        (&[("AddAccount.0", FRIEND)], 400, "UnsupportedParameter"),
        (&[("AddAccounts.1", FRIEND)], 400, "UnsupportedParameter"),
        (&[], 400, "MissingParameter"),
    ] {
        let params = [&[("ImageId", IMAGE)], more].concat();
        let (got, answer) = sim.call("ModifyImageSharePermission", &params).await;
        assert_eq!((got, code(&answer)), (status, expected), "{more:?}");
    }
}
