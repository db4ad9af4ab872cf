//! What is true of copies that go wrong.

use std::collections::BTreeSet;

use imgshare_plan::{BlockedKind, Report};

use crate::calls::CopyCall;
use crate::case::Case;
use crate::oracle::{copies_of, wanted_copies, widest_wishes, wishes};
use crate::run::Ran;
use crate::truth::{Spot, Truth};

/// A run makes each copy once, whatever answers are lost.
pub(crate) fn no_copy_is_made_twice_in_a_run(ran: &Ran, after: &Truth) {
    for call in &ran.sent.copies {
        let there = |truth| copies_of(truth, &call.source, &call.to).into_iter().cloned().collect();
        let (before, after): (BTreeSet<Spot>, BTreeSet<Spot>) = (there(&ran.before), there(after));
        let made: Vec<_> = after.difference(&before).collect();
        assert!(made.len() <= 1, "made twice in a run: {call:?}, as {made:?}");
    }
}

/// In a quiet world each copy is there once: usable, or failed and told so. Where listings lagged and the cloud has no
/// token there may be several, and then nobody guesses. The failed ones.
pub(crate) fn copies_are_there_or_it_is_said_why(
    case: &Case,
    truth: &Truth,
    report: &Report,
) -> BTreeSet<Spot> {
    let mut failed = BTreeSet::new();
    for (call, _) in wanted_copies(case, truth) {
        let copies = copies_of(truth, &call.source, &call.to);
        match copies.as_slice() {
            [] => panic!("there is no copy {call:?}\n{report:#?}"),
            [copy] if has_failed(truth, copy) => {
                assert!(is_told(report, &call, BlockedKind::CopyFailed), "{copy} failed\n{report:#?}");
                failed.insert((*copy).clone());
            }
            [_] => {}
            several => {
                let allowed = case.trouble.lags() && !case.clouds[0].kind.copies_once;
                assert!(allowed, "copies of {call:?}: {several:?}");
                let told = is_told(report, &call, BlockedKind::CopyAmbiguous);
                assert!(told, "one of several copies was guessed: {several:?}\n{report:#?}");
            }
        }
    }
    failed
}

/// Nobody gets an image that no rule gives, or loses one that no exact rule is about or that a rule gives.
pub(crate) fn only_what_rules_say_happens_to_copies(case: &Case, ran: &Ran, after: &Truth) {
    let widest = widest_wishes(case, &after.clone().with(&ran.before));
    let (first, last) = (wishes(case, &ran.before), wishes(case, after));
    for write in &ran.sent.writes {
        // What came and went meanwhile is not known any more.
        if !after.0.contains_key(&write.spot) && !ran.before.0.contains_key(&write.spot) {
            continue;
        }
        let wish = widest.get(&write.spot).unwrap_or_else(|| panic!("no rule is about it: {write:?}"));
        assert!(write.add.is_subset(&wish.accounts), "no rule wants it: {write:?}");
        assert!(write.remove.is_empty() || wish.exact, "no exact rule covers it: {write:?}");
        let always = first.get(&write.spot).zip(last.get(&write.spot));
        let kept = always.map(|(first, last)| &first.accounts & &last.accounts).unwrap_or_default();
        assert!(write.remove.is_disjoint(&kept), "a rule wants to keep it: {write:?}");
    }
}

fn has_failed(truth: &Truth, copy: &Spot) -> bool {
    ["CREATEFAILED", "SYNCFAILED", "CreateFailed"].contains(&truth.0[copy].state.as_str())
}

fn is_told(report: &Report, call: &CopyCall, kind: BlockedKind) -> bool {
    let blocked = report.blocked.iter().any(|blocked| {
        blocked.kind == kind
            && blocked.region.as_ref().is_some_and(|region| region.as_str() == call.to)
            && blocked.image.as_ref().is_some_and(|image| image.id.as_str() == call.source.image)
    });
    let reported = report.copies.iter().any(|reported| {
        reported.copy.source.id.as_str() == call.source.image
            && reported.copy.region.as_str() == call.to
            && reported.error.is_some()
    });
    blocked || reported
}
