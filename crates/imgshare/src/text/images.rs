//! Images and who has them, as text.

use imgshare_protocol::{Acceptance, ImageState};

use super::flow::{flow, list, sentence};
use super::label::{accepted, count, named, plain, receiver};
use super::sites::Sites;
use super::style::{BOLD, DIM, WARN};
use super::trouble;
use crate::view::images::{Images, ListedImage, ListedSnapshot, Receiver};
use crate::view::who::{Meaning, Who};

/// A table by cloud and region, with who has each image.
pub(crate) fn render(view: &Images) -> String {
    let sum = format!("{BOLD}Images:{BOLD:#} {}\n", view.images.len());
    joined([table(&view.images, who_has), trouble::unreadable(&view.unreadable), sum])
}

/// The answer to `who`.
pub(crate) fn render_who(view: &Who) -> String {
    joined([
        table(&view.images, |image| match view.meaning {
            Meaning::Image => who_has(image),
            Meaning::Account { .. } => not_accepted(view, image),
        }),
        trouble::unreadable(&view.unreadable),
        answer(view),
    ])
}

fn joined(parts: [String; 3]) -> String {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn answer(view: &Who) -> String {
    let images = match view.images.len() {
        0 => "no image".to_owned(),
        number => count(number, "image"),
    };
    let who = match &view.meaning {
        Meaning::Account { ids, .. } => {
            let mut ids: Vec<_> = ids.values().map(ToString::to_string).collect();
            ids.dedup();
            let ids =
                if ids == [view.word.clone()] { String::new() } else { format!(" ({})", ids.join(", ")) };
            format!("{}{ids} has {images}", plain(&view.word))
        }
        Meaning::Image if view.images.len() == 1 => format!("{images} is called {}", plain(&view.word)),
        Meaning::Image => format!("{images} are called {}", plain(&view.word)),
    };
    let doubt = if view.unreadable.is_empty() { "" } else { ", as far as could be read" };
    sentence(&format!("{BOLD}Who:{BOLD:#} "), 5, &format!("{who}{doubt}"))
}

/// The images, each with what is to be told below it.
fn table(images: &[ListedImage], below: impl Fn(&ListedImage) -> String) -> String {
    let id_columns = images.iter().map(|image| image.image.id.as_str().chars().count()).max().unwrap_or(0);
    let mut sites = Sites::default();
    let mut text = String::new();
    for image in images {
        text += &sites.under(&image.cloud, &image.region);
        text += &row(image, id_columns);
        text += &below(image);
    }
    text
}

/// Id, day, state, name. The name comes last: however long it is, nothing has to be cut.
fn row(image: &ListedImage, id_columns: usize) -> String {
    let day = image.created.as_deref().map_or("-", |created| created.get(..10).unwrap_or(created));
    let state = state(image);
    let style = if image.state == ImageState::Available && image.unshareable.is_none() { DIM } else { WARN };
    let mut pieces = vec![
        format!("{BOLD}{:<id_columns$}{BOLD:#}", image.image.id),
        format!("{DIM}{day:<10}{DIM:#}"),
        format!("{style}{state:<9}{style:#}"),
        plain(&image.image.name),
    ];
    if !image.rules.is_empty() {
        pieces.push(format!("{DIM}({}){DIM:#}", named("rule", &image.rules)));
    }
    let copied_by: Vec<_> = image.copied_by.iter().filter(|rule| !image.rules.contains(rule)).collect();
    if !copied_by.is_empty() {
        pieces.push(format!("{DIM}(copied by {}){DIM:#}", named("rule", &copied_by)));
    }
    flow("    ", 8, pieces, "  ")
}

fn state(image: &ListedImage) -> &str {
    match image.state {
        ImageState::Available => "available",
        ImageState::Pending => "pending",
        ImageState::Failed => "failed",
        ImageState::Unavailable => "off",
        ImageState::Unknown => &image.cloud_state,
    }
}

fn who_has(image: &ListedImage) -> String {
    let about = about_sharing(image);
    let Some(accounts) = &image.accounts else { return about + unread(image) };
    let snapshots = image.snapshots.iter().filter_map(snapshot).collect::<String>();
    let names = names(accounts, &image.other_grants);
    if names.is_empty() {
        return about + "        nobody has it\n" + &snapshots;
    }
    about + &list("        with ", 13, &names) + &snapshots
}

/// What the account that was asked about has made of the share, where that keeps it from using the image.
fn not_accepted(view: &Who, image: &ListedImage) -> String {
    let acceptance = view.meaning.share(image).and_then(|share| share.acceptance);
    match acceptance.filter(|acceptance| *acceptance != Acceptance::Accepted) {
        Some(acceptance) => format!("        share: {}\n", accepted(acceptance)),
        None => String::new(),
    }
}

/// Who has a snapshot, where that was read.
fn snapshot(snapshot: &ListedSnapshot) -> Option<String> {
    let names = names(snapshot.accounts.as_ref()?, &snapshot.other_grants);
    let id = &snapshot.id;
    if names.is_empty() {
        return Some(format!("        nobody has snapshot {id}\n"));
    }
    Some(list(&format!("        snapshot {id} with "), 13, &names))
}

fn names(accounts: &[Receiver], other_grants: &[String]) -> Vec<String> {
    let accounts = accounts.iter().map(|one| receiver(&one.account, one.acceptance));
    accounts.chain(other_grants.iter().map(|grant| plain(grant))).collect()
}

/// What is odd about sharing this image.
fn about_sharing(image: &ListedImage) -> String {
    let lines = [
        ("cannot be shared: ", &image.unshareable),
        ("before it is shared: ", &image.prepare),
        ("receivers also need: ", &image.receivers_need),
    ];
    let lines = lines.iter().filter_map(|(head, words)| Some((head, words.as_ref()?)));
    lines.map(|(head, words)| sentence(&format!("        {head}"), 10, &plain(words))).collect()
}

/// Why nothing is said of who has it.
fn unread(image: &ListedImage) -> &'static str {
    if image.rules.is_empty() && !image.copied_by.is_empty() {
        return "        no rule shares it here; who has it was not read\n";
    }
    "        who has it was not read\n"
}
