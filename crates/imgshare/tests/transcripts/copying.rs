//! Three simulated clouds, two of which can copy, with a golden image in one region of each.

use imgshare_cloudsim::{Meddling, Scenario};
use serde_json::{Value, json};

use crate::stage::{Stage, all_plugins};

/// A rule for each cloud: one region has the image, two (or one) shall have it.
pub(crate) const CONFIG: &str = r#"
[clouds.prod]
provider = "tencent"
regions = ["ap-nanjing", "ap-shanghai", "ap-guangzhou"]
endpoint = "TENCENT"
credentials = { secret_id = "env:PROD_ID", secret_key = "env:PROD_KEY" }

[clouds.ali]
provider = "alibaba"
regions = ["cn-hangzhou", "cn-shanghai", "cn-beijing"]
endpoint = "ALIBABA"
credentials = { access_key_id = "env:PROD_ID", access_key_secret = "env:PROD_KEY" }

[clouds.gpu]
provider = "ucloud"
regions = ["cn-wlcb", "cn-sh2"]
endpoint = "UCLOUD"
credentials = { public_key = "env:PROD_ID", private_key = "env:PROD_KEY" }

[accounts.data-team]
tencent = "100012345678"
alibaba = "1234567890123456"
ucloud = "55001122"

[[share]]
name = "golden"
cloud = "prod"
copy_from = "ap-nanjing"
regions = ["ap-shanghai", "ap-guangzhou"]
images = { name = "golden" }
with = ["data-team"]

[[share]]
name = "golden-ali"
cloud = "ali"
copy_from = "cn-hangzhou"
regions = ["cn-shanghai", "cn-beijing"]
images = { name = "golden" }
with = ["data-team"]

[[share]]
name = "golden-gpu"
cloud = "gpu"
copy_from = "cn-wlcb"
regions = ["cn-sh2"]
images = { name = "golden" }
with = ["data-team"]
"#;

/// Only what goes into Shanghai, so that one thing happens after the other.
pub(crate) const SHANGHAI: &str = "--only golden --region ap-shanghai";

/// Copies of these rules take so long that no test sees them end by themselves.
pub(crate) fn lasting() -> Value {
    json!([{"takes_s": 86400}])
}

/// The stage on which copies are ready at once, unless these rules say otherwise.
pub(crate) fn stage(copies: &Value) -> Stage {
    let cloud = |keys: Value, regions: Value| {
        let mut owner = json!({"account": "900000009", "regions": regions});
        for (field, value) in keys.as_object().into_iter().flatten() {
            owner[field] = value.clone();
        }
        json!({"owners": [owner], "behaviour": {"copy_takes_s": 0}, "copies": copies})
    };
    let golden = |id: &str| json!({"images": [{"name": "golden", "id": id}]});
    let scenario = json!({
        "seed": 7,
        "tencent": cloud(
            json!({"secret_id": "AKIDFAKEOWNER", "secret_key": "FakeOwnerSecret"}),
            json!({"ap-nanjing": golden("img-aaaa0001"), "ap-shanghai": {}, "ap-guangzhou": {}}),
        ),
        "alibaba": cloud(
            json!({"access_key_id": "AKIDFAKEOWNER", "access_key_secret": "FakeOwnerSecret"}),
            json!({"cn-hangzhou": golden("m-bp1aaaa0001"), "cn-shanghai": {}, "cn-beijing": {}}),
        ),
        "ucloud": cloud(
            json!({"public_key": "AKIDFAKEOWNER", "private_key": "FakeOwnerSecret"}),
            json!({"cn-wlcb": golden("compshareImage-aaaa0001"), "cn-sh2": {}}),
        ),
    });
    let scenario: Scenario = serde_json::from_value(scenario).expect("a sound scenario");
    let stage = Stage::of(scenario, all_plugins());
    configure(&stage, CONFIG);
    stage
}

/// Writes the config, the clouds' endpoints in it.
pub(crate) fn configure(stage: &Stage, config: &str) {
    let names = [("TENCENT", "tencent"), ("ALIBABA", "alibaba"), ("UCLOUD", "ucloud")];
    let config = names.iter().fold(config.to_owned(), |config, (word, cloud)| {
        config.replace(&format!("\"{word}\""), &format!("{:?}", stage.endpoint_of(cloud)))
    });
    stage.config(&config);
}

/// The copies in all regions of a cloud: where, of what, and who has it.
pub(crate) fn copies(stage: &Stage, cloud: &str) -> Vec<Value> {
    let state = stage.state();
    let owners = children(&state["clouds"][cloud]["owners"]);
    let regions = owners.flat_map(|(_, owner)| children(&owner["regions"]));
    let images = regions
        .flat_map(|(region, of)| children(&of["images"]).map(move |(_, image)| (region.clone(), image)));
    let copies = images.filter(|(_, image)| !image["copy_of"].is_null());
    copies.map(|(region, image)| json!([region, image["copy_of"]["image"], image["shares"]])).collect()
}

/// What a cloud has at the end: one copy in each of its two regions, for the data team.
pub(crate) fn one_copy_each(cloud: &str) -> Vec<Value> {
    match cloud {
        "tencent" => vec![
            json!(["ap-guangzhou", "img-aaaa0001", ["100012345678"]]),
            json!(["ap-shanghai", "img-aaaa0001", ["100012345678"]]),
        ],
        _ => vec![
            json!(["cn-beijing", "m-bp1aaaa0001", ["1234567890123456"]]),
            json!(["cn-shanghai", "m-bp1aaaa0001", ["1234567890123456"]]),
        ],
    }
}

/// Calls of these actions that the clouds have got.
pub(crate) fn calls(stage: &Stage, actions: &[&str]) -> u64 {
    let state = stage.state();
    let clouds = children(&state["clouds"]);
    let by_action = clouds.flat_map(|(_, cloud)| children(&cloud["calls"]));
    let of_these = by_action.filter(|(action, _)| actions.contains(&action.as_str()));
    let regions = of_these.flat_map(|(_, regions)| children(regions));
    regions.filter_map(|(_, counts)| counts["calls"].as_u64()).sum()
}

/// The calls that ask for a copy.
pub(crate) const ASKING: [&str; 2] = ["SyncImages", "CopyImage"];

/// All calls that write.
pub(crate) const WRITING: [&str; 4] =
    ["SyncImages", "CopyImage", "ModifyImageSharePermission", "ModifyCompShareImageShareAccount"];

/// Lets all copies that are being made be ready.
pub(crate) fn finish(stage: &Stage) {
    for cloud in ["tencent", "alibaba"] {
        stage.meddle_with(cloud, Meddling::FinishImages);
    }
}

fn children(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}
