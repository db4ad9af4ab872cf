//! Images get the members that the config says, whatever becomes of the login meanwhile.

use std::collections::BTreeMap;

use imgshare_testkit::real::Home;
use serde_json::json;

use crate::glance::{Project, home};

/// So many that the images are not done in one breath.
const NAMES: [&str; 6] = ["golden-0", "golden-1", "golden-2", "golden-3", "golden-4", "golden-5"];

/// Two receivers for all golden images of the owner.
struct Stage {
    owner: Project,
    receivers: [Project; 2],
    home: Home,
}

impl Stage {
    fn new() -> Self {
        let owner = Project::new("owner");
        let receivers = ["team", "partner"].map(Project::new);
        let [team, partner] = receivers.each_ref().map(|receiver| &receiver.id);
        let config = format!(
            "{}[accounts]\nteam = {{ openstack = {team:?} }}\npartner = {{ openstack = {partner:?} }}\n\
             [[share]]\nname = \"golden\"\ncloud = \"prod\"\nimages = {{ name = \"golden-*\" }}\n\
             with = [\"team\", \"partner\"]\n",
            owner.cloud("prod"),
        );
        Self { owner, receivers, home: home(&config) }
    }

    /// All receivers, none of whom has answered yet.
    fn pending(&self) -> BTreeMap<String, String> {
        self.receivers.iter().map(|receiver| (receiver.id.clone(), "pending".to_owned())).collect()
    }
}

#[test]
fn every_image_gets_its_members_and_a_second_run_writes_nothing() {
    let stage = Stage::new();
    let images = stage.owner.make_images(&NAMES, "shared");
    stage.home.imgshare(&["apply", "--yes"]).ended_with(0);
    for image in &images {
        assert_eq!(stage.owner.members(image), stage.pending());
    }
    let (calls, recorded) = (stage.owner.writes(), stage.home.writes());
    stage.home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!((stage.owner.writes(), stage.home.writes()), (calls, recorded));

    let [team, _] = &stage.receivers;
    stage.owner.call("image.remove_member", json!({ "image": images[2], "member": team.id }));
    let drift = stage.home.imgshare(&["drift", "--format", "json"]).ended_with(2).json();
    assert_eq!(drift["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(drift["changes"][0]["image"]["id"], json!(images[2]));
    stage.home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(stage.owner.members(&images[2]), stage.pending());
}

#[test]
fn a_private_image_becomes_shared_and_the_plan_says_so_before() {
    let stage = Stage::new();
    let images = stage.owner.make_images(&["golden-private"], "private");
    let plan = stage.home.imgshare(&["plan"]).ended_with(2).said();
    assert!(plan.contains("visibility") && plan.contains("private"), "{plan}");
    let visibility = |stage: &Stage| {
        stage.owner.call("image.get_image", json!({ "image": images[0] }))["visibility"].clone()
    };
    assert_eq!(visibility(&stage), json!("private"), "a plan changes nothing");
    stage.home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(visibility(&stage), json!("shared"));
    assert_eq!(stage.owner.members(&images[0]), stage.pending());
}

#[test]
fn a_token_that_ends_in_the_middle_is_replaced_and_nothing_is_lost() {
    let stage = Stage::new();
    let images = stage.owner.make_images(&NAMES, "shared");
    // The list, the members of each image, and the first of the changes.
    stage.owner.revoke_after(2 + NAMES.len());
    stage.home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert!(!stage.owner.is_to_be_revoked(), "the run was over before its token was");
    for image in &images {
        assert_eq!(stage.owner.members(image), stage.pending());
    }
}

#[test]
fn a_token_that_ends_at_any_other_call_is_replaced_too() {
    let stage = Stage::new();
    for calls in 1..=4 {
        let image = stage.owner.make_images(&[&format!("golden-{calls}")], "shared");
        stage.owner.revoke_after(calls);
        stage.home.imgshare(&["apply", "--yes"]).ended_with(0);
        assert!(!stage.owner.is_to_be_revoked(), "the run was over before its token was");
        assert_eq!(stage.owner.members(&image[0]), stage.pending(), "revoked after call {calls}");
    }
}
