//! A plan as text: reads like a diff, grouped by cloud, region and image.

use imgshare_plan::{Plan, PlannedCopy, Summary};

use super::copies::{self, Words};
use super::estimate;
use super::flow::list;
use super::hunks::{self, Signs};
use super::label::count;
use super::style::{ADD, BOLD, HINT, REMOVE, WARN};
use super::{receivers, trouble};
use crate::view::parts::Part;

const SIGNS: Signs = Signs { added: "+", removed: "-", accepts: "accept as" };

const WORDS: Words = Words { missing: "to be copied", added: "+", accepts: "accept as" };

/// The whole plan, with counts at the end.
pub(crate) fn render(plan: &Plan) -> String {
    ending(plan, &sum(plan))
}

/// The whole plan, with counts and what applying it takes.
pub(crate) fn render_with_estimate(plan: &Plan) -> String {
    ending(plan, &(sum(plan) + &estimate::line(plan)))
}

fn ending(plan: &Plan, end: &str) -> String {
    let mut parts = vec![hunks::of(plan, SIGNS), copies::of(plan, WORDS)];
    parts.extend(trouble::of(plan));
    parts.push(receivers::unaccepted(&plan.unaccepted));
    parts.push(end.to_owned() + &foreign_hint(&plan.summary));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// All that is to be done about one image on its own, with its cloud and region.
pub(crate) fn part_alone(part: &Part<'_>) -> String {
    format!("{} {}\n{}", part.cloud(), part.region(), hunks::one(part, 2, SIGNS))
}

/// One copy on its own, with its cloud and region.
pub(crate) fn copy_alone(copy: &PlannedCopy) -> String {
    format!("{} {}\n{}", copy.cloud, copy.region, copies::alone(copy, WORDS))
}

fn sum(plan: &Plan) -> String {
    let summary = &plan.summary;
    let mut parts = to_do(plan);
    if parts.is_empty() {
        parts.push(match summary.unreadable {
            0 => "nothing to change".to_owned(),
            _ => "nothing to change where it could be read".to_owned(),
        });
    } else {
        let (added, removed) = (summary.additions, summary.removals);
        if summary.changes + summary.snapshots + summary.copies > 0 {
            parts.push(format!("{ADD}+{added}{ADD:#} {REMOVE}-{removed}{REMOVE:#} shares"));
        }
    }
    parts.extend(rest(summary));
    list(&format!("{BOLD}Plan:{BOLD:#} "), 6, &parts)
}

fn to_do(plan: &Plan) -> Vec<String> {
    let (awaited, missing) = awaited_and_missing(plan);
    let counts = [
        (plan.summary.changes, "image", "to change"),
        (plan.summary.snapshots, "snapshot", "to change"),
        (missing, "copy", "to make"),
        (awaited, "copy", "to await"),
        (plan.summary.acceptances, "share", "to accept"),
    ];
    let some = counts.iter().filter(|(number, ..)| *number > 0);
    some.map(|(number, noun, words)| format!("{} {words}", count(*number, noun))).collect()
}

/// Copies that are on their way, and those that are not there at all.
pub(super) fn awaited_and_missing(plan: &Plan) -> (usize, usize) {
    let awaited = plan.copies.iter().filter(|copy| copy.begun.is_some()).count();
    (awaited, plan.copies.len() - awaited)
}

/// The counts that plan and drift have in common.
pub(super) fn rest(summary: &Summary) -> Vec<String> {
    let counts = [
        (summary.unaccepted, "not accepted"),
        (summary.blocked, "blocked"),
        (summary.unreadable, "unreadable"),
        (summary.foreign, "foreign"),
    ];
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
