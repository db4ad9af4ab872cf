//! What applying a plan takes: its calls, and the time that they need under the quotas.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{
    CloudName, Description, Desired, OperationKind, ProviderName, Quota, QuotaScope, Region,
};

use crate::acceptance::PlannedAcceptance;
use crate::actual::Actual;
use crate::plan::{Estimate, Plan, PlannedChange};

/// Calls by cloud, region and what they are for.
type Calls = BTreeMap<(CloudName, Region, OperationKind), u64>;

/// The estimate of this plan. `None`: nobody counted the survey's calls.
pub(crate) fn estimate(
    plan: &Plan,
    actual: &Actual,
    desired: &Desired,
    descriptions: &BTreeMap<ProviderName, Description>,
) -> Option<Estimate> {
    if actual.calls.is_empty() {
        return None;
    }
    let mut calls = actual.calls.clone();
    plan.to_do().for_each(|change| add_change(&mut calls, change));
    add_copies(&mut calls, plan);
    add_acceptances(&mut calls, plan);
    let clouds = desired.clouds.values();
    let seconds = clouds.filter_map(|cloud| {
        let quotas = quotas(descriptions.get(&cloud.provider)?, &cloud.limits.calls_per_second);
        seconds(calls.iter().filter(|((of, _, _), _)| *of == cloud.name), &quotas)
    });
    Some(Estimate { calls: calls.values().sum(), seconds: seconds.reduce(f64::max) })
}

/// The writes of one change, and reading it back.
fn add_change(calls: &mut Calls, change: &PlannedChange) {
    let mut add = |operation, count| add(calls, &change.cloud, &change.region, operation, count);
    let (write, read) = match change.snapshot {
        None => (OperationKind::ChangeShares, OperationKind::ReadShares),
        Some(_) => (OperationKind::ChangeSnapshotShares, OperationKind::ReadSnapshotShares),
    };
    add(write, change.batch_count());
    add(read, 1);
}

/// Each is one call of its receiver; then its image's owner reads it back, once for all acceptances of the image.
fn add_acceptances(calls: &mut Calls, plan: &Plan) {
    let mut images = BTreeSet::new();
    for acceptance in plan.to_do_acceptances() {
        let PlannedAcceptance { cloud, region, image, with, .. } = acceptance;
        add(calls, with, region, OperationKind::AcceptShare, 1);
        if images.insert((cloud, region, &image.id)) {
            add(calls, cloud, region, OperationKind::ReadShares, 1);
        }
    }
}

/// Each copy that is still to be made is one call; one that gets accounts is read before and after its writes.
fn add_copies(calls: &mut Calls, plan: &Plan) {
    for copy in plan.to_do_copies() {
        if copy.begun.is_none() {
            add(calls, &copy.cloud, &copy.source_region, OperationKind::CopyImage, 1);
        }
        if !copy.add.is_empty() {
            let share = copy.share_of(Default::default());
            add_change(calls, &share);
            add(calls, &copy.cloud, &copy.region, OperationKind::ReadShares, 1);
        }
    }
}

fn add(calls: &mut Calls, cloud: &CloudName, region: &Region, operation: OperationKind, count: u64) {
    *calls.entry((cloud.clone(), region.clone(), operation)).or_default() += count;
}

/// A quota with a figure.
struct Pace<'a> {
    action: &'a str,
    per_second: f64,
    per_region: bool,
}

/// What limits each operation. One that makes calls of several kinds is left out: nobody knows how many of which.
fn quotas<'a>(
    about: &'a Description,
    overrides: &BTreeMap<String, f64>,
) -> BTreeMap<OperationKind, Pace<'a>> {
    let alone =
        |quota: &&Quota| about.quotas.iter().filter(|other| other.operation == quota.operation).count() == 1;
    let quotas = about.quotas.iter().filter(alone).filter_map(|quota| {
        let per_second = overrides.get(&quota.action).copied().unwrap_or(quota.calls_per_second);
        let per_region = quota.per == QuotaScope::Region;
        let pace = Pace { action: &quota.action, per_second, per_region };
        (per_second.is_finite() && per_second > 0.0).then_some((quota.operation, pace))
    });
    quotas.collect()
}

/// The time that these calls of one cloud take: its queues are worked off side by side, so the longest counts. `None`:
/// no quota is known.
fn seconds<'a>(
    calls: impl Iterator<Item = (&'a (CloudName, Region, OperationKind), &'a u64)>,
    quotas: &BTreeMap<OperationKind, Pace<'_>>,
) -> Option<f64> {
    let mut queues: BTreeMap<(&str, Option<&Region>), f64> = BTreeMap::new();
    for ((_, region, operation), count) in calls {
        let Some(pace) = quotas.get(operation) else { continue };
        let queue = (pace.action, pace.per_region.then_some(region));
        *queues.entry(queue).or_default() += *count as f64 / pace.per_second;
    }
    queues.into_values().reduce(f64::max)
}
