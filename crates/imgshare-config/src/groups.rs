//! `[groups]`: names for several accounts; a group may hold other groups.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::AccountName;

use crate::accounts::Accounts;
use crate::findings::Findings;
use crate::names;
use crate::source::Span;
use crate::table::{Entry, Table, Word};

/// The accounts of each group, groups within it included.
pub(crate) struct Groups(BTreeMap<String, BTreeSet<AccountName>>);

struct Members<'a> {
    span: Span,
    words: Vec<Word<'a>>,
}

impl Groups {
    /// Reads all groups.
    pub(crate) fn read(top: &Table<'_>, accounts: &Accounts, findings: &mut Findings<'_>) -> Self {
        let table = top.get("groups").and_then(|entry| entry.table("[groups]", findings));
        let entries = table.into_iter().flat_map(|table| table.entries());
        let members: BTreeMap<_, _> =
            entries.map(|entry| (entry.key.to_owned(), members(&entry, findings))).collect();
        for word in members.values().flat_map(|members| &members.words) {
            check_member(word, &members, accounts, findings);
        }
        report_circles(&members, findings);
        Self(members.keys().map(|name| (name.clone(), expand(name, &members))).collect())
    }

    /// The accounts of this group.
    pub(crate) fn get(&self, name: &str) -> Option<&BTreeSet<AccountName>> {
        self.0.get(name)
    }

    /// All names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(String::as_str)
    }
}

fn members<'a>(entry: &Entry<'a>, findings: &mut Findings<'_>) -> Members<'a> {
    names::check(entry.key, "a group", &entry.key_span, findings);
    Members { span: entry.key_span.clone(), words: entry.words(findings).unwrap_or_default() }
}

fn check_member(
    word: &Word<'_>,
    groups: &BTreeMap<String, Members<'_>>,
    accounts: &Accounts,
    findings: &mut Findings<'_>,
) {
    match word.text.strip_prefix('@') {
        Some(group) if groups.contains_key(group) => {}
        Some(group) => unknown_group(group, word, groups.keys().map(String::as_str), findings),
        None if accounts.has(word.text) => {}
        None => {
            let groups: Vec<_> = groups.keys().map(|name| format!("@{name}")).collect();
            let known = accounts.names().chain(groups.iter().map(String::as_str));
            names::unknown(("account", "accounts"), word, known, findings);
        }
    }
}

/// Reports a word that names a group which is not there.
pub(crate) fn unknown_group<'c>(
    group: &str,
    word: &Word<'_>,
    known: impl IntoIterator<Item = &'c str> + Clone,
    findings: &mut Findings<'_>,
) {
    let word = Word { text: group, span: word.span.clone() };
    names::unknown(("group", "groups"), &word, known, findings);
}

/// Reports each circle of groups once, at the group that comes first in the alphabet.
fn report_circles(groups: &BTreeMap<String, Members<'_>>, findings: &mut Findings<'_>) {
    let mut reported = BTreeSet::new();
    for (name, members) in groups {
        let reached = reachable(name, groups);
        if reached.contains(name.as_str()) && !reported.contains(name.as_str()) {
            findings.report(members.span.clone(), format!("group `{name}` contains itself"));
            reported.extend(reached);
        }
    }
}

/// The groups that this group holds, at any depth.
fn reachable<'g>(name: &'g str, groups: &'g BTreeMap<String, Members<'_>>) -> BTreeSet<&'g str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![name];
    while let Some(members) = open.pop().and_then(|name| groups.get(name)) {
        let inner = members.words.iter().filter_map(|word| word.text.strip_prefix('@'));
        open.extend(inner.filter(|name| groups.contains_key(*name) && reached.insert(*name)));
    }
    reached
}

fn expand(name: &str, groups: &BTreeMap<String, Members<'_>>) -> BTreeSet<AccountName> {
    let all = reachable(name, groups).into_iter().chain([name]);
    let words = all.filter_map(|name| groups.get(name)).flat_map(|members| &members.words);
    words.filter(|word| !word.text.starts_with('@')).map(|word| word.text.into()).collect()
}
