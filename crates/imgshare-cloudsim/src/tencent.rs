//! Tencent Cloud CVM, version 2017-03-12: images and who may use them.
//!
//! What the vendor documents is followed. Where it is silent the answer can be chosen ([`Behaviour`]), so that a
//! client is tried with each. Error messages never name the account that spoiled a call, because nothing promises
//! that the real ones do.

mod auth;
mod copies;
mod filters;
mod images;
mod params;
mod scenario;
mod shares;
mod tc3;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::cloud::{Call, Cloud, Refusal};
use crate::digest;
use crate::http::{Reply, Request};
use crate::ids::{AccountId, ImageId, RegionId};
use crate::json::wrapped;
use crate::turn::Turn;
use crate::world::World;
use params::Params;

pub use scenario::{
    AlreadyShared, BadAccount, Behaviour, CancelUnshared, TencentOwner, TencentScenario, WrongState,
};

const NAME: &str = "tencent";
const VERSION: &str = "2017-03-12";
const STATES: [&str; 6] = [NORMAL, "CREATING", FAILED, SYNCING, "IMPORTING", "IMPORTFAILED"];
const NORMAL: &str = "NORMAL";
const SYNCING: &str = "SYNCING";
/// What a copy is that has failed. The vendor's list of states has no other for it.
const FAILED: &str = "CREATEFAILED";

/// What an action answers beside the request id, or why not.
type Answer = Result<Map<String, Value>, Refusal>;

/// The cloud, with its choices where the vendor is silent.
#[derive(Debug)]
struct Tencent {
    behaviour: Behaviour,
}

impl Cloud for Tencent {
    fn name(&self) -> &'static str {
        NAME
    }

    fn call(&self, request: &Request) -> Call {
        let text = |name| request.header(name).unwrap_or_default();
        Call {
            action: text("x-tc-action").to_owned(),
            region: RegionId::from(text("x-tc-region")),
            subject: request.body.to_vec(),
        }
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
        check_head(turn, request)?;
        let mut params = Params::read(&request.body)?;
        match turn.call.action.as_str() {
            "DescribeImages" => images::describe(&self.behaviour, turn, &mut params),
            "ModifyImageSharePermission" => shares::modify(&self.behaviour, turn, &mut params),
            "DescribeImageSharePermission" => shares::describe(turn, &mut params),
            "SyncImages" => copies::sync(&self.behaviour, turn, &mut params),
            "DescribeImageQuota" => copies::quota(&self.behaviour, &mut params),
            action => Err(Refusal::new("InvalidAction", format!("The action `{action}` does not exist."))),
        }
    }

    /// The status is 200 whatever happened: <https://cloud.tencent.com/document/api/213/30435>.
    fn render(&self, _: &Call, outcome: Answer, request_id: &str) -> Reply {
        let mut response = outcome.unwrap_or_else(error_object);
        response.insert("RequestId".to_owned(), request_id.into());
        Reply::json(200, &wrapped("Response", response))
    }

    fn throttled(&self) -> Refusal {
        Refusal::new("RequestLimitExceeded", "Your current request times exceed the limit of the frequency.")
    }

    fn internal_error(&self) -> Refusal {
        Refusal::new("InternalError", "An internal error has occurred. Retry your request.")
    }

    fn image_id(&self, digest: &[u8; 32]) -> ImageId {
        image_id(digest)
    }

    fn is_image_id(&self, id: &ImageId) -> bool {
        is_image_id(id)
    }

    fn image_id_form(&self) -> &'static str {
        "img- and eight characters of 0-9a-z"
    }

    fn states(&self) -> &'static [&'static str] {
        &STATES
    }

    fn failed_state(&self, _: &ImageId) -> &'static str {
        FAILED
    }

    fn unfinished_states(&self) -> &'static [&'static str] {
        &["CREATING", SYNCING, "IMPORTING"]
    }
}

/// Version, region and protocol: what comes before any action's own parameters.
fn check_head(turn: &Turn<'_>, request: &Request) -> Result<(), Refusal> {
    let json = request.header("content-type").is_some_and(|of| of.starts_with("application/json"));
    if request.method != "POST" || !json {
        return Err(Refusal::new("UnsupportedProtocol", "Only POST with a JSON body is simulated."));
    }
    if request.header("x-tc-version") != Some(VERSION) {
        return Err(Refusal::new("NoSuchVersion", "The version of this API does not exist."));
    }
    let region = &turn.call.region;
    if region.as_str().is_empty() {
        return Err(params::missing("Region"));
    }
    let known = turn.world.has_region(region);
    known
        .then_some(())
        .ok_or_else(|| Refusal::new("UnsupportedRegion", format!("The region `{region}` is not supported.")))
}

fn error_object(Refusal { code, message, .. }: Refusal) -> Map<String, Value> {
    Map::from_iter([("Error".to_owned(), json!({"Code": code, "Message": message}))])
}

fn image_id(digest: &[u8; 32]) -> ImageId {
    ImageId::from(format!("img-{}", digest::base36(digest, 8)))
}

/// Main account ids are 9 to 13 digits in all of the vendor's examples.
fn is_account_id(account: &AccountId) -> bool {
    let digits = account.as_str().bytes().all(|byte| byte.is_ascii_digit());
    digits && (9..=13).contains(&account.as_str().len())
}

/// `img-` and eight lower-case letters or digits, as in all of the vendor's examples.
fn is_image_id(id: &ImageId) -> bool {
    id.as_str().strip_prefix("img-").is_some_and(|rest| {
        rest.len() == 8 && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

fn check_image_id(id: &ImageId) -> Result<(), Refusal> {
    let refusal = || Refusal::new("InvalidImageId.Malformed", format!("The image id `{id}` is malformed."));
    is_image_id(id).then_some(()).ok_or_else(refusal)
}

fn image_not_found(id: &ImageId) -> Refusal {
    Refusal::new("InvalidImageId.NotFound", format!("The image `{id}` does not exist."))
}
