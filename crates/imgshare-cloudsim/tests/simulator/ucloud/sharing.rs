//! `ModifyCompShareImageShareAccount` and `DescribeCompShareImageShareAccounts`: all or nothing.

use imgshare_cloudsim::ucloud::{Behaviour, EmptyAccounts};
use imgshare_cloudsim::{Meddling, Redundant};
use serde_json::{Value, json};

use super::client::{IMAGE, OWNER_ACCOUNT, REGION, Sim, UHOST_IMAGE, outcome, ret_code};

const FRIEND: &str = "55001122";
const PARTNER: &str = "12345";
const UNKNOWN: &str = "404";

fn accounts(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("6000{number:04}")).collect()
}

fn refs(accounts: &[String]) -> Vec<&str> {
    accounts.iter().map(String::as_str).collect()
}

async fn listed(sim: &Sim) -> Value {
    sim.call("DescribeCompShareImageShareAccounts", &[("CompShareImageId", IMAGE)]).await
}

#[tokio::test]
async fn shared_accounts_are_listed_and_removed_ones_are_not() {
    let sim = Sim::small().await;
    assert_eq!(outcome(&sim.modify(IMAGE, &[FRIEND, PARTNER], &[]).await), (0, vec![]));
    assert_eq!(outcome(&sim.modify(IMAGE, &[], &[PARTNER]).await), (0, vec![]));
    let expected = json!([{"AccountId": 55_001_122, "AccountName": "account-55001122"}]);
    assert_eq!(listed(&sim).await["AccountSet"], expected);
}

#[tokio::test]
async fn one_invalid_account_undoes_the_whole_call_and_the_ret_code_is_0() {
    let sim = Sim::small().await;
    sim.modify(IMAGE, &[PARTNER], &[]).await;
    for (bad, id) in [(UNKNOWN, 404), ("20000001", 20_000_001), (OWNER_ACCOUNT, 50_000_009)] {
        let answer = sim.modify(IMAGE, &[FRIEND, bad], &[PARTNER]).await;
        assert_eq!(outcome(&answer), (0, vec![id]), "{answer}");
        assert_eq!(answer.get("Message"), None);
        assert_eq!(sim.shares_of(IMAGE), [PARTNER]);
    }
    let answer = sim.modify(IMAGE, &["405", FRIEND, UNKNOWN], &[UNKNOWN]).await;
    assert_eq!(outcome(&answer), (0, vec![405, 404, 404]));
}

#[tokio::test]
async fn the_journal_knows_that_an_undone_call_was_not_done() {
    let sim = Sim::small().await;
    sim.modify(IMAGE, &[FRIEND, UNKNOWN], &[]).await;
    let state = sim.running.state();
    let counts = &state["clouds"]["ucloud"]["calls"]["ModifyCompShareImageShareAccount"][REGION];
    assert_eq!((&counts["done"], &counts["refused"]), (&json!(0), &json!({"InvalidAccounts": 1})));
}

#[tokio::test]
async fn the_ret_code_of_invalid_accounts_can_be_another() {
    let behaviour = Behaviour { invalid_accounts_ret_code: 8433, ..Behaviour::default() };
    let sim = Sim::behaving(behaviour).await;
    let answer = sim.modify(IMAGE, &[FRIEND, UNKNOWN], &[]).await;
    assert_eq!(outcome(&answer), (8433, vec![404]));
    assert!(answer["Message"].is_string());
}

#[tokio::test]
async fn a_call_takes_ten_to_add_and_ten_to_remove() {
    let sim = Sim::small().await;
    let accounts = accounts(21);
    assert_eq!(ret_code(&sim.modify(IMAGE, &refs(&accounts[..11]), &[]).await), 230);
    assert!(sim.shares_of(IMAGE).is_empty());
    assert_eq!(ret_code(&sim.modify(IMAGE, &refs(&accounts[..10]), &[]).await), 0);
    assert_eq!(ret_code(&sim.modify(IMAGE, &[], &refs(&accounts[..11])).await), 230);
    let both = sim.modify(IMAGE, &refs(&accounts[10..20]), &refs(&accounts[..10])).await;
    assert_eq!(ret_code(&both), 0);
    assert_eq!(sim.shares_of(IMAGE), accounts[10..20]);
}

