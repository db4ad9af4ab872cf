//! `with_snapshots = true`: a rule's accounts get the snapshots that its images are made of, too.

use imgshare_protocol::{Description, OperationKind};

use crate::findings::Findings;
use crate::rules::NamedClouds;
use crate::table::Table;

/// Whether the rule shares snapshots, which the provider of each of its clouds must be able to do.
pub(crate) fn read(rule: &Table<'_>, clouds: &NamedClouds<'_>, findings: &mut Findings<'_>) -> bool {
    let Some(entry) = rule.get("with_snapshots") else { return false };
    let wanted = entry.flag(findings).unwrap_or_default();
    if wanted {
        for unable in clouds.descriptions().into_iter().filter(|about| !can_share_snapshots(about)) {
            findings
                .report(entry.span.clone(), format!("provider `{}` cannot share snapshots", unable.name))
                .help("write a rule of its own for its clouds, without `with_snapshots`".to_owned());
        }
    }
    wanted
}

fn can_share_snapshots(about: &Description) -> bool {
    [OperationKind::ReadSnapshotShares, OperationKind::ChangeSnapshotShares]
        .iter()
        .all(|&needed| about.can(needed))
}
