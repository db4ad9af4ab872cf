//! Alibaba Cloud ECS, version 2014-05-26: images and who may use them.
//!
//! Both signature schemes are verified: ACS3-HMAC-SHA256 and RPC 1.0. What the vendor documents is followed, the
//! accounts beyond the tenth that a call silently ignores included. Where it is silent the answer can be chosen
//! ([`Behaviour`]). It is stricter than the real one in two things, so that a client's slips come out: a parameter that
//! it does not know is refused, and an RPC request must ask for JSON (the real one would answer XML).
//!
//! The codes of the share call are those of the vendor's page. Those about signature, version, action and throttling are
//! known from the vendor's SDKs and not verified for these calls; `InvalidParameter`, `UnsupportedParameter`,
//! `UnsupportedOperation` and `OperationDenied` are this simulator's choice: no client should depend on them.

mod acs3;
mod auth;
mod copies;
mod images;
mod params;
mod query;
mod rpc;
mod scenario;
mod shares;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::cloud::{Call, Cloud, Refusal};
use crate::digest;
use crate::form;
use crate::http::{Reply, Request};
use crate::ids::{AccountId, ImageId, RegionId};
use crate::turn::Turn;
use crate::world::World;
use params::Params;

pub use scenario::{AlibabaOwner, AlibabaScenario, BadAccount, Behaviour, FirstOf, SelfShared};

const NAME: &str = "alibaba";
const VERSION: &str = "2014-05-26";
/// The central host; every error names the host that answered.
const HOST_ID: &str = "ecs.aliyuncs.com";
const STATES: [&str; 6] = [AVAILABLE, CREATING, "Waiting", "UnAvailable", FAILED, DEPRECATED];
const AVAILABLE: &str = "Available";
const CREATING: &str = "Creating";
const FAILED: &str = "CreateFailed";
const DEPRECATED: &str = "Deprecated";

/// What an action answers beside the request id, or why not.
type Answer = Result<Map<String, Value>, Refusal>;

/// The cloud, with its choices where the vendor is silent.
#[derive(Debug)]
struct Alibaba {
    behaviour: Behaviour,
}

impl Cloud for Alibaba {
    fn name(&self) -> &'static str {
        NAME
    }

    fn call(&self, request: &Request) -> Call {
        let mut pairs = params::pairs(request).unwrap_or_default();
        let value = |name: &str| pairs.iter().find(|(of, _)| of == name).map(|(_, value)| value.clone());
        let action = in_head(request, "x-acs-action").or_else(|| value("Action"));
        let region = RegionId::from(value("RegionId").unwrap_or_default());
        pairs.retain(|(name, _)| !params::is_common(name));
        let subject = form::canonical(pairs).into_bytes();
        Call { action: action.unwrap_or_default(), region, subject }
    }

    fn authenticate(
        &self,
        request: &Request,
        world: &mut World,
        now: Timestamp,
    ) -> Result<AccountId, Refusal> {
        auth::authenticate(request, world, now)
    }

    fn perform(&self, turn: &mut Turn<'_>, request: &Request) -> Answer {
        let mut params = Params::read(request)?;
        check_head(turn, request, &mut params)?;
        match turn.call.action.as_str() {
            "DescribeImages" => images::describe(&self.behaviour, turn, &mut params),
            "ModifyImageSharePermission" => shares::modify(&self.behaviour, turn, &mut params),
            "DescribeImageSharePermission" => shares::describe(turn, &mut params),
            "CopyImage" => copies::copy(&self.behaviour, turn, &mut params),
            "CancelCopyImage" => copies::cancel(turn, &mut params),
            _ => Err(Refusal::new("InvalidAction.NotFound", "Specified api is not found.")),
        }
    }

    fn render(&self, _: &Call, outcome: Answer, request_id: &str) -> Reply {
        let throttled = outcome.as_ref().is_err_and(|refusal| refusal.code.starts_with("Throttling"));
        let (status, mut body) = match outcome {
            Ok(answer) => (200, answer),
            Err(refusal) => (status(&refusal.code), error_object(refusal)),
        };
        body.insert("RequestId".to_owned(), request_id.into());
        let reply = Reply {
            content_type: "application/json;charset=utf-8",
            ..Reply::json(status, &Value::Object(body))
        };
        match self.behaviour.retry_after_ms.filter(|_| throttled) {
            Some(ms) => reply.with_header("x-acs-retry-after", ms.to_string()),
            None => reply,
        }
    }

    fn throttled(&self) -> Refusal {
        Refusal::new(&self.behaviour.throttled_code, "Request was denied due to user flow control.")
    }

    fn internal_error(&self) -> Refusal {
        Refusal::new("InternalError", "The request processing has failed due to some unknown error.")
    }

    fn image_id(&self, digest: &[u8; 32]) -> ImageId {
        image_id(digest)
    }

    /// `m-` and lower-case letters and digits, as in all of the vendor's examples; the number of them varies.
    fn is_image_id(&self, id: &ImageId) -> bool {
        id.as_str().strip_prefix("m-").is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
    }

    fn image_id_form(&self) -> &'static str {
        "m- and characters of 0-9a-z"
    }

    fn states(&self) -> &'static [&'static str] {
        &STATES
    }

    fn failed_state(&self, _: &ImageId) -> &'static str {
        FAILED
    }

    fn unfinished_states(&self) -> &'static [&'static str] {
        &[CREATING, "Waiting"]
    }
}

