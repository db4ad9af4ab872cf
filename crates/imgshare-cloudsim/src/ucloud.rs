//! UCloud: CompShare images, which can be shared, and UHost images, which cannot.
//!
//! What the vendor documents is followed: errors are a RetCode in an answer of HTTP status 200, and one invalid account
//! spoils its call, with RetCode 0. Where it is silent the answer can be chosen ([`Behaviour`]). It is stricter than the
//! real one may be: a parameter that an action does not have is refused.
//!
//! The codes are those of the vendor's tables but for 210 and 230, which stand for every parameter that is missing or
//! wrong, an image that is not there included: no client should depend on these two. All messages are ours.

mod auth;
mod body;
mod compshare;
mod copies;
mod params;
mod scenario;
mod shares;
mod uhost;
mod zones;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::cloud::{Call, Cloud, Refusal};
use crate::digest;
use crate::http::{Reply, Request};
use crate::ids::{AccountId, ImageId, RegionId};
use crate::turn::Turn;
use crate::world::World;
use body::Body;
use params::{Params, not_available};
use zones::Zones;

pub use scenario::{Behaviour, EmptyAccounts, UcloudOwner, UcloudScenario, ZoneParameter};

const NAME: &str = "ucloud";
const STATES: [&str; 7] =
    [AVAILABLE, MAKING, COPYING, "Reviewing", "Offline", UNAVAILABLE, UHOST_UNAVAILABLE];
const AVAILABLE: &str = "Available";
const MAKING: &str = "Making";
const COPYING: &str = "Copying";
const UNAVAILABLE: &str = "UnAvailable";
/// The same of UHost, which spells it so.
const UHOST_UNAVAILABLE: &str = "Unavailable";

/// What an action answers beside its name and RetCode, or why not.
type Answer = Result<Map<String, Value>, Refusal>;

/// The cloud, with its choices where the vendor is silent.
#[derive(Debug)]
struct Ucloud {
    behaviour: Behaviour,
    zones: Zones,
    /// The only project of an owner, for those who have one.
    projects: BTreeMap<AccountId, String>,
}

/// What an image belongs to; its id tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    CompShare,
    UHost,
}

impl Cloud for Ucloud {
    fn name(&self) -> &'static str {
        NAME
    }

    fn call(&self, request: &Request) -> Call {
        let mut params = Body::read(request).map(Body::flat).unwrap_or_default();
        params.retain(|name, _| !matches!(name.as_str(), "Signature" | "SecurityToken"));
        let value = |name: &str| params.get(name).cloned().unwrap_or_default();
        let subject = format!("{params:?}").into_bytes();
        Call { action: value("Action"), region: RegionId::from(value("Region")), subject }
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
        self.check_head(turn, &mut params)?;
        match turn.call.action.as_str() {
            "DescribeCompShareCustomImages" => compshare::describe_custom(self, turn, &mut params),
            "DescribeCompShareSharingImages" => compshare::describe_sharing(self, turn, &mut params),
            "DescribeCompShareSupportZone" => zones::describe(self, turn, &mut params),
            "DescribeCompShareImageShareAccounts" => shares::describe(self, turn, &mut params),
            "ModifyCompShareImageShareAccount" => shares::modify(self, turn, &mut params),
            "CopyCompShareCustomImage" => copies::copy_compshare(self, turn, &mut params),
            "DescribeImage" => uhost::describe(self, turn, &mut params),
            "CopyCustomImage" => copies::copy_uhost(self, turn, &mut params),
            "" => Err(Refusal::new("160", "Missing Action")),
            action => Err(Refusal::new("161", format!("Action [{action}] does not exist"))),
        }
    }

    /// The status is 200 whatever happened; the request id travels in a header.
    fn render(&self, call: &Call, outcome: Answer, request_id: &str) -> Reply {
        let mut body = outcome.unwrap_or_else(error_object);
        body.insert("Action".to_owned(), format!("{}Response", call.action).into());
        body.entry("RetCode").or_insert_with(|| json!(0));
        Reply::json(200, &Value::Object(body)).with_header("x-ucloud-request-uuid", request_id.to_owned())
    }

    fn throttled(&self) -> Refusal {
        Refusal::new("153", "Request was throttled")
    }

    fn internal_error(&self) -> Refusal {
        Refusal::new("150", "Service not available")
    }

    fn image_id(&self, digest: &[u8; 32]) -> ImageId {
        Service::CompShare.image_id(digest)
    }

    fn is_image_id(&self, id: &ImageId) -> bool {
        Service::of(id).is_some()
    }

    fn image_id_form(&self) -> &'static str {
        "compshareImage- (or uimage-) and characters of 0-9A-Za-z"
    }

    fn states(&self) -> &'static [&'static str] {
        &STATES
    }

    fn failed_state(&self, id: &ImageId) -> &'static str {
        if Service::of(id) == Some(Service::UHost) { UHOST_UNAVAILABLE } else { UNAVAILABLE }
    }

    fn unfinished_states(&self) -> &'static [&'static str] {
        &[MAKING, COPYING, "Reviewing"]
    }
}

impl Ucloud {
    /// Region and project: what comes before any action's own parameters.
    fn check_head(&self, turn: &Turn<'_>, params: &mut Params) -> Result<(), Refusal> {
        let region = RegionId::from(params.require("Region")?);
        if !turn.world.has_region(&region) {
            return Err(not_available("Region"));
        }
        let project = params.project();
        let own = self.projects.get(turn.caller);
        match project.is_none_or(|project| own.is_none_or(|own| own == project)) {
            true => Ok(()),
            false => Err(Refusal::new("292", "Project does not exist")),
        }
    }

    /// A number of the kind that the documentation has now as a number, now as a text.
    fn number(&self, number: i64) -> Value {
        if self.behaviour.loose_types { number.to_string().into() } else { number.into() }
    }

    /// An account id, which is a number that can be one.
    fn account(&self, account: &AccountId) -> Value {
        account.as_str().parse().map_or_else(|_| account.as_str().into(), |number| self.number(number))
    }
}

impl Service {
    fn of(id: &ImageId) -> Option<Self> {
        [Self::CompShare, Self::UHost].into_iter().find(|service| {
            let rest = id.as_str().strip_prefix(service.prefix());
            rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        })
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::CompShare => "compshareImage-",
            Self::UHost => "uimage-",
        }
    }

    fn image_id(self, digest: &[u8; 32]) -> ImageId {
        ImageId::from(format!("{}{}", self.prefix(), digest::base36(digest, 12)))
    }
}

/// A refusal's code is its RetCode, unless a detail says another.
fn error_object(Refusal { code, message, details }: Refusal) -> Map<String, Value> {
    let mut object = details;
    let ret_code = object.entry("RetCode").or_insert_with(|| code.parse().unwrap_or(-1_i64).into());
    if *ret_code != 0 {
        object.insert("Message".to_owned(), message.into());
    }
    object
}
