//! `[clouds.X.limits]`: the cloud's limits, where they are no longer what the provider says.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{Description, Limits};

use crate::findings::Findings;
use crate::table::{Entry, Table};
use crate::{keys, suggest};

/// Calls in a second that the file may name. Less than the least would stand still, more than the most is no limit.
const CALLS_PER_SECOND: std::ops::RangeInclusive<f64> = 0.001..=1_000_000.0;

/// The limits in force: the provider's with the file's over them.
pub(crate) fn read(
    cloud: &Table<'_>,
    description: Option<&Description>,
    findings: &mut Findings<'_>,
) -> Limits {
    let mut limits = description.map(|description| description.limits.clone()).unwrap_or_default();
    let title = format!("{}.limits]", cloud.title.trim_end_matches(']'));
    if let Some(table) = cloud.get("limits").and_then(|entry| entry.table(title, findings)) {
        let table = table.only(&keys::LIMITS, findings);
        overlay(&mut limits, &table, findings);
        limits.calls_per_second.extend(calls_per_second(&table, description, findings));
    }
    limits
}

fn overlay(limits: &mut Limits, table: &Table<'_>, findings: &mut Findings<'_>) {
    for (key, limit) in [
        ("images_per_page", &mut limits.images_per_page),
        ("accounts_per_change", &mut limits.accounts_per_change),
        ("accounts_per_image", &mut limits.accounts_per_image),
        ("images_per_region", &mut limits.images_per_region),
    ] {
        if let Some(entry) = table.get(key) {
            *limit = entry.count(1, findings);
        }
    }
    for (key, flag) in [
        ("add_and_remove_together", &mut limits.add_and_remove_together),
        ("bad_account_spoils_change", &mut limits.bad_account_spoils_change),
    ] {
        if let Some(value) = table.get(key).and_then(|entry| entry.flag(findings)) {
            *flag = value;
        }
    }
}

/// The paces that the file names, by the cloud's names of its calls.
fn calls_per_second(
    limits: &Table<'_>,
    description: Option<&Description>,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, f64> {
    let title = format!("{}.calls_per_second]", limits.title.trim_end_matches(']'));
    let table = limits.get("calls_per_second").and_then(|entry| entry.table(title, findings));
    let mut paces = BTreeMap::new();
    for entry in table.iter().flat_map(Table::entries) {
        refuse_unknown_call(&entry, description, findings);
        if let Some(pace) = pace(&entry, findings) {
            paces.insert(entry.key.to_owned(), pace);
        }
    }
    paces
}

/// A misspelt call would leave the pace of the right one as it is. Without the plugin nobody knows the calls.
fn refuse_unknown_call(entry: &Entry<'_>, description: Option<&Description>, findings: &mut Findings<'_>) {
    let Some(provider) = description else { return };
    let calls: BTreeSet<_> = provider.quotas.iter().map(|quota| quota.action.as_str()).collect();
    if !calls.contains(entry.key) {
        let message = format!("provider `{}` names no call `{}`", provider.name, entry.key);
        let help = if calls.is_empty() {
            Some("leave it out: this provider says nothing of its calls".to_owned())
        } else {
            suggest::hint(entry.key, "calls", calls)
        };
        findings.report(entry.key_span.clone(), message).help(help);
    }
}

fn pace(entry: &Entry<'_>, findings: &mut Findings<'_>) -> Option<f64> {
    let pace = entry.number(findings)?;
    if CALLS_PER_SECOND.contains(&pace) {
        return Some(pace);
    }
    let (least, most) = (CALLS_PER_SECOND.start(), CALLS_PER_SECOND.end());
    findings.report(entry.span.clone(), format!("`{}` must be from {least} to {most}", entry.key));
    None
}
