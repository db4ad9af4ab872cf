//! What could not be read and what cannot be done.

use imgshare_plan::{Blocked, Plan, Unreadable};

use super::block::Block;
use super::error;
use super::flow::{flow, list, sentence};
use super::label::{accounts, image, image_id, named, plain, site};
use super::plan::empty_rules;
use super::style::{BOLD, DIM, HINT, WARN};

/// What keeps a plan from being all that the config wants, a part for each kind.
pub(super) fn of(plan: &Plan) -> [String; 3] {
    [unreadable(&plan.unreadable), blocked(&plan.blocked), empty_rules(plan)]
}

/// What could not be read. Regions and images of one cloud that have the same error share a block.
pub(crate) fn unreadable(items: &[Unreadable]) -> String {
    let mut groups: Vec<Vec<&Unreadable>> = Vec::new();
    for item in items {
        match groups.iter_mut().find(|group| alike(group[0], item)) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    let blocks: Vec<_> = groups.iter().map(|group| unreadable_block(group)).collect();
    blocks.join("\n")
}

fn alike(one: &Unreadable, other: &Unreadable) -> bool {
    let what = |item: &Unreadable| {
        let error = &item.error;
        (
            item.cloud.clone(),
            (item.image.is_some(), item.snapshot.is_some()),
            error::title(error),
            error.code.clone(),
            error.hint.clone(),
        )
    };
    what(one) == what(other)
}

fn unreadable_block(group: &[&Unreadable]) -> String {
    let first = group[0];
    let what = match (&first.image, &first.snapshot) {
        (_, Some(_)) => "cannot read who has the snapshot",
        (Some(_), None) => "cannot read who has the image",
        (None, None) => "cannot list the images",
    };
    let block = Block::of(what, &first.error);
    let block = if let Some(region) = only_region(group) {
        block.line("provider", site(&first.provider, Some(region), &first.cloud))
    } else {
        let regions = group.iter().map(|item| item.region.to_string());
        block.line("provider", site(&first.provider, None, &first.cloud)).lines("region", regions)
    };
    let images = group.iter().filter_map(|item| item.image.as_ref()).map(image_id);
    let rules: Vec<_> = group.iter().flat_map(|item| &item.rules).collect();
    block
        .lines("image", images)
        .lines("snapshot", group.iter().filter_map(|item| item.snapshot.as_ref()).map(ToString::to_string))
        .maybe("cloud", code_of_many(&first.error, group.len()))
        .maybe("config", error::config(&first.error))
        .maybe("rules", each_once(&rules))
        .render()
}

fn only_region<'a>(group: &[&'a Unreadable]) -> Option<&'a imgshare_protocol::Region> {
    let first = &group[0].region;
    group.iter().all(|item| item.region == *first).then_some(first)
}

/// The code and the first of the request ids.
pub(super) fn code_of_many(of: &imgshare_protocol::Error, number: usize) -> Option<String> {
    let code = error::code(of)?;
    let more = if number > 1 && of.request_id.is_some() {
        format!(" and {} more", number - 1)
    } else {
        String::new()
    };
    Some(code + &more)
}

fn each_once<T: ToString>(names: &[T]) -> Option<String> {
    let mut texts: Vec<_> = names.iter().map(ToString::to_string).collect();
    texts.sort();
    texts.dedup();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// What is wanted and cannot be done.
pub(crate) fn blocked(items: &[Blocked]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: String = items.iter().map(one_blocked).collect();
    format!("{BOLD}Blocked{BOLD:#}\n{items}")
}

fn one_blocked(item: &Blocked) -> String {
    let place = match &item.region {
        Some(region) => format!("{} {region}", item.cloud),
        None => item.cloud.to_string(),
    };
    let mut pieces = vec![place];
    pieces.extend(item.image.iter().flat_map(image));
    pieces.extend(item.snapshot.iter().map(|id| format!("snapshot {id}")));
    pieces.push(format!("{DIM}({}){DIM:#}", named("rule", &item.rules)));
    let mut text = flow("  ", 4, pieces, "  ");
    text += &sentence(&format!("    {WARN}!{WARN:#} "), 6, &plain(&item.reason));
    if !item.accounts.is_empty() {
        text += &list("      accounts: ", 16, &accounts(&item.accounts));
    }
    if let Some(place) = &item.place {
        text += &format!("      config:   {}:{}\n", place.file, place.line);
    }
    if let Some(hint) = &item.hint {
        text += &sentence(&format!("      {HINT}hint:{HINT:#}     "), 16, hint);
    }
    text
}
