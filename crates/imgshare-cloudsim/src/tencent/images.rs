//! `DescribeImages`: <https://cloud.tencent.com/document/api/213/15715>.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::filters::{self, Condition, Filter};
use super::params::Params;
use super::scenario::Behaviour;
use super::{Answer, NORMAL, SYNCING, check_image_id, image_not_found};
use crate::cloud::Refusal;
use crate::ids::{AccountId, ImageId};
use crate::turn::Turn;
use crate::world::Image;

const LIMIT_DEFAULT: i64 = 20;
const LIMIT_MAX: i64 = 100;
/// How far an image is that a scenario says to be in SYNCING. When the percentage is null is our choice: when the image
/// is in any other state.
const SEEDED_PERCENT: u8 = 50;

/// An image as one account sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed<'a> {
    pub(super) image: &'a Image,
    pub(super) kind: &'static str,
    owner: &'a AccountId,
}

/// Which images, and which part of them.
struct Query {
    ids: Vec<ImageId>,
    conditions: Vec<Condition>,
    offset: usize,
    limit: usize,
}

pub(super) fn describe(behaviour: &Behaviour, turn: &Turn<'_>, params: &mut Params) -> Answer {
    let query = Query::read(params)?;
    let matching = matching(turn, &query)?;
    let page = matching.iter().skip(query.offset).take(query.limit);
    let mut page: Vec<Value> = page.map(|listed| record(listed, turn.now)).collect();
    if behaviour.sparse_records {
        page.iter_mut().for_each(thin_out);
    }
    Ok(Map::from_iter([
        ("TotalCount".to_owned(), matching.len().into()),
        ("ImageSet".to_owned(), page.into()),
    ]))
}

impl Query {
    fn read(params: &mut Params) -> Result<Self, Refusal> {
        let ids: Vec<ImageId> = params.take("ImageIds")?.unwrap_or_default();
        let filters: Vec<Filter> = params.take("Filters")?.unwrap_or_default();
        let offset = params.take("Offset")?.unwrap_or(0);
        let limit = params.take("Limit")?.unwrap_or(LIMIT_DEFAULT);
        let _: Option<String> = params.take("InstanceType")?;
        params.finish()?;
        if !ids.is_empty() && !filters.is_empty() {
            return Err(ids_and_filters());
        }
        let conditions = filters::read(filters)?;
        let (offset, limit) = (within(offset, 0, i64::MAX)?, within(limit, 1, LIMIT_MAX)?);
        Ok(Self { ids, conditions, offset, limit })
    }
}

/// The page position, when it lies in the range.
fn within(number: i64, least: i64, most: i64) -> Result<usize, Refusal> {
    let allowed = (least..=most).contains(&number);
    let number = usize::try_from(number).ok().filter(|_| allowed);
    number.ok_or_else(|| {
        let message = "The parameter `Offset` or `Limit` is out of range.";
        Refusal::new("InvalidParameterValue.InvalidParameterValueLimit", message)
    })
}

fn ids_and_filters() -> Refusal {
    let message = "ImageIds and Filters cannot be specified at the same time.";
    Refusal::new("InvalidParameter.InvalidParameterCoexistImageIdsFilters", message)
}

fn matching<'t>(turn: &'t Turn<'_>, query: &Query) -> Result<Vec<Listed<'t>>, Refusal> {
    if query.ids.is_empty() {
        let all = turn.world.images_in(&turn.call.region).into_iter();
        let seen = all.filter_map(|(owner, image)| seen(turn, owner, image));
        return Ok(seen.filter(|listed| filters::let_through(&query.conditions, listed)).collect());
    }
    query.ids.iter().map(|id| by_id(turn, id)).collect()
}

/// The image of this id in the call's region, when the caller can see it.
pub(super) fn by_id<'t>(turn: &'t Turn<'_>, id: &ImageId) -> Result<Listed<'t>, Refusal> {
    check_image_id(id)?;
    let found = turn.world.image_in(&turn.call.region, id);
    found.and_then(|(owner, image)| seen(turn, owner, image)).ok_or_else(|| image_not_found(id))
}

/// How the caller sees an image, if at all.
fn seen<'t>(turn: &'t Turn<'_>, owner: &'t AccountId, image: &'t Image) -> Option<Listed<'t>> {
    let kind = if image.public {
        "PUBLIC_IMAGE"
    } else if owner == turn.caller {
        "PRIVATE_IMAGE"
    } else if turn.receives(image) {
        "SHARED_IMAGE"
    } else {
        return None;
    };
    Some(Listed { image, kind, owner })
}

fn record(listed: &Listed<'_>, now: Timestamp) -> Value {
    let image = listed.image;
    let state = image.state(now);
    let tags: Vec<Value> =
        image.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    json!({
        "ImageId": image.id,
        "ImageName": image.name,
        "ImageDescription": "",
        "ImageType": listed.kind,
        "ImageState": state,
        // Images with an offset and shares with a Z, as in the vendor's examples: a reader must take both.
        "CreatedTime": image.created.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        "ImageSize": image.size_gib,
        "Platform": image.platform,
        "OsName": format!("{} 64bit", image.platform),
        "Architecture": "x86_64",
        "ImageCreator": listed.owner,
        "ImageSource": "CREATE_IMAGE",
        "SyncPercent": (state == SYNCING).then(|| image.percent(now).unwrap_or(SEEDED_PERCENT)),
        "IsSupportCloudinit": true,
        "SnapshotSet": [],
        "Tags": tags,
        "LicenseType": "TencentCloud",
        "ImageFamily": image.family,
        "ImageDeprecated": false,
    })
}

/// Sets everything to null that a client can do without.
fn thin_out(record: &mut Value) {
    const KEPT: [&str; 5] = ["ImageId", "ImageName", "ImageType", "ImageState", "CreatedTime"];
    let fields = record.as_object_mut().into_iter().flatten();
    fields.filter(|(name, _)| !KEPT.contains(&name.as_str())).for_each(|(_, value)| *value = Value::Null);
}

/// Whether an image is ready for use.
pub(super) fn is_normal(image: &Image, now: Timestamp) -> bool {
    image.state(now) == NORMAL
}
