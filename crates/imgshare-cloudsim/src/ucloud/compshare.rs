//! `DescribeCompShareCustomImages` and `DescribeCompShareSharingImages`:
//! <https://docs.ucloud.cn/api>.

use serde_json::{Map, Value, json};

use super::params::{Params, Slice, missing, not_available};
use super::scenario::ZoneParameter;
use super::{Answer, Service, Ucloud};
use crate::cloud::Refusal;
use crate::ids::{AccountId, ImageId};
use crate::turn::Turn;
use crate::world::Image;

/// Which images, and which part of them.
struct Query {
    id: Option<ImageId>,
    zone: Option<String>,
    slice: Slice,
}

/// The images that the caller has made.
pub(super) fn describe_custom(cloud: &Ucloud, turn: &Turn<'_>, params: &mut Params) -> Answer {
    let query = Query::read(cloud, turn, params, cloud.behaviour.zone)?;
    Ok(list(cloud, turn, &query, |owner, image| owner == turn.caller && !image.public))
}

/// The images that others share with the caller.
pub(super) fn describe_sharing(cloud: &Ucloud, turn: &Turn<'_>, params: &mut Params) -> Answer {
    let query = Query::read(cloud, turn, params, ZoneParameter::Optional)?;
    Ok(list(cloud, turn, &query, |_, image| turn.receives(image)))
}

impl Query {
    fn read(
        cloud: &Ucloud,
        turn: &Turn<'_>,
        params: &mut Params,
        rule: ZoneParameter,
    ) -> Result<Self, Refusal> {
        let id = params.take("CompShareImageId").map(ImageId::from);
        let zone = params.take("Zone");
        let slice = params.take_slice()?;
        params.finish()?;
        if rule == ZoneParameter::Required && zone.is_none() {
            return Err(missing("Zone"));
        }
        cloud.zones.check(&turn.call.region, zone.as_deref())?;
        let zone = zone.filter(|_| rule != ZoneParameter::Ignored);
        Ok(Self { id, zone, slice })
    }

    fn lets_through(&self, cloud: &Ucloud, turn: &Turn<'_>, image: &Image) -> bool {
        let zone = || cloud.zones.of_image(&turn.call.region, image);
        self.id.as_ref().is_none_or(|id| *id == image.id)
            && self.zone.as_ref().is_none_or(|wanted| *wanted == zone())
    }
}

fn list(
    cloud: &Ucloud,
    turn: &Turn<'_>,
    query: &Query,
    wanted: impl Fn(&AccountId, &Image) -> bool,
) -> Map<String, Value> {
    let all = turn.world.images_in(&turn.call.region).into_iter();
    let matching: Vec<_> = all
        .filter(|(_, image)| Service::of(&image.id) == Some(Service::CompShare))
        .filter(|(owner, image)| wanted(owner, image) && query.lets_through(cloud, turn, image))
        .collect();
    let page = query.slice.of(matching.iter());
    let page: Vec<Value> = page.map(|(owner, image)| record(cloud, turn, owner, image)).collect();
    Map::from_iter([("TotalCount".to_owned(), matching.len().into()), ("ImageSet".to_owned(), page.into())])
}

/// The caller's own CompShare image of this id in the call's region. The code of its absence is not documented.
pub(super) fn own_image<'t>(turn: &'t Turn<'_>, id: &ImageId) -> Result<&'t Image, Refusal> {
    let found = turn.world.image_in(&turn.call.region, id);
    let own = found.filter(|(owner, image)| *owner == turn.caller && !image.public);
    let compshare = own.filter(|_| Service::of(id) == Some(Service::CompShare));
    compshare.map(|(_, image)| image).ok_or_else(|| not_available("CompShareImageId"))
}

fn record(cloud: &Ucloud, turn: &Turn<'_>, owner: &AccountId, image: &Image) -> Value {
    json!({
        "CompShareImageId": image.id,
        "Name": image.name,
        "Status": image.state(turn.now),
        "ImageType": "Custom",
        "Visibility": 0,
        "CreateTime": cloud.number(image.created.as_second()),
        "PubTime": cloud.number(0),
        "Size": cloud.number(i64::from(image.size_gib) * 1024),
        "Tags": image.tags.iter().map(|(key, value)| tag(key, value)).collect::<Vec<_>>(),
        "Description": "",
        "Author": "",
        "Owner": {"AccountId": cloud.account(owner), "AccountName": account_name(owner)},
        "GroupId": "",
        "VersionName": "",
        "VersionDesc": "",
        "FailedReason": "",
        "Price": 0,
        "Container": "False",
        "Softwares": [],
    })
}

/// Tags are single words here: a scenario's tag without a value is its key, one with a value `KEY=VALUE`.
fn tag(key: &str, value: &str) -> String {
    if value.is_empty() { key.to_owned() } else { format!("{key}={value}") }
}

pub(super) fn account_name(account: &AccountId) -> String {
    format!("account-{account}")
}
