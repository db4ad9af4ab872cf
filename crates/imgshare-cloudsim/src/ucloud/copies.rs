//! `CopyCompShareCustomImage` and `CopyCustomImage`, as simple as can be: the copy is an image of the same owner.

use serde_json::{Map, Value, json};

use super::compshare::own_image;
use super::params::{Params, not_available};
use super::{AVAILABLE, Answer, COPYING, MAKING, Service, UHOST_UNAVAILABLE, UNAVAILABLE, Ucloud};
use crate::cloud::Refusal;
use crate::digest;
use crate::ids::{ImageId, RegionId};
use crate::turn::{Copying, Turn};
use crate::world::Image;

/// What is to be made of which image.
struct Copy<'a> {
    source: &'a Image,
    service: Service,
    state: &'static str,
    failed: &'static str,
    name: String,
}

/// A copy in the same region: the call has no target.
pub(super) fn copy_compshare(cloud: &Ucloud, turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let id = ImageId::from(params.require("CompShareImageId")?);
    let name = params.take("TargetImageName");
    let zone = params.take("Zone");
    params.finish()?;
    let region = turn.call.region.clone();
    cloud.zones.check(&region, zone.as_deref())?;
    let source = own_image(turn, &id)?.clone();
    let name = name.unwrap_or_else(|| source.name.clone());
    let service = Service::CompShare;
    let copy = Copy { source: &source, service, state: MAKING, failed: UNAVAILABLE, name };
    let made = copy.make(cloud, turn, &region);
    Ok(Map::from_iter([("NewCompShareImageId".to_owned(), made.as_str().into())]))
}

/// A copy in another project or region, or one in each of several regions.
pub(super) fn copy_uhost(cloud: &Ucloud, turn: &mut Turn<'_>, params: &mut Params) -> Answer {
    let id = ImageId::from(params.require("SourceImageId")?);
    let target = params.require("TargetProjectId")?;
    let region = params.take("TargetRegion").map_or_else(|| turn.call.region.clone(), RegionId::from);
    let batch: Vec<RegionId> = params.take_list("TargetRegionList").into_iter().map(RegionId::from).collect();
    let name = params.take("TargetImageName");
    for accepted in ["Zone", "TargetImageDescription", "TargetImageTag"] {
        params.take(accepted);
    }
    params.finish()?;
    if params.project() == Some(&target) {
        return Err(Refusal::new("8962", "The target project is the project of the image"));
    }
    check_regions(turn, batch.iter().chain([&region]))?;
    let source = uhost_image(turn, &id)?.clone();
    let name = name.unwrap_or_else(|| source.name.clone());
    let service = Service::UHost;
    let copy = Copy { source: &source, service, state: COPYING, failed: UHOST_UNAVAILABLE, name };
    Ok(if batch.is_empty() {
        let made = copy.make(cloud, turn, &region);
        Map::from_iter([task(&made), ("TargetImageId".to_owned(), made.as_str().into())])
    } else {
        let infos: Vec<Value> = batch.iter().map(|region| copy.info(cloud, turn, region)).collect();
        Map::from_iter([("Infos".to_owned(), infos.into())])
    })
}

impl Copy<'_> {
    fn make(&self, cloud: &Ucloud, turn: &mut Turn<'_>, region: &RegionId) -> ImageId {
        let id = self.service.image_id(&turn.world.next_image_digest());
        let mut image = Image::new(id, self.name.clone(), self.state, turn.now);
        image.platform.clone_from(&self.source.platform);
        image.size_gib = self.source.size_gib;
        turn.copy(Copying {
            source: self.source,
            region,
            copy: image,
            takes_s: cloud.behaviour.copy_takes_s,
            ready: AVAILABLE,
            failed: self.failed,
        })
    }

    fn info(&self, cloud: &Ucloud, turn: &mut Turn<'_>, region: &RegionId) -> Value {
        let made = self.make(cloud, turn, region);
        let (_, task) = task(&made);
        json!({"TargetImageId": made, "TargetRegion": region, "TaskId": task})
    }
}

fn check_regions<'r>(
    turn: &Turn<'_>,
    mut regions: impl Iterator<Item = &'r RegionId>,
) -> Result<(), Refusal> {
    let known = regions.all(|region| turn.world.has_region(region));
    known.then_some(()).ok_or_else(|| not_available("TargetRegion"))
}

fn uhost_image<'t>(turn: &'t Turn<'_>, id: &ImageId) -> Result<&'t Image, Refusal> {
    let found = turn.world.image_in(&turn.call.region, id);
    let own = found.filter(|(owner, image)| *owner == turn.caller && !image.public);
    let uhost = own.filter(|_| Service::of(id) == Some(Service::UHost)).map(|(_, image)| image);
    let image = uhost.ok_or_else(|| Refusal::new("8956", "The image is not found or is no custom image"))?;
    let ready = image.state(turn.now) == AVAILABLE;
    ready.then_some(image).ok_or_else(|| Refusal::new("8961", "The source image is not available"))
}

fn task(made: &ImageId) -> (String, Value) {
    let id = digest::base36(&digest::seeded(0, &[made.as_str().as_bytes()]), 12);
    ("TaskId".to_owned(), format!("task-{id}").into())
}
