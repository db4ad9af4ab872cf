//! Parts of regions, and `DescribeCompShareSupportZone`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::params::Params;
use super::{Answer, Ucloud};
use crate::cloud::Refusal;
use crate::ids::RegionId;
use crate::turn::Turn;
use crate::world::Image;

/// The zones of the regions that say which they have; the others have one, `REGION-01`.
#[derive(Debug)]
pub(super) struct Zones(BTreeMap<RegionId, Vec<String>>);

impl Zones {
    pub(super) fn new(zones: BTreeMap<RegionId, Vec<String>>) -> Self {
        Self(zones)
    }

    pub(super) fn of_region(&self, region: &RegionId) -> Vec<String> {
        let listed = self.0.get(region).filter(|zones| !zones.is_empty());
        listed.cloned().unwrap_or_else(|| vec![format!("{region}-01")])
    }

    /// The zone of an image in a region: the first unless it says another.
    pub(super) fn of_image(&self, region: &RegionId, image: &Image) -> String {
        let first = || self.of_region(region).swap_remove(0);
        image.zone.clone().unwrap_or_else(first)
    }

    /// Refuses a zone that the region does not have.
    pub(super) fn check(&self, region: &RegionId, zone: Option<&str>) -> Result<(), Refusal> {
        let known = zone.is_none_or(|zone| self.of_region(region).iter().any(|of| of == zone));
        known.then_some(()).ok_or_else(|| Refusal::new("293", "Zone is not permitted"))
    }
}

pub(super) fn describe(cloud: &Ucloud, turn: &Turn<'_>, params: &mut Params) -> Answer {
    params.finish()?;
    let region = &turn.call.region;
    let info = |(number, zone): (usize, String)| {
        json!({
            "Region": region,
            "Zone": zone,
            "RegionId": 1_000_001,
            "ZoneId": 5001 + number,
            "Describe": format!("simulated zone {zone}"),
        })
    };
    let zones: Vec<Value> = cloud.zones.of_region(region).into_iter().enumerate().map(info).collect();
    Ok(Map::from_iter([("ZoneInfo".to_owned(), zones.into())]))
}
