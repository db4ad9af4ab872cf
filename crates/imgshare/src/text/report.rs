//! What happened, as text.

mod acceptances;
mod copies;

use std::collections::BTreeMap;

use imgshare_plan::{AccountLabel, ChangeState, PlannedChange, Report, ReportedChange, SnapshotTally, Tally};
use imgshare_protocol::{Error, Place, RuleName};

use super::block::Block;
use super::flow::{flow, list};
use super::label::{account_in_line, count, image, image_id, site};
use super::style::{ADD, BOLD, DIM, ERROR, WARN};
use super::{error, receivers, trouble};
use crate::view::unread::Unread;

pub(crate) use acceptances::acceptance;
pub(crate) use copies::step;

/// One change in one line, as soon as it has ended.
pub(crate) fn change(reported: &ReportedChange) -> String {
    let ReportedChange { change, failed, .. } = reported;
    let (style, word) = match change.state {
        ChangeState::Done => (ADD, "done"),
        ChangeState::Granted => (ADD, "granted, not verified"),
        ChangeState::Partly => (ERROR, "partly"),
        ChangeState::Interrupted => (WARN, "not begun"),
        ChangeState::Skipped => (WARN, "not picked"),
        ChangeState::Failed | ChangeState::Planned | ChangeState::Unknown => (ERROR, "failed"),
    };
    let mut pieces = vec![format!("{} {}", change.cloud, change.region)];
    pieces.extend(image(&change.image));
    pieces.extend(change.snapshot.iter().map(|id| format!("snapshot {id}")));
    let wrong: usize = failed.iter().map(|failure| failure.accounts.len()).sum();
    let wrong = if wrong > 0 { format!(", {wrong} failed") } else { String::new() };
    pieces.push(format!("{DIM}+{} -{}{wrong}{DIM:#}", change.add.len(), change.remove.len()));
    flow(&format!("{style}{word}{style:#}  "), 6, pieces, "  ")
}

/// What was not begun, each failure, and the counts. What was done has been told as it ended.
pub(crate) fn render(report: &Report, unread: Unread, places: &BTreeMap<RuleName, Place>) -> String {
    let untold = report.changes.iter().filter(|reported| !is_told(reported));
    let not_begun = untold.filter(|reported| reported.change.state == ChangeState::Interrupted);
    let not_begun = not_begun.map(change).collect::<String>();
    let mut parts = vec![not_begun + &acceptances::not_begun(report) + &copies::not_there(report)];
    parts.extend(failures(report).iter().map(|failure| failure.block(places).render()));
    parts.extend(acceptances::failures(report, places));
    parts.extend(copies::failures(report, places));
    parts.extend(receivers::wrong(&report.received));
    parts.push(receivers::waiting(report));
    parts.push(sum(&report.summary, unread) + &receivers::sum(&report.summary.received));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Whether this change was told as it ended: it has an outcome.
pub(crate) fn is_told(reported: &ReportedChange) -> bool {
    let without_outcome = matches!(reported.change.state, ChangeState::Interrupted | ChangeState::Skipped);
    !without_outcome || !reported.failed.is_empty()
}

/// The same thing that failed for some images: the same accounts, for the same reason.
struct Group<'a> {
    images: Vec<&'a PlannedChange>,
    accounts: Vec<&'a AccountLabel>,
    error: &'a Error,
}

fn failures(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let of_copies = report.copies.iter().flat_map(|copy| copy.share.iter().chain(&copy.snapshots));
    let changes = report.changes.iter().chain(of_copies);
    for reported in changes.filter(|reported| reported.change.state != ChangeState::Interrupted) {
        for new in failures_of(reported) {
            match groups.iter_mut().find(|group| group.is_like(&new)) {
                Some(group) => group.images.extend(new.images),
                None => groups.push(new),
            }
        }
    }
    groups
}

fn failures_of(reported: &ReportedChange) -> Vec<Group<'_>> {
    let group = |accounts, error| Group { images: vec![&reported.change], accounts, error };
    let failed = reported.failed.iter();
    let mut groups: Vec<_> = failed
        .map(|failure| group(failure.accounts.iter().map(AsRef::as_ref).collect(), &failure.error))
        .collect();
    // An error of the whole change that no account has: it could not be read back.
    if let Some(error) =
        reported.error.as_ref().filter(|error| groups.iter().all(|group| group.error != *error))
    {
        groups.push(group(Vec::new(), error));
    }
    groups
}

