//! Plans and reports as short text.

use std::sync::Arc;

use imgshare_plan::{
    AccountLabel, Blocked, Foreign, ImageName, Plan, PlannedChange, PlannedCopy, Report, Unreadable,
};
use imgshare_protocol::{Change, RuleName};

/// One line for each thing that a plan says.
pub(crate) fn plan(plan: &Plan) -> String {
    let changes = plan.changes.iter().map(change);
    let copies = plan.copies.iter().map(copy);
    let blocked = plan.blocked.iter().map(blocked);
    let foreign = plan.foreign.iter().map(foreign);
    let unreadable = plan.unreadable.iter().map(unreadable);
    let empty = plan.empty_rules.iter().map(|rule| format!("empty {rule}"));
    let right = (plan.summary.right > 0).then(|| format!("right {}", plan.summary.right));
    let lines =
        changes.chain(copies).chain(blocked).chain(foreign).chain(unreadable).chain(empty).chain(right);
    lines.map(|line| format!("{line}\n")).collect()
}

/// One change, without its line's end.
pub(crate) fn change(change: &PlannedChange) -> String {
    let PlannedChange { cloud, region, image, add, remove, .. } = change;
    let accounts = signed('+', add).into_iter().chain(signed('-', remove)).collect::<Vec<_>>().join(" ");
    format!("{cloud} {region} {} {}: {accounts}", image.id, rules(&change.rules))
}

/// One copy, without its line's end.
fn copy(copy: &PlannedCopy) -> String {
    let PlannedCopy { cloud, source_region, source, region, name, .. } = copy;
    let begun = copy.begun.as_ref().map_or(String::new(), |id| format!(" begun {id}"));
    let accounts = signed('+', &copy.add).join(" ");
    format!(
        "copy {cloud} {source_region} {} to {region} as {name}{begun} {}: {accounts}",
        source.id,
        rules(&copy.rules)
    )
}

fn blocked(blocked: &Blocked) -> String {
    let kind = serde_json::to_value(blocked.kind).expect("a word");
    let kind = kind.as_str().expect("a word");
    let region = blocked.region.as_ref().map_or("-", |region| region.as_str());
    let image = name(blocked.image.as_ref());
    let (cloud, rules) = (&blocked.cloud, rules(&blocked.rules));
    format!("blocked {kind} {cloud} {region} {image} {rules} {}: {}", ids(&blocked.accounts), blocked.reason)
}

fn foreign(foreign: &Foreign) -> String {
    let Foreign { cloud, region, image, .. } = foreign;
    let grants = foreign.other_grants.iter().map(|grant| format!(" {grant}")).collect::<String>();
    format!("foreign {cloud} {region} {} {}{grants}", image.id, ids(&foreign.accounts))
}

fn unreadable(unreadable: &Unreadable) -> String {
    let Unreadable { cloud, region, error, .. } = unreadable;
    let image = name(unreadable.image.as_ref());
    format!("unreadable {cloud} {region} {image} {}: {}", rules(&unreadable.rules), error.message)
}

/// The calls of a change, one a line.
pub(crate) fn calls(calls: &[Change]) -> String {
    let calls = calls.iter().map(|call| {
        let add = call.add.iter().map(|account| format!("+{account}"));
        let remove = call.remove.iter().map(|account| format!("-{account}"));
        add.chain(remove).collect::<Vec<_>>().join(" ")
    });
    calls.map(|call| format!("{call}\n")).collect()
}

/// One line for each change of a report, and how the run ends.
pub(crate) fn report(report: &Report) -> String {
    let changes = report.changes.iter().map(|reported| {
        let state = serde_json::to_value(reported.change.state).expect("a word");
        let state = state.as_str().expect("a word").to_owned();
        let failed = reported.failed.iter();
        let failed: String = failed
            .map(|failure| format!(", {}: {}", ids(&failure.accounts), failure.error.message))
            .collect();
        let error = reported.error.as_ref().map_or(String::new(), |error| format!(" ({})", error.message));
        format!("{} {state}{error}{failed}\n", reported.change.image.id)
    });
    let copies = report.copies.iter().map(|reported| {
        let state = serde_json::to_value(reported.copy.state).expect("a word");
        let state = state.as_str().expect("a word").to_owned();
        let image = reported.image.as_ref().map_or(String::new(), |id| format!(" {id}"));
        let error = reported.error.as_ref().map_or(String::new(), |error| format!(" ({})", error.message));
        format!("copy {} {}{image} {state}{error}\n", reported.copy.source.id, reported.copy.region)
    });
    let changes = changes.chain(copies);
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

fn name(image: Option<&ImageName>) -> &str {
    image.map_or("-", |image| image.id.as_str())
}

fn rules(rules: &[RuleName]) -> String {
    format!("[{}]", rules.iter().map(RuleName::as_str).collect::<Vec<_>>().join(","))
}
