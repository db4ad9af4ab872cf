//! The zones that CompShare has in a region.

use imgshare_sdk::Region;
use serde::{Deserialize, Serialize};

use super::Ask;
use super::lenient::{List, Text};

#[derive(Serialize)]
struct NoParameters {}

/// The zones of CompShare, as the cloud names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ZoneInfo {
    zone_info: List<ZoneRecord>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ZoneRecord {
    region: Option<Text>,
    zone: Option<Text>,
}

/// Asks for the zones of a region.
pub fn describe() -> Ask {
    Ask::new("DescribeCompShareSupportZone", &NoParameters {}, true)
}

/// Reads those of this region, each once.
pub fn zones(answer: ZoneInfo, region: &Region) -> Vec<String> {
    let here = |record: &ZoneRecord| record.region.as_ref().is_none_or(|of| of.0 == region.as_str());
    let records = answer.zone_info.0.into_iter().filter(here);
    let mut zones: Vec<_> = records.filter_map(|record| record.zone).map(|zone| zone.0).collect();
    zones.retain(|zone| !zone.is_empty());
    zones.sort();
    zones.dedup();
    zones
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        zones(serde_json::from_str(text).unwrap(), &"cn-wlcb".into())
    }

    #[test]
    fn only_the_zones_of_the_region_count_and_each_once() {
        let text = r#"{"ZoneInfo":[{"Region":"cn-wlcb","Zone":"cn-wlcb-02"},{"Region":"cn-sh2","Zone":"cn-sh2-02"},
                       {"Zone":"cn-wlcb-01"},{"Region":"cn-wlcb","Zone":"cn-wlcb-02"},{"Region":"cn-wlcb"},null]}"#;
        assert_eq!(read(text), ["cn-wlcb-01", "cn-wlcb-02"]);
    }

    #[test]
    fn a_region_may_have_no_zones() {
        for text in ["{}", r#"{"ZoneInfo":null}"#, r#"{"ZoneInfo":{}}"#, r#"{"ZoneInfo":[{"Zone":""}]}"#] {
            assert_eq!(read(text), [""; 0], "{text}");
        }
    }
}