#[tokio::test]
async fn what_changes_nothing_is_done_or_invalid() {
    let sim = Sim::small().await;
    for _ in 0..2 {
        assert_eq!(outcome(&sim.modify(IMAGE, &[FRIEND], &[PARTNER]).await), (0, vec![]));
    }
    let refused = Redundant::Refused;
    let behaviour = Behaviour { already_shared: refused, remove_unshared: refused, ..Behaviour::default() };
    let sim = Sim::behaving(behaviour).await;
    assert_eq!(outcome(&sim.modify(IMAGE, &[FRIEND], &[]).await), (0, vec![]));
    assert_eq!(outcome(&sim.modify(IMAGE, &[FRIEND], &[]).await), (0, vec![55_001_122]));
    assert_eq!(outcome(&sim.modify(IMAGE, &[], &[PARTNER]).await), (0, vec![12345]));
}

#[tokio::test]
async fn an_image_that_cannot_be_shared_is_refused() {
    let sim = Sim::small().await;
    for image in [
        "compshareImage-nosuch",
        "compshareImage-other",
        "compshareImage-making",
        "compshareImage-locked",
        UHOST_IMAGE,
    ] {
        assert_eq!(ret_code(&sim.modify(image, &[FRIEND], &[]).await), 230, "{image}");
    }
    let sim = Sim::behaving(Behaviour { only_available: false, ..Behaviour::default() }).await;
    assert_eq!(ret_code(&sim.modify("compshareImage-making", &[FRIEND], &[]).await), 0);
}

#[tokio::test]
async fn a_scenario_may_limit_the_accounts_of_an_image() {
    let sim = Sim::behaving(Behaviour { accounts_per_image_max: Some(2), ..Behaviour::default() }).await;
    let accounts = accounts(3);
    assert_eq!(ret_code(&sim.modify(IMAGE, &refs(&accounts), &[]).await), 230);
    assert_eq!(ret_code(&sim.modify(IMAGE, &refs(&accounts[..2]), &[]).await), 0);
}

#[tokio::test]
async fn an_image_over_its_limit_can_lose_accounts_and_swap_them_but_not_gain_any() {
    let sim = Sim::behaving(Behaviour { accounts_per_image_max: Some(2), ..Behaviour::default() }).await;
    let accounts = accounts(5);
    for account in &accounts[..4] {
        let (image, account) = (IMAGE.into(), account.as_str().into());
        sim.running.meddle("ucloud", Meddling::AddShare { image, account }).expect("the image is there");
    }
    assert_eq!(ret_code(&sim.modify(IMAGE, &[], &refs(&accounts[..1])).await), 0);
    assert_eq!(ret_code(&sim.modify(IMAGE, &refs(&accounts[4..]), &refs(&accounts[1..2])).await), 230);
    assert_eq!(ret_code(&sim.modify(IMAGE, &refs(&accounts[4..]), &refs(&accounts[1..3])).await), 0);
    assert_eq!(sim.shares_of(IMAGE), refs(&accounts[3..]));
}

#[tokio::test]
async fn a_call_that_says_too_little_or_the_wrong_thing_is_refused() {
    let sim = Sim::small().await;
    for (params, expected) in [
        (&[("AddAccounts.0", FRIEND)][..], 210),
        (&[("CompShareImageId", IMAGE)], 210),
        (&[("CompShareImageId", IMAGE), ("AddAccounts.0", "partner-x")], 230),
        (&[("CompShareImageId", IMAGE), ("AddAccount.0", FRIEND)], 230),
    ] {
        let answer = sim.call("ModifyCompShareImageShareAccount", params).await;
        assert_eq!(ret_code(&answer), expected, "{params:?}");
        assert!(answer["Message"].is_string(), "{answer}");
    }
    assert!(sim.shares_of(IMAGE).is_empty());
}

#[tokio::test]
async fn the_shares_of_an_image_without_any_are_written_in_four_ways() {
    for (empty_accounts, expected) in [
        (EmptyAccounts::Object, Some(json!({}))),
        (EmptyAccounts::List, Some(json!([]))),
        (EmptyAccounts::Null, Some(Value::Null)),
        (EmptyAccounts::LeftOut, None),
    ] {
        let sim = Sim::behaving(Behaviour { empty_accounts, ..Behaviour::default() }).await;
        assert_eq!(listed(&sim).await.get("AccountSet"), expected.as_ref());
    }
}

#[tokio::test]
async fn account_ids_may_be_texts() {
    let sim = Sim::behaving(Behaviour { loose_types: true, ..Behaviour::default() }).await;
    sim.modify(IMAGE, &[FRIEND], &[]).await;
    assert_eq!(listed(&sim).await["AccountSet"][0]["AccountId"], FRIEND);
}
