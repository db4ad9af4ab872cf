//! What a rule says for each of its clouds: regions and receivers.

use std::collections::BTreeSet;

use imgshare_protocol::{Mode, Region, Target};

use crate::clouds::{self, KnownCloud};
use crate::findings::Findings;
use crate::receivers::Receivers;
use crate::rules::{NamedClouds, Names};
use crate::suggest;
use crate::table::{Entry, Table, Word};

/// One target for each cloud that the rule names.
pub(crate) fn read(
    rule: &Table<'_>,
    clouds: &NamedClouds<'_>,
    mode: Option<Mode>,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Vec<Target> {
    let regions = regions(rule, clouds, findings);
    let receivers = Receivers::read(rule, clouds, mode, names, findings);
    let targets = clouds.known.iter().map(|known| Target {
        cloud: known.cloud.name.clone(),
        regions: regions.as_ref().map_or_else(
            || known.cloud.regions.clone(),
            |regions| {
                known.cloud.regions.iter().filter(|region| regions.contains(*region)).cloned().collect()
            },
        ),
        accounts: receivers.on(&known.cloud, names.accounts),
    });
    targets.collect()
}

/// The regions that the rule names; `None` when it leaves them out and means all.
fn regions(
    rule: &Table<'_>,
    clouds: &NamedClouds<'_>,
    findings: &mut Findings<'_>,
) -> Option<BTreeSet<Region>> {
    let entry = rule.get("regions")?;
    let words = clouds::several(&entry, "region", "leave it out for all regions of the cloud", findings);
    if clouds.have_regions() && !words.is_empty() {
        words.iter().for_each(|word| check_region(word, clouds, findings));
        for known in &clouds.known {
            require_a_region(known, &words, &entry, clouds, findings);
        }
    }
    Some(words.iter().map(|word| word.text.into()).collect())
}

fn check_region(word: &Word<'_>, clouds: &NamedClouds<'_>, findings: &mut Findings<'_>) {
    let known = clouds.regions();
    if !known.contains(word.text) {
        findings
            .report(word.span.clone(), format!("`{}` is not a region of {}", word.text, in_words(clouds)))
            .help(suggest::hint(word.text, "regions", known));
    }
}

fn in_words(clouds: &NamedClouds<'_>) -> String {
    let names: Vec<_> = clouds.known.iter().map(|known| format!("`{}`", known.cloud.name)).collect();
    names.join(" or ")
}

/// A rule that names a cloud and then none of its regions would do nothing there.
fn require_a_region(
    known: &KnownCloud<'_>,
    words: &[Word<'_>],
    entry: &Entry<'_>,
    clouds: &NamedClouds<'_>,
    findings: &mut Findings<'_>,
) {
    // With one cloud, each of its wrong regions has a problem of its own.
    let some = words.iter().any(|word| known.cloud.regions.iter().any(|region| region.as_str() == word.text));
    if !some && clouds.known.len() > 1 {
        findings
            .report(
                entry.span.clone(),
                format!("none of these regions is one of cloud `{}`", known.cloud.name),
            )
            .help("add one of its regions, or take the cloud out of the rule".to_owned());
    }
}
