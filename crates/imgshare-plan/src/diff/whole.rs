//! What can be said of a rule or a cloud as a whole only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imgshare_protocol::{Cloud, Description, Desired, ImageId, ProviderName, Rule, RuleName, Target};

use super::findings::Findings;
use crate::actual::{Actual, ActualImage};
use crate::plan::{AccountLabel, Blocked, BlockedKind, ImageName};
use crate::rules::target_of;
use crate::scope::Scope;
use crate::together::Names;

/// Why images of this cloud cannot be shared at all.
pub(super) fn unsupported<'a>(
    cloud: &Cloud,
    descriptions: &'a BTreeMap<ProviderName, Description>,
) -> Option<&'a str> {
    descriptions.get(&cloud.provider)?.sharing_unsupported.as_deref()
}

/// Blocks every rule of the scope on clouds that cannot share.
pub(super) fn unsupported_clouds(
    desired: &Desired,
    descriptions: &BTreeMap<ProviderName, Description>,
    scope: &Scope,
    findings: &mut Findings,
) {
    for cloud in desired.clouds.values() {
        let Some(why) = unsupported(cloud, descriptions) else { continue };
        let names = Names::new(desired, &cloud.name);
        for (rule, target) in scope.targets(desired).filter(|(_, target)| target.cloud == cloud.name) {
            let accounts = target.accounts.iter().map(|account| names.label(account)).collect();
            let hint = Some("take this cloud out of the rule".to_owned());
            let blocked = blocked(rule, cloud, BlockedKind::SharingUnsupported, why.to_owned());
            findings.blocked.push(Blocked { accounts, hint, ..blocked });
            findings.told.insert(rule.name.clone());
        }
    }
}

/// Blocks ids that none of their rule's regions has, once all of these were read.
pub(super) fn missing_images(desired: &Desired, actual: &Actual, scope: &Scope, findings: &mut Findings) {
    for rule in desired.rules.iter().filter(|rule| scope.has_rule(&rule.name)) {
        let (Some(first), Some(missing)) = (rule.targets.first(), missing_ids(rule, actual)) else {
            continue;
        };
        let Some(cloud) = desired.clouds.get(&first.cloud) else { continue };
        let names = Names::new(desired, &cloud.name);
        for id in missing {
            let accounts = first.accounts.iter().map(|account| names.label(account)).collect();
            findings.blocked.push(Blocked { accounts, ..missing_image(rule, cloud, id) });
            findings.told.insert(rule.name.clone());
        }
    }
}

/// The ids of the rule that are nowhere. `None`: it names none, or nobody knows because a region was not read.
fn missing_ids<'a>(rule: &'a Rule, actual: &Actual) -> Option<BTreeSet<&'a ImageId>> {
    let mut missing: BTreeSet<&ImageId> = rule.images.ids.as_ref()?.iter().collect();
    for images in rule.targets.iter().flat_map(|target| regions_of(rule, target, actual)) {
        for actual in images? {
            missing.remove(&actual.image.id);
        }
    }
    Some(missing)
}

/// The images of each region in which the rule selects. `None`: it was not read.
fn regions_of<'a>(
    rule: &'a Rule,
    target: &'a Target,
    actual: &'a Actual,
) -> impl Iterator<Item = Option<&'a Vec<ActualImage>>> {
    let own = if rule.copy_from.is_none() { target.regions.as_slice() } else { &[] };
    own.iter().chain(&rule.copy_from).map(|region| {
        let site = (target.cloud.clone(), region.clone());
        actual.regions.get(&site)?.as_ref().ok()
    })
}

