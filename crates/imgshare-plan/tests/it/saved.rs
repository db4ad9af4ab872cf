//! Plans that are saved, picked from and compared.

use imgshare_plan::{ChangeState, ExitStatus, Plan};

use crate::world::World;

const WORLD: &str = "cloud acme acme north per-change=1
    account 1 data-team
    fence 0
    rule golden at=acme:north exact name=u* with=1,2
    rule blocked at=acme:north ids=img-z with=1
    image acme north img-a ubuntu has=9
    image acme north img-b ubuntu2 failed=no-answer
    image acme north img-c ubuntu3 has=1,2 grant=everybody
    image acme north img-d ubuntu4";

#[test]
fn a_saved_plan_is_the_same_when_it_is_read_again() {
    let plan = World::parse(WORLD).plan();
    let text = serde_json::to_string(&plan).expect("plans have a JSON form");
    let again: Plan = serde_json::from_str(&text).expect("which can be read");
    assert_eq!(again, plan);
    assert_eq!(again.changes[0].batches(), plan.changes[0].batches());
    assert_eq!(again.fingerprint(), plan.fingerprint());
}

#[test]
fn the_json_has_the_documented_fields() {
    let plan = serde_json::to_value(World::parse(WORLD).plan()).expect("plans have a JSON form");
    assert_eq!(plan["format"], 1);
    let change = serde_json::json!({
        "rules": ["golden"], "cloud": "acme", "provider": "acme", "region": "north",
        "image": { "id": "img-a", "name": "ubuntu" },
        "add": [{ "id": "1", "name": "data-team" }, { "id": "2", "name": null }],
        "remove": [],
        "batching": { "accounts_per_change": 1, "add_and_remove_together": false, "removals_first": false },
        "state": "planned",
    });
    assert_eq!(plan["changes"][0], change);
    assert_eq!(plan["blocked"][0]["kind"], "image_missing");
    assert_eq!(plan["blocked"][0]["place"]["line"], 5);
}

#[test]
fn a_word_of_a_later_version_can_be_read() {
    let plan: Plan =
        serde_json::from_str(r#"{"format": 1, "changes": [{"state": "thawed", "mood": "good"}]}"#)
            .expect("unknown words and fields are let through");
    assert_eq!(plan.changes[0].state, ChangeState::Unknown);
    assert!(plan.is_empty(), "what is not understood is not done");
}

#[test]
fn plans_that_do_the_same_have_the_same_fingerprint_in_whatever_order() {
    let plan = World::parse(WORLD).plan();
    let mut turned = plan.clone();
    turned.changes.reverse();
    turned.changes[0].add.reverse();
    assert_eq!(turned.fingerprint(), plan.fingerprint());
}

#[test]
fn the_fingerprint_tells_apart_what_would_be_done() {
    let of = |change: &str, to: &str| World::parse(&WORLD.replace(change, to)).plan().fingerprint();
    let plan = of("", "");
    assert_ne!(of("has=9", "has=9,2"), plan, "an account less to add");
    assert_ne!(of("fence 0", "fence 1"), plan, "an account more to remove");
    assert_ne!(of("img-d", "img-e"), plan, "another image");
    assert_eq!(of("failed=no-answer", "failed=timed-out"), plan, "what is not changed does not count");
}

#[test]
fn what_was_not_picked_is_skipped() {
    let plan = World::parse(WORLD).plan();
    let picked = plan.clone().only(&[plan.changes[1].key()].into(), &[].into());
    assert_eq!(picked.changes[0].state, ChangeState::Skipped);
    assert_eq!(picked.to_do().collect::<Vec<_>>(), [&plan.changes[1]]);
    assert_ne!(picked.fingerprint(), plan.fingerprint());
    assert!(plan.only(&[].into(), &[].into()).is_empty());
}

#[test]
fn the_summary_counts_what_the_plan_lists() {
    let summary = serde_json::to_value(World::parse(WORLD).plan().summary).expect("numbers");
    let expected = serde_json::json!({
        "changes": 2, "snapshots": 0, "copies": 0, "acceptances": 0, "additions": 4, "removals": 0, "there": 2,
        "unaccepted": 0, "right": 1, "blocked": 2, "foreign": 1, "unreadable": 1,
        "received": { "visible": 0, "accepted": 0, "hidden": 0, "unknown": 0, "not_verified": 0 },
    });
    assert_eq!(summary, expected);
}

#[test]
fn a_plan_ends_with_the_worst_that_it_found() {
    let exit = |world: &str| World::parse(&format!("cloud acme acme north\n{world}")).plan().exit();
    let rule = "rule golden at=acme:north all with=1\n";
    assert_eq!(exit(&format!("{rule} image acme north a x has=1,9")), ExitStatus::Done);
    assert_eq!(exit(&format!("{rule} image acme north a x")), ExitStatus::Differs);
    assert_eq!(exit(&format!("{rule} image acme north a x state=pending")), ExitStatus::Differs);
    assert_eq!(
        exit(&format!("{rule} image acme north a x\n image acme north b x failed=no-answer")),
        ExitStatus::Error
    );
}
