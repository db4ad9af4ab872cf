//! `with_snapshots = true`: a rule's accounts get the snapshots that its images are made of, too.

use std::collections::BTreeSet;

use imgshare_protocol::{AccountId, Description, OperationKind, ProviderName, Target};

use crate::findings::Findings;
use crate::rules::NamedClouds;
use crate::table::{Entry, Table};

/// Whether the rule shares snapshots, which the provider of each of its clouds must be able to do, with all its accounts.
pub(crate) fn read(
    rule: &Table<'_>,
    clouds: &NamedClouds<'_>,
    targets: &[Target],
    findings: &mut Findings<'_>,
) -> bool {
    let Some(entry) = rule.get("with_snapshots") else { return false };
    let wanted = entry.flag(findings).unwrap_or_default();
    if wanted {
        for unable in clouds.descriptions().into_iter().filter(|about| !can_share_snapshots(about)) {
            findings
                .report(entry.span.clone(), format!("provider `{}` cannot share snapshots", unable.name))
                .help("write a rule of its own for its clouds, without `with_snapshots`".to_owned());
        }
        refuse_accounts(&entry, clouds, targets, findings);
    }
    wanted
}

/// Reports those who can have images and no snapshots: they would fail at every run.
fn refuse_accounts(
    entry: &Entry<'_>,
    clouds: &NamedClouds<'_>,
    targets: &[Target],
    findings: &mut Findings<'_>,
) {
    let mut unable: BTreeSet<(&ProviderName, &AccountId)> = BTreeSet::new();
    for (known, target) in clouds.known.iter().zip(targets) {
        let Some(provider) = known.provider else { continue };
        let accounts = target.accounts.iter();
        let accounts = accounts.filter(|account| !provider.shares_snapshots_with(account.as_str()));
        unable.extend(accounts.map(|account| (&provider.description.name, account)));
    }
    for (provider, account) in unable {
        findings
            .report(entry.span.clone(), format!("`{provider}` cannot share snapshots with `{account}`"))
            .help("give it a rule of its own, without `with_snapshots`".to_owned());
    }
}

fn can_share_snapshots(about: &Description) -> bool {
    [OperationKind::ReadSnapshotShares, OperationKind::ChangeSnapshotShares]
        .iter()
        .all(|&needed| about.can(needed))
}
