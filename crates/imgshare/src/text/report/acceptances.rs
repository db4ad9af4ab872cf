//! Acceptances in a report, as text.

use std::collections::BTreeMap;

use imgshare_plan::{AcceptanceTally, ChangeState, Report, ReportedAcceptance};
use imgshare_protocol::{Error, Place, RuleName};

use super::super::block::Block;
use super::super::flow::flow;
use super::super::label::{account_in_line, count, image, image_id, site};
use super::super::style::{ADD, DIM, ERROR, WARN};
use super::super::{error, trouble};

/// One acceptance in one line, as soon as it has ended.
pub(crate) fn acceptance(reported: &ReportedAcceptance) -> String {
    let share = &reported.acceptance;
    let (style, word) = match share.state {
        ChangeState::Done => (ADD, "accepted"),
        ChangeState::Granted => (ADD, "accepted, not verified"),
        ChangeState::Interrupted => (WARN, "not begun"),
        ChangeState::Skipped => (WARN, "not picked"),
        _ => (ERROR, "not accepted"),
    };
    let mut pieces = vec![format!("{} {}", share.cloud, share.region)];
    pieces.extend(image(&share.image));
    pieces.push(format!("{DIM}as {}{DIM:#}", account_in_line(&share.account)));
    flow(&format!("{style}{word}{style:#}  "), 6, pieces, "  ")
}

/// Those that were not begun.
pub(super) fn not_begun(report: &Report) -> String {
    let some = report.acceptances.iter();
    let some = some.filter(|reported| reported.acceptance.state == ChangeState::Interrupted);
    some.map(acceptance).collect()
}

type Failed<'a> = (&'a ReportedAcceptance, &'a Error);

/// Each error of acceptances; those with one login that are alike share a block.
pub(super) fn failures(report: &Report, places: &BTreeMap<RuleName, Place>) -> Vec<String> {
    let mut groups: Vec<Vec<Failed<'_>>> = Vec::new();
    let of_copies = report.copies.iter().flat_map(|copy| &copy.acceptances);
    for reported in report.acceptances.iter().chain(of_copies) {
        let Some(error) = &reported.error else { continue };
        match groups.iter_mut().find(|group| alike(group[0], (reported, error))) {
            Some(group) => group.push((reported, error)),
            None => groups.push(vec![(reported, error)]),
        }
    }
    groups.iter().map(|group| block(group, places).render()).collect()
}

fn alike(one: Failed<'_>, other: Failed<'_>) -> bool {
    let what = |(reported, error): Failed<'_>| {
        let share = &reported.acceptance;
        let place = (share.cloud.clone(), share.region.clone(), share.with.clone(), share.account.id.clone());
        (place, share.state, error::title(error), error.code.clone())
    };
    what(one) == what(other)
}

fn block(group: &[Failed<'_>], places: &BTreeMap<RuleName, Place>) -> Block {
    let (first, error) = group[0];
    let share = &first.acceptance;
    let what = match share.state {
        ChangeState::Failed => "cannot accept the share",
        _ => "cannot read back whether the share is accepted",
    };
    let rule = share.rules.first().and_then(|rule| places.get(rule));
    Block::of(what, error)
        .line("provider", site(&share.provider, Some(&share.region), &share.cloud))
        .lines("image", group.iter().map(|(reported, _)| image_id(&reported.acceptance.image)))
        .line("account", account_in_line(&share.account))
        .line("login", format!("cloud {}", share.with))
        .maybe("cloud", trouble::code_of_many(error, group.len()))
        .maybe("config", rule.map(|place| format!("{}:{}", place.file, place.line)))
}

/// The counts, as far as there is something to count.
pub(super) fn counts(tally: &AcceptanceTally) -> Vec<String> {
    let counts = [
        (tally.done, "accepted"),
        (tally.granted, "accepted, not verified"),
        (tally.failed, "not accepted"),
        (tally.skipped, "not picked to accept"),
        (tally.interrupted, "not begun to accept"),
    ];
    let some = counts.iter().filter(|(number, _)| *number > 0);
    some.map(|(number, words)| format!("{} {words}", count(*number, "share"))).collect()
}
