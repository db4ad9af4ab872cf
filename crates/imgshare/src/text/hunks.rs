//! Changes like the hunks of a diff: cloud, region, image, and the accounts below it.

use std::collections::BTreeSet;
use std::sync::Arc;

use imgshare_plan::{AccountLabel, Plan, PlannedAcceptance, PlannedChange};
use imgshare_protocol::Acceptance;

use super::flow::{flow, list, sentence};
use super::label::{accepted, account, account_in_line, count, image, named, plain};
use super::sites::Sites;
use super::style::{ADD, DIM, REMOVE, WARN};
use crate::view::parts::{self, Part};

/// So many images that follow one another and are to change in the same way share their accounts' lines: a hundred
/// images with a dozen accounts fill two pages instead of thirty.
pub(super) const SHARED_FROM: usize = 4;

/// What stands before an account that gets the image, before one that loses it, and before one whose login accepts.
#[derive(Clone, Copy)]
pub(super) struct Signs {
    pub(super) added: &'static str,
    pub(super) removed: &'static str,
    pub(super) accepts: &'static str,
}

/// All that is to be done about images.
pub(super) fn of(plan: &Plan, signs: Signs) -> String {
    let mut sites = Sites::default();
    let parts = parts::of(plan);
    let mut text = String::new();
    for alike in parts.chunk_by(are_alike) {
        text += &sites.under(alike[0].cloud(), alike[0].region());
        text += &match alike.len() {
            SHARED_FROM.. => shared(alike, signs),
            _ => alike.iter().map(|part| one(part, 4, signs)).collect(),
        };
    }
    text
}

/// Whether the same is done to both.
fn are_alike(one: &Part<'_>, other: &Part<'_>) -> bool {
    one.cloud() == other.cloud()
        && one.region() == other.region()
        && one.rules() == other.rules()
        && to_image(one) == to_image(other)
        && to_snapshots(one) == to_snapshots(other)
        // Snapshots of one image that are to change in different ways are told one by one.
        && to_snapshots(one).len() < 2
        && by_receivers(one) == by_receivers(other)
}

type Accounts<'a> = (&'a [Arc<AccountLabel>], &'a [Arc<AccountLabel>]);

fn accounts_of(change: &PlannedChange) -> Accounts<'_> {
    (&change.add, &change.remove)
}

fn to_image<'a>(part: &Part<'a>) -> Option<(Accounts<'a>, &'a Option<String>, &'a [String])> {
    part.change.map(|change| (accounts_of(change), &change.prepare, change.notes.as_slice()))
}

fn to_snapshots<'a>(part: &Part<'a>) -> BTreeSet<Accounts<'a>> {
    part.snapshots.iter().map(|change| accounts_of(change)).collect()
}

fn by_receivers(part: &Part<'_>) -> Vec<String> {
    part.acceptances.iter().map(|share| accepting(share)).collect()
}

/// One image and its accounts.
pub(super) fn one(part: &Part<'_>, indent: usize, signs: Signs) -> String {
    let mut pieces = image(part.image());
    pieces.push(rules(part));
    let head = flow(&" ".repeat(indent), indent + 2, pieces, "  ");
    let indent = indent + 2;
    let mut text = head + &image_itself(part, indent, signs);
    for change in &part.snapshots {
        text += &snapshots(&[change], indent, signs);
    }
    text + &acceptances(part, indent, signs) + &notes(part, indent)
}

/// Images with the same accounts.
fn shared(parts: &[Part<'_>], signs: Signs) -> String {
    let first = &parts[0];
    let head = format!("{}, each of them", count(parts.len(), "image"));
    let images = parts.iter().map(|part| flow("      ", 8, image(part.image()), "  "));
    let images: String = images.collect();
    let all_snapshots: Vec<_> = parts.iter().flat_map(|part| &part.snapshots).copied().collect();
    flow("    ", 6, [head, rules(first)], "  ")
        + &images
        + &image_itself(first, 6, signs)
        + &snapshots(&all_snapshots, 6, signs)
        + &acceptances(first, 6, signs)
        + &notes(first, 6)
}

fn rules(part: &Part<'_>) -> String {
    format!("{DIM}({}){DIM:#}", named("rule", part.rules()))
}

fn image_itself(part: &Part<'_>, indent: usize, signs: Signs) -> String {
    let Some(change) = part.change else { return String::new() };
    let prepare = change.prepare.iter().map(|what| {
        let first = format!("{:indent$}{WARN}first:{WARN:#} ", "");
        sentence(&first, indent + 7, &plain(what))
    });
    prepare.collect::<String>() + &accounts(change, indent, signs)
}

/// Snapshots with the same accounts.
fn snapshots(changes: &[&PlannedChange], indent: usize, signs: Signs) -> String {
    let Some(first) = changes.first() else { return String::new() };
    let ids: Vec<_> = changes.iter().flat_map(|change| &change.snapshot).map(ToString::to_string).collect();
    let noun = if ids.len() == 1 { "snapshot" } else { "snapshots" };
    list(&format!("{:indent$}{noun} ", ""), indent + 2, &ids) + &accounts(first, indent + 2, signs)
}

fn acceptances(part: &Part<'_>, indent: usize, signs: Signs) -> String {
    let lines = part.acceptances.iter().map(|share| {
        sentence(&format!("{:indent$}{ADD}{}{ADD:#} ", "", signs.accepts), indent + 2, &accepting(share))
    });
    lines.collect()
}

/// `partner-x (100099998888) with cloud partner (pending)`
fn accepting(share: &PlannedAcceptance) -> String {
    let found = match share.found {
        None => String::new(),
        Some(Acceptance::Rejected) => " (rejected before)".to_owned(),
        Some(found) => format!(" ({})", accepted(found)),
    };
    format!("{} with cloud {}{found}", account_in_line(&share.account), share.with)
}

/// What receivers need besides the share.
fn notes(part: &Part<'_>, indent: usize) -> String {
    let head = format!("{:indent$}{WARN}note:{WARN:#} ", "");
    let notes = part.change.iter().flat_map(|change| &change.notes);
    let lines =
        notes.map(|what| sentence(&head, indent + 6, &format!("receivers also need {}", plain(what))));
    lines.collect()
}

fn accounts(change: &PlannedChange, indent: usize, signs: Signs) -> String {
    let Signs { added: plus, removed, .. } = signs;
    let removed =
        change.remove.iter().map(|it| format!("{:indent$}{REMOVE}{removed}{REMOVE:#} {}\n", "", account(it)));
    added(&change.add, indent, plus) + &removed.collect::<String>()
}

/// Accounts that get something, one a line.
pub(super) fn added(accounts: &[Arc<AccountLabel>], indent: usize, sign: &str) -> String {
    accounts.iter().map(|it| format!("{:indent$}{ADD}{sign}{ADD:#} {}\n", "", account(it))).collect()
}
