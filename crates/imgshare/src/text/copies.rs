//! Copies that a plan wants, under the regions where they shall be.

use std::collections::BTreeSet;

use imgshare_plan::{Plan, PlannedCopy};
use imgshare_protocol::Recognition;

use super::flow::{flow, sentence};
use super::hunks::{SHARED_FROM, added};
use super::label::{account_in_line, count, named, plain};
use super::sites::Sites;
use super::style::{ADD, BOLD, DIM, WARN};

/// What is said of a copy that is not there, and of an account that it lacks.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) missing: &'static str,
    pub(super) added: &'static str,
    pub(super) accepts: &'static str,
}

/// All copies that are to be made or awaited.
pub(super) fn of(plan: &Plan, words: Words) -> String {
    let copies: Vec<_> = plan.to_do_copies().collect();
    if copies.is_empty() {
        return String::new();
    }
    let mut sites = Sites::default();
    let mut text = format!("{BOLD}Copies into other regions{BOLD:#}\n");
    for alike in copies.chunk_by(|one, other| are_alike(one, other)) {
        text += &sites.under(&alike[0].cloud, &alike[0].region);
        text += &match alike.len() {
            SHARED_FROM.. => shared(alike, words),
            _ => alike.iter().map(|copy| one(copy, 4, words)).collect(),
        };
    }
    text + &notes(&copies)
}

/// One copy on its own, with what is known of it by its name only.
pub(super) fn alone(copy: &PlannedCopy, words: Words) -> String {
    one(copy, 2, words) + &notes(&[copy])
}

fn are_alike(one: &PlannedCopy, other: &PlannedCopy) -> bool {
    let what = |copy: &PlannedCopy| {
        let place = (copy.cloud.clone(), copy.source_region.clone(), copy.region.clone());
        let snapshots = copy.snapshots.as_ref().map(|snapshots| snapshots.add.clone());
        (place, copy.rules.clone(), copy.add.clone(), snapshots, copy.accept_with.clone())
    };
    one.begun.is_none() && other.begun.is_none() && what(one) == what(other)
}

/// One copy and its accounts.
fn one(copy: &PlannedCopy, indent: usize, words: Words) -> String {
    let state = match &copy.begun {
        None => format!("{ADD}{}{ADD:#}", words.missing),
        Some(id) => format!("{WARN}on its way as {id}{WARN:#}"),
    };
    let pieces = [name(copy), source(copy), state, rules(copy)];
    flow(&" ".repeat(indent), indent + 2, pieces, "  ") + &accounts(copy, indent + 2, words)
}

/// Who gets the copy and its snapshots, and whose logins accept it.
fn accounts(copy: &PlannedCopy, indent: usize, words: Words) -> String {
    let mut text = added(&copy.add, indent, words.added);
    if let Some(snapshots) = &copy.snapshots {
        text += &format!("{:indent$}its snapshots\n", "");
        text += &added(&snapshots.add, indent + 2, words.added);
    }
    for account in &copy.add {
        let Some(with) = copy.accept_with.get(&account.id) else { continue };
        let line = format!("{} with cloud {with}", account_in_line(account));
        text += &sentence(&format!("{:indent$}{ADD}{}{ADD:#} ", "", words.accepts), indent + 2, &line);
    }
    text
}

/// Copies with the same accounts.
fn shared(copies: &[&PlannedCopy], words: Words) -> String {
    let first = copies[0];
    let head = format!("{}, each of them {ADD}{}{ADD:#}", count(copies.len(), "copy"), words.missing);
    let images = copies.iter().map(|copy| flow("      ", 8, [name(copy), source(copy)], "  "));
    let images: String = images.collect();
    flow("    ", 6, [head, rules(first)], "  ") + &images + &accounts(first, 6, words)
}

/// The copy's name; without one, its source's id.
pub(super) fn name(copy: &PlannedCopy) -> String {
    let name = if copy.name.is_empty() { copy.source.id.to_string() } else { plain(&copy.name) };
    format!("{BOLD}{name}{BOLD:#}")
}

/// `from ap-nanjing img-8toqc6s3`
pub(super) fn source(copy: &PlannedCopy) -> String {
    format!("{DIM}from {} {}{DIM:#}", copy.source_region, copy.source.id)
}

fn rules(copy: &PlannedCopy) -> String {
    format!("{DIM}({}){DIM:#}", named("rule", &copy.rules))
}

/// Of which clouds a later run knows copies by nothing but their name.
fn notes(copies: &[&PlannedCopy]) -> String {
    let by_name = copies.iter().filter(|copy| copy.recognised_by == Recognition::Name);
    let clouds: BTreeSet<_> = by_name.map(|copy| &copy.cloud).collect();
    let note = |cloud| {
        let words = format!("copies of cloud {cloud} are recognised by their name only; do not rename them");
        sentence(&format!("{WARN}note:{WARN:#} "), 6, &words)
    };
    clouds.into_iter().map(note).collect()
}
