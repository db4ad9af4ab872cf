//! Desired x actual -> plan.

mod early;
mod fence;
mod findings;
mod image;
mod limits;
mod region;
mod whole;

use std::collections::BTreeMap;

use imgshare_protocol::{Description, Desired, ProviderName, Timestamp};

use crate::actual::Actual;
use crate::plan::Plan;
use crate::rules::Rules;
use crate::scope::Bounds;
pub use early::{EarlyAdditions, EarlyChange};
use findings::{Findings, Site};

/// What has to change so that `actual` becomes what `desired` says.
///
/// Of the `descriptions` only those matter that say that a cloud cannot share images; the limits in force are those
/// of `desired`. The time must be the one that the survey's queries were made with.
///
/// # Panics
///
/// When a pattern in a rule does not compile; the config's reader has refused those.
pub fn diff(
    desired: &Desired,
    descriptions: &BTreeMap<ProviderName, Description>,
    actual: &Actual,
    now: Timestamp,
    bounds: &Bounds,
) -> Plan {
    let rules = Rules::new(desired, now);
    let mut findings = Findings::default();
    for ((cloud, region), read) in &actual.regions {
        let Some(cloud) = desired.clouds.get(cloud) else { continue };
        if whole::unsupported(cloud, descriptions).is_none() {
            let here = rules.of(&cloud.name, region, &bounds.scope);
            region::compare(desired, &here, Site { cloud, region }, read, &mut findings);
        }
    }
    whole::unsupported_clouds(desired, descriptions, &bounds.scope, &mut findings);
    whole::missing_images(desired, actual, &bounds.scope, &mut findings);
    let empty_rules = whole::empty_rules(desired, actual, &bounds.scope, &findings);
    fence::hold(bounds.max_removals.or(desired.fence.max_removals), &mut findings);
    let changes = limits::fit(&mut findings);
    findings.into_plan(desired, changes, empty_rules)
}