impl Group<'_> {
    fn is_like(&self, other: &Self) -> bool {
        let what = |group: &Self| {
            let change = group.images[0];
            let place = (change.cloud.clone(), change.region.clone(), change.snapshot.is_some());
            (place, error::title(group.error), group.error.code.clone())
        };
        what(self) == what(other) && self.accounts == other.accounts
    }

    fn block(&self, places: &BTreeMap<RuleName, Place>) -> Block {
        let change = self.images[0];
        let noun = if change.snapshot.is_some() { "snapshot" } else { "image" };
        let what = match (self.accounts.is_empty(), change.add.is_empty(), change.remove.is_empty()) {
            (true, ..) => format!("cannot read back who has the {noun}"),
            (false, true, _) => format!("cannot take the {noun} away"),
            (false, _, true) => format!("cannot share the {noun}"),
            _ => format!("cannot change the {noun}'s shares"),
        };
        let rule = change.rules.first().and_then(|rule| places.get(rule));
        Block::of(&what, self.error)
            .line("provider", site(&change.provider, Some(&change.region), &change.cloud))
            .lines("image", self.images.iter().map(|change| image_id(&change.image)))
            .lines(
                "snapshot",
                self.images.iter().flat_map(|change| &change.snapshot).map(ToString::to_string),
            )
            .lines("account", self.accounts.iter().map(|account| account_in_line(account)))
            .maybe("cloud", trouble::code_of_many(self.error, self.images.len()))
            .maybe("config", rule.map(|place| format!("{}:{}", place.file, place.line)))
    }
}

fn sum(tally: &Tally, unread: Unread) -> String {
    let images = [
        (tally.done, "done and read back"),
        (tally.granted, "granted, not verified"),
        (tally.partly, "partly done"),
        (tally.failed, "failed"),
        (tally.skipped, "not picked"),
        (tally.interrupted, "not begun"),
    ];
    let some = images.iter().filter(|(number, _)| *number > 0);
    let mut parts: Vec<_> =
        some.map(|(number, words)| format!("{} {words}", count(*number, "image"))).collect();
    parts.extend(snapshots(&tally.snapshots));
    parts.extend(copies::counts(&tally.copies));
    parts.extend(acceptances::counts(&tally.acceptances));
    if parts.is_empty() {
        parts.push(if unread.is_empty() { "nothing to do" } else { "nothing done" }.to_owned());
    }
    if tally.additions + tally.removals > 0 {
        parts.push(format!("{} added, {} removed", count(tally.additions, "share"), tally.removals));
    }
    parts.push(format!("{} right before", count(tally.right, "image")));
    if tally.unaccepted > 0 {
        parts.push(format!("{} not accepted by those who receive", count(tally.unaccepted, "share")));
    }
    let trouble = [(tally.blocked, "blocked"), (tally.unreadable, "unreadable")];
    let some: Vec<_> = trouble.iter().filter(|(number, _)| *number > 0).collect();
    let some: Vec<_> = some.iter().map(|(number, word)| format!("{number} {word}")).collect();
    if !some.is_empty() {
        parts.push(format!("{} (see the plan above)", enumerated(&some)));
    }
    parts.extend(not_read(unread));
    list(&format!("{BOLD}Report:{BOLD:#} "), 8, &parts)
}

/// `a`, `a and b`, `a, b and c`
fn enumerated(items: &[String]) -> String {
    match items {
        [most @ .., before, last] if !most.is_empty() => format!("{}, {before} and {last}", most.join(", ")),
        _ => items.join(" and "),
    }
}

fn snapshots(tally: &SnapshotTally) -> Vec<String> {
    let snapshots = [
        (tally.done, "done and read back"),
        (tally.granted, "granted, not verified"),
        (tally.partly, "partly done"),
        (tally.failed, "failed"),
        (tally.skipped, "not picked"),
        (tally.interrupted, "not begun"),
    ];
    let some = snapshots.iter().filter(|(number, _)| *number > 0);
    some.map(|(number, words)| format!("{} {words}", count(*number, "snapshot"))).collect()
}

/// What the run did not come to.
fn not_read(unread: Unread) -> Option<String> {
    let counts = [(unread.regions, "region"), (unread.images, "image"), (unread.snapshots, "snapshot")];
    let some = counts.iter().filter(|(number, _)| *number > 0);
    let some: Vec<_> = some.map(|(number, noun)| count(*number, noun)).collect();
    (!some.is_empty()).then(|| format!("{} not read", enumerated(&some)))
}
