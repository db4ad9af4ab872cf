//! Reads out of a request what it asks a cloud for, in each cloud's own form.

use std::collections::BTreeSet;

use imgshare_host::http::HttpResponse;
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

/// One call that makes a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CopyCall {
    pub(crate) source: Spot,
    /// The region where the copy shall be.
    pub(crate) to: String,
}

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// Who has this image.
    Shares(Spot),
    Write(Write),
    Copy(CopyCall),
    /// It reads something else.
    Look,
}

impl Call {
    /// # Panics
    ///
    /// When it is a call that no run has a reason to make.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let cloud = InProcess::cloud_of(request);
        let parameters = Parameters::of(request);
        match parameters.action() {
            "DescribeImageSharePermission" | "DescribeCompShareImageShareAccounts" => {
                Self::Shares(parameters.spot(cloud))
            }
            "ModifyImageSharePermission" | "ModifyCompShareImageShareAccount" => {
                Self::Write(parameters.write(cloud))
            }
            "SyncImages" | "CopyImage" => {
                Self::Copy(CopyCall { source: parameters.spot(cloud), to: parameters.copied_to() })
            }
            reads if reads.starts_with("Describe") => Self::Look,
            other => panic!("nobody needs the call {other}"),
        }
    }
}

/// Whether an answer tells what was asked for: no error in the cloud's own words, nor in those of a gateway.
pub(crate) fn tells(response: &HttpResponse) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else { return false };
    let refused =
        !body["Response"]["Error"].is_null() || body["RetCode"].as_i64().is_some_and(|code| code != 0);
    response.status == 200 && !refused
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

    /// The image that it is about.
    fn spot(&self, cloud: &str) -> Spot {
        match self {
            Self::Json { region, body, .. } => {
                let image = body["ImageId"].as_str().or(body["ImageIds"][0].as_str());
                Spot::new(cloud, region, image.expect("an image"))
            }
            Self::Form(pairs) => {
                let region = [value(pairs, "RegionId"), value(pairs, "Region")].concat();
                let image = [value(pairs, "ImageId"), value(pairs, "CompShareImageId")].concat();
                Spot::new(cloud, &region, &image)
            }
        }
    }

    fn write(&self, cloud: &str) -> Write {
        let (add, remove) = match self {
            Self::Json { body, .. } => {
                let accounts = body["AccountIds"].as_array().expect("a list of accounts");
                let accounts =
                    accounts.iter().map(|id| id.as_str().expect("an account").to_owned()).collect();
                if body["Permission"] == "SHARE" {
                    (accounts, BTreeSet::new())
                } else {
                    (BTreeSet::new(), accounts)
                }
            }
            Self::Form(pairs) => (list(pairs, "AddAccount"), list(pairs, "RemoveAccount")),
        };
        Write { spot: self.spot(cloud), add, remove }
    }

    fn copied_to(&self) -> String {
        match self {
            Self::Json { body, .. } => body["DestinationRegions"][0].as_str().expect("a region").to_owned(),
            Self::Form(pairs) => value(pairs, "DestinationRegionId").to_owned(),
        }
    }

    fn action(&self) -> &str {
        match self {
            Self::Json { action, .. } => action,
            Self::Form(pairs) => value(pairs, "Action"),
        }
    }
}

fn list(pairs: &[(String, String)], name: &str) -> BTreeSet<String> {
    let listed = pairs.iter().filter(|(known, _)| known.starts_with(name));
    listed.map(|(_, account)| account.clone()).collect()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}
