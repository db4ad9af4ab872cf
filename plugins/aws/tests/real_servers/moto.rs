//! moto, as `serve.py` has prepared it: accounts with users of several rights.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use imgshare_testkit::real::{Home, ReferenceClient, variable};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) const REGION: &str = "us-east-1";

/// An account of which no other test knows.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Owner {
    /// May do everything.
    admin: Keys,
    /// May do what the README asks for.
    pub(crate) sharer: Keys,
    /// May only look.
    pub(crate) reader: Keys,
    /// May take the role, and nothing else.
    pub(crate) role_taker: Keys,
    /// May do what the sharer may.
    pub(crate) role: String,
}

/// An access key.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Keys {
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

impl Owner {
    /// The next account that is still unused.
    pub(crate) fn new() -> Self {
        static USED: AtomicUsize = AtomicUsize::new(0);
        let owners: Vec<Self> = serde_json::from_str(&variable("MOTO_OWNERS")).expect("the accounts as JSON");
        let used = USED.fetch_add(1, Ordering::Relaxed);
        owners.get(used).expect("serve.py makes an account for each test").clone()
    }

    /// A home folder with this user's keys, and this after the cloud `prod`.
    pub(crate) fn home(keys: &Keys, rest: &str) -> Home {
        Self::home_in(&[REGION], keys, rest)
    }

    /// The same with other regions.
    pub(crate) fn home_in(regions: &[&str], keys: &Keys, rest: &str) -> Home {
        let token = keys.token.as_ref().map_or("", |_| ", session_token = \"env:TOKEN\"");
        let credentials =
            format!("{{ access_key_id = \"env:KEY_ID\", secret_access_key = \"env:KEY\"{token} }}");
        let mut home = Home::with(&format!("{}credentials = {credentials}\n{rest}", cloud(regions)));
        home.set("KEY_ID", &keys.key);
        home.set("KEY", &keys.secret);
        home.set("TOKEN", keys.token.as_deref().unwrap_or_default());
        home
    }

    /// Makes so many images, `golden-000` and so on. Their ids.
    pub(crate) fn make_images(&self, count: usize) -> Vec<String> {
        let call = |number| self.ask("register_image", json!({ "Name": format!("golden-{number:03}") }));
        let made = client().call_all(&(0..count).map(call).collect::<Vec<_>>());
        made.iter().map(|made| made["ImageId"].as_str().expect("an image's id").to_owned()).collect()
    }

    /// What boto3 has to be told to make this call.
    pub(crate) fn ask(&self, method: &str, arguments: Value) -> Value {
        Value::Array(vec![login(&self.admin, REGION), "ec2".into(), method.into(), arguments])
    }

    /// Makes a call with boto3.
    pub(crate) fn call(&self, method: &str, arguments: Value) -> Value {
        client().call(self.ask(method, arguments))
    }

    /// Who has each image of a region, as boto3 reads it.
    pub(crate) fn shares_in(&self, region: &str) -> BTreeMap<String, BTreeSet<String>> {
        let read = client().call(json!([login(&self.admin, region), "ec2", "launch_permissions", {}]));
        let images = read.as_object().expect("images by name").iter();
        images.map(|(name, permissions)| (name.clone(), grantees(permissions))).collect()
    }

    /// The same of the region that most tests are about.
    pub(crate) fn shares(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.shares_in(REGION)
    }
}

/// What each permission names, whatever kind of grantee it is.
fn grantees(permissions: &Value) -> BTreeSet<String> {
    let permissions = permissions.as_array().expect("a list of permissions").iter();
    let named = permissions.flat_map(|permission| permission.as_object().expect("a permission").values());
    named.map(|name| name.as_str().expect("a name").to_owned()).collect()
}

/// The cloud `prod` of a config, up to its credentials.
pub(crate) fn cloud(regions: &[&str]) -> String {
    let endpoint = variable("MOTO_URL");
    format!("[clouds.prod]\nprovider = \"aws\"\nregions = {regions:?}\nendpoint = {endpoint:?}\n")
}

/// The calls of this action that moto has got with this key.
pub(crate) fn calls(keys: &Keys, action: &str) -> usize {
    let calls = std::fs::read_to_string(variable("MOTO_CALLS")).expect("the list of calls");
    calls.lines().filter(|line| line.starts_with(&keys.key) && line.ends_with(&format!(" {action}"))).count()
}

/// What boto3 takes to be this user.
pub(crate) fn login(keys: &Keys, region: &str) -> Value {
    let Keys { key, secret, token } = keys;
    json!({ "url": variable("MOTO_URL"), "region": region, "key": key, "secret": secret, "token": token })
}

/// boto3.
pub(crate) fn client() -> &'static ReferenceClient {
    static CLIENT: LazyLock<ReferenceClient> = LazyLock::new(|| ReferenceClient::start("AWS_CLIENT"));
    &CLIENT
}
