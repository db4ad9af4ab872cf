//! What moto refuses, and what the user is told.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::moto::{Keys, Owner, calls};

const RULE: &str = "[[share]]\nname = \"golden\"\ncloud = \"prod\"\nimages = { name = \"golden-*\" }\n\
                    with = [\"000123456789\"]\n[accounts.team]\naws = \"000123456789\"\n";

#[test]
fn a_wrong_secret_is_called_one_with_a_way_out() {
    let owner = Owner::new();
    owner.make_images(1);
    let wrong = Keys { secret: "FakeAndWrongSecret".into(), ..owner.sharer.clone() };
    let home = Owner::home(&wrong, RULE);
    let plan = home.imgshare(&["plan", "--format", "json"]).ended_with(1).json();
    let error = &plan["unreadable"][0]["error"];
    assert_eq!(error["kind"], json!("credential_invalid"));
    assert_eq!(error["code"], json!("AuthFailure"));
    assert!(error["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "a hint in {error}");
    let applied = home.imgshare(&["apply", "--yes"]).ended_with(1);
    assert!(!applied.said().contains("FakeAndWrongSecret"), "{}", applied.said());
    assert_eq!(owner.shares()["golden-000"].len(), 0);
}

#[test]
fn a_right_that_is_missing_is_named() {
    let owner = Owner::new();
    owner.make_images(2);
    let home = Owner::home(&owner.reader, RULE);
    home.imgshare(&["plan"]).ended_with(2);
    let applied = home.imgshare(&["apply", "--yes", "--format", "json"]).ended_with(1);
    let events: Vec<Value> =
        applied.stdout.lines().map(|line| serde_json::from_str(line).expect("one document a line")).collect();
    let failed: Vec<_> = events.iter().filter(|event| event["state"] == json!("failed")).collect();
    assert_eq!(failed.len(), 2, "{events:?}");
    for change in failed {
        let text = change.to_string();
        assert!(text.contains("\"permission_denied\""), "{text}");
        assert!(text.contains("ec2:ModifyImageAttribute"), "{text}");
    }
    assert!(owner.shares().values().all(BTreeSet::is_empty));
    assert_eq!(calls(&owner.reader, "ModifyImageAttribute"), 2, "a right does not come by asking again");
}
