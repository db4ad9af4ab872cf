//! Five clouds in one config: three that are simulated, moto, and Keystone with Glance. One plan, one apply.
//!
//! `cargo xtask test --real-servers` runs this.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use imgshare_testkit::real::{Home, ReferenceClient, variable};
use serde_json::{Value, json};

const SIMULATED: [(&str, &str, &str); 3] = [
    ("tencent", "ap-nanjing", "100050000000"),
    ("alibaba", "cn-hangzhou", "1500000000000000"),
    ("ucloud", "cn-wlcb", "55010000"),
];
const AWS_TEAM: &str = "000123456789";
const NAMES: [&str; 2] = ["golden-1", "golden-2"];

#[test]
fn one_plan_and_one_apply_are_enough_for_five_providers() {
    let simulator = Simulator::start();
    let (moto, glance) = (Moto::prepare(), Glance::prepare());
    let home = home(&simulator, &moto, &glance);

    let plan = home.imgshare(&["plan", "--format", "json"]).ended_with(2).json();
    let twice_each = ["alibaba", "aws", "openstack", "tencent", "ucloud"].map(|name| (name, NAMES.len()));
    assert_eq!(changes(&plan), BTreeMap::from(twice_each));
    home.imgshare(&["apply", "--yes"]).ended_with(0);

    let writes = home.writes();
    let plan = home.imgshare(&["plan", "--format", "json"]).ended_with(0).json();
    assert_eq!(plan["summary"]["right"], json!(5 * NAMES.len()));
    home.imgshare(&["apply", "--yes"]).ended_with(0);
    assert_eq!(home.writes(), writes, "an empty plan writes nothing");
    assert_eq!(moto.receivers(), [[AWS_TEAM]; 2]);
    assert_eq!(glance.accepted(), NAMES, "accepted with the receiver's login");
}

/// How many images of each provider are to be changed.
fn changes(plan: &Value) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for change in plan["changes"].as_array().expect("changes") {
        *counts.entry(change["provider"].as_str().expect("a name")).or_default() += 1;
    }
    counts
}

/// One team with an id on every cloud, for all golden images.
fn home(simulator: &Simulator, moto: &Moto, glance: &Glance) -> Home {
    let mut config = String::new();
    let mut team = format!("[accounts.team]\naccept_with = \"receiver\"\naws = {AWS_TEAM:?}\n");
    for (name, region, account) in SIMULATED {
        let endpoint = &simulator.endpoints[name];
        let [id, key] = keys(name);
        config += &format!(
            "[clouds.{name}]\nprovider = {name:?}\nregions = [{region:?}]\nendpoint = {endpoint:?}\n\
             credentials = {{ {id} = \"env:SIMULATED_ID\", {key} = \"env:SIMULATED_KEY\" }}\n"
        );
        team += &format!("{name} = {account:?}\n");
    }
    team += &format!("openstack = {:?}\n", glance.receiver.id);
    let clouds: Vec<_> = SIMULATED.iter().map(|(name, ..)| *name).chain(["aws", "openstack"]).collect();
    config += &moto.cloud();
    config += &glance.owner.cloud("openstack");
    config += &glance.receiver.cloud("receiver");
    config += &team;
    config += &format!(
        "[[share]]\nname = \"golden\"\nclouds = {clouds:?}\nimages = {{ name = \"golden-*\" }}\nwith = [\"team\"]\n"
    );
    let mut home = Home::with(&config);
    let keys = [("AWS_ID", &moto.sharer["key"]), ("AWS_KEY", &moto.sharer["secret"])];
    for (name, value) in keys {
        home.set(name, value.as_str().expect("a key"));
    }
    for (name, value) in
        [("SIMULATED_ID", "FAKEKEYID"), ("SIMULATED_KEY", "FakeSecretKey"), ("PASSWORD", PASSWORD)]
    {
        home.set(name, value);
    }
    home
}

/// The names of a simulated owner's keys, in the scenario and in the config.
fn keys(cloud: &str) -> [&'static str; 2] {
    match cloud {
        "tencent" => ["secret_id", "secret_key"],
        "alibaba" => ["access_key_id", "access_key_secret"],
        _ => ["public_key", "private_key"],
    }
}

/// `imgshare simulator`, until the end of the test.
struct Simulator {
    process: Child,
    endpoints: BTreeMap<String, String>,
}

