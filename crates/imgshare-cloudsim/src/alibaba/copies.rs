//! `CopyImage`: <https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-copyimage>.

use jiff::SignedDuration;
use serde_json::Map;

use super::params::{Params, invalid};
use super::scenario::Behaviour;
use super::shares::own_image;
use super::{AVAILABLE, Answer, CREATING, dry_run_passed, image_id, region_not_found};
use crate::cloud::{Refusal, Turn};
use crate::ids::{ImageId, RegionId};
use crate::world::Image;

/// What is to be copied where.
struct Copy {
    image: ImageId,
    region: RegionId,
    name: Option<String>,
    tags: Vec<(String, Option<String>)>,
    dry_run: bool,
}

pub(super) fn copy(behaviour: &Behaviour, turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let copy = Copy::read(params)?;
    if !turn.world.has_region(&copy.region) {
        return Err(region_not_found());
    }
    if copy.region == turn.call.region {
        return Err(invalid("The specified DestinationRegionId is the region of the image."));
    }
    let source = own_image(turn, &copy.image)?.clone();
    if source.state(turn.now) != AVAILABLE {
        let message = "The current status of the resource does not support this operation.";
        return Err(Refusal::new("IncorrectImageStatus", message));
    }
    if copy.dry_run {
        return Err(dry_run_passed());
    }
    let id = make(behaviour, turn, copy, &source);
    Ok(Map::from_iter([("ImageId".to_owned(), id.as_str().into())]))
}

impl Copy {
    fn read(params: &mut Params) -> Result<Self, Refusal> {
        let copy = Self {
            image: ImageId::from(params.require("ImageId")?),
            region: RegionId::from(params.require("DestinationRegionId")?),
            name: params.take("DestinationImageName"),
            tags: params.take_keyed("Tag", 20),
            dry_run: params.take_flag("DryRun")?,
        };
        for accepted in ["DestinationDescription", "ResourceGroupId", "ClientToken"] {
            params.take(accepted);
        }
        if params.take_flag("Encrypted")? {
            return Err(Refusal::new("UnsupportedOperation", "Encrypted copies are not simulated."));
        }
        params.finish()?;
        let fits = |name: &String| (2..=128).contains(&name.chars().count());
        match copy.name.as_ref().is_none_or(fits) {
            true => Ok(copy),
            false => Err(invalid("The specified DestinationImageName has not 2 to 128 characters.")),
        }
    }
}

fn make(behaviour: &Behaviour, turn: &mut Turn<'_>, copy: Copy, source: &Image) -> ImageId {
    let id = image_id(&turn.world.next_image_digest());
    let name = copy.name.unwrap_or_else(|| source.name.clone());
    let mut image = Image::new(id.clone(), name, CREATING, turn.now);
    image.platform.clone_from(&source.platform);
    image.size_gib = source.size_gib;
    image.tags = copy.tags.into_iter().map(|(key, value)| (key, value.unwrap_or_default())).collect();
    let ready = turn.now.saturating_add(SignedDuration::from_secs(behaviour.copy_takes_s.into()));
    image.settle(ready.unwrap_or(turn.now), AVAILABLE);
    turn.world.add_image(turn.caller, &copy.region, image);
    id
}
