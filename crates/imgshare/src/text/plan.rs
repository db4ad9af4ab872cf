//! A plan as text: reads like a diff, grouped by cloud, region and image.

use imgshare_plan::{Plan, PlannedChange, Summary};

use super::flow::{flow, list};
use super::label::{account, count, image, named};
use super::sites::Sites;
use super::style::{ADD, BOLD, DIM, HINT, REMOVE, WARN};
use super::trouble;

/// The whole plan, with counts at the end.
pub(crate) fn render(plan: &Plan) -> String {
    let mut sites = Sites::default();
    let mut parts = vec![
        plan.to_do().map(|change| sites.under(&change.cloud, &change.region) + &one(change, 4)).collect(),
    ];
    parts.extend(trouble::of(plan));
    parts.push(sum(&plan.summary) + &foreign_hint(&plan.summary));
    parts.retain(|part: &String| !part.is_empty());
    parts.join("\n")
}

/// One change on its own, with its cloud and region.
pub(crate) fn change_alone(change: &PlannedChange) -> String {
    format!("{} {}\n{}", change.cloud, change.region, one(change, 2))
}

fn one(change: &PlannedChange, indent: usize) -> String {
    let mut text = head(change, indent);
    for added in &change.add {
        text += &format!("{:indent$}  {ADD}+{ADD:#} {}\n", "", account(added));
    }
    for removed in &change.remove {
        text += &format!("{:indent$}  {REMOVE}-{REMOVE:#} {}\n", "", account(removed));
    }
    text
}

/// The image and the rules that are about it.
pub(super) fn head(change: &PlannedChange, indent: usize) -> String {
    let mut pieces = image(&change.image);
    pieces.push(format!("{DIM}({}){DIM:#}", named("rule", &change.rules)));
    flow(&" ".repeat(indent), indent + 2, pieces, "  ")
}

fn sum(summary: &Summary) -> String {
    let mut parts = Vec::new();
    if summary.changes == 0 {
        parts.push(match summary.unreadable {
            0 => "nothing to change".to_owned(),
            _ => "nothing to change where it could be read".to_owned(),
        });
    } else {
        let (added, removed) = (summary.additions, summary.removals);
        parts.push(format!("{} to change", count(summary.changes, "image")));
        parts.push(format!("{ADD}+{added}{ADD:#} {REMOVE}-{removed}{REMOVE:#} shares"));
    }
    parts.extend(rest(summary));
    list(&format!("{BOLD}Plan:{BOLD:#} "), 6, &parts)
}

/// The counts that plan and drift have in common.
pub(super) fn rest(summary: &Summary) -> Vec<String> {
    let counts =
        [(summary.blocked, "blocked"), (summary.unreadable, "unreadable"), (summary.foreign, "foreign")];
    let mut parts = vec![format!("{} right already", count(summary.right, "image"))];
    parts.extend(
        counts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")),
    );
    parts
}

fn foreign_hint(summary: &Summary) -> String {
    match summary.foreign {
        0 => String::new(),
        1 => format!(
            "{HINT}hint:{HINT:#} 1 share is none of the rules' and is left alone; `imgshare drift` names it\n"
        ),
        many => format!(
            "{HINT}hint:{HINT:#} {many} shares are none of the rules' and are left alone; `imgshare drift` names them\n"
        ),
    }
}

/// Rules that select nothing: likely a slip of the pen.
pub(super) fn empty_rules(plan: &Plan) -> String {
    let line = |rule| format!("{WARN}note:{WARN:#} rule {rule} selects no image\n");
    plan.empty_rules.iter().map(line).collect()
}
