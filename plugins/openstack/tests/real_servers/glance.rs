//! Keystone and Glance, as `serve.py` has started them, with projects of each test's own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use imgshare_testkit::real::{Home, ReferenceClient, variable};
use serde_json::{Value, json};

const PASSWORD: &str = "fake-password";

/// A project of which no other test knows, with a user who may do what an ordinary member may.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// User and project are called the same.
    pub(crate) name: String,
}

impl Project {
    /// Makes it.
    pub(crate) fn new(purpose: &str) -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("{purpose}-{}", MADE.fetch_add(1, Ordering::Relaxed));
        let admin = admin();
        let domain = "default";
        let made = client().call_all(&[
            json!([admin, "identity.create_project", { "name": name, "domain_id": domain }]),
            json!([admin, "identity.create_user", { "name": name, "password": PASSWORD, "domain_id": domain }]),
        ]);
        let [id, user_id] = [0, 1].map(|at| made[at]["id"].as_str().expect("an id").to_owned());
        let project = Self { id, user_id, name };
        project.grant("member");
        project
    }

    /// Gives its user a role in it.
    pub(crate) fn grant(&self, role: &str) {
        let role = client().call(json!([admin(), "identity.find_role", { "name_or_id": role }]));
        let assigned = json!({ "project": self.id, "user": self.user_id, "role": role["id"] });
        client().call(json!([admin(), "identity.assign_project_role_to_user", assigned]));
    }

    /// What openstacksdk calls `auth`.
    pub(crate) fn login(&self) -> Value {
        json!({
            "auth_url": auth_url(), "username": self.name, "password": PASSWORD, "project_name": self.name,
            "user_domain_name": "Default", "project_domain_name": "Default",
        })
    }

    /// Makes a call with openstacksdk.
    pub(crate) fn call(&self, method: &str, arguments: Value) -> Value {
        client().call(Value::Array(vec![self.login(), method.into(), arguments]))
    }

    /// Makes usable images of these names. Their ids, in order.
    pub(crate) fn make_images(&self, names: &[&str], visibility: &str) -> Vec<String> {
        let image = |name: &&str| {
            json!([self.login(), "image.upload_image", {
                "name": name, "container_format": "bare", "disk_format": "raw", "data": "x", "visibility": visibility,
            }])
        };
        let made = client().call_all(&names.iter().map(image).collect::<Vec<_>>());
        made.iter().map(|made| made["id"].as_str().expect("an image's id").to_owned()).collect()
    }

    /// The members of an image with what they have made of it, as this project reads them.
    pub(crate) fn members(&self, image: &str) -> BTreeMap<String, String> {
        let members = self.call("image.members", json!({ "image": image }));
        let members = members.as_array().expect("a list of members").iter();
        let text = |member: &Value, key: &str| member[key].as_str().expect("a text").to_owned();
        members.map(|member| (text(member, "member"), text(member, "status"))).collect()
    }

    /// The names of the images of others that are in its own list: those that it has accepted.
    pub(crate) fn accepted(&self) -> Vec<String> {
        let listed =
            self.call("image.images", json!({ "visibility": "shared", "member_status": "accepted" }));
        let images = listed.as_array().expect("a list of images").iter();
        let others = images.filter(|image| image["owner"] != json!(self.id));
        let mut names: Vec<_> =
            others.map(|image| image["name"].as_str().expect("a name").to_owned()).collect();
        names.sort();
        names
    }

    /// Answers a share.
    pub(crate) fn answer(&self, image: &str, status: &str) {
        self.call("image.update_member", json!({ "image": image, "member": self.id, "status": status }));
    }

    /// The calls of this method that Glance has got from this project.
    pub(crate) fn calls(&self, method: &str) -> usize {
        let calls = std::fs::read_to_string(variable("OPENSTACK_CALLS")).expect("the list of calls");
        calls.lines().filter(|line| line.starts_with(&format!("{} {method} ", self.id))).count()
    }

    /// The calls of this project that change something.
    pub(crate) fn writes(&self) -> usize {
        ["POST", "PUT", "PATCH", "DELETE"].into_iter().map(|method| self.calls(method)).sum()
    }

    /// Revokes the token of the project's so-and-so-many-th call of Glance from now, once it has been answered.
    pub(crate) fn revoke_after(&self, calls: usize) {
        std::fs::write(self.revocation(), calls.to_string()).expect("the server's folder can be written to");
    }

    /// Whether that has still to happen.
    pub(crate) fn is_to_be_revoked(&self) -> bool {
        Path::new(&self.revocation()).exists()
    }

    fn revocation(&self) -> String {
        format!("{}/{}", variable("OPENSTACK_REVOKE"), self.id)
    }

    /// The config's cloud of this name with the project's login.
    pub(crate) fn cloud(&self, name: &str) -> String {
        format!(
            "[clouds.{name}]\nprovider = \"openstack\"\nregions = [{:?}]\n[clouds.{name}.credentials]\n\
             auth_url = {:?}\nusername = {:?}\npassword = \"env:PASSWORD\"\nproject_name = {:?}\n\
             user_domain_name = \"Default\"\nproject_domain_name = \"Default\"\n",
            region(),
            auth_url(),
            self.name,
            self.name,
        )
    }
}

/// A home folder with this config, where every project's user can log in.
pub(crate) fn home(config: &str) -> Home {
    let mut home = Home::with(config);
    home.set("PASSWORD", PASSWORD);
    home
}

/// Where all images are.
pub(crate) fn region() -> String {
    variable("OPENSTACK_REGION")
}

/// Where Keystone is.
pub(crate) fn auth_url() -> String {
    admin()["auth_url"].as_str().expect("an address").to_owned()
}

fn admin() -> Value {
    serde_json::from_str(&variable("OPENSTACK_ADMIN")).expect("a login as JSON")
}

/// openstacksdk.
pub(crate) fn client() -> &'static ReferenceClient {
    static CLIENT: LazyLock<ReferenceClient> = LazyLock::new(|| ReferenceClient::start("OPENSTACK_CLIENT"));
    &CLIENT
}
