//! `images = { ... }`: which images a rule is about.

use std::collections::{BTreeMap, BTreeSet};

use globset::Glob;
use imgshare_protocol::{Description, ImageId, Selection};
use regex::Regex;
use toml::de::DeValue;

use crate::findings::Findings;
use crate::keys;
use crate::table::{Entry, Table, Word};

/// The selection, and whatever of it one of these providers cannot answer is reported.
pub(crate) fn read(rule: &Table<'_>, providers: &[&Description], findings: &mut Findings<'_>) -> Selection {
    let Some(entry) = rule.required("images", findings) else { return Selection::default() };
    let Some(table) = entry.table("`images`", findings) else { return Selection::default() };
    let table = table.only(&keys::IMAGES, findings);
    for description in providers {
        refuse_unanswerable(&table, description, findings);
    }
    refuse_nothing(&table, findings);
    Selection {
        ids: table.get("ids").and_then(|entry| ids(&entry, findings)),
        name: text(&table, "name", glob_flaw, findings),
        name_regex: text(&table, "name_regex", regex_flaw, findings),
        tags: table.get("tags").map(|entry| tags(&entry, findings)).unwrap_or_default(),
        family: table.get("family").and_then(|entry| entry.word(findings)).map(|word| word.text.to_owned()),
        newer_than_seconds: table.get("newer_than").and_then(|entry| age(&entry, findings)),
        newest: table.get("newest").and_then(|entry| entry.count(1, findings)),
        all: table.get("all").and_then(|entry| entry.flag(findings)).unwrap_or_default(),
    }
}

/// A rule says which images it means, if only by saying `all`.
fn refuse_nothing(table: &Table<'_>, findings: &mut Findings<'_>) {
    let selects = |entry: Entry<'_>| entry.key != "all" || entry.value.as_bool() != Some(false);
    if !table.entries().any(selects) {
        findings
            .report(table.header.clone(), "`images` does not say which images")
            .help("name some, as in `name = \"golden-*\"`, or write `all = true`".to_owned());
    }
}

fn refuse_unanswerable(table: &Table<'_>, description: &Description, findings: &mut Findings<'_>) {
    let support = description.selection;
    for (key, supported, lack) in [
        ("tags", support.tags, "tags"),
        ("family", support.family, "families"),
        ("newer_than", support.created, "a time of creation"),
        ("newest", support.created, "a time of creation"),
    ] {
        if let Some(entry) = table.get(key).filter(|_| !supported) {
            findings
                .report(entry.key_span, format!("`{key}` cannot select images of `{}`", description.name))
                .label(format!("its images do not have {lack}"));
        }
    }
}

fn ids(entry: &Entry<'_>, findings: &mut Findings<'_>) -> Option<BTreeSet<ImageId>> {
    let words = entry.words(findings)?;
    if entry.is_empty_array() {
        findings.report(entry.span.clone(), "`ids` is empty");
    }
    Some(words.iter().map(|word| ImageId::from(word.text)).collect())
}

/// A text in which a check finds no flaw.
fn text(
    table: &Table<'_>,
    key: &str,
    flaw: fn(&str) -> Option<String>,
    findings: &mut Findings<'_>,
) -> Option<String> {
    let word = table.get(key)?.word(findings)?;
    if let Some(flaw) = flaw(word.text) {
        let form = if key == "name" { "a glob" } else { "a regular expression" };
        findings.report(word.span, format!("`{key}` is not {form}")).label(flaw);
    }
    Some(word.text.to_owned())
}

fn glob_flaw(pattern: &str) -> Option<String> {
    Glob::new(pattern).err().map(|error| error.kind().to_string())
}

fn regex_flaw(pattern: &str) -> Option<String> {
    Regex::new(pattern).err().as_ref().map(last_line)
}

/// What is wrong with a regular expression, without the picture of it.
pub(crate) fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

fn tags(entry: &Entry<'_>, findings: &mut Findings<'_>) -> BTreeMap<String, String> {
    let Some(table) = entry.table("`tags`", findings) else { return BTreeMap::new() };
    if table.entries().next().is_none() {
        findings.report(entry.span.clone(), "`tags` is empty");
    }
    let tags = table.entries().filter_map(|entry| {
        // A tag without a value is a tag, so the empty text is welcome here.
        let DeValue::String(value) = entry.value else {
            entry.mistyped("a string", findings);
            return None;
        };
        Some((entry.key.to_owned(), value.as_ref().to_owned()))
    });
    tags.collect()
}

/// Seconds.
fn age(entry: &Entry<'_>, findings: &mut Findings<'_>) -> Option<u64> {
    let word = entry.word(findings)?;
    let seconds = seconds(&word).filter(|seconds| *seconds > 0);
    if seconds.is_none() {
        findings.report(word.span, format!("`{}` is not an age", entry.key)).help(
            "write a number and `m`, `h`, `d` or `w`: `\"90m\"`, `\"12h\"`, `\"30d\"`, `\"2w\"`".to_owned(),
        );
    }
    seconds
}

fn seconds(word: &Word<'_>) -> Option<u64> {
    let unit = word.text.chars().last()?;
    let unit_seconds = match unit {
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => return None,
    };
    let number = word.text.strip_suffix(unit)?;
    // `parse` would take a sign.
    let digits = number.chars().all(|c| c.is_ascii_digit());
    digits.then(|| number.parse::<u64>().ok()?.checked_mul(unit_seconds)).flatten()
}
