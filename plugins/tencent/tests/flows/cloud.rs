//! A cloud of one image, in the words of the wire, whose answers the vendor leaves open are chosen by the test.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use imgshare_sdk::{Connect, ImageRef};
use imgshare_testkit::{Answer, Script};
use serde_json::{Value, json};

/// What becomes of a call with a bad account in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadAccount {
    SpoilsTheCall,
    OthersAreDone,
}

/// What is said when a share is cancelled that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CancelUnshared {
    IsDone,
    IsAnError,
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

    /// The cloud. Accounts that begin with 9 are bad.
    pub(crate) fn cloud(&self, bad: BadAccount, unshared: CancelUnshared) -> Arc<Script> {
        let has = self.has.clone();
        Script::by(move |request| {
            let mut has = has.lock().unwrap();
            let parameters: Value = serde_json::from_slice(&request.body).unwrap();
            match action(&request.headers) {
                "ModifyImageSharePermission" => modify(&mut has, &parameters, bad, unshared),
                "DescribeImageSharePermission" => {
                    let set: Vec<_> = has.iter().map(|account| json!({"AccountId": account})).collect();
                    done(json!({ "SharePermissionSet": set }))
                }
                other => panic!("{other} is not expected"),
            }
        })
    }
}

fn modify(
    has: &mut BTreeSet<String>,
    parameters: &Value,
    bad: BadAccount,
    unshared: CancelUnshared,
) -> Answer {
    let share = parameters["Permission"] == "SHARE";
    let accounts: Vec<String> = serde_json::from_value(parameters["AccountIds"].clone()).unwrap();
    let refused = |account: &&String| {
        account.starts_with('9')
            || !share && unshared == CancelUnshared::IsAnError && !has.contains(account.as_str())
    };
    let is_refused = accounts.iter().any(|account| refused(&account));
    let good: Vec<_> = accounts.iter().filter(|account| !refused(account)).cloned().collect();
    if !is_refused || bad == BadAccount::OthersAreDone {
        for account in good {
            if share {
                has.insert(account)
            } else {
                has.remove(&account)
            };
        }
    }
    if is_refused { refuse("InvalidAccountId.NotFound") } else { done(json!({})) }
}

/// An answer with these fields.
pub(crate) fn done(mut fields: Value) -> Answer {
    fields["RequestId"] = "fake-request".into();
    Answer::ok(json!({ "Response": fields }).to_string())
}

/// An answer with this error.
pub(crate) fn refuse(code: &str) -> Answer {
    done(json!({"Error": {"Code": code, "Message": "No."}}))
}

/// A page of images with these ids, out of so many.
pub(crate) fn images(ids: &[&str], total: u64) -> Answer {
    let set: Vec<_> = ids.iter().map(|id| json!({"ImageId": id, "ImageState": "NORMAL"})).collect();
    done(json!({"ImageSet": set, "TotalCount": total}))
}

pub(crate) fn action(headers: &[(String, String)]) -> &str {
    header(headers, "X-TC-Action")
}

/// The value of this header; empty when there is none.
pub(crate) fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

pub(crate) fn image() -> ImageRef {
    ImageRef { region: "ap-guangzhou".into(), id: "img-6pb6lrmy".into() }
}

/// A cloud whose keys are in the config.
pub(crate) fn with_keys() -> Connect {
    with_credentials(&[("secret_id", "AKIDFAKECONFIG"), ("secret_key", "FakeKeyOfTheConfig")])
}

pub(crate) fn with_credentials(fields: &[(&str, &str)]) -> Connect {
    let credentials: BTreeMap<_, _> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Connect { cloud: "fake".into(), credentials, ..Connect::default() }
}
