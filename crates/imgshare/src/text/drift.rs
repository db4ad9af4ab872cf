//! What differs, and what is there besides, as text.

use imgshare_plan::{Foreign, Plan, Summary};

use super::copies::{self, Words};
use super::flow::{flow, list, sentence};
use super::hunks::{self, Signs};
use super::label::{account, count, image};
use super::plan::{awaited_and_missing, rest};
use super::sites::Sites;
use super::style::{BOLD, WARN};
use super::{receivers, trouble};

const SIGNS: Signs = Signs { added: "missing  ", removed: "too many ", accepts: "not accepted:" };

const WORDS: Words = Words { missing: "missing", added: "missing  ", accepts: "not accepted:" };

/// Image by image which account is missing and which is too many, then everything that keeps clouds and config apart.
pub(crate) fn render(plan: &Plan) -> String {
    let mut parts = vec![hunks::of(plan, SIGNS), copies::of(plan, WORDS)];
    parts.extend(trouble::of(plan));
    parts.extend(receivers::wrong(&plan.received));
    parts.push(receivers::unaccepted(&plan.unaccepted));
    parts.push(foreign(&plan.foreign));
    let received = &plan.summary.received;
    let seen = if receivers::asked(received) { receivers::sum(received) } else { String::new() };
    parts.push(sum(plan) + &seen);
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
    let mut pieces = image(&item.image);
    pieces.extend(item.snapshot.iter().map(|id| format!("snapshot {id}")));
    let mut text = flow("    ", 6, pieces, "  ");
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
    } else if summary.changes + summary.snapshots + summary.copies > 0 {
        parts.push(format!("{} missing", count(summary.additions, "share")));
        parts.push(format!("{} too many", summary.removals));
    }
    parts.extend(rest(summary));
    list(&format!("{BOLD}Drift:{BOLD:#} "), 7, &parts)
}

fn differences(plan: &Plan) -> Vec<String> {
    let (awaited, missing) = awaited_and_missing(plan);
    let Summary { changes, snapshots, acceptances, received, .. } = plan.summary;
    let differ = |number| if number == 1 { "differs" } else { "differ" };
    let counts = [
        (changes, "image", differ(changes)),
        (snapshots, "snapshot", differ(snapshots)),
        (missing, "copy", "missing"),
        (awaited, "copy", "on the way"),
        (acceptances, "share", "to accept"),
        (received.hidden, "share", "not visible"),
    ];
    let some = counts.iter().filter(|(number, ..)| *number > 0);
    some.map(|(number, noun, words)| format!("{} {words}", count(*number, noun))).collect()
}

fn none(summary: &Summary) -> &'static str {
    match (summary.blocked, summary.unreadable + summary.received.unknown) {
        (0, 0) => "none",
        (_, 0) => "none that can be mended",
        _ => "none where it could be read",
    }
}
