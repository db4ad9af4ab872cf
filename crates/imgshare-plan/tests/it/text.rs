//! Plans and reports as short text.

use std::sync::Arc;

use imgshare_plan::{
    AccountLabel, Blocked, Foreign, ImageName, Plan, PlannedAcceptance, PlannedChange, PlannedCopy, Report,
    Unaccepted, Unreadable,
};
use imgshare_protocol::{Change, ImageId, RuleName, SnapshotId};

/// One line for each thing that a plan says.
pub(crate) fn plan(plan: &Plan) -> String {
    let changes = plan.changes.iter().map(change);
    let copies = plan.copies.iter().map(copy);
    let acceptances = plan.acceptances.iter().map(acceptance);
    let unaccepted = plan.unaccepted.iter().map(unaccepted);
    let blocked = plan.blocked.iter().map(blocked);
    let foreign = plan.foreign.iter().map(foreign);
    let unreadable = plan.unreadable.iter().map(unreadable);
    let empty = plan.empty_rules.iter().map(|rule| format!("empty {rule}"));
    let right = (plan.summary.right > 0).then(|| format!("right {}", plan.summary.right));
    let to_do = changes.chain(copies).chain(acceptances).chain(unaccepted);
    let lines = to_do.chain(blocked).chain(foreign).chain(unreadable).chain(empty).chain(right);
    lines.map(|line| format!("{line}\n")).collect()
}

/// One change, without its line's end.
pub(crate) fn change(change: &PlannedChange) -> String {
    let PlannedChange { cloud, region, image, add, remove, .. } = change;
    let accounts = signed('+', add).into_iter().chain(signed('-', remove)).collect::<Vec<_>>().join(" ");
    let prepare = change.prepare.as_ref().map_or(String::new(), |what| format!(" prepare {what}"));
    let notes: String = change.notes.iter().map(|note| format!(" needs {note}")).collect();
    let image = within(&image.id, change.snapshot.as_ref());
    format!("{cloud} {region} {image} {}: {accounts}{prepare}{notes}", rules(&change.rules))
}

/// An image, or a snapshot of an image.
fn within(image: &ImageId, snapshot: Option<&SnapshotId>) -> String {
    snapshot.map_or(image.to_string(), |snapshot| format!("{image}/{snapshot}"))
}

/// One acceptance, without its line's end.
pub(crate) fn acceptance(acceptance: &PlannedAcceptance) -> String {
    let PlannedAcceptance { cloud, region, image, account, with, .. } = acceptance;
    let found = acceptance.found.map_or("new".to_owned(), |found| word(&found));
    format!(
        "accept {cloud} {region} {} {} {} with {with}: {found}",
        image.id,
        rules(&acceptance.rules),
        label(account)
    )
}

fn unaccepted(waiting: &Unaccepted) -> String {
    let Unaccepted { cloud, region, image, pending, rejected, .. } = waiting;
    let (pending, rejected) = (ids(pending), ids(rejected));
    format!(
        "unaccepted {cloud} {region} {} {}: pending {pending} rejected {rejected}",
        image.id,
        rules(&waiting.rules)
    )
}

/// The word that stands for it in JSON.
fn word(value: &impl serde::Serialize) -> String {
    let word = serde_json::to_value(value).expect("a word");
    word.as_str().expect("a word").to_owned()
}

/// One copy, without its line's end.
fn copy(copy: &PlannedCopy) -> String {
    let PlannedCopy { cloud, source_region, source, region, name, .. } = copy;
    let begun = copy.begun.as_ref().map_or(String::new(), |id| format!(" begun {id}"));
    let accounts = signed('+', &copy.add).join(" ");
    let snapshots = copy.snapshots.as_ref();
    let snapshots =
        snapshots.map_or(String::new(), |of| format!(" snapshots {}", signed('+', &of.add).join(" ")));
    let accept: String =
        copy.accept_with.iter().map(|(id, with)| format!(" accept {id} with {with}")).collect();
    format!(
        "copy {cloud} {source_region} {} to {region} as {name}{begun} {}: {accounts}{snapshots}{accept}",
        source.id,
        rules(&copy.rules)
    )
}

