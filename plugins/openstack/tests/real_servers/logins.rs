//! The ways to log in that people have.

use imgshare_testkit::real::Home;
use serde_json::json;

use crate::glance::{Project, auth_url, region};

/// The cloud is wherever the login says; the team gets the golden images.
fn config(credentials: &str, team: &Project) -> Home {
    Home::with(&format!(
        "[clouds.prod]\nprovider = \"openstack\"\nregions = [{:?}]\n{credentials}\n[accounts.team]\n\
         openstack = {:?}\n[[share]]\nname = \"golden\"\ncloud = \"prod\"\nimages = {{ name = \"golden-*\" }}\n\
         with = [\"team\"]\n",
        region(),
        team.id,
    ))
}

struct Stage {
    owner: Project,
    team: Project,
    image: String,
}

impl Stage {
    fn new() -> Self {
        let (owner, team) = (Project::new("owner"), Project::new("team"));
        let image = owner.make_images(&["golden-1"], "shared").remove(0);
        Self { owner, team, image }
    }

    #[track_caller]
    fn can_share_from(&self, home: &Home) {
        home.imgshare(&["apply", "--yes"]).ended_with(0);
        assert!(self.owner.members(&self.image).contains_key(&self.team.id));
    }
}

#[test]
fn an_application_credential_is_bound_to_its_project_and_logs_in_without_naming_it() {
    let stage = Stage::new();
    let made = stage.owner.call(
        "identity.create_application_credential",
        json!({ "user": stage.owner.user_id, "name": "imgshare" }),
    );
    let credentials = format!(
        "[clouds.prod.credentials]\nauth_url = {:?}\napplication_credential_id = {}\n\
         application_credential_secret = \"env:APP_SECRET\"",
        auth_url(),
        made["id"],
    );
    let mut home = config(&credentials, &stage.team);
    home.set("APP_SECRET", made["secret"].as_str().expect("a secret"));
    stage.can_share_from(&home);
}

#[test]
fn clouds_yaml_says_who_and_secure_yaml_with_what_password() {
    let stage = Stage::new();
    let home = config("credentials = { cloud = \"golden-factory\" }", &stage.team);
    let login = stage.owner.login();
    home.file(
        "clouds.yaml",
        &format!(
            "clouds:\n  golden-factory:\n    region_name: {}\n    auth:\n      auth_url: {}\n      \
             username: {}\n      project_name: {}\n      user_domain_name: Default\n      \
             project_domain_name: Default\n",
            region(),
            auth_url(),
            stage.owner.name,
            stage.owner.name,
        ),
    );
    let password = &login["password"];
    home.file("secure.yaml", &format!("clouds:\n  golden-factory:\n    auth:\n      password: {password}\n"));
    stage.can_share_from(&home);
}

#[test]
fn the_variables_of_an_openrc_file_are_a_login() {
    let stage = Stage::new();
    let mut home = config("", &stage.team);
    let login = stage.owner.login();
    for (key, value) in login.as_object().expect("a login") {
        home.set(&format!("OS_{}", key.to_uppercase()), value.as_str().expect("a text"));
    }
    stage.can_share_from(&home);
}
