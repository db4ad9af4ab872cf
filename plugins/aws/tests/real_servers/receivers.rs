//! The receiver is asked whether it sees what it has been given.

use serde_json::{Value, json};

use crate::ministack::{call, cloud, home, received};

const OWNER: &str = "222233330001";
const TEAM: &str = "222233330002";
const PARTNER: &str = "222233330003";
const STRANGER: &str = "222233330004";

/// The team and a partner get the images of this name; the cloud `team` says whether the team sees them.
fn config(login_of_team: &str, images: &str) -> String {
    format!(
        "{}{}[accounts]\nteam = {{ aws = {TEAM:?}, verify_with = \"team\" }}\npartner = {{ aws = {PARTNER:?} }}\n\
         [[share]]\nname = \"golden\"\ncloud = \"prod\"\nimages = {{ name = \"{images}-*\" }}\n\
         with = [\"team\", \"partner\"]\n",
        cloud("prod", OWNER),
        cloud("team", login_of_team),
    )
}

fn make_images(name: &str) {
    for number in [1, 2] {
        call(OWNER, "register_image", json!({ "Name": format!("{name}-{number}") }));
    }
}

#[test]
fn granted_and_visible_are_told_apart_by_asking_the_receiver() {
    make_images("golden");
    let home = home(&config(TEAM, "golden"), &[OWNER, TEAM]);
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    for account in [TEAM, PARTNER] {
        let seen = received(account);
        assert!(["golden-1", "golden-2"].iter().all(|name| seen.contains(&(*name).to_owned())), "{seen:?}");
    }
    assert_eq!(received(STRANGER), [""; 0], "nobody else sees any");
    let drift = home.imgshare(&["drift", "--format", "json"]).ended_with(0).json();
    let told: Vec<_> = drift["received"].as_array().expect("what receivers see").iter().map(seen).collect();
    assert_eq!(told, vec![(json!(TEAM), json!(true), json!(true)); 2], "of the partner nobody can tell");
}

/// Account, granted, visible.
fn seen(received: &Value) -> (Value, Value, Value) {
    (received["account"]["id"].clone(), received["granted"].clone(), received["visible"].clone())
}

#[test]
fn a_login_of_somebody_else_is_no_witness() {
    make_images("silver");
    let home = home(&config(STRANGER, "silver"), &[OWNER, STRANGER]);
    let applied = home.imgshare(&["apply", "--yes"]);
    assert_ne!(applied.code, Some(0), "{}", applied.said());
    // Which account it is stays unsaid here: to MiniStack its number is an access key, and those are never printed.
    assert!(applied.said().contains(&format!("and not of {TEAM}")), "{}", applied.said());
    assert!(received(TEAM).contains(&"silver-1".to_owned()), "what can be shared is shared");
}
