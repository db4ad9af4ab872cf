//! Copies in a report, as text.

use std::collections::BTreeMap;

use imgshare_engine::CopyStep;
use imgshare_plan::{CopyState, CopyTally, PlannedCopy, Report, ReportedCopy};
use imgshare_protocol::{Error, Place, RuleName};

use super::super::block::Block;
use super::super::copies::{name, source};
use super::super::flow::flow;
use super::super::label::{count, plain, site};
use super::super::style::{ADD, DIM, WARN};
use super::super::{error, trouble};

/// A copy that is a step further, in one line. `None`: the step is told as progress only.
pub(crate) fn step(copy: &PlannedCopy, step: CopyStep<'_>) -> Option<String> {
    match step {
        CopyStep::Asked => Some(line(&format!("{ADD}copying{ADD:#}"), copy, &source(copy))),
        CopyStep::Usable { image } => {
            Some(line(&format!("{ADD}usable{ADD:#}"), copy, &format!("{DIM}{image}{DIM:#}")))
        }
        CopyStep::Making { .. } | CopyStep::Failed => None,
    }
}

fn line(word: &str, copy: &PlannedCopy, what: &str) -> String {
    let pieces = [format!("{} {}", copy.cloud, copy.region), name(copy), what.to_owned()];
    flow(&format!("{word}  "), 6, pieces, "  ")
}

/// Copies that nobody can use yet and that have no error to tell of.
pub(super) fn not_there(report: &Report) -> String {
    let quiet = report.copies.iter().filter(|reported| reported.error.is_none());
    quiet.filter_map(one_not_there).collect()
}

fn one_not_there(reported: &ReportedCopy) -> Option<String> {
    let ReportedCopy { copy, image, .. } = reported;
    let word = match copy.state {
        CopyState::Begun => "on its way",
        CopyState::Interrupted => "not begun",
        CopyState::Skipped => "not picked",
        _ => return None,
    };
    let what = image.as_ref().map_or_else(|| source(copy), |image| format!("{DIM}{image}{DIM:#}"));
    Some(line(&format!("{WARN}{word}{WARN:#}"), copy, &what))
}

/// Each error of copies; those into one region that are alike share a block.
pub(super) fn failures(report: &Report, places: &BTreeMap<RuleName, Place>) -> Vec<String> {
    let mut groups: Vec<Vec<(&ReportedCopy, &Error)>> = Vec::new();
    for reported in &report.copies {
        let Some(error) = &reported.error else { continue };
        match groups.iter_mut().find(|group| alike(group[0], (reported, error))) {
            Some(group) => group.push((reported, error)),
            None => groups.push(vec![(reported, error)]),
        }
    }
    groups.iter().map(|group| block(group, places).render()).collect()
}

fn alike(one: (&ReportedCopy, &Error), other: (&ReportedCopy, &Error)) -> bool {
    let what = |(reported, error): (&ReportedCopy, &Error)| {
        let copy = &reported.copy;
        (copy.cloud.clone(), copy.region.clone(), copy.state, error::title(error), error.code.clone())
    };
    what(one) == what(other)
}

fn block(group: &[(&ReportedCopy, &Error)], places: &BTreeMap<RuleName, Place>) -> Block {
    let (first, error) = group[0];
    let copy = &first.copy;
    let images = group.iter().filter_map(|(reported, _)| reported.image.as_ref());
    let rule = copy.rules.first().and_then(|rule| places.get(rule));
    headed(copy.state, error)
        .line("provider", site(&copy.provider, Some(&copy.region), &copy.cloud))
        .lines("source", group.iter().map(|(reported, _)| source_of(&reported.copy)))
        .lines("copy", images.map(ToString::to_string))
        .maybe("cloud", trouble::code_of_many(error, group.len()))
        .maybe("config", rule.map(|place| format!("{}:{}", place.file, place.line)))
}

fn headed(state: CopyState, error: &Error) -> Block {
    match state {
        // That it is not there yet is nobody's fault.
        CopyState::Begun => {
            let block = Block::new(format!("cannot share the copy yet: {}", plain(&error.message)));
            error::hint(error).into_iter().fold(block, Block::hint)
        }
        CopyState::Partly => Block::of("cannot share the copy", error),
        _ => Block::of("cannot copy the image", error),
    }
}

/// `img-8toqc6s3 (golden-ubuntu) in ap-nanjing`
fn source_of(copy: &PlannedCopy) -> String {
    format!("{} in {}", super::image_id(&copy.source), copy.source_region)
}

/// The counts, as far as there is something to count.
pub(super) fn counts(tally: &CopyTally) -> Vec<String> {
    let copies = [
        (tally.done, "ready and shared"),
        (tally.partly, "ready and not shared with all"),
        (tally.begun, "on the way"),
        (tally.failed, "failed"),
        (tally.skipped, "not picked"),
        (tally.interrupted, "not begun"),
    ];
    let some = copies.iter().filter(|(number, _)| *number > 0);
    some.map(|(number, words)| format!("{} {words}", count(*number, "copy"))).collect()
}
