//! Desired x actual -> plan.

mod acceptances;
mod copies;
mod early;
mod fence;
mod findings;
mod image;
mod limits;
mod questions;
mod region;
mod snapshots;
mod whole;

use std::collections::BTreeMap;

use imgshare_protocol::{Cloud, CloudName, Description, Desired, ProviderName, Timestamp};

use crate::actual::Actual;
use crate::estimate::estimate;
use crate::plan::Plan;
use crate::rules::{Rules, in_order};
use crate::scope::Bounds;
use crate::survey::Survey;
use crate::wanted::Images;
pub use early::{EarlyAdditions, EarlyChange};
use findings::{Findings, Site};
pub use questions::questions;
use region::Read;

/// What has to change so that `actual` becomes what `desired` says.
///
/// Of the `descriptions` only what they say of sharing, copying and quotas matters; the limits in force are those of
/// `desired`. The time must be the one that the survey's queries were made with.
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
    let survey = Survey { desired, descriptions, scope: &bounds.scope, now };
    let rules = Rules::new(desired, now);
    let mut findings = Findings::default();
    for cloud in desired.clouds.values() {
        if whole::unsupported(cloud, descriptions).is_none() {
            compare_cloud(&survey, &rules, cloud, actual, &mut findings);
        }
    }
    whole::unsupported_clouds(desired, descriptions, &bounds.scope, &mut findings);
    whole::missing_images(desired, actual, &bounds.scope, &mut findings);
    whole::uncopied(desired, descriptions, &bounds.scope, &mut findings);
    let empty_rules = whole::empty_rules(desired, actual, &bounds.scope, &findings);
    fence::hold(bounds.max_removals.or(desired.fence.max_removals), &mut findings);
    let changes = limits::fit(&mut findings);
    acceptances::complete(desired, &changes, &mut findings);
    let plan = findings.into_plan(desired, changes, empty_rules);
    let estimate = estimate(&plan, actual, desired, descriptions);
    Plan { estimate, ..plan }
}

/// Compares all regions of one cloud that were listed.
fn compare_cloud(
    survey: &Survey<'_>,
    rules: &Rules<'_>,
    cloud: &Cloud,
    actual: &Actual,
    findings: &mut Findings,
) {
    let images = images_of(&cloud.name, actual);
    for ((_, region), read) in actual.regions.iter().filter(|((of, _), _)| *of == cloud.name) {
        let site = Site { cloud, region };
        match read {
            Ok(listed) => {
                let snapshots = actual.snapshots.get(&(cloud.name.clone(), region.clone()));
                let read = Read { listed, snapshots, images: &images };
                region::compare(survey, rules, site, &read, findings);
            }
            Err(error) => region::unread(survey, site, error, findings),
        }
    }
}

/// The images of those regions of this cloud that could be listed.
fn images_of<'a>(cloud: &CloudName, actual: &'a Actual) -> Images<'a> {
    let regions = actual.regions.iter().filter(|((of, _), _)| of == cloud);
    let listed = regions.filter_map(|((_, region), read)| Some((region, read.as_ref().ok()?)));
    let images = listed.map(|(region, images)| {
        (region, in_order(images.iter().map(|actual| &actual.image), |&image| image))
    });
    images.collect()
}