/// An image that cannot be copied now.
pub(super) struct Unready {
    /// Why, as a word and in words, with a hint.
    pub(super) why: (BlockedKind, String, &'static str),
    /// The rules that want copies of it, by their place in the file.
    pub(super) rules: BTreeSet<usize>,
}

/// Tells what no region gets copies of, once for all regions.
pub(super) fn uncopied(
    desired: &Desired,
    descriptions: &BTreeMap<ProviderName, Description>,
    scope: &Scope,
    findings: &mut Findings,
) {
    for (number, cloud) in std::mem::take(&mut findings.uncopyable) {
        let Some(cloud) = desired.clouds.get(&cloud) else { continue };
        let why = descriptions.get(&cloud.provider).and_then(|about| about.copying.unsupported.clone());
        let why = why.unwrap_or_else(|| "the provider cannot copy images into other regions".to_owned());
        let hint = Some("copy the images by other means, or take copy_from out of the rule".to_owned());
        let rule = &desired.rules[number];
        let accounts = accounts(desired, cloud, &[rule]);
        let blocked = blocked(rule, cloud, BlockedKind::CopyUnsupported, why);
        findings.blocked.push(Blocked { accounts, hint, ..blocked });
    }
    for ((cloud, region, image), Unready { why, rules }) in std::mem::take(&mut findings.unready) {
        let Some(cloud) = desired.clouds.get(&cloud) else { continue };
        // A rule that shares the image itself too has told already.
        let rules = rules.into_iter().map(|number| &desired.rules[number]);
        let tells =
            |rule: &&Rule| target_of(rule, &cloud.name, &region).is_none() || !scope.has_region(&region);
        let rules: Vec<&Rule> = rules.filter(tells).collect();
        let Some(first) = rules.first() else { continue };
        let (kind, reason, hint) = why;
        findings.blocked.push(Blocked {
            rules: rules.iter().map(|rule| rule.name.clone()).collect(),
            region: Some(region),
            image: Some(image),
            accounts: accounts(desired, cloud, &rules),
            hint: Some(hint.to_owned()),
            ..blocked(first, cloud, kind, reason)
        });
    }
}

/// The accounts of these rules on this cloud, by id.
fn accounts(desired: &Desired, cloud: &Cloud, rules: &[&Rule]) -> Vec<Arc<AccountLabel>> {
    let names = Names::new(desired, &cloud.name);
    let targets = rules.iter().flat_map(|rule| &rule.targets).filter(|target| target.cloud == cloud.name);
    let accounts: BTreeSet<_> = targets.flat_map(|target| &target.accounts).collect();
    accounts.into_iter().map(|account| names.label(account)).collect()
}

fn missing_image(rule: &Rule, cloud: &Cloud, id: &ImageId) -> Blocked {
    let reason = "no region of the rule has an image with this id".to_owned();
    Blocked {
        image: Some(ImageName { id: id.clone(), name: String::new() }),
        hint: Some("mend the id, or add the image's region to the rule".to_owned()),
        ..blocked(rule, cloud, BlockedKind::ImageMissing, reason)
    }
}

/// A blocked item about one rule on one cloud, still without accounts.
fn blocked(rule: &Rule, cloud: &Cloud, kind: BlockedKind, reason: String) -> Blocked {
    Blocked {
        rules: vec![rule.name.clone()],
        cloud: cloud.name.clone(),
        provider: cloud.provider.clone(),
        kind,
        reason,
        place: Some(rule.place.clone()),
        ..Blocked::default()
    }
}

/// Rules of the scope of which there is nothing else to tell, though all their regions were read.
pub(super) fn empty_rules(
    desired: &Desired,
    actual: &Actual,
    scope: &Scope,
    findings: &Findings,
) -> Vec<RuleName> {
    let rules = desired.rules.iter().filter(|rule| scope.has_rule(&rule.name));
    let untold = rules.filter(|rule| !findings.told.contains(&rule.name));
    let read = |rule: &Rule, target| regions_of(rule, target, actual).all(|images| images.is_some());
    let empty = untold.filter(|rule| rule.targets.iter().all(|target| read(rule, target)));
    empty.map(|rule| rule.name.clone()).collect()
}
