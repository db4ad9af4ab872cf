//! What differs, and what is there besides, as text.

use imgshare_plan::{Foreign, Plan, Summary};

use super::copies::{self, Words};
use super::flow::{flow, list, sentence};
use super::hunks::{self, Signs};
use super::label::{account, count, image};
use super::plan::{awaited_and_missing, rest};
use super::sites::Sites;
use super::style::{BOLD, WARN};
use super::trouble;

const SIGNS: Signs = Signs { added: "missing  ", removed: "too many " };

const WORDS: Words = Words { missing: "missing", added: "missing  " };

/// Image by image which account is missing and which is too many, then everything that keeps clouds and config apart.
pub(crate) fn render(plan: &Plan) -> String {
    let mut parts = vec![hunks::of(plan, SIGNS), copies::of(plan, WORDS)];
    parts.extend(trouble::of(plan));
    parts.push(foreign(&plan.foreign));
    parts.push(sum(plan));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Shares that are there and that nobody wants; they are left alone.
fn foreign(items: &[Foreign]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut sites = Sites::default();
    let items: String =
        items.iter().map(|item| sites.under(&item.cloud, &item.region) + &one_foreign(item)).collect();
    format!("{BOLD}Shared with others, which is no rule's business and left alone{BOLD:#}\n{items}")
}

fn one_foreign(item: &Foreign) -> String {
    let mut text = flow("    ", 6, image(&item.image), "  ");
    for other in &item.accounts {
        text += &format!("      {WARN}foreign{WARN:#}   {}\n", account(other));
    }
    for grant in &item.other_grants {
        text += &sentence(&format!("      {WARN}foreign{WARN:#}   "), 16, grant);
    }
    text
}

fn sum(plan: &Plan) -> String {
    let summary = &plan.summary;
    let mut parts = differences(plan);
    if parts.is_empty() {
        parts.push(none(summary).to_owned());
    } else {
        parts.push(format!("{} missing", count(summary.additions, "share")));
        parts.push(format!("{} too many", summary.removals));
    }
    parts.extend(rest(summary));
    list(&format!("{BOLD}Drift:{BOLD:#} "), 7, &parts)
}

fn differences(plan: &Plan) -> Vec<String> {
    let (awaited, missing) = awaited_and_missing(plan);
    let changes = plan.summary.changes;
    let counts = [
        (changes, "image", if changes == 1 { "differs" } else { "differ" }),
        (missing, "copy", "missing"),
        (awaited, "copy", "on the way"),
    ];
    let some = counts.iter().filter(|(number, ..)| *number > 0);
    some.map(|(number, noun, words)| format!("{} {words}", count(*number, noun))).collect()
}

fn none(summary: &Summary) -> &'static str {
    match (summary.blocked, summary.unreadable) {
        (0, 0) => "none",
        (_, 0) => "none that can be mended",
        _ => "none where it could be read",
    }
}
