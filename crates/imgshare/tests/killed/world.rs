//! Five hundred images, who shall have them, and what goes wrong on the way.

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub(crate) const KEY_ID: &str = "AKIDFAKEOWNER";
pub(crate) const KEY: &str = "FakeOwnerSecret";

const TEAMS: [&str; 3] = ["100012340001", "100012340002", "100012340003"];
/// Whom the config does not know.
const STRANGERS: [&str; 2] = ["100055554444", "100055554445"];

/// In each of two regions.
const GOLDEN: usize = 150;
const SEALED: usize = 100;
const SCRATCH: usize = 10;

/// Images that rules are about.
pub(crate) const IMAGES: usize = 2 * (GOLDEN + SEALED);

/// Who has the images of a kind in the beginning.
fn before(kind: &str) -> BTreeSet<&'static str> {
    match kind {
        "golden" => [STRANGERS[0]].into(),
        "sealed" => [TEAMS[0], STRANGERS[0], STRANGERS[1]].into(),
        _ => [TEAMS[0], STRANGERS[0]].into(),
    }
}

/// Who has them in the end.
fn after(kind: &str) -> BTreeSet<&'static str> {
    match kind {
        "golden" => TEAMS.into_iter().chain([STRANGERS[0]]).collect(),
        "sealed" => [TEAMS[0], TEAMS[1]].into(),
        _ => before(kind),
    }
}

/// Rules of mode add and exact, and images that no rule is about.
pub(crate) fn config(endpoint: &str) -> String {
    format!(
        r#"
[clouds.prod]
provider = "tencent"
regions = ["ap-nanjing", "ap-shanghai"]
endpoint = "{endpoint}"
credentials = {{ secret_id = "env:KEY_ID", secret_key = "env:KEY" }}

[clouds.prod.limits.calls_per_second] # nobody waits here
DescribeImages = 1e6
DescribeImageSharePermission = 1e6
ModifyImageSharePermission = 1e6

[fence]
max_removals = {IMAGES}

[[share]]
name = "golden"
cloud = "prod"
images = {{ name = "golden-*" }}
with = {TEAMS:?}

[[share]]
name = "sealed"
cloud = "prod"
images = {{ name = "sealed-*" }}
with = {:?}
mode = "exact"
"#,
        &TEAMS[..2]
    )
}

/// The same world with the same faults for the same seed.
pub(crate) fn scenario(seed: u64) -> Value {
    let series =
        |kind: &str, count| json!({"count": count, "name": format!("{kind}-{{n}}"), "shares": before(kind)});
    let region =
        json!({"series": [series("golden", GOLDEN), series("sealed", SEALED), series("scratch", SCRATCH)]});
    json!({
        "seed": seed,
        "latency_ms": 2,
        "faults": faults(),
        "tencent": {"owners": [{
            "account": "100000000001",
            "secret_id": KEY_ID,
            "secret_key": KEY,
            "regions": {"ap-nanjing": region, "ap-shanghai": region},
        }]},
    })
}

/// What goes wrong, and with which chance.
fn faults() -> Vec<Value> {
    let gateway = json!({"status": {"status": 503, "body": "service unavailable"}});
    let impatient = json!({"status_after": {"status": 504, "body": "gateway timeout"}});
    let rules = [
        ("DescribeImages", json!("throttle"), 0.05),
        ("DescribeImages", json!("reset_before"), 0.02),
        ("DescribeImageSharePermission", json!("throttle"), 0.005),
        ("DescribeImageSharePermission", gateway.clone(), 0.005),
        ("DescribeImageSharePermission", json!("reset_after"), 0.005),
        ("DescribeImageSharePermission", json!("cut_body"), 0.005),
        ("DescribeImageSharePermission", json!("garbage_body"), 0.005),
        ("DescribeImageSharePermission", json!({"stale": {"ms": 300}}), 0.05),
        ("ModifyImageSharePermission", json!("throttle"), 0.02),
        ("ModifyImageSharePermission", json!("internal_error"), 0.02),
        ("ModifyImageSharePermission", json!("internal_error_after"), 0.02),
        ("ModifyImageSharePermission", gateway, 0.02),
        ("ModifyImageSharePermission", impatient, 0.02),
        ("ModifyImageSharePermission", json!("reset_before"), 0.02),
        ("ModifyImageSharePermission", json!("reset_after"), 0.02),
        ("ModifyImageSharePermission", json!("cut_body"), 0.02),
        ("ModifyImageSharePermission", json!("garbage_body"), 0.02),
        ("ModifyImageSharePermission", json!({"slow": {"ms": 20}}), 0.05),
    ];
    let rule = |(action, kind, chance)| json!({"action": action, "kind": kind, "when": {"chance": chance}});
    rules.into_iter().map(rule).collect()
}

/// Each image has exactly the accounts that it shall have.
pub(crate) fn check(images: &[Value]) {
    assert_eq!(images.len(), IMAGES + 2 * SCRATCH);
    for image in images {
        let name = image["name"].as_str().expect("an image has a name");
        let (kind, _) = name.split_once('-').expect("a kind and a number");
        let accounts = image["shares"].as_array().expect("a list of accounts");
        let accounts: BTreeSet<_> = accounts.iter().filter_map(Value::as_str).collect();
        assert_eq!(accounts, after(kind), "{name}");
    }
}
