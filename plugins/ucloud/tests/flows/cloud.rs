//! A cloud of one region, in the words of the wire, whose answers the vendor leaves open are chosen by the test.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use imgshare_sdk::{Connect, ImageRef};
use imgshare_testkit::{Answer, FakeWorld, Plugin, Provider, Script};
use serde_json::{Value, json};

/// What is said to an account that has the image already, or has none to lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlreadySo {
    Done,
    Invalid,
    Error,
}

/// An image and who has it.
#[derive(Clone, Default)]
pub(crate) struct SharedImage {
    has: Arc<Mutex<BTreeSet<String>>>,
}

impl SharedImage {
    pub(crate) fn with(accounts: &[&str]) -> Self {
        let has = accounts.iter().map(|account| (*account).to_owned()).collect();
        Self { has: Arc::new(Mutex::new(has)) }
    }

    pub(crate) fn accounts(&self) -> Vec<String> {
        self.has.lock().unwrap().iter().cloned().collect()
    }

    /// The cloud. Accounts that begin with 9 are invalid, and one in a call spoils it.
    pub(crate) fn cloud(&self, already: AlreadySo) -> Arc<Script> {
        let image = self.clone();
        Script::by(move |request| image.answer(&parameters(&request.body), already))
    }

    /// What the cloud does and says when it is called so.
    pub(crate) fn answer(&self, call: &BTreeMap<String, String>, already: AlreadySo) -> Answer {
        let mut has = self.has.lock().unwrap();
        match call["Action"].as_str() {
            "ModifyCompShareImageShareAccount" => modify(&mut has, call, already),
            "DescribeCompShareImageShareAccounts" => {
                let set: Vec<_> = has.iter().map(|account| json!({ "AccountId": account })).collect();
                done(json!({ "AccountSet": set }))
            }
            other => panic!("{other} is not expected"),
        }
    }
}

fn modify(has: &mut BTreeSet<String>, call: &BTreeMap<String, String>, already: AlreadySo) -> Answer {
    let (add, remove) = (list(call, "AddAccounts"), list(call, "RemoveAccounts"));
    assert!(add.len() <= 10 && remove.len() <= 10, "more than ten of a kind: {call:?}");
    assert!(!add.is_empty() || !remove.is_empty(), "nobody is named: {call:?}");
    let so = |account: &&String| {
        if add.contains(account) { has.contains(*account) } else { !has.contains(*account) }
    };
    let already_so: Vec<_> = add.iter().chain(&remove).filter(so).cloned().collect();
    let mut invalid: Vec<_> = add.iter().chain(&remove).filter(|id| id.starts_with('9')).cloned().collect();
    match already {
        AlreadySo::Error if !already_so.is_empty() => return refuse(230, "Params not available"),
        AlreadySo::Invalid => invalid.extend(already_so),
        _ => {}
    }
    if invalid.is_empty() {
        has.extend(add);
        has.retain(|account| !remove.contains(account));
    }
    let invalid: Vec<u64> = invalid.iter().map(|id| id.parse().unwrap()).collect();
    done(json!({ "InvalidAccounts": invalid }))
}

/// The elements of a list parameter.
pub(crate) fn list(call: &BTreeMap<String, String>, name: &str) -> Vec<String> {
    (0..).map_while(|at| call.get(&format!("{name}.{at}")).cloned()).collect()
}

/// An answer with these fields.
pub(crate) fn done(mut fields: Value) -> Answer {
    fields["RetCode"] = 0.into();
    Answer::ok(fields.to_string()).header("x-ucloud-request-uuid", "fake-request")
}

/// An answer with this code.
pub(crate) fn refuse(code: i64, message: &str) -> Answer {
    Answer::ok(json!({ "RetCode": code, "Message": message }).to_string())
        .header("x-ucloud-request-uuid", "fake-request")
}

/// The parameters of a request. None of these tests sends anything that would have to be decoded.
pub(crate) fn parameters(body: &[u8]) -> BTreeMap<String, String> {
    let pairs = std::str::from_utf8(body).unwrap().split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The parameters of every request so far.
pub(crate) fn calls(cloud: &Script) -> Vec<BTreeMap<String, String>> {
    cloud.requests().iter().map(|request| parameters(&request.body)).collect()
}

/// The actions of every request so far, in order.
pub(crate) fn actions(cloud: &Script) -> Vec<String> {
    calls(cloud).into_iter().map(|mut call| call.remove("Action").unwrap()).collect()
}

pub(crate) fn image() -> ImageRef {
    ImageRef { region: "cn-wlcb".into(), id: "compshareImage-fake01".into() }
}

/// A cloud whose keys are in the config.
pub(crate) fn with_keys() -> Connect {
    with_credentials(&[("public_key", "fakepublicconfig"), ("private_key", "fakeprivateconfig")])
}

pub(crate) fn with_settings(settings: Value) -> Connect {
    Connect { settings, ..with_keys() }
}

pub(crate) fn with_credentials(fields: &[(&str, &str)]) -> Connect {
    let credentials = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Connect { cloud: "fake".into(), credentials, ..Connect::default() }
}

/// The provider, where waiting takes no time of ours.
pub(crate) fn connect(cloud: &Arc<Script>, config: &Connect) -> Provider {
    connect_in(FakeWorld::default().with_virtual_time(), cloud, config)
}

/// The provider in this world. The library is loaded once for all tests: it keeps nothing between them.
pub(crate) fn connect_in(world: FakeWorld, cloud: &Arc<Script>, config: &Connect) -> Provider {
    static PLUGIN: LazyLock<Plugin> = LazyLock::new(|| imgshare_testkit::load("ucloud"));
    imgshare_testkit::host(cloud, &Arc::new(world)).connect(&PLUGIN, config, false).unwrap()
}
