//! One region: all its rules meet all its images.

use std::collections::{BTreeMap, HashMap, HashSet};

use imgshare_protocol::{Error, ImageId, SnapshotId};

use super::acceptances::Logins;
use super::copies::{Copies, can_copy};
use super::findings::{Findings, Site};
use super::image::Meeting;
use super::snapshots::{self, Snapshots};
use crate::actual::{ActualImage, SharesRead};
use crate::rules::{Rules, in_order};
use crate::survey::Survey;
use crate::together::{Names, Together};
use crate::view::{By, View, copying};
use crate::wanted::{Found, Images};

/// What was read of one region.
pub(super) struct Read<'a> {
    pub(super) listed: &'a [ActualImage],
    /// Who has its snapshots, as far as that was asked.
    pub(super) snapshots: Option<&'a BTreeMap<SnapshotId, SharesRead>>,
    /// The images of all the cloud's regions.
    pub(super) images: &'a Images<'a>,
}

/// Compares one region with what its rules say.
pub(super) fn compare(
    survey: &Survey<'_>,
    rules: &Rules<'_>,
    site: Site<'_>,
    read: &Read<'_>,
    findings: &mut Findings,
) {
    let view = View::new(survey, rules, site.cloud, site.region, read.images);
    if !view.rules.iter().any(|here| here.in_scope) {
        return;
    }
    let names = Names::new(survey.desired, &site.cloud.name);
    let logins = Logins::new(survey.desired, &site.cloud.name);
    let shares = in_order(read.listed, |actual| &actual.image).into_iter().map(|actual| &actual.shares);
    compare_images(&view, site, &names, &logins, shares, findings);
    let about = survey.descriptions.get(&site.cloud.provider);
    let batching = about.map(|about| snapshots::batching(&about.snapshots)).unwrap_or_default();
    Snapshots { site, view: &view, names: &names, batching, read: read.snapshots }.compare(findings);
    Copies {
        site,
        view: &view,
        names: &names,
        logins: &logins,
        copying: &copying(survey, site.cloud),
        snapshot_batching: batching,
        can: can_copy(&site.cloud.provider, survey.descriptions),
        now: survey.now,
    }
    .plan(findings);
    let wanting = view.wanted.iter().flat_map(|wanted| &wanted.rules).map(|&rule| &view.rules[rule]);
    findings.told.extend(wanting.filter(|here| here.in_scope).map(|here| here.rule.name.clone()));
}

/// Tells of a region that could not be listed.
pub(super) fn unread(survey: &Survey<'_>, site: Site<'_>, error: &Error, findings: &mut Findings) {
    let rules = survey.scope.rules_about(survey.desired, &site.cloud.name, site.region);
    if rules.is_empty() {
        return;
    }
    findings.unreadable.push(site.unreadable(rules, None, error.clone()));
}

/// Images that the same rules select want the same: their union is made once.
fn compare_images<'s>(
    view: &View<'_, '_>,
    site: Site<'_>,
    names: &Names,
    logins: &Logins<'_>,
    shares: impl Iterator<Item = &'s SharesRead>,
    findings: &mut Findings,
) {
    let awaited = awaited(view);
    let mut unions: HashMap<&By, Option<Together>> = HashMap::new();
    for ((image, by), shares) in view.images.iter().zip(&view.by).zip(shares) {
        let union = unions.entry(by).or_insert_with(|| Together::new(&view.rules, by, names));
        match union {
            Some(together) if !awaited.contains(&image.id) => {
                Meeting { site, together, names, logins, image }.compare(shares, findings);
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
