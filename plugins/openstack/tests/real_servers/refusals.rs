//! What Keystone and Glance refuse, and what the user is told.

use serde_json::json;

use crate::glance::{Project, home};

/// The id of a project that is not there.
const NOBODY: &str = "5f1d0c3ba9e84d6f8b2a7c9e0d414243";

fn rule(with: &str) -> String {
    format!(
        "[accounts.team]\nopenstack = {with:?}\n[[share]]\nname = \"golden\"\ncloud = \"prod\"\n\
         images = {{ name = \"golden-*\" }}\nwith = [\"team\"]\n"
    )
}

#[test]
fn a_wrong_password_is_called_one_with_a_way_out() {
    let owner = Project::new("owner");
    let mut home = home(&format!("{}{}", owner.cloud("prod"), rule(NOBODY)));
    home.set("PASSWORD", "fake-and-wrong-password");
    let plan = home.imgshare(&["plan", "--format", "json"]).ended_with(1);
    let error = &plan.json()["unreadable"][0]["error"];
    assert_eq!(error["kind"], json!("credential_invalid"));
    assert!(error["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "a hint in {error}");
    assert!(!plan.said().contains("fake-and-wrong-password"), "{}", plan.said());
}

#[test]
fn a_projects_name_is_no_account() {
    let owner = Project::new("owner");
    let home = home(&format!("{}{}", owner.cloud("prod"), rule("some-team")));
    let checked = home.imgshare(&["check"]).ended_with(1);
    assert!(checked.said().contains("some-team"), "{}", checked.said());
}

/// Glance takes any text for a project.
#[test]
fn a_project_that_does_not_exist_gets_nothing_where_keystone_tells() {
    let owner = Project::new("owner");
    // Others are told nothing of projects that are not theirs.
    owner.grant("admin");
    let images = owner.make_images(&["golden-1"], "shared");
    let home = home(&format!("{}{}", owner.cloud("prod"), rule(NOBODY)));
    let applied = home.imgshare(&["apply", "--yes"]).ended_with(1).said();
    assert!(applied.contains("account is invalid") && applied.contains(NOBODY), "{applied}");
    assert!(owner.members(&images[0]).is_empty());
}

#[test]
fn the_owners_own_project_gets_nothing() {
    let owner = Project::new("owner");
    let images = owner.make_images(&["golden-1"], "shared");
    let home = home(&format!("{}{}", owner.cloud("prod"), rule(&owner.id)));
    let applied = home.imgshare(&["apply", "--yes"]).ended_with(1);
    assert!(applied.said().contains(&owner.id), "{}", applied.said());
    assert!(owner.members(&images[0]).is_empty());
}
