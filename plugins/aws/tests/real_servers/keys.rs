//! Keys that last an hour, and where they come from.

use imgshare_testkit::real::Home;
use serde_json::json;

use crate::moto::{Keys, Owner, REGION, client, cloud, login};

const RULE: &str = "[[share]]\nname = \"golden\"\ncloud = \"prod\"\nimages = { all = true }\nwith = [\"team\"]\n\
                    [accounts.team]\naws = \"000123456789\"\n";

#[test]
fn temporary_keys_are_signed_with_their_token() {
    let owner = Owner::new();
    owner.make_images(1);
    let role = json!({ "RoleArn": owner.role, "RoleSessionName": "by-hand" });
    let taken = client().call(json!([login(&owner.role_taker, REGION), "sts", "assume_role", role]));
    let text = |name: &str| taken["Credentials"][name].as_str().expect("a text").to_owned();
    let keys =
        Keys { key: text("AccessKeyId"), secret: text("SecretAccessKey"), token: Some(text("SessionToken")) };
    Owner::home(&keys, RULE).imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(owner.shares()["golden-000"].len(), 1);
    let without = Keys { token: None, ..keys };
    Owner::home(&without, RULE).imgshare(&["plan"]).ended_with(1);
}

#[test]
fn a_profile_takes_the_role_that_it_names_with_the_keys_of_another() {
    let owner = Owner::new();
    owner.make_images(1);
    let home = Home::with(&format!("{}credentials = {{ profile = \"sharing\" }}\n{RULE}", cloud(&[REGION])));
    let Keys { key, secret, .. } = &owner.role_taker;
    home.file(
        ".aws/credentials",
        &format!("[base]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n"),
    );
    let role = &owner.role;
    home.file(
        ".aws/config",
        &format!("[profile sharing]\nrole_arn = {role}\nsource_profile = base\nregion = {REGION}\n"),
    );
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(owner.shares()["golden-000"].len(), 1);
}
