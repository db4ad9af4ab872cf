//! `SyncImages` and `DescribeImageQuota`: <https://cloud.tencent.com/document/api/213/15711>,
//! <https://cloud.tencent.com/document/api/213/15719>.

use serde_json::{Map, Value, json};

use super::images::{self, is_normal};
use super::params::{Params, invalid_value, limit_exceeded};
use super::scenario::Behaviour;
use super::{Answer, FAILED, NORMAL, SYNCING, image_id};
use crate::cloud::Refusal;
use crate::ids::{ImageId, RegionId};
use crate::turn::{Copying, Turn};
use crate::world::{Encryption, Image, Obstacle};

/// Longest name of a copy, in characters.
const NAME_MAX: usize = 60;

/// What is to be copied where.
struct Copy {
    image: ImageId,
    regions: Vec<RegionId>,
    name: Option<String>,
    encryption: Option<Encryption>,
    dry_run: bool,
    answer_with_images: bool,
}

pub(super) fn sync(behaviour: &Behaviour, turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let copy = Copy::read(params)?;
    let source = source(turn, &copy)?.clone();
    check_room(behaviour, turn, &copy)?;
    let mut made = Vec::new();
    if !copy.dry_run {
        for region in &copy.regions {
            let id = make(behaviour, turn, &copy, &source, region);
            made.push(json!({"ImageId": id, "Region": region}));
        }
    }
    let listed = if copy.answer_with_images { made } else { Vec::new() };
    Ok(Map::from_iter([("ImageSet".to_owned(), Value::from(listed))]))
}

pub(super) fn quota(behaviour: &Behaviour, params: &mut Params) -> Answer {
    params.finish()?;
    Ok(Map::from_iter([("ImageNumQuota".to_owned(), behaviour.images_per_region_max.into())]))
}

impl Copy {
    fn read(params: &mut Params) -> Result<Self, Refusal> {
        let ids: Vec<ImageId> = params.require("ImageIds")?;
        let copy = Self {
            image: only(ids)?,
            regions: params.require("DestinationRegions")?,
            name: params.take("ImageName")?,
            encryption: encryption(params)?,
            dry_run: params.take("DryRun")?.unwrap_or(false),
            answer_with_images: params.take("ImageSetRequired")?.unwrap_or(false),
        };
        params.finish()?;
        copy.check_sizes().map(|()| copy)
    }

    fn check_sizes(&self) -> Result<(), Refusal> {
        if self.regions.is_empty() {
            return Err(invalid_value("The parameter `DestinationRegions` is empty."));
        }
        if self.name.as_ref().is_some_and(|name| name.chars().count() > NAME_MAX) {
            return Err(limit_exceeded(format!("An image name has at most {NAME_MAX} characters.")));
        }
        Ok(())
    }
}

/// A key without `Encrypt` is left alone: nothing is documented about it.
fn encryption(params: &mut Params) -> Result<Option<Encryption>, Refusal> {
    let encrypt: Option<bool> = params.take("Encrypt")?;
    let kms_key = params.take("KmsKeyId")?;
    Ok((encrypt == Some(true)).then_some(Encryption { kms_key }))
}

/// The service takes a list and copies one image a call.
fn only(ids: Vec<ImageId>) -> Result<ImageId, Refusal> {
    let [id]: [ImageId; 1] =
        ids.try_into().map_err(|_| invalid_value("Exactly one image can be copied in one call."))?;
    Ok(id)
}

/// The image to copy. An own image goes to other regions, a shared one stays in its region and becomes an own one, and
/// an encrypted copy stays there too.
fn source<'t>(turn: &'t Turn<'_>, copy: &Copy) -> Result<&'t Image, Refusal> {
    let listed = images::by_id(turn, &copy.image)?;
    let leaves = listed.kind == "PRIVATE_IMAGE" && copy.encryption.is_none();
    for region in &copy.regions {
        if !turn.world.has_region(region) {
            let message = format!("The region `{region}` does not exist.");
            return Err(Refusal::new("InvalidRegion.NotFound", message));
        }
        if leaves == (*region == turn.call.region) {
            return Err(invalid_value(format!("The image cannot be copied to the region `{region}`.")));
        }
    }
    if !is_normal(listed.image, turn.now) {
        let message = "The image is in a state that does not allow this operation.";
        return Err(Refusal::new("InvalidParameterValue.InvalidImageState", message));
    }
    Ok(listed.image)
}

fn check_room(behaviour: &Behaviour, turn: &Turn<'_>, copy: &Copy) -> Result<(), Refusal> {
    let most = behaviour.images_per_region_max;
    let full = |region: &RegionId| turn.world.private_images(turn.caller, region) >= most;
    match copy.regions.iter().find(|region| full(region)) {
        None => Ok(()),
        Some(region) => {
            let message = format!("The region `{region}` holds {most} images already.");
            Err(Refusal::new("ImageQuotaLimitExceeded", message))
        }
    }
}

fn make(
    behaviour: &Behaviour,
    turn: &mut Turn<'_>,
    copy: &Copy,
    source: &Image,
    region: &RegionId,
) -> ImageId {
    let name = copy.name.clone().unwrap_or_else(|| source.name.clone());
    let id = image_id(&turn.world.next_image_digest());
    let mut image = Image::new(id, name, SYNCING, turn.now);
    image.platform.clone_from(&source.platform);
    image.size_gib = source.size_gib;
    image.obstacle = source.obstacle.or_else(|| copy.encryption.is_some().then_some(Obstacle::Encrypted));
    image.encryption.clone_from(&copy.encryption);
    let takes_s = behaviour.copy_takes_s;
    turn.copy(Copying { source, region, copy: image, takes_s, ready: NORMAL, failed: FAILED })
}
