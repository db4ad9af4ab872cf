//! `[[share]]`: the rules.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{CloudName, Description, Fence, Mode, ProviderName, Region, Rule, RuleName};

use crate::accounts::Accounts;
use crate::clouds::{Clouds, KnownCloud};
use crate::findings::Findings;
use crate::groups::Groups;
use crate::source::Span;
use crate::table::{Table, Word};
use crate::{copies, keys, names, selection, snapshots, suggest, targets};

/// What rules refer to.
#[derive(Clone, Copy)]
pub(crate) struct Names<'n> {
    pub(crate) clouds: &'n Clouds<'n>,
    pub(crate) accounts: &'n Accounts,
    pub(crate) groups: &'n Groups,
    pub(crate) fence: &'n Fence,
}

/// Reads all rules, in the file's order.
pub(crate) fn read(top: &Table<'_>, names: &Names<'_>, findings: &mut Findings<'_>) -> Vec<Rule> {
    let tables = top.get("share").map(|entry| entry.tables("[[share]]", findings)).unwrap_or_default();
    refuse_same_names(&tables, findings);
    tables.into_iter().map(|table| rule(table, names, findings)).collect()
}

fn refuse_same_names(tables: &[Table<'_>], findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for entry in tables.iter().filter_map(|table| table.get("name")) {
        let Some(name) = entry.value.as_str() else { continue };
        match seen.get(name) {
            None => {
                seen.insert(name, entry.span);
            }
            Some(first) => {
                findings
                    .report(entry.span, format!("two rules have the name `{name}`"))
                    .related(first.clone(), "first used here")
                    .help("give one of them another name: plan, report and errors name rules".to_owned());
            }
        }
    }
}

fn rule(table: Table<'_>, names: &Names<'_>, findings: &mut Findings<'_>) -> Rule {
    let table = table.only(&keys::SHARE, findings);
    let name = name(&table, findings);
    let mode = mode(&table, findings);
    let clouds = clouds(&table, names.clouds, findings);
    let images = selection::read(&table, &clouds.descriptions(), findings);
    let copy_from = copies::read(&table, &clouds, findings);
    let targets = targets::read(&table, &clouds, mode, names, findings);
    let with_snapshots = snapshots::read(&table, &clouds, &targets, findings);
    Rule {
        name,
        targets,
        images,
        copy_from,
        with_snapshots,
        mode: mode.unwrap_or_default(),
        place: findings.place(&table.header),
    }
}

fn name(table: &Table<'_>, findings: &mut Findings<'_>) -> RuleName {
    let word = table.required("name", findings).and_then(|entry| entry.word(findings));
    let Some(word) = word else { return RuleName::default() };
    names::check(word.text, "a rule", &word.span, findings);
    word.text.into()
}

/// The mode; `None` when the file's word for it is not one.
fn mode(table: &Table<'_>, findings: &mut Findings<'_>) -> Option<Mode> {
    let Some(entry) = table.get("mode") else { return Some(Mode::default()) };
    let word = entry.word(findings)?;
    match word.text {
        "add" => Some(Mode::Add),
        "exact" => Some(Mode::Exact),
        other => {
            findings.report(word.span, format!("unknown mode `{other}`")).help(suggest::hint(
                other,
                "modes",
                ["add", "exact"],
            ));
            None
        }
    }
}

/// The clouds that a rule names.
pub(crate) struct NamedClouds<'n> {
    pub(crate) known: Vec<&'n KnownCloud<'n>>,
    /// Every name was one of a cloud.
    pub(crate) complete: bool,
}

impl<'n> NamedClouds<'n> {
    /// What the clouds' providers say about themselves, each once.
    pub(crate) fn descriptions(&self) -> Vec<&'n Description> {
        let providers = self.known.iter().filter_map(|known| known.provider);
        let descriptions = providers.map(|provider| (&provider.description.name, provider.description));
        descriptions.collect::<BTreeMap<&ProviderName, _>>().into_values().collect()
    }

    /// Whether the regions of all of them are known, so that a region can be judged by them.
    pub(crate) fn have_regions(&self) -> bool {
        self.complete && self.known.iter().all(|known| !known.cloud.regions.is_empty())
    }

    /// The regions that at least one of them has.
    pub(crate) fn regions(&self) -> BTreeSet<&'n str> {
        self.known.iter().flat_map(|known| &known.cloud.regions).map(Region::as_str).collect()
    }

    /// The regions that each of them has.
    pub(crate) fn common_regions(&self) -> BTreeSet<&'n str> {
        let regions = self.regions().into_iter();
        regions.filter(|region| self.without_region(region).is_empty()).collect()
    }

    /// The names of those that do not have this region.
    pub(crate) fn without_region(&self, region: &str) -> Vec<&'n str> {
        let has = |known: &KnownCloud<'_>| known.cloud.regions.iter().any(|it| it.as_str() == region);
        self.known.iter().filter(|known| !has(known)).map(|known| known.cloud.name.as_str()).collect()
    }
}

fn clouds<'n>(table: &Table<'_>, clouds: &'n Clouds<'n>, findings: &mut Findings<'_>) -> NamedClouds<'n> {
    let words = cloud_names(table, findings);
    let known: Vec<_> = words.iter().filter_map(|word| known_cloud(word, clouds, findings)).collect();
    NamedClouds { complete: !words.is_empty() && known.len() == words.len(), known }
}

fn known_cloud<'n>(
    word: &Word<'_>,
    clouds: &'n Clouds<'n>,
    findings: &mut Findings<'_>,
) -> Option<&'n KnownCloud<'n>> {
    let known = clouds.get(word.text);
    if known.is_none() {
        names::unknown(("cloud", "clouds"), word, clouds.keys().map(CloudName::as_str), findings);
    }
    known
}

fn cloud_names<'a>(table: &Table<'a>, findings: &mut Findings<'_>) -> Vec<Word<'a>> {
    match (table.get("cloud"), table.get("clouds")) {
        (Some(one), None) => one.word(findings).into_iter().collect(),
        (None, Some(several)) => {
            crate::clouds::several(&several, "cloud", "name at least one cloud", findings)
        }
        (Some(one), Some(several)) => {
            findings
                .report(several.key_span, "a rule has either `cloud` or `clouds`")
                .related(one.key_span, "`cloud` is here")
                .help("keep one of them".to_owned());
            Vec::new()
        }
        (None, None) => {
            findings
                .report(table.header.clone(), "`cloud` is missing")
                .label("[[share]] needs it, or `clouds = [...]`");
            Vec::new()
        }
    }
}
