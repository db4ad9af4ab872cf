//! Images become what the config says, and stay it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::moto::{Owner, calls};

const ORGANIZATION: &str = "arn:aws:organizations::999900001111:organization/o-a1b2c3d4e5";
const STRANGER: &str = "999900002222";
const IMAGES: usize = 120;

/// Eight accounts and an organization for all golden images.
fn rule(mode: &str) -> String {
    format!(
        "[accounts]\nwhole-company = {{ aws = {ORGANIZATION:?} }}\n\
         [[share]]\nname = \"golden\"\ncloud = \"prod\"\nimages = {{ name = \"golden-*\" }}\nmode = {mode:?}\n\
         with = {:?}\n",
        accounts().into_iter().chain(["whole-company".to_owned()]).collect::<Vec<_>>()
    )
}

/// One of them begins with zeros.
fn accounts() -> Vec<String> {
    (0..8).map(|number| format!("00{number}123456789")).collect()
}

fn receivers() -> BTreeSet<String> {
    accounts().into_iter().chain([ORGANIZATION.to_owned()]).collect()
}

fn desired() -> BTreeMap<String, BTreeSet<String>> {
    (0..IMAGES).map(|number| (format!("golden-{number:03}"), receivers())).collect()
}

#[test]
fn a_hundred_and_twenty_images_get_eight_accounts_and_an_organization_and_keep_them() {
    let owner = Owner::new();
    let images = owner.make_images(IMAGES);
    let home = Owner::home(&owner.sharer, &rule("add"));
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(owner.shares(), desired());
    assert_eq!(calls(&owner.sharer, "ModifyImageAttribute"), IMAGES, "one call an image holds all accounts");

    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(calls(&owner.sharer, "ModifyImageAttribute"), IMAGES, "nothing is written twice");
    assert_eq!(home.writes(), IMAGES);

    let lost = &accounts()[3];
    let permission = json!({ "Remove": [{ "UserId": lost }, { "OrganizationArn": ORGANIZATION }] });
    owner.call("modify_image_attribute", json!({ "ImageId": images[7], "LaunchPermission": permission }));
    let drift = home.imgshare(&["drift", "--format", "json"]).ended_with(2).json();
    assert_eq!(drift["changes"].as_array().expect("changes").len(), 1);
    assert_eq!(drift["changes"][0]["image"]["id"], json!(images[7]));
    assert_eq!(drift["summary"]["additions"], json!(2));
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(owner.shares(), desired());
}

#[test]
fn strangers_and_the_public_are_told_of_and_never_taken_away_by_a_rule_that_adds() {
    let owner = Owner::new();
    let images = owner.make_images(2);
    let permission = json!({ "Add": [{ "UserId": STRANGER }, { "Group": "all" }] });
    owner.call("modify_image_attribute", json!({ "ImageId": images[0], "LaunchPermission": permission }));
    let home = Owner::home(&owner.sharer, &rule("add"));
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    let drift = home.imgshare(&["drift", "--format", "json"]).ended_with(0).json();
    let foreign = &drift["foreign"][0];
    assert_eq!(foreign["image"]["id"], json!(images[0]));
    assert_eq!(foreign["accounts"][0]["id"], json!(STRANGER));
    assert_eq!(foreign["other_grants"].as_array().map(Vec::len), Some(1), "everybody: {foreign}");
    let mut with_strangers = receivers();
    with_strangers.extend([STRANGER.to_owned(), "all".to_owned()]);
    assert_eq!(owner.shares()["golden-000"], with_strangers);
    assert_eq!(owner.shares()["golden-001"], receivers());
}

#[test]
fn an_exact_rule_takes_strangers_away_and_leaves_the_public_to_people() {
    let owner = Owner::new();
    let images = owner.make_images(1);
    let permission = json!({ "Add": [{ "UserId": STRANGER }, { "Group": "all" }] });
    owner.call("modify_image_attribute", json!({ "ImageId": images[0], "LaunchPermission": permission }));
    let home = Owner::home(&owner.sharer, &rule("exact"));
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    let mut with_public = receivers();
    with_public.insert("all".to_owned());
    assert_eq!(owner.shares()["golden-000"], with_public);
}
