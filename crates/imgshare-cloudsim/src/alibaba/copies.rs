//! `CopyImage` and `CancelCopyImage`:
//! <https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-copyimage>.
//!
//! What a repeated client token and a call for cancelling are told is our choice, the codes `IdempotentParameterMismatch`
//! and `QuotaExceed.Image` are known from the vendor's other pages: the sources of these calls do not list them.

use serde_json::Map;

use super::params::{Params, invalid};
use super::scenario::Behaviour;
use super::shares::own_image;
use super::{AVAILABLE, Answer, CREATING, FAILED, dry_run_passed, image_id, region_not_found};
use crate::cloud::Refusal;
use crate::ids::{ImageId, RegionId};
use crate::turn::{Copying, Turn};
use crate::world::{Encryption, Image, Known, Obstacle};

/// Longest client token, in characters.
const TOKEN_MAX: usize = 64;

/// What is to be copied where.
struct Copy {
    image: ImageId,
    region: RegionId,
    name: Option<String>,
    tags: Vec<(String, Option<String>)>,
    encryption: Option<Encryption>,
    token: Option<String>,
    dry_run: bool,
}

pub(super) fn copy(behaviour: &Behaviour, turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let copy = Copy::read(params)?;
    if let Some(made) = made_before(turn, &copy)? {
        return Ok(answer(&made));
    }
    let source = source(turn, &copy)?.clone();
    check_room(behaviour, turn, &copy.region)?;
    if copy.dry_run {
        return Err(dry_run_passed());
    }
    let id = make(behaviour, turn, &copy, &source);
    if let Some(token) = copy.token {
        let call = turn.call;
        turn.world.client_tokens.remember(turn.caller, &call.region, token, &call.subject, &id);
    }
    Ok(answer(&id))
}

/// A copy that is still being made is gone at once.
pub(super) fn cancel(turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let id = ImageId::from(params.require("ImageId")?);
    params.finish()?;
    let image = own_image(turn, &id)?;
    if image.origin.is_none() || image.state(turn.now) != CREATING {
        return Err(wrong_status());
    }
    turn.delete(&id);
    Ok(Map::new())
}

impl Copy {
    fn read(params: &mut Params) -> Result<Self, Refusal> {
        let copy = Self {
            image: ImageId::from(params.require("ImageId")?),
            region: RegionId::from(params.require("DestinationRegionId")?),
            name: params.take("DestinationImageName"),
            tags: params.take_keyed("Tag", 20),
            encryption: encryption(params)?,
            token: params.take("ClientToken"),
            dry_run: params.take_flag("DryRun")?,
        };
        for accepted in ["DestinationDescription", "ResourceGroupId"] {
            params.take(accepted);
        }
        params.finish()?;
        copy.check_sizes().map(|()| copy)
    }

    fn check_sizes(&self) -> Result<(), Refusal> {
        let named = |name: &String| (2..=128).contains(&name.chars().count());
        if !self.name.as_ref().is_none_or(named) {
            return Err(invalid("The specified DestinationImageName has not 2 to 128 characters."));
        }
        let good = |token: &String| token.is_ascii() && token.len() <= TOKEN_MAX;
        let refusal = || invalid("The specified ClientToken is not ASCII or has more than 64 characters.");
        self.token.as_ref().is_none_or(good).then_some(()).ok_or_else(refusal)
    }
}

/// A key without `Encrypted` is left alone: nothing is documented about it.
fn encryption(params: &mut Params) -> Result<Option<Encryption>, Refusal> {
    let kms_key = params.take("KMSKeyId");
    Ok(params.take_flag("Encrypted")?.then_some(Encryption { kms_key }))
}

/// What the same call made before, if its token says that it is the same. Its image may have failed or been deleted since.
fn made_before(turn: &Turn<'_>, copy: &Copy) -> Result<Option<ImageId>, Refusal> {
    let Some(token) = &copy.token else { return Ok(None) };
    match turn.world.client_tokens.find(turn.caller, &turn.call.region, token, &turn.call.subject) {
        None => Ok(None),
        Some(Known::SameCall(made)) => Ok(Some(made)),
        Some(Known::OtherCall) => {
            let message = "The specified ClientToken was used with other parameters before.";
            Err(Refusal::new("IdempotentParameterMismatch", message))
        }
    }
}

fn source<'t>(turn: &'t Turn<'_>, copy: &Copy) -> Result<&'t Image, Refusal> {
    if !turn.world.has_region(&copy.region) {
        return Err(region_not_found());
    }
    if copy.region == turn.call.region {
        return Err(invalid("The specified DestinationRegionId is the region of the image."));
    }
    let source = own_image(turn, &copy.image)?;
    (source.state(turn.now) == AVAILABLE).then_some(source).ok_or_else(wrong_status)
}

fn wrong_status() -> Refusal {
    let message = "The current status of the resource does not support this operation.";
    Refusal::new("IncorrectImageStatus", message)
}

fn check_room(behaviour: &Behaviour, turn: &Turn<'_>, region: &RegionId) -> Result<(), Refusal> {
    let there = || turn.world.private_images(turn.caller, region);
    let room = behaviour.images_per_region_max.is_none_or(|most| there() < most);
    room.then_some(()).ok_or_else(|| Refusal::new("QuotaExceed.Image", "The Image Quota exceeds."))
}

/// A copy that is encrypted with the service's key cannot be shared, one with the owner's own key can.
fn make(behaviour: &Behaviour, turn: &mut Turn<'_>, copy: &Copy, source: &Image) -> ImageId {
    let name = copy.name.clone().unwrap_or_else(|| source.name.clone());
    let mut image = Image::new(image_id(&turn.world.next_image_digest()), name, CREATING, turn.now);
    image.platform.clone_from(&source.platform);
    image.size_gib = source.size_gib;
    image.tags =
        copy.tags.iter().map(|(key, value)| (key.clone(), value.clone().unwrap_or_default())).collect();
    let service_key = copy.encryption.as_ref().is_some_and(|of| of.kms_key.is_none());
    image.obstacle = source.obstacle.or_else(|| service_key.then_some(Obstacle::Encrypted));
    image.encryption.clone_from(&copy.encryption);
    let (region, takes_s) = (&copy.region, behaviour.copy_takes_s);
    turn.copy(Copying { source, region, copy: image, takes_s, ready: AVAILABLE, failed: FAILED })
}

fn answer(id: &ImageId) -> Map<String, serde_json::Value> {
    Map::from_iter([("ImageId".to_owned(), id.as_str().into())])
}
