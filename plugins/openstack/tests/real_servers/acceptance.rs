//! A share begins when its receiver has accepted it.

use imgshare_testkit::real::Home;
use serde_json::{Value, json};

use crate::glance::{Project, home};

/// The owner shares with the team, whose login is the cloud `team`.
fn config(owner: &Project, team: &Project, keys: &str) -> Home {
    home(&format!(
        "{}{}[accounts.team]\nopenstack = {:?}\n{keys}\n[[share]]\nname = \"golden\"\ncloud = \"prod\"\n\
         images = {{ name = \"golden-*\" }}\nwith = [\"team\"]\n",
        owner.cloud("prod"),
        team.cloud("team"),
        team.id,
    ))
}

#[test]
fn what_is_shared_is_accepted_with_the_receivers_login_and_then_it_is_in_its_list() {
    let (owner, team) = (Project::new("owner"), Project::new("team"));
    let images = owner.make_images(&["golden-1", "golden-2"], "shared");
    let home = config(&owner, &team, "accept_with = \"team\"\nverify_with = \"team\"");
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(team.accepted(), ["golden-1", "golden-2"]);
    for image in &images {
        assert_eq!(owner.members(image)[&team.id], "accepted");
    }
    let drift = home.imgshare(&["drift", "--format", "json"]).ended_with(0).json();
    let told: Vec<_> = drift["received"].as_array().expect("what receivers see").iter().map(seen).collect();
    assert_eq!(told, vec![(json!(team.id), json!(true), json!(true), json!("accepted")); 2]);

    let writes = owner.writes() + team.writes();
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(owner.writes() + team.writes(), writes, "nothing is shared or accepted twice");
}

/// Account, granted, visible, accepted.
fn seen(received: &Value) -> (Value, Value, Value, Value) {
    let [granted, visible, accepted] = ["granted", "visible", "accepted"].map(|key| received[key].clone());
    (received["account"]["id"].clone(), granted, visible, accepted)
}

#[test]
fn a_share_that_nobody_has_accepted_is_accepted_without_being_made_again() {
    let (owner, team) = (Project::new("owner"), Project::new("team"));
    let images = owner.make_images(&["golden-1"], "shared");
    owner.call("image.add_member", json!({ "image": images[0], "member": team.id }));
    let home = config(&owner, &team, "accept_with = \"team\"");
    let shared = owner.writes();
    let plan = home.imgshare(&["plan", "--format", "json"]).ended_with(2).json();
    assert_eq!(plan["changes"], json!([]), "nothing is to be shared");
    assert_eq!(plan["acceptances"].as_array().map(Vec::len), Some(1));
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(owner.members(&images[0])[&team.id], "accepted");
    assert_eq!(owner.writes(), shared, "only the receiver has done something");
}

#[test]
fn what_receivers_have_not_accepted_or_have_rejected_is_told_and_left_to_them() {
    let (owner, team) = (Project::new("owner"), Project::new("team"));
    let images = owner.make_images(&["golden-pending", "golden-rejected"], "shared");
    let home = config(&owner, &team, "");
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    team.answer(&images[1], "rejected");
    let writes = owner.writes() + team.writes();
    let plan = home.imgshare(&["plan"]).ended_with(0).said();
    for word in ["pending", "rejected"] {
        assert!(plan.contains(word), "{word} in {plan}");
    }
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(owner.writes() + team.writes(), writes, "a share is never mended by making it again");
    assert_eq!(owner.members(&images[1])[&team.id], "rejected");
}
