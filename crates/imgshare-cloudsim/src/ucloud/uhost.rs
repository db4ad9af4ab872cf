//! `DescribeImage` of UHost: <https://docs.ucloud.cn/api/uhost-api>. There is no action that shares such an image.

use serde_json::{Map, Value, json};

use super::params::{Params, Slice};
use super::{Answer, Service, Ucloud};
use crate::cloud::Refusal;
use crate::ids::AccountId;
use crate::turn::Turn;
use crate::world::Image;

/// The business group of an image that has none.
const GROUP_DEFAULT: &str = "Default";
/// The scenario's tag that is the business group.
const GROUP_TAG: &str = "Tag";

/// Which images, and which part of them.
struct Query {
    ids: Vec<String>,
    kind: Option<String>,
    group: Option<String>,
    zone: Option<String>,
    slice: Slice,
}

pub(super) fn describe(cloud: &Ucloud, turn: &Turn<'_>, params: &mut Params) -> Answer {
    let query = Query::read(cloud, turn, params)?;
    let all = turn.world.images_in(&turn.call.region).into_iter();
    let uhost = all.filter(|(_, image)| Service::of(&image.id) == Some(Service::UHost));
    let seen = uhost.filter(|(owner, image)| *owner == turn.caller || image.public);
    let matching: Vec<(&AccountId, &Image)> =
        seen.filter(|(_, image)| query.lets_through(cloud, turn, image)).collect();
    let page = query.slice.of(matching.iter());
    let page: Vec<Value> = page.map(|(_, image)| record(cloud, turn, image)).collect();
    Ok(Map::from_iter([
        ("TotalCount".to_owned(), matching.len().into()),
        ("ImageSet".to_owned(), page.into()),
    ]))
}

impl Query {
    fn read(cloud: &Ucloud, turn: &Turn<'_>, params: &mut Params) -> Result<Self, Refusal> {
        let mut ids = params.take_list("ImageIds");
        ids.extend(params.take("ImageId"));
        let query = Self {
            ids,
            kind: params.take("ImageType"),
            group: params.take("Tag"),
            zone: params.take("Zone"),
            slice: params.take_slice()?,
        };
        for accepted in ["OsType", "FuncType", "PriceSet"] {
            params.take(accepted);
        }
        params.finish()?;
        cloud.zones.check(&turn.call.region, query.zone.as_deref())?;
        Ok(query)
    }

    fn lets_through(&self, cloud: &Ucloud, turn: &Turn<'_>, image: &Image) -> bool {
        let zone = || cloud.zones.of_image(&turn.call.region, image);
        (self.ids.is_empty() || self.ids.iter().any(|id| id == image.id.as_str()))
            && self.kind.as_ref().is_none_or(|wanted| wanted == kind(image))
            && self.group.as_ref().is_none_or(|wanted| wanted == group(image))
            && self.zone.as_ref().is_none_or(|wanted| *wanted == zone())
    }
}

fn kind(image: &Image) -> &'static str {
    if image.public { "Base" } else { "Custom" }
}

fn group(image: &Image) -> &str {
    image.tags.get(GROUP_TAG).map_or(GROUP_DEFAULT, String::as_str)
}

fn record(cloud: &Ucloud, turn: &Turn<'_>, image: &Image) -> Value {
    json!({
        "ImageId": image.id,
        "ImageName": image.name,
        "ImageType": kind(image),
        "State": image.state(turn.now),
        "CreateTime": cloud.number(image.created.as_second()),
        "OsType": if image.platform.contains("Windows") { "Windows" } else { "Linux" },
        "OsName": format!("{} 64位", image.platform),
        "ImageSize": image.size_gib,
        "Zone": cloud.zones.of_image(&turn.call.region, image),
        "Tag": group(image),
        "ImageDescription": "",
        "Features": [],
        "DataSnapshotIds": [],
    })
}
