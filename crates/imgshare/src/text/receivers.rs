//! What receivers have made of shares and what they see, as text.

use imgshare_plan::{AccountLabel, Received, ReceivedTally, Report, ReportedChange, Unaccepted};
use imgshare_protocol::Acceptance;

use super::block::Block;
use super::error;
use super::flow::{flow, list, sentence};
use super::label::{accepted, account, account_in_line, count, image, image_id, plain, site};
use super::sites::Sites;
use super::style::{BOLD, HINT, WARN};
use super::trouble::code_of_many;

/// Shares that wait for receivers whose login the config does not name.
pub(super) fn unaccepted(items: &[Unaccepted]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut sites = Sites::default();
    let items: String =
        items.iter().map(|item| sites.under(&item.cloud, &item.region) + &one_unaccepted(item)).collect();
    let hint = "ask the receivers to accept, or name their login with `accept_with` under the account";
    let hint = sentence(&format!("{HINT}hint:{HINT:#} "), 6, hint);
    format!("{BOLD}Shared, and not accepted by those who receive{BOLD:#}\n{items}{hint}")
}

/// Shares that were made by a run and that wait for receivers whose login the config does not name.
pub(super) fn waiting(report: &Report) -> String {
    let of_copies = report.copies.iter().filter_map(|copy| copy.share.as_ref());
    let changes = report.changes.iter().chain(of_copies).filter(|reported| !reported.waiting.is_empty());
    let items = changes.map(|ReportedChange { change, waiting, .. }| Unaccepted {
        cloud: change.cloud.clone(),
        region: change.region.clone(),
        image: change.image.clone(),
        pending: waiting.clone(),
        ..Unaccepted::default()
    });
    unaccepted(&items.collect::<Vec<_>>())
}

fn one_unaccepted(item: &Unaccepted) -> String {
    let line = |word: &str, who: &AccountLabel| format!("      {WARN}{word:<9}{WARN:#} {}\n", account(who));
    let pending = item.pending.iter().map(|who| line("pending", who));
    let rejected = item.rejected.iter().map(|who| line("rejected", who));
    flow("    ", 6, image(&item.image), "  ") + &pending.chain(rejected).collect::<String>()
}

/// Shares that their receivers do not see, and receivers that could not be asked. What is alike shares a block.
pub(super) fn wrong(received: &[Received]) -> Vec<String> {
    let mut groups: Vec<Vec<&Received>> = Vec::new();
    for share in received.iter().filter(|share| share.is_wrong()) {
        match groups.iter_mut().find(|group| alike(group[0], share)) {
            Some(group) => group.push(share),
            None => groups.push(vec![share]),
        }
    }
    groups.iter().map(|group| block(group).render()).collect()
}

fn alike(one: &Received, other: &Received) -> bool {
    let what = |share: &Received| {
        let Received { cloud, region, account, with, accepted, state, error, .. } = share;
        let error = error.as_ref().map(|error| (error::title(error), error.code.clone()));
        (cloud.clone(), region.clone(), account.id.clone(), with.clone(), *accepted, state.clone(), error)
    };
    what(one) == what(other)
}

fn block(group: &[&Received]) -> Block {
    let share = group[0];
    let block = match &share.error {
        Some(error) => Block::of("cannot ask the receiver what it sees", error),
        None => Block::new(hidden(share)).hint(what_to_do(share)),
    };
    block
        .line("provider", site(&share.provider, Some(&share.region), &share.cloud))
        .lines("image", group.iter().map(|share| image_id(&share.image)))
        .line("account", account_in_line(&share.account))
        .line("asked", format!("cloud {}", share.with))
        .maybe("cloud", share.error.as_ref().and_then(|error| code_of_many(error, group.len())))
}

fn hidden(share: &Received) -> String {
    match share.accepted {
        Some(found @ (Acceptance::Pending | Acceptance::Rejected)) => {
            format!("the image is shared, and its receiver cannot use it: the share is {}", accepted(found))
        }
        _ if share.state.is_empty() => "the image is shared, and its receiver does not see it".to_owned(),
        _ => format!("the image is shared, and its receiver cannot use it: it is {}", plain(&share.state)),
    }
}

fn what_to_do(share: &Received) -> String {
    match share.accepted {
        Some(Acceptance::Pending | Acceptance::Rejected) => {
            "let the receiver accept; `imgshare apply` does, where `accept_with` names the login".to_owned()
        }
        _ if share.state.is_empty() => format!(
            "run `imgshare drift` in a few minutes; if it stays so, check that cloud {} is the login of that \
             account, and ask the cloud's support",
            share.with
        ),
        _ => "look at the image with the receiver's login".to_owned(),
    }
}

/// `Receivers: 12 shares visible (8 accepted), 1 granted and not visible, 3 granted, not verified (no verify_with)`;
/// nothing where there is no share.
pub(super) fn sum(tally: &ReceivedTally) -> String {
    let visible = match tally.accepted {
        0 => "visible".to_owned(),
        accepted => format!("visible ({accepted} accepted)"),
    };
    let counts = [
        (tally.visible, visible.as_str()),
        (tally.hidden, "granted and not visible"),
        (tally.unknown, "of receivers that could not be asked"),
        (tally.not_verified, "granted, not verified (no verify_with)"),
    ];
    let some = counts.iter().filter(|(number, _)| *number > 0).enumerate();
    let some = some.map(|(at, (number, words))| match at {
        0 => format!("{} {words}", count(*number, "share")),
        _ => format!("{number} {words}"),
    });
    let some: Vec<_> = some.collect();
    if some.is_empty() { String::new() } else { list(&format!("{BOLD}Receivers:{BOLD:#} "), 11, &some) }
}

/// Whether any receiver was asked.
pub(super) fn asked(tally: &ReceivedTally) -> bool {
    tally.visible + tally.hidden + tally.unknown > 0
}
