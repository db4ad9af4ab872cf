//! A cloud of one image, in the words of the wire, whose answers the vendor leaves open are chosen by the test.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use imgshare_sdk::{Connect, ImageRef};
use imgshare_testkit::{Answer, FakeWorld, HttpRequest, Plugin, Provider, Script};
use serde_json::{Value, json};

/// What becomes of a call with a bad account in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadAccount {
    SpoilsTheCall,
    OthersAreDone,
}

/// What is said when a change is asked for that is so already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeated {
    IsDone,
    IsAnError,
}

/// What a bad account is answered with.
pub(crate) const BAD_ACCOUNT: &str = "InvalidAccount.NotFound";

/// An image and who has it.
#[derive(Clone, Default)]
pub(crate) struct SharedImage {
    has: Arc<Mutex<BTreeSet<String>>>,
}

impl SharedImage {
    pub(crate) fn with(accounts: impl IntoIterator<Item = String>) -> Self {
        Self { has: Arc::new(Mutex::new(accounts.into_iter().collect())) }
    }

    pub(crate) fn accounts(&self) -> BTreeSet<String> {
        self.has.lock().unwrap().clone()
    }

    /// The cloud. Accounts that begin with 9 are bad; the eleventh account of a call is ignored without a word.
    pub(crate) fn cloud(&self, bad: BadAccount, repeated: Repeated) -> Arc<Script> {
        let has = self.has.clone();
        Script::by(move |request| {
            let mut has = has.lock().unwrap();
            match action(request) {
                "ModifyImageSharePermission" => modify(&mut has, request, bad, repeated),
                "DescribeImageSharePermission" => shares(&has, request),
                other => panic!("{other} is not expected"),
            }
        })
    }
}

fn modify(has: &mut BTreeSet<String>, request: &HttpRequest, bad: BadAccount, repeated: Repeated) -> Answer {
    let (add, remove) = (numbered(request, "AddAccount."), numbered(request, "RemoveAccount."));
    let is_refused = |account: &String, add: bool| {
        account.starts_with('9') || repeated == Repeated::IsAnError && has.contains(account) == add
    };
    let (bad_add, good_add): (Vec<_>, Vec<_>) =
        add.into_iter().partition(|account| is_refused(account, true));
    let (bad_remove, good_remove): (Vec<_>, Vec<_>) =
        remove.into_iter().partition(|account| is_refused(account, false));
    let is_spoilt = !bad_add.is_empty() || !bad_remove.is_empty();
    if !is_spoilt || bad == BadAccount::OthersAreDone {
        has.extend(good_add);
        has.retain(|account| !good_remove.contains(account));
    }
    if is_spoilt { refuse(404, BAD_ACCOUNT) } else { done(json!({})) }
}

/// The values of numbered parameters, as far as the cloud looks.
fn numbered(request: &HttpRequest, prefix: &str) -> Vec<String> {
    let parameters = parameters(request);
    (1..=10).filter_map(|n| parameters.get(&format!("{prefix}{n}")).cloned()).collect()
}

fn shares(has: &BTreeSet<String>, request: &HttpRequest) -> Answer {
    let parameters = parameters(request);
    let number =
        |name: &str, default: usize| parameters.get(name).map_or(default, |text| text.parse().unwrap());
    let (page, size) = (number("PageNumber", 1), number("PageSize", 10).min(100));
    let accounts: Vec<_> =
        has.iter().skip((page - 1) * size).take(size).map(|id| json!({"AliyunId": id})).collect();
    done(
        json!({"Accounts": {"Account": accounts}, "ShareGroups": {"ShareGroup": []}, "TotalCount": has.len()}),
    )
}

/// An answer with these fields.
pub(crate) fn done(mut fields: Value) -> Answer {
    fields["RequestId"] = "fake-request".into();
    Answer::ok(fields.to_string())
}

/// An answer with this error.
pub(crate) fn refuse(status: u16, code: &str) -> Answer {
    Answer::status(status, json!({"Code": code, "Message": "No.", "RequestId": "fake-refusal"}).to_string())
}

/// A page of images with these ids, out of so many.
pub(crate) fn images(ids: &[&str], total: u64) -> Answer {
    let set: Vec<_> = ids.iter().map(|id| json!({"ImageId": id, "Status": "Available"})).collect();
    done(json!({"Images": {"Image": set}, "TotalCount": total, "PageSize": 100}))
}

pub(crate) fn no_shares() -> Answer {
    done(json!({"Accounts": {"Account": []}, "TotalCount": 0}))
}

pub(crate) fn action(request: &HttpRequest) -> &str {
    header(request, "x-acs-action")
}

/// The value of this header; empty when there is none.
pub(crate) fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// The query's parameters, as they are sent.
pub(crate) fn parameters(request: &HttpRequest) -> BTreeMap<String, String> {
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The built library, loaded once for all tests: it has no state of its own.
pub(crate) fn plugin() -> &'static Plugin {
    static PLUGIN: LazyLock<Plugin> = LazyLock::new(|| imgshare_testkit::load("alibaba"));
    &PLUGIN
}

/// The provider, in this world before this cloud.
pub(crate) fn connect(cloud: &Arc<Script>, world: FakeWorld, config: &Connect) -> Provider {
    imgshare_testkit::host(cloud, &Arc::new(world)).connect(plugin(), config, false).unwrap()
}

pub(crate) fn image() -> ImageRef {
    ImageRef { region: "cn-beijing".into(), id: "m-bp1fake0001".into() }
}

/// A cloud whose keys are in the config.
pub(crate) fn with_keys() -> Connect {
    with_credentials(&[("access_key_id", "LTAIFAKECONFIG"), ("access_key_secret", "FakeKeyOfTheConfig")])
}

pub(crate) fn with_credentials(fields: &[(&str, &str)]) -> Connect {
    let credentials: BTreeMap<_, _> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Connect { cloud: "fake".into(), credentials, ..Connect::default() }
}
