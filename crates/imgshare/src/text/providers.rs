//! The plugins that were found, as text.

use imgshare_protocol::{CredentialField, Description, OperationKind, Quota, QuotaScope, Recognition};
use serde_json::Value;

use super::flow::{list, sentence};
use super::style::{BOLD, DIM, WARN};
use crate::view::providers::{Providers, Refused, Usable};

/// Where the text of a line begins.
const INDENT: usize = 15;

/// Each provider with what it can do, then each refused file with the reason; `with_detail`: all of it.
pub(crate) fn render(view: &Providers, with_detail: bool) -> String {
    let mut parts: Vec<_> = view.providers.iter().map(provider).collect();
    parts.extend(view.refused.iter().map(|refused| refusal(refused, with_detail)));
    if parts.is_empty() {
        parts.push(nothing(view));
    }
    parts.join("\n")
}

fn nothing(view: &Providers) -> String {
    let folders: Vec<_> = view.folders.iter().map(|folder| folder.display().to_string()).collect();
    list("there is no plugin in ", 2, &folders)
        + "put plugin files there, or name their folder with --plugins DIR\n"
}

fn refusal(refused: &Refused, with_detail: bool) -> String {
    let mut text = format!("{WARN}refused{WARN:#}  {}\n", refused.file.display());
    text += &sentence("  ", 2, &refused.reason);
    if let (Some(detail), true) = (&refused.detail, with_detail) {
        text += &format!("{}\n", detail.trim_end());
    }
    text
}

fn provider(usable: &Usable) -> String {
    let Description { name, version, display_name, .. } = &usable.description;
    let mut text = format!("{BOLD}{name}{BOLD:#} {version}  {display_name}\n");
    text += &line("file", &[usable.file.display().to_string()]);
    text += &line("built with", &[format!("imgshare-sdk {}", usable.sdk), usable.rustc.clone()]);
    text + &abilities(&usable.description)
}

fn abilities(of: &Description) -> String {
    let mut text = line("can", &of.operations.iter().filter_map(|kind| operation(*kind)).collect::<Vec<_>>());
    text += &of.sharing_unsupported.as_ref().map(|why| words("cannot share", why)).unwrap_or_default();
    text += &acceptance(of).map(|what| words("receivers", what)).unwrap_or_default();
    text += &copies(of);
    text += &line("selects by", &selections(of));
    text += &line("limits", &limits(of));
    text += &line("calls", &of.quotas.iter().map(quota).collect::<Vec<_>>());
    text += &words("accounts", &account_form(of));
    text += &rows("credentials", of.credentials.iter().map(credential));
    text + &rows("settings", settings(&of.settings))
}

fn line(key: &str, items: &[String]) -> String {
    let items = if items.is_empty() { &["none".to_owned()] } else { items };
    list(&head(key), INDENT, items)
}

fn words(key: &str, text: &str) -> String {
    sentence(&head(key), INDENT, text)
}

fn rows(key: &str, rows: impl IntoIterator<Item = String>) -> String {
    let rows = rows.into_iter().enumerate();
    rows.map(|(at, row)| sentence(&head(if at == 0 { key } else { "" }), INDENT + 2, &row)).collect()
}

fn head(key: &str) -> String {
    format!("  {DIM}{key:<12}{DIM:#} ")
}

fn operation(kind: OperationKind) -> Option<String> {
    let words = match kind {
        OperationKind::FindCredentials => "find credentials",
        OperationKind::ListImages => "list images",
        OperationKind::ReadShares => "read shares",
        OperationKind::ChangeShares => "change shares",
        OperationKind::CopyImage => "copy images",
        OperationKind::ReadSnapshotShares => "read shares of snapshots",
        OperationKind::ChangeSnapshotShares => "change shares of snapshots",
        OperationKind::AcceptShare => "accept shares",
        OperationKind::ReadReceived => "look as a receiver",
        OperationKind::Unknown => return None,
    };
    Some(words.to_owned())
}

/// What receivers have to do; nothing where a share is all.
fn acceptance(of: &Description) -> Option<&'static str> {
    let by_login = of.can(OperationKind::AcceptShare);
    of.needs_acceptance.then_some(match by_login {
        true => "have to accept, which `accept_with` does for them",
        false => "have to accept",
    })
}

/// How copies are recognised, or why there are none; nothing where the provider says nothing.
fn copies(of: &Description) -> String {
    if !of.can(OperationKind::CopyImage) {
        return of.copying.unsupported.as_ref().map(|why| words("cannot copy", why)).unwrap_or_default();
    }
    let by = match of.copying.recognised_by {
        Recognition::SourceId => "recognised by the source's id",
        Recognition::Tag => "recognised by a tag",
        Recognition::Name => "recognised by their name only",
    };
    let length = of.copying.name_length_max.map(|length| format!("names of at most {length} characters"));
    line("copies", &[by.to_owned()].into_iter().chain(length).collect::<Vec<_>>())
}

fn selections(of: &Description) -> Vec<String> {
    let selection = of.selection;
    let some = [(selection.created, "age"), (selection.family, "family"), (selection.tags, "tags")];
    let some = some.iter().filter(|(can, _)| *can).map(|(_, word)| *word);
    ["id", "name"].into_iter().chain(some).map(ToOwned::to_owned).collect()
}

fn limits(of: &Description) -> Vec<String> {
    let limits = &of.limits;
    let numbers = [
        (limits.images_per_page, "images per page"),
        (limits.accounts_per_change, "accounts per change"),
        (limits.accounts_per_image, "accounts per image"),
        (limits.images_per_region, "images per region"),
        (of.snapshots.accounts_per_change, "accounts per change of a snapshot"),
    ];
    numbers.iter().filter_map(|(number, words)| Some(format!("{} {words}", (*number)?))).collect()
}

fn quota(quota: &Quota) -> String {
    let per = match quota.per {
        QuotaScope::Region => "region",
        QuotaScope::Owner | QuotaScope::Unknown => "owner",
    };
    if quota.calls_per_second > 0.0 {
        return format!("{} {}/s per {per}", quota.action, quota.calls_per_second);
    }
    format!("{} at a pace that is found per {per}", quota.action)
}

fn account_form(of: &Description) -> String {
    let form = &of.account_id;
    let about = if form.about.is_empty() { "any text" } else { &form.about };
    if form.example.is_empty() { about.to_owned() } else { format!("{about}, such as {}", form.example) }
}

fn credential(field: &CredentialField) -> String {
    let environment = field.environment.join(", ");
    let environment = if environment.is_empty() { environment } else { format!(" ({environment})") };
    format!("{}: {}{environment}", field.name, field.about)
}

/// Name, default and meaning of each property of the settings' schema.
fn settings(schema: &Value) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let one = |(name, property): (&String, &Value)| {
        let about = property.get("description").and_then(Value::as_str).unwrap_or_default();
        let default =
            property.get("default").map(|default| format!(" (default: {default})")).unwrap_or_default();
        format!("{name}: {about}{default}")
    };
    properties.into_iter().flatten().map(one).collect()
}
