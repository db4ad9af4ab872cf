//! docs/output-and-exit-codes.md says all that is printed for programs.

use std::collections::BTreeSet;
use std::path::Path;

use imgshare_cloudsim::Meddling;
use serde_json::{Value, json};

use crate::copying;
use crate::parcels::Parcels;
use crate::stage::{CONFIG, DATA_TEAM, Stage};

/// Fields whose keys are the user's own words.
const OPEN: [&str; 3] = ["ids", "tags", "settings"];

fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                found.insert(key.clone());
                if !OPEN.contains(&key.as_str()) {
                    keys(value, found);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

/// A world in which much goes wrong, so that most fields have something to say.
fn troubled() -> Stage {
    let stage = Stage::new();
    let config = CONFIG
        .replace("[\"ap-nanjing\"]", "[\"ap-nanjing\", \"ap-mars\"]")
        .replace("\"partner-x\"]", "\"partner-x\", \"100000009999\"]");
    stage.config(&config);
    stage.meddle(Meddling::SetState { image: "img-aaaa0002".into(), state: "CREATING".into() });
    stage
}

/// What an apply prints, and what it records.
fn applied(stage: &Stage, found: &mut BTreeSet<String>) {
    let apply = stage.run("apply --yes --audit audit.jsonl --format json");
    apply.json_lines().iter().for_each(|line| keys(line, found));
    for line in stage.read("audit.jsonl").lines() {
        keys(&serde_json::from_str(line).expect("a JSON document"), found);
    }
}

#[test]
fn every_field_that_is_printed_is_documented() {
    let stage = troubled();
    let mut found = BTreeSet::new();
    for words in
        ["plan", "drift", "images", "who data-team", "who img-aaaa0001", "check --online", "providers"]
    {
        keys(&stage.run(&format!("{words} --format json")).json(), &mut found);
    }
    let library = imgshare_testkit::library("tencent");
    let tested = format!("providers test {} --format json", library.display());
    keys(&stage.run(&tested).json(), &mut found);
    stage.run("plan --out saved.json");
    keys(&serde_json::from_str(&stage.read("saved.json")).expect("a JSON document"), &mut found);
    applied(&stage, &mut found);
    let copying = copying::stage(&json!([]));
    for words in ["plan", "images"] {
        keys(&copying.run(&format!("{words} --format json")).json(), &mut found);
    }
    applied(&copying, &mut found);
    let parcels = Parcels::new();
    parcels.cloud().locked.insert("snap-two".to_owned());
    for words in ["plan", "images", "providers"] {
        keys(&parcels.run(&format!("{words} --format json")).json(), &mut found);
    }
    applied(&parcels.stage, &mut found);
    keys(&parcels.run("drift --format json").json(), &mut found);
    stage.config(&CONFIG.replace("images =", "imags =").replace(DATA_TEAM, "abc"));
    keys(&stage.run("check --format json").json(), &mut found);

    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/output-and-exit-codes.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let missing: Vec<_> = found.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(found.len() > 60, "the outputs have hardly any fields: {found:?}");
    assert_eq!(missing, Vec::<&String>::new(), "docs/output-and-exit-codes.md does not mention these fields");
}
