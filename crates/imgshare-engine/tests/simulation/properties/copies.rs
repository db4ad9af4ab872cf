//! What is true of copies.

use std::collections::BTreeSet;

use imgshare_plan::Plan;

use crate::calls::CopyCall;
use crate::case::{Case, CloudCase};
use crate::oracle::wanted_copies;
use crate::properties::safety::is_planned;
use crate::run::Ran;
use crate::truth::{Spot, Truth};

/// 1. Nothing is copied, and nothing done to a copy, that the plan does not name.
pub(crate) fn nothing_is_copied_that_the_plan_does_not_name(ran: &Ran, truth: &Truth) {
    let Some(plan) = &ran.plan else {
        // Killed before the plan was known: only additions may have begun.
        let removing = ran.sent.writes.iter().find(|write| !write.remove.is_empty());
        assert!(ran.sent.copies.is_empty() && removing.is_none(), "without a plan: {:?}", ran.sent);
        return;
    };
    let planned = planned(plan);
    for copy in &ran.sent.copies {
        assert!(planned.iter().any(|(known, _)| known == copy), "not in the plan: {copy:?}");
    }
    // Of what came and went meanwhile nobody knows what it was.
    let known = ran.sent.writes.iter().filter(|write| truth.0.contains_key(&write.spot));
    let others = known.filter(|write| !is_planned(plan, write));
    for write in others {
        let is_it = |(call, add): &(CopyCall, BTreeSet<String>)| {
            is_copy(truth, &write.spot, call) && write.add.is_subset(add) && write.remove.is_empty()
        };
        assert!(planned.iter().any(is_it), "not in the plan: {write:?}");
    }
}

/// Every copy is recorded before it is asked for.
pub(crate) fn every_copy_is_in_the_audit_record(ran: &Ran) {
    for copy in &ran.sent.copies {
        let named = ran.audit.iter().any(|line| {
            line["event"] == "sending"
                && line["copy_to"] == copy.to.as_str()
                && line["region"] == copy.source.region.as_str()
                && line["image"]["id"] == copy.source.image.as_str()
        });
        assert!(named, "not in the audit record: {copy:?}");
    }
}

/// Wherever the runs before were stopped: in the end there is one copy a region, and everybody has it who shall.
pub(crate) fn there_is_one_copy_and_it_is_shared(case: &Case, truth: &Truth) {
    for (call, accounts) in wanted_copies(case, truth) {
        let copies: Vec<_> = truth.0.keys().filter(|spot| is_copy(truth, spot, &call)).collect();
        assert_eq!(copies.len(), 1, "copies of {call:?}: {copies:?}");
        let have = &truth.0[copies[0]].shares;
        let missing: Vec<_> = accounts.difference(have).filter(|account| exists(case, account)).collect();
        assert!(missing.is_empty(), "{missing:?} lack the copy {}", copies[0]);
    }
}

fn planned(plan: &Plan) -> Vec<(CopyCall, BTreeSet<String>)> {
    let copies = plan.copies.iter().map(|copy| {
        let source = Spot::new(copy.cloud.as_str(), copy.source_region.as_str(), copy.source.id.as_str());
        let call = CopyCall { source, to: copy.region.to_string() };
        (call, copy.add.iter().map(|account| account.id.to_string()).collect())
    });
    copies.collect()
}

fn is_copy(truth: &Truth, spot: &Spot, call: &CopyCall) -> bool {
    let origin = truth.0.get(spot).and_then(|look| look.copy_of.as_ref());
    spot.region == call.to && origin.is_some_and(|origin| origin.image == call.source.image)
}

fn exists(case: &Case, account: &str) -> bool {
    let is = |cloud: &CloudCase| cloud.unknown.iter().any(|&number| cloud.kind.account(number) == account);
    !case.clouds.iter().any(is)
}