fn blocked(blocked: &Blocked) -> String {
    let kind = word(&blocked.kind);
    let region = blocked.region.as_ref().map_or("-", |region| region.as_str());
    let image = name(blocked.image.as_ref(), blocked.snapshot.as_ref());
    let (cloud, rules) = (&blocked.cloud, rules(&blocked.rules));
    format!("blocked {kind} {cloud} {region} {image} {rules} {}: {}", ids(&blocked.accounts), blocked.reason)
}

fn foreign(foreign: &Foreign) -> String {
    let Foreign { cloud, region, image, .. } = foreign;
    let grants = foreign.other_grants.iter().map(|grant| format!(" {grant}")).collect::<String>();
    let image = within(&image.id, foreign.snapshot.as_ref());
    format!("foreign {cloud} {region} {image} {}{grants}", ids(&foreign.accounts))
}

fn unreadable(unreadable: &Unreadable) -> String {
    let Unreadable { cloud, region, error, .. } = unreadable;
    let image = name(unreadable.image.as_ref(), unreadable.snapshot.as_ref());
    format!("unreadable {cloud} {region} {image} {}: {}", rules(&unreadable.rules), error.message)
}

/// The calls of a change, one a line.
pub(crate) fn calls(calls: &[Change]) -> String {
    let calls = calls.iter().map(|call| {
        let add = call.add.iter().map(|account| format!("+{account}"));
        let remove = call.remove.iter().map(|account| format!("-{account}"));
        let prepare = call.prepare.then(|| "prepare".to_owned());
        add.chain(remove).chain(prepare).collect::<Vec<_>>().join(" ")
    });
    calls.map(|call| format!("{call}\n")).collect()
}

/// One line for each change of a report, and how the run ends.
pub(crate) fn report(report: &Report) -> String {
    let changes = report.changes.iter().map(|reported| {
        let state = word(&reported.change.state);
        let failed = reported.failed.iter();
        let failed: String = failed
            .map(|failure| format!(", {}: {}", ids(&failure.accounts), failure.error.message))
            .collect();
        let error = reported.error.as_ref().map_or(String::new(), |error| format!(" ({})", error.message));
        let image = within(&reported.change.image.id, reported.change.snapshot.as_ref());
        format!("{image} {state}{error}{failed}\n")
    });
    let copies = report.copies.iter().map(|reported| {
        let state = word(&reported.copy.state);
        let image = reported.image.as_ref().map_or(String::new(), |id| format!(" {id}"));
        let error = reported.error.as_ref().map_or(String::new(), |error| format!(" ({})", error.message));
        format!("copy {} {}{image} {state}{error}\n", reported.copy.source.id, reported.copy.region)
    });
    let acceptances = report.acceptances.iter().map(|reported| {
        let share = &reported.acceptance;
        let error = reported.error.as_ref().map_or(String::new(), |error| format!(" ({})", error.message));
        format!("accept {} {} {}{error}\n", share.image.id, label(&share.account), word(&share.state))
    });
    let changes = changes.chain(copies).chain(acceptances);
    changes.chain([format!("exit {}\n", report.exit().code())]).collect()
}

fn signed(sign: char, accounts: &[Arc<AccountLabel>]) -> Vec<String> {
    accounts.iter().map(|account| format!("{sign}{}", label(account))).collect()
}

fn ids(accounts: &[Arc<AccountLabel>]) -> String {
    if accounts.is_empty() {
        "-".to_owned()
    } else {
        accounts.iter().map(|account| label(account)).collect::<Vec<_>>().join(",")
    }
}

fn label(account: &AccountLabel) -> String {
    account.name.as_ref().map_or(account.id.to_string(), |name| format!("{}({name})", account.id))
}

fn name(image: Option<&ImageName>, snapshot: Option<&SnapshotId>) -> String {
    image.map_or("-".to_owned(), |image| within(&image.id, snapshot))
}

fn rules(rules: &[RuleName]) -> String {
    format!("[{}]", rules.iter().map(RuleName::as_str).collect::<Vec<_>>().join(","))
}