impl Simulator {
    fn start() -> Self {
        let home = Home::with("");
        home.file("scenario.json", &scenario().to_string());
        let mut command = Command::new(variable("IMGSHARE_PROGRAM"));
        command.args(["simulator", "--listen", "127.0.0.1:0", "--scenario"]);
        command.arg(home.path().join("scenario.json"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("the program can be started");
        let lines = BufReader::new(process.stdout.take().expect("asked for")).lines();
        let endpoints = lines.take(SIMULATED.len()).map(|line| {
            let line = line.expect("a cloud and where it is");
            let (name, endpoint) = line.split_once(' ').expect("a cloud and where it is");
            (name.to_owned(), endpoint.to_owned())
        });
        let endpoints = endpoints.collect();
        Self { process, endpoints }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn scenario() -> Value {
    let mut scenario = json!({ "seed": 5 });
    for (name, region, _) in SIMULATED {
        let images = NAMES.map(|name| json!({ "name": name }));
        let [id, key] = keys(name);
        let owner = json!({
            "account": "900000009", "regions": { region: { "images": images } },
            id: "FAKEKEYID", key: "FakeSecretKey",
        });
        scenario[name] = json!({ "owners": [owner] });
    }
    scenario
}

/// An account of moto with golden images.
struct Moto {
    admin: Value,
    sharer: Value,
    client: ReferenceClient,
}

impl Moto {
    /// The provider's own tests begin with the first accounts.
    fn prepare() -> Self {
        let mut owners: Vec<Value> = serde_json::from_str(&variable("MOTO_OWNERS")).expect("the accounts");
        let mut owner = owners.pop().expect("an account");
        let mut admin = owner["admin"].take();
        (admin["url"], admin["region"]) = (variable("MOTO_URL").into(), variable("MOTO_REGION").into());
        let moto =
            Self { admin, sharer: owner["sharer"].take(), client: ReferenceClient::start("AWS_CLIENT") };
        moto.client.call_all(&NAMES.map(|name| moto.ask("register_image", json!({ "Name": name }))));
        moto
    }

    fn ask(&self, method: &str, arguments: Value) -> Value {
        Value::Array(vec![self.admin.clone(), "ec2".into(), method.into(), arguments])
    }

    fn cloud(&self) -> String {
        format!(
            "[clouds.aws]\nprovider = \"aws\"\nregions = [{}]\nendpoint = {}\n\
             credentials = {{ access_key_id = \"env:AWS_ID\", secret_access_key = \"env:AWS_KEY\" }}\n",
            self.admin["region"], self.admin["url"]
        )
    }

    /// Who has each image, as boto3 reads it.
    fn receivers(&self) -> Vec<Vec<String>> {
        let read = self.client.call(self.ask("launch_permissions", json!({})));
        let images = read.as_object().expect("images by name").values();
        let accounts = |permissions: &Value| {
            let permissions = permissions.as_array().expect("permissions").iter();
            permissions.filter_map(|one| one["UserId"].as_str()).map(str::to_owned).collect()
        };
        images.map(accounts).collect()
    }
}

const PASSWORD: &str = "fake-password";

/// Two projects of Keystone, one of which has golden images.
struct Glance {
    owner: Project,
    receiver: Project,
    client: ReferenceClient,
}

struct Project {
    name: &'static str,
    id: String,
    auth_url: String,
}

impl Glance {
    fn prepare() -> Self {
        let client = ReferenceClient::start("OPENSTACK_CLIENT");
        let [owner, receiver] =
            ["five-clouds-owner", "five-clouds-team"].map(|name| Project::new(name, &client));
        let image = |name| {
            json!([owner.login(), "image.upload_image", {
                "name": name, "container_format": "bare", "disk_format": "raw", "data": "x",
            }])
        };
        client.call_all(&NAMES.map(image));
        Self { owner, receiver, client }
    }

    /// The images in the receiver's own list, as openstacksdk reads it.
    fn accepted(&self) -> Vec<String> {
        let query = json!({ "visibility": "shared", "member_status": "accepted", "owner": self.owner.id });
        let images = self.client.call(json!([self.receiver.login(), "image.images", query]));
        let images = images.as_array().expect("images").iter();
        let mut names: Vec<_> =
            images.map(|image| image["name"].as_str().expect("a name").to_owned()).collect();
        names.sort();
        names
    }
}

impl Project {
    /// A project and its only user, who has the same name.
    fn new(name: &'static str, client: &ReferenceClient) -> Self {
        let admin: Value = serde_json::from_str(&variable("OPENSTACK_ADMIN")).expect("a login");
        let user = json!({ "name": name, "password": PASSWORD, "domain_id": "default" });
        let made = client.call_all(&[
            json!([admin, "identity.create_project", { "name": name, "domain_id": "default" }]),
            json!([admin, "identity.create_user", user]),
            json!([admin, "identity.find_role", { "name_or_id": "member" }]),
        ]);
        let assigned = json!({ "project": made[0]["id"], "user": made[1]["id"], "role": made[2]["id"] });
        client.call(json!([admin, "identity.assign_project_role_to_user", assigned]));
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self { name, id: text(&made[0]["id"]), auth_url: text(&admin["auth_url"]) }
    }

    fn login(&self) -> Value {
        json!({
            "auth_url": self.auth_url, "username": self.name, "password": PASSWORD, "project_name": self.name,
            "user_domain_name": "Default", "project_domain_name": "Default",
        })
    }

    fn cloud(&self, cloud: &str) -> String {
        let Self { name, auth_url, .. } = self;
        let region = variable("OPENSTACK_REGION");
        format!(
            "[clouds.{cloud}]\nprovider = \"openstack\"\nregions = [{region:?}]\n[clouds.{cloud}.credentials]\n\
             auth_url = {auth_url:?}\nusername = {name:?}\npassword = \"env:PASSWORD\"\nproject_name = {name:?}\n\
             user_domain_name = \"Default\"\nproject_domain_name = \"Default\"\n"
        )
    }
}
