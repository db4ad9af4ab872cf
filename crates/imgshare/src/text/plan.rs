//! A plan as text: reads like a diff, grouped by cloud, region and image.

use std::fmt::Write as _;

use imgshare_plan::{Blocked, Foreign, Plan, PlannedChange, Summary, Unreadable};
use imgshare_protocol::{CloudName, Region};

use super::error;
use super::label::{account, accounts, count, image, named};
use super::style::{ADD, BOLD, DIM, ERROR, HINT, REMOVE, WARN};

/// The whole plan, with counts at the end.
pub(crate) fn render(plan: &Plan) -> String {
    let mut text = changes(plan);
    text += &unreadable(&plan.unreadable);
    text += &blocked(&plan.blocked);
    text += &empty_rules(plan);
    if !text.is_empty() {
        text.push('\n');
    }
    text + &sum(&plan.summary)
}

fn changes(plan: &Plan) -> String {
    let mut text = String::new();
    let mut at: Option<(&CloudName, &Region)> = None;
    for change in plan.to_do() {
        text += &site(&mut at, &change.cloud, &change.region);
        text += &one_change(change, 4);
    }
    text
}

/// The headings that a thing of this cloud and region needs after what came before.
fn site<'a>(
    at: &mut Option<(&'a CloudName, &'a Region)>,
    cloud: &'a CloudName,
    region: &'a Region,
) -> String {
    let before = at.replace((cloud, region));
    let mut text = String::new();
    if before.is_none_or(|(known, _)| known != cloud) {
        let gap = if before.is_some() { "\n" } else { "" };
        let _ = writeln!(text, "{gap}{BOLD}{cloud}{BOLD:#}");
    }
    if before != Some((cloud, region)) {
        let _ = writeln!(text, "  {BOLD}{region}{BOLD:#}");
    }
    text
}

/// One change on its own, with its cloud and region.
pub(crate) fn change_alone(change: &PlannedChange) -> String {
    format!("{} {}\n{}", change.cloud, change.region, one_change(change, 2))
}

fn one_change(change: &PlannedChange, indent: usize) -> String {
    let mut text = String::new();
    let rules = named("rule", &change.rules);
    let _ = writeln!(text, "{:indent$}{}  {DIM}({rules}){DIM:#}", "", image(&change.image));
    for added in &change.add {
        let _ = writeln!(text, "{:indent$}  {ADD}+{ADD:#} {}", "", account(added));
    }
    for removed in &change.remove {
        let _ = writeln!(text, "{:indent$}  {REMOVE}-{REMOVE:#} {}", "", account(removed));
    }
    text
}

/// What could not be read.
pub(crate) fn unreadable(items: &[Unreadable]) -> String {
    let mut text = heading(items.is_empty(), ERROR, "Could not be read, so nothing is changed there");
    for item in items {
        let what = item.image.as_ref().map_or_else(|| "all images".to_owned(), image);
        let _ = writeln!(
            text,
            "  {} {}  {what}  {DIM}({}){DIM:#}",
            item.cloud,
            item.region,
            named("rule", &item.rules)
        );
        text += &error::indented(&item.error, 4);
    }
    text
}

/// What is wanted and cannot be done.
pub(crate) fn blocked(items: &[Blocked]) -> String {
    let mut text = heading(items.is_empty(), WARN, "Blocked");
    for item in items {
        let mut place = vec![item.cloud.to_string()];
        place.extend(item.region.as_ref().map(ToString::to_string));
        let what = item.image.as_ref().map(|name| format!("  {}", image(name))).unwrap_or_default();
        let _ = writeln!(text, "  {}{what}  {DIM}({}){DIM:#}", place.join(" "), named("rule", &item.rules));
        let _ = writeln!(text, "    {WARN}{}{WARN:#}", item.reason);
        if !item.accounts.is_empty() {
            let _ = writeln!(text, "    accounts: {}", accounts(&item.accounts));
        }
        if let Some(place) = &item.place {
            let _ = writeln!(text, "    config: {}:{}", place.file, place.line);
        }
        if let Some(hint) = &item.hint {
            let _ = writeln!(text, "    {HINT}hint:{HINT:#} {hint}");
        }
    }
    text
}

/// Shares that are there and that nobody wants; they are left alone.
#[expect(dead_code, reason = "drift")]
pub(crate) fn foreign(items: &[Foreign]) -> String {
    let mut text = heading(items.is_empty(), WARN, "Shared with others, which no rule is about; left alone");
    for item in items {
        let _ = writeln!(text, "  {} {}  {}", item.cloud, item.region, image(&item.image));
        for other in &item.accounts {
            let _ = writeln!(text, "    {WARN}?{WARN:#} {}", account(other));
        }
        for grant in &item.other_grants {
            let _ = writeln!(text, "    {WARN}?{WARN:#} {grant}");
        }
    }
    text
}

fn heading(empty: bool, style: anstyle::Style, words: &str) -> String {
    if empty { String::new() } else { format!("\n{style}{words}{style:#}\n") }
}

fn empty_rules(plan: &Plan) -> String {
    let line = |rule| format!("\n{WARN}note:{WARN:#} rule {rule} selects no image\n");
    plan.empty_rules.iter().map(line).collect()
}

fn sum(summary: &Summary) -> String {
    let mut parts = Vec::new();
    if summary.changes == 0 {
        parts.push("nothing to change".to_owned());
    } else {
        parts.push(format!("{} to change", count(summary.changes, "image")));
        parts.push(format!(
            "{ADD}+{}{ADD:#} {REMOVE}-{}{REMOVE:#} shares",
            summary.additions, summary.removals
        ));
    }
    parts.push(format!("{} right already", count(summary.right, "image")));
    for (number, word) in
        [(summary.blocked, "blocked"), (summary.unreadable, "unreadable"), (summary.foreign, "foreign")]
    {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    format!("{BOLD}Plan:{BOLD:#} {}\n", parts.join(", "))
}
