//! What happened, as text.

use std::fmt::Write as _;

use imgshare_plan::{ChangeState, Report, ReportedChange, Tally};

use super::error;
use super::label::{account, count, image};
use super::style::{ADD, BOLD, DIM, ERROR, WARN};

/// One change, as soon as it has ended.
pub(crate) fn change(reported: &ReportedChange) -> String {
    let ReportedChange { change, failed, error: whole, .. } = reported;
    let (style, word) = match change.state {
        ChangeState::Done => (ADD, "done"),
        ChangeState::Granted => (ADD, "granted, not verified"),
        ChangeState::Partly => (ERROR, "partly"),
        ChangeState::Interrupted => (WARN, "not begun"),
        ChangeState::Skipped => (WARN, "not picked"),
        ChangeState::Failed | ChangeState::Planned | ChangeState::Unknown => (ERROR, "failed"),
    };
    let mut text = String::new();
    let counts = format!("+{} -{}", change.add.len(), change.remove.len());
    let _ = writeln!(
        text,
        "{style}{word}{style:#}  {} {}  {}  {DIM}{counts}{DIM:#}",
        change.cloud,
        change.region,
        image(&change.image)
    );
    for failure in failed {
        for label in &failure.accounts {
            let _ = writeln!(text, "    {ERROR}!{ERROR:#} {}", account(label));
        }
        text += &error::indented(&failure.error, 6);
    }
    if let (Some(whole), true) = (whole, failed.is_empty()) {
        text += &error::indented(whole, 4);
    }
    text
}

/// What the plan could not do, and the counts. The changes themselves were told as they ended.
pub(crate) fn render(report: &Report) -> String {
    let mut text = String::new();
    let not_done: Vec<_> = report
        .changes
        .iter()
        .filter(|reported| reported.change.state == ChangeState::Interrupted && reported.failed.is_empty())
        .collect();
    for reported in not_done {
        text += &change(reported);
    }
    text + &sum(&report.summary)
}

fn sum(tally: &Tally) -> String {
    let mut parts = Vec::new();
    let images = [
        (tally.done, "done and read back"),
        (tally.granted, "granted, not verified"),
        (tally.partly, "partly done"),
        (tally.failed, "failed"),
        (tally.skipped, "not picked"),
        (tally.interrupted, "not begun"),
    ];
    parts.extend(
        images
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, words)| format!("{} {words}", count(*number, "image"))),
    );
    if parts.is_empty() {
        parts.push("nothing to do".to_owned());
    }
    if tally.additions + tally.removals > 0 {
        parts.push(format!("{} added, {} removed", count(tally.additions, "share"), tally.removals));
    }
    parts.push(format!("{} right before", count(tally.right, "image")));
    for (number, word) in [(tally.blocked, "blocked"), (tally.unreadable, "unreadable")] {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    format!("{BOLD}Report:{BOLD:#} {}\n", parts.join(", "))
}
