//! `[clouds.X.limits]`: the cloud's limits, where they are no longer what the provider says.

use imgshare_protocol::{Description, Limits};

use crate::findings::Findings;
use crate::keys;
use crate::table::Table;

/// The limits in force: the provider's with the file's over them.
pub(crate) fn read(
    cloud: &Table<'_>,
    description: Option<&Description>,
    findings: &mut Findings<'_>,
) -> Limits {
    let mut limits = description.map(|description| description.limits.clone()).unwrap_or_default();
    let title = format!("{}.limits]", cloud.title.trim_end_matches(']'));
    if let Some(table) = cloud.get("limits").and_then(|entry| entry.table(title, findings)) {
        overlay(&mut limits, &table.only(&keys::LIMITS, findings), findings);
    }
    limits
}

fn overlay(limits: &mut Limits, table: &Table<'_>, findings: &mut Findings<'_>) {
    for (key, limit) in [
        ("images_per_page", &mut limits.images_per_page),
        ("accounts_per_change", &mut limits.accounts_per_change),
        ("accounts_per_image", &mut limits.accounts_per_image),
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