/// What an ACS3 request says in a header. An RPC request may have the same header, but it is not signed there.
fn in_head(request: &Request, name: &str) -> Option<String> {
    request.header(name).filter(|_| acs3::is_acs3(request)).map(str::to_owned)
}

/// Version, format and region: what comes before any action's own parameters.
fn check_head(turn: &Turn<'_>, request: &Request, params: &mut Params) -> Result<(), Refusal> {
    let version = in_head(request, "x-acs-version").or_else(|| params.take("Version"));
    if version.as_deref() != Some(VERSION) {
        return Err(Refusal::new("InvalidVersion", "Specified parameter Version is not valid."));
    }
    params.take_common(acs3::is_acs3(request))?;
    let region = RegionId::from(params.require("RegionId")?);
    let known = turn.world.has_region(&region);
    known.then_some(()).ok_or_else(region_not_found)
}

/// The HTTP status of an error code: as the vendor's tables have it, and 400 for what they do not have.
fn status(code: &str) -> u16 {
    match code {
        "InternalError" | "UnknownError" => 500,
        "ServiceUnavailable" => 503,
        "InvalidAccount.Forbbiden" => 404,
        _ if code.ends_with(".NotFound") => 404,
        _ if ["Forbidden", "QuotaExceed", "OperationDen", "InvalidOperation", "Image.", "PublicImage"]
            .iter()
            .any(|start| code.starts_with(start)) =>
        {
            403
        }
        _ => 400,
    }
}

fn error_object(Refusal { code, message, .. }: Refusal) -> Map<String, Value> {
    let recommend = format!("https://api.aliyun.com/troubleshoot?q={code}");
    let object = json!({"Code": code, "Message": message, "HostId": HOST_ID, "Recommend": recommend});
    object.as_object().cloned().unwrap_or_default()
}

fn image_id(digest: &[u8; 32]) -> ImageId {
    ImageId::from(format!("m-bp1{}", digest::base36(digest, 12)))
}

/// Account ids are digits; the vendor's examples have 10 to 16 of them.
fn is_account_id(account: &AccountId) -> bool {
    let digits = account.as_str().bytes().all(|byte| byte.is_ascii_digit());
    digits && (5..=20).contains(&account.as_str().len())
}

fn region_not_found() -> Refusal {
    Refusal::new("InvalidRegionId.NotFound", "The specified RegionId does not exist.")
}

fn image_not_found() -> Refusal {
    Refusal::new("InvalidImageId.NotFound", "The specified ImageId does not exist.")
}

/// How the checks of a call that was made only to see whether it would pass end.
fn dry_run_passed() -> Refusal {
    Refusal::new("DryRunOperation", "Request validation has been passed with DryRun flag set.")
}
