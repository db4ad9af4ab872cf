//! One region: all its rules meet all its images.

use std::collections::{HashMap, HashSet};

use imgshare_protocol::{Error, ImageId};

use super::copies::{Copies, can_copy};
use super::findings::{Findings, Site};
use super::image::Meeting;
use crate::actual::{ActualImage, SharesRead};
use crate::plan::Unreadable;
use crate::rules::{Rules, in_order};
use crate::survey::Survey;
use crate::together::{Names, Together};
use crate::view::{By, View, copying};
use crate::wanted::{Found, Images};

/// Compares one region with what its rules say.
pub(super) fn compare(
    survey: &Survey<'_>,
    rules: &Rules<'_>,
    site: Site<'_>,
    listed: &[ActualImage],
    images: &Images<'_>,
    findings: &mut Findings,
) {
    let view = View::new(survey, rules, site.cloud, site.region, images);
    if !view.rules.iter().any(|here| here.in_scope) {
        return;
    }
    let names = Names::new(survey.desired, &site.cloud.name);
    let shares = in_order(listed, |actual| &actual.image).into_iter().map(|actual| &actual.shares);
    compare_images(&view, site, &names, shares, findings);
    let copying = copying(survey, site.cloud);
    let can = can_copy(&site.cloud.provider, survey.descriptions);
    Copies { site, view: &view, names: &names, copying: &copying, can, now: survey.now }.plan(findings);
    let wanting = view.wanted.iter().flat_map(|wanted| &wanted.rules).map(|&rule| &view.rules[rule]);
    findings.told.extend(wanting.filter(|here| here.in_scope).map(|here| here.rule.name.clone()));
}

/// Tells of a region that could not be listed.
pub(super) fn unread(survey: &Survey<'_>, site: Site<'_>, error: &Error, findings: &mut Findings) {
    let rules = survey.scope.rules_about(survey.desired, &site.cloud.name, site.region);
    if rules.is_empty() {
        return;
    }
    findings.unreadable.push(Unreadable {
        rules,
        cloud: site.cloud.name.clone(),
        provider: site.cloud.provider.clone(),
        region: site.region.clone(),
        image: None,
        snapshot: None,
        error: error.clone(),
    });
}

/// Images that the same rules select want the same: their union is made once.
fn compare_images<'s>(
    view: &View<'_, '_>,
    site: Site<'_>,
    names: &Names,
    shares: impl Iterator<Item = &'s SharesRead>,
    findings: &mut Findings,
) {
    let awaited = awaited(view);
    let mut unions: HashMap<&By, Option<Together>> = HashMap::new();
    for ((image, by), shares) in view.images.iter().zip(&view.by).zip(shares) {
        let union = unions.entry(by).or_insert_with(|| Together::new(&view.rules, by, names));
        match union {
            Some(together) if !awaited.contains(&image.id) => {
                Meeting { site, together, names, image }.compare(shares, findings);
            }
            _ => {}
        }
    }
    let told = unions.into_values().flatten().flat_map(|together| together.rules);
    findings.told.extend(told);
}

/// Copies that the run awaits: that they are not available yet blocks nobody.
fn awaited<'v>(view: &'v View<'_, '_>) -> HashSet<&'v ImageId> {
    let wanted = view.wanted.iter().filter(|wanted| view.in_scope(wanted));
    let making = wanted.filter_map(|wanted| match wanted.found {
        Found::Making(place) => Some(&view.images[place].id),
        _ => None,
    });
    making.collect()
}
