//! What differs, and what is there besides, as text.

use imgshare_plan::{Foreign, Plan, Summary};

use super::flow::{flow, list, sentence};
use super::hunks::{self, Signs};
use super::label::{account, count, image};
use super::plan::rest;
use super::sites::Sites;
use super::style::{BOLD, WARN};
use super::trouble;

const SIGNS: Signs = Signs { added: "missing  ", removed: "too many " };

/// Image by image which account is missing and which is too many, then everything that keeps clouds and config apart.
pub(crate) fn render(plan: &Plan) -> String {
    let mut parts = vec![hunks::of(plan, SIGNS)];
    parts.extend(trouble::of(plan));
    parts.push(foreign(&plan.foreign));
    parts.push(sum(&plan.summary));
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

fn sum(summary: &Summary) -> String {
    let mut parts = match (summary.changes, summary.blocked, summary.unreadable) {
        (0, 0, 0) => vec!["none".to_owned()],
        (0, _, 0) => vec!["none that can be mended".to_owned()],
        (0, ..) => vec!["none where it could be read".to_owned()],
        (changes, ..) => {
            let differ = if changes == 1 { "differs" } else { "differ" };
            let missing = count(summary.additions, "share");
            vec![
                format!("{} {differ}", count(changes, "image")),
                format!("{missing} missing"),
                format!("{} too many", summary.removals),
            ]
        }
    };
    parts.extend(rest(summary));
    list(&format!("{BOLD}Drift:{BOLD:#} "), 7, &parts)
}
