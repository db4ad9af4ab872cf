//! Changes like the hunks of a diff: cloud, region, image, and the accounts below it.

use std::sync::Arc;

use imgshare_plan::{AccountLabel, Plan, PlannedChange};

use super::flow::flow;
use super::label::{account, count, image, named};
use super::sites::Sites;
use super::style::{ADD, DIM, REMOVE};

/// So many images that follow one another and are to change in the same way share their accounts' lines: a hundred
/// images with a dozen accounts fill two pages instead of thirty.
pub(super) const SHARED_FROM: usize = 4;

/// What stands before an account that gets the image, and before one that loses it.
#[derive(Clone, Copy)]
pub(super) struct Signs {
    pub(super) added: &'static str,
    pub(super) removed: &'static str,
}

/// All changes that are to be made.
pub(super) fn of(plan: &Plan, signs: Signs) -> String {
    let mut sites = Sites::default();
    let changes: Vec<_> = plan.to_do().collect();
    let mut text = String::new();
    for alike in changes.chunk_by(|one, other| are_alike(one, other)) {
        text += &sites.under(&alike[0].cloud, &alike[0].region);
        text += &match alike.len() {
            SHARED_FROM.. => shared(alike, signs),
            _ => alike.iter().map(|change| one(change, 4, signs)).collect(),
        };
    }
    text
}

fn are_alike(one: &PlannedChange, other: &PlannedChange) -> bool {
    let what = |change: &PlannedChange| {
        (
            change.cloud.clone(),
            change.region.clone(),
            change.rules.clone(),
            change.add.clone(),
            change.remove.clone(),
        )
    };
    what(one) == what(other)
}

/// One image and its accounts.
pub(super) fn one(change: &PlannedChange, indent: usize, signs: Signs) -> String {
    let mut pieces = image(&change.image);
    pieces.push(rules(change));
    flow(&" ".repeat(indent), indent + 2, pieces, "  ") + &accounts(change, indent + 2, signs)
}

/// Images with the same accounts.
fn shared(changes: &[&PlannedChange], signs: Signs) -> String {
    let head = format!("{}, each of them", count(changes.len(), "image"));
    let images = changes.iter().map(|change| flow("      ", 8, image(&change.image), "  "));
    let images: String = images.collect();
    flow("    ", 6, [head, rules(changes[0])], "  ") + &images + &accounts(changes[0], 6, signs)
}

fn rules(change: &PlannedChange) -> String {
    format!("{DIM}({}){DIM:#}", named("rule", &change.rules))
}

fn accounts(change: &PlannedChange, indent: usize, signs: Signs) -> String {
    let Signs { added: plus, removed } = signs;
    let removed =
        change.remove.iter().map(|it| format!("{:indent$}{REMOVE}{removed}{REMOVE:#} {}\n", "", account(it)));
    added(&change.add, indent, plus) + &removed.collect::<String>()
}

/// Accounts that get something, one a line.
pub(super) fn added(accounts: &[Arc<AccountLabel>], indent: usize, sign: &str) -> String {
    accounts.iter().map(|it| format!("{:indent$}{ADD}{sign}{ADD:#} {}\n", "", account(it))).collect()
}
