//! `DescribeImages`: <https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeimages>.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::params::Params;
use super::query::Query;
use super::scenario::{Behaviour, SelfShared};
use super::{AVAILABLE, Answer, DEPRECATED, dry_run_passed};
use crate::ids::AccountId;
use crate::json::wrapped;
use crate::turn::Turn;
use crate::world::Image;

/// Conditions that the real cloud knows and no simulated image is told apart by.
const ACCEPTED: [&str; 7] =
    ["ResourceGroupId", "SnapshotId", "IsPublic", "ImageOwnerId", "Architecture", "OSType", "Usage"];

/// An image as one account sees it.
struct Listed<'a> {
    image: &'a Image,
    alias: &'static str,
    owner: &'a AccountId,
}

pub(super) fn describe(behaviour: &Behaviour, turn: &Turn<'_>, params: &mut Params) -> Answer {
    let query = Query::read(params)?;
    for name in ACCEPTED {
        params.take(name);
    }
    let dry_run = params.take_flag("DryRun")?;
    params.finish()?;
    if dry_run {
        return Err(dry_run_passed());
    }
    let matching = matching(turn, &query);
    let page: Vec<Value> =
        query.page.of(matching.iter()).map(|listed| record(behaviour, turn, listed)).collect();
    Ok(Map::from_iter([
        ("TotalCount".to_owned(), matching.len().into()),
        ("PageNumber".to_owned(), query.page.number.into()),
        ("PageSize".to_owned(), query.page.size.into()),
        ("RegionId".to_owned(), turn.call.region.as_str().into()),
        ("Images".to_owned(), wrapped("Image", page)),
    ]))
}

fn matching<'t>(turn: &'t Turn<'_>, query: &Query) -> Vec<Listed<'t>> {
    let all = turn.world.images_in(&turn.call.region).into_iter();
    let seen = all.filter_map(|(owner, image)| seen(turn, owner, image));
    let wanted = |listed: &Listed<'_>| query.owner_alias.as_deref().is_none_or(|alias| alias == listed.alias);
    seen.filter(wanted).filter(|listed| query.lets_through(listed.image, turn.now)).collect()
}

/// How the caller sees an image, if at all.
fn seen<'t>(turn: &Turn<'_>, owner: &'t AccountId, image: &'t Image) -> Option<Listed<'t>> {
    let alias = if image.public {
        "system"
    } else if owner == turn.caller {
        "self"
    } else if turn.receives(image) {
        "others"
    } else {
        return None;
    };
    Some(Listed { image, alias, owner })
}

fn record(behaviour: &Behaviour, turn: &Turn<'_>, listed: &Listed<'_>) -> Value {
    let image = listed.image;
    let tags: Vec<Value> =
        image.tags.iter().map(|(key, value)| json!({"TagKey": key, "TagValue": value})).collect();
    json!({
        "ImageId": image.id,
        "ImageName": image.name,
        "Description": "",
        "ImageFamily": image.family.as_deref().unwrap_or_default(),
        "ImageVersion": "",
        "ImageOwnerAlias": listed.alias,
        "ImageOwnerId": listed.owner.as_str().parse::<u64>().ok(),
        "Status": image.state(turn.now),
        "CreationTime": image.created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "Progress": progress(image, turn.now),
        "Size": image.size_gib,
        "OSType": if image.platform.contains("Windows") { "windows" } else { "linux" },
        "OSName": format!("{} 64位", image.platform),
        "OSNameEn": format!("{} 64 bit", image.platform),
        "Platform": image.platform,
        "Architecture": "x86_64",
        "IsPublic": image.public,
        "IsSelfShared": self_shared(behaviour, listed),
        "IsCopied": image.origin.is_some(),
        "IsSubscribed": false,
        "Tags": {"Tag": tags},
        "DiskDeviceMappings": {"DiskDeviceMapping": disks(image)},
        "ResourceGroupId": "",
        "Usage": "none",
    })
}

/// How much of an image is there. What an image that is not ready and not being copied says is our choice.
fn progress(image: &Image, now: Timestamp) -> String {
    let ready = [AVAILABLE, DEPRECATED].contains(&image.state(now));
    let percent = image.percent(now).unwrap_or(if ready { 100 } else { 0 });
    format!("{percent}%")
}

/// The system disk of an encrypted image; the others say nothing about theirs. Which key it is, no record tells.
fn disks(image: &Image) -> Vec<Value> {
    image.encryption.iter().map(|_| json!({"Encrypted": true})).collect()
}

/// A text, not a boolean: recorded answers of the real cloud have "True", "False" and, for images of others, "".
fn self_shared(behaviour: &Behaviour, listed: &Listed<'_>) -> &'static str {
    if behaviour.self_shared == SelfShared::Empty || listed.alias != "self" {
        return "";
    }
    let shared = !listed.image.shares.is_empty() || !listed.image.share_groups.is_empty();
    if shared { "True" } else { "False" }
}
