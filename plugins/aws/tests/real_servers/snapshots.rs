//! Who gets an image can get its snapshots, too.

use std::collections::BTreeSet;

use serde_json::json;

use crate::moto::{Owner, calls};

const RULE: &str = "[[share]]\nname = \"golden\"\ncloud = \"prod\"\nimages = { name = \"golden-*\" }\n\
                    with_snapshots = true\nwith = [\"team\", \"partner\"]\n\
                    [accounts]\nteam = { aws = \"000123456789\" }\npartner = { aws = \"111123456789\" }\n";

#[test]
fn snapshots_are_shared_with_their_image_where_the_rule_says_so() {
    let owner = Owner::new();
    owner.make_images(3);
    let home = Owner::home(&owner.sharer, RULE);
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    let desired: BTreeSet<_> = ["000123456789", "111123456789"].map(str::to_owned).into();
    for snapshot in snapshots(&owner) {
        assert_eq!(accounts_with(&owner, &snapshot), desired, "{snapshot}");
    }
    assert!(owner.shares().values().all(|accounts| *accounts == desired));

    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(calls(&owner.sharer, "ModifySnapshotAttribute"), 3, "nothing is written twice");
    assert_eq!(calls(&owner.sharer, "ModifyImageAttribute"), 3, "nothing is written twice");
}

fn snapshots(owner: &Owner) -> Vec<String> {
    let images = owner.call("describe_images", json!({ "Owners": ["self"] }));
    let images = images["Images"].as_array().expect("images").iter();
    let disks = images.flat_map(|image| image["BlockDeviceMappings"].as_array().expect("disks"));
    let snapshots: Vec<_> =
        disks.map(|disk| disk["Ebs"]["SnapshotId"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(snapshots.len(), 3, "one of each image");
    snapshots
}

fn accounts_with(owner: &Owner, snapshot: &str) -> BTreeSet<String> {
    let arguments = json!({ "SnapshotId": snapshot, "Attribute": "createVolumePermission" });
    let read = owner.call("describe_snapshot_attribute", arguments);
    let permissions = read["CreateVolumePermissions"].as_array().expect("permissions").iter();
    permissions.filter_map(|permission| permission["UserId"].as_str()).map(str::to_owned).collect()
}

#[test]
fn without_the_rules_word_snapshots_stay_as_they_are() {
    let owner = Owner::new();
    owner.make_images(1);
    let rule = RULE.replace("with_snapshots = true\n", "");
    let home = Owner::home(&owner.sharer, &rule);
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(owner.shares()["golden-000"].len(), 2);
    assert_eq!(calls(&owner.sharer, "ModifySnapshotAttribute"), 0);
}
