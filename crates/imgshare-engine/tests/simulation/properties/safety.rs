//! What holds in every run, however it ends.

use std::collections::BTreeSet;
use std::sync::Arc;

use imgshare_plan::{AccountLabel, Plan};
use serde_json::Value;

use crate::calls::Write;
use crate::case::Case;
use crate::oracle::{widest_wishes, wishes};
use crate::run::Ran;
use crate::stage::Stage;
use crate::truth::Spot;

/// Accounts to add and accounts to remove.
type Change = (BTreeSet<String>, BTreeSet<String>);

/// 1. Nothing is written without a plan that names it.
pub(crate) fn nothing_is_written_that_the_plan_does_not_name(ran: &Ran) {
    let Some(plan) = &ran.plan else {
        // Killed before the plan was known: only what may start early can have been written.
        assert!(
            ran.sent.writes.iter().all(|write| write.remove.is_empty()),
            "removed without a plan: {:?}",
            ran.sent.writes
        );
        return;
    };
    for write in &ran.sent.writes {
        assert!(is_planned(plan, write), "not in the plan: {write:?}");
    }
}

/// Whether a change of the plan is about this image and these accounts.
pub(super) fn is_planned(plan: &Plan, write: &Write) -> bool {
    let ids = |accounts: &[Arc<AccountLabel>]| -> BTreeSet<String> {
        accounts.iter().map(|account| account.id.to_string()).collect()
    };
    plan.to_do().any(|change| {
        Spot::of(&change.key()) == write.spot
            && write.add.is_subset(&ids(&change.add))
            && write.remove.is_subset(&ids(&change.remove))
    })
}

/// 1. `plan` cannot write.
pub(crate) fn nothing_is_written(ran: &Ran, why: &str) {
    let sent = &ran.sent;
    assert!(sent.writes.is_empty() && sent.copies.is_empty(), "{why}, and this is sent: {sent:?}");
}

/// 2. A share that no rule of mode `exact` covers is never removed; nor one that any rule wants.
pub(crate) fn only_what_an_exact_rule_covers_is_removed(case: &Case, ran: &Ran) {
    // When somebody meddles, other images are the newest than there were at first.
    let steady = !case.trouble.changes_images();
    let all = if steady { wishes(case, &ran.before) } else { widest_wishes(case, &ran.before) };
    let asked = widest_wishes(&case.in_scope(), &ran.before);
    for write in ran.sent.writes.iter().filter(|write| !write.remove.is_empty()) {
        let wish = all.get(&write.spot).unwrap_or_else(|| panic!("no rule is about it: {write:?}"));
        let exact = wish.exact && asked.get(&write.spot).is_some_and(|asked| asked.exact);
        assert!(exact, "no exact rule covers it: {write:?}");
        let kept = write.remove.intersection(&wish.accounts).next().filter(|_| steady);
        assert_eq!(kept, None, "a rule wants to keep it: {write:?}");
    }
}

/// Nobody gets what no rule gives.
pub(crate) fn only_what_a_rule_wants_is_added(case: &Case, ran: &Ran) {
    let wishes = widest_wishes(&case.in_scope(), &ran.before);
    for write in ran.sent.writes.iter().filter(|write| !write.add.is_empty()) {
        let wanted = wishes.get(&write.spot).is_some_and(|wish| write.add.is_subset(&wish.accounts));
        assert!(wanted, "no rule wants it: {write:?}");
    }
}

/// 2. An image whose shares could not be read is never changed.
pub(crate) fn what_could_not_be_read_is_not_changed(ran: &Ran) {
    let Some(plan) = &ran.plan else { return };
    for unreadable in &plan.unreadable {
        let at = |write: &&Write| {
            write.spot.cloud == unreadable.cloud.as_str()
                && write.spot.region == unreadable.region.as_str()
                && unreadable.image.as_ref().is_none_or(|image| write.spot.image == image.id.as_str())
        };
        let written = ran.sent.writes.iter().find(at);
        assert!(written.is_none(), "{written:?} though it could not be read: {unreadable:?}");
    }
}

/// 2. The same, seen from the clouds: nothing goes to an image of which no cloud has told who has it.
pub(crate) fn nothing_is_written_blindly(case: &Case, ran: &Ran) {
    // A listing that says that nobody has an image tells enough.
    let is_told_by_listing =
        |write: &&Write| case.cloud(&write.spot.cloud).behaviour.contains(&("self_shared", "told"));
    let blind = ran.sent.blind.iter().find(|write| !is_told_by_listing(write));
    assert_eq!(blind, None, "nobody knew who has the image");
}

/// 6. Batches respect the provider's limit per call.
pub(crate) fn no_write_is_larger_than_a_call_may_be(stage: &Stage, ran: &Ran) {
    for write in &ran.sent.writes {
        let limits = &stage.desired.clouds[write.spot.cloud.as_str()].limits;
        let most = limits.accounts_per_change.map_or(usize::MAX, |most| most as usize);
        assert!(write.add.len().max(write.remove.len()) <= most, "more than {most} accounts: {write:?}");
        let both = !write.add.is_empty() && !write.remove.is_empty();
        assert!(limits.add_and_remove_together || !both, "adds and removes in one call: {write:?}");
    }
}

/// Asked to stop, a run begins nothing new.
pub(crate) fn nothing_is_begun_after_the_stop(ran: &Ran) {
    let Some(stopped) = ran.sent.stopped else { return };
    for line in ran.audit.iter().filter(|line| line["event"] == "sending") {
        let begun: jiff::Timestamp = line["time"].as_str().expect("a text").parse().expect("a time");
        assert!(begun.as_millisecond() <= stopped.milliseconds(), "begun after the stop: {line}");
    }
}

/// Every write is recorded before it is sent.
pub(crate) fn every_write_is_in_the_audit_record(ran: &Ran) {
    let sending = ran.audit.iter().filter(|line| line["event"] == "sending" && line["copy_to"].is_null());
    let sending: Vec<_> = sending.map(recorded).collect();
    for write in &ran.sent.writes {
        let named = sending.iter().any(|(spot, (add, remove))| {
            *spot == write.spot && write.add.is_subset(add) && write.remove.is_subset(remove)
        });
        assert!(named, "not in the audit record: {write:?}");
    }
}

fn recorded(line: &Value) -> (Spot, Change) {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let accounts = |name: &str| line[name].as_array().expect("a list").iter().map(text).collect();
    let spot = Spot {
        cloud: text(&line["cloud"]),
        region: text(&line["region"]),
        image: text(&line["image"]["id"]),
    };
    (spot, (accounts("add"), accounts("remove")))
}
