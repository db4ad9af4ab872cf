//! Reads the writes out of the requests that a cloud gets, in each cloud's own form.

use std::collections::BTreeSet;

use imgshare_testkit::{HttpRequest, InProcess};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::truth::Spot;

/// One call that changes who has an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) spot: Spot,
    pub(crate) add: BTreeSet<String>,
    pub(crate) remove: BTreeSet<String>,
}

/// The change that this request asks for; `None`: it only reads.
///
/// # Panics
///
/// When it is neither a reading call nor one that changes shares: no run has a reason to make it.
pub(crate) fn write_of(request: &HttpRequest) -> Option<Write> {
    let parameters = Parameters::of(request);
    let action = parameters.action();
    if action.starts_with("Describe") {
        return None;
    }
    assert!(action.starts_with("Modify") && action.contains("Share"), "nobody needs the call {action}");
    Some(match &parameters {
        Parameters::Json { region, body, .. } => json_write(InProcess::cloud_of(request), region, body),
        Parameters::Form(pairs) => form_write(InProcess::cloud_of(request), pairs),
    })
}

/// The parameters of a call, and where its action and region stand.
enum Parameters {
    /// Action and region in headers, the rest as JSON.
    Json { action: String, region: String, body: Value },
    /// All in the address or the body, as a form; the action may be in a header.
    Form(Vec<(String, String)>),
}

impl Parameters {
    fn of(request: &HttpRequest) -> Self {
        let header = |name: &str| {
            let found = request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone())
        };
        if let Some(action) = header("x-tc-action") {
            let body = serde_json::from_slice(&request.body).expect("a body in JSON");
            return Self::Json { action, region: header("x-tc-region").unwrap_or_default(), body };
        }
        let url = Url::parse(&request.url).expect("an address");
        let pairs = url.query_pairs().into_owned().chain(form_urlencoded::parse(&request.body).into_owned());
        let action = header("x-acs-action").map(|action| ("Action".to_owned(), action));
        Self::Form(pairs.chain(action).collect())
    }

    fn action(&self) -> &str {
        match self {
            Self::Json { action, .. } => action,
            Self::Form(pairs) => value(pairs, "Action"),
        }
    }
}

fn json_write(cloud: &str, region: &str, body: &Value) -> Write {
    let accounts: BTreeSet<String> =
        serde_json::from_value(body["AccountIds"].clone()).expect("a list of accounts");
    let image = body["ImageId"].as_str().expect("an image");
    let (add, remove) = match body["Permission"].as_str() {
        Some("SHARE") => (accounts, BTreeSet::new()),
        _ => (BTreeSet::new(), accounts),
    };
    Write { spot: Spot::new(cloud, region, image), add, remove }
}

fn form_write(cloud: &str, pairs: &[(String, String)]) -> Write {
    let region = [value(pairs, "RegionId"), value(pairs, "Region")].concat();
    let image = [value(pairs, "ImageId"), value(pairs, "CompShareImageId")].concat();
    let list = |name: &str| -> BTreeSet<String> {
        let listed = pairs.iter().filter(|(known, _)| known.starts_with(name));
        listed.map(|(_, account)| account.clone()).collect()
    };
    Write { spot: Spot::new(cloud, &region, &image), add: list("AddAccount"), remove: list("RemoveAccount") }
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}
