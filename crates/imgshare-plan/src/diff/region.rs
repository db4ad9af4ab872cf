//! One region: all its rules meet all its images.

use std::collections::HashMap;

use imgshare_protocol::{Desired, Error, Result};

use super::findings::{Findings, Site};
use super::image::Meeting;
use crate::actual::ActualImage;
use crate::plan::Unreadable;
use crate::rules::{RuleHere, each_once, selected};
use crate::together::{Names, Together};

/// Compares one region with what its rules say.
pub(super) fn compare(
    desired: &Desired,
    rules: &[RuleHere<'_, '_>],
    site: Site<'_>,
    read: &Result<Vec<ActualImage>>,
    findings: &mut Findings,
) {
    if !rules.iter().any(|here| here.in_scope) {
        return;
    }
    match read {
        Ok(images) => compare_images(desired, rules, site, images, findings),
        Err(error) => findings.unreadable.push(unreadable(rules, site, error)),
    }
}

fn unreadable(rules: &[RuleHere<'_, '_>], site: Site<'_>, error: &Error) -> Unreadable {
    let in_scope = rules.iter().filter(|here| here.in_scope);
    Unreadable {
        rules: in_scope.map(|here| here.rule.name.clone()).collect(),
        cloud: site.cloud.name.clone(),
        provider: site.cloud.provider.clone(),
        region: site.region.clone(),
        image: None,
        error: error.clone(),
    }
}

/// Images that the same rules select want the same: their union is made once.
fn compare_images(
    desired: &Desired,
    rules: &[RuleHere<'_, '_>],
    site: Site<'_>,
    images: &[ActualImage],
    findings: &mut Findings,
) {
    let mut images = each_once(images, |actual| &actual.image);
    images.sort_by(|a, b| (&a.image.name, &a.image.id).cmp(&(&b.image.name, &b.image.id)));
    let names = Names::new(desired, &site.cloud.name);
    let mut unions: HashMap<&[usize], Option<Together>> = HashMap::new();
    let selected = selected(rules, &images.iter().map(|actual| &actual.image).collect::<Vec<_>>());
    for (actual, by) in images.iter().zip(&selected) {
        let union = unions.entry(by).or_insert_with(|| Together::new(rules, by, &names));
        if let Some(together) = union {
            Meeting { site, together, names: &names, image: &actual.image }.compare(&actual.shares, findings);
        }
    }
    let told = unions.into_values().flatten().flat_map(|together| together.rules);
    findings.told.extend(told);
}
