//! `[clouds.X.credentials]`: where the values are. Never holds or prints a secret.

use std::collections::BTreeMap;

use imgshare_protocol::{CredentialField, CredentialSource, Description};

use crate::findings::Findings;
use crate::table::{Entry, Table, Word, unknown_key};

/// Whether the text says where a value is instead of being one.
pub(crate) fn names_a_source(text: &str) -> bool {
    ["env:", "file:", "command:"].iter().any(|prefix| text.starts_with(prefix))
}

/// The sources of all fields that the file sets.
pub(crate) fn read(
    cloud: &Table<'_>,
    description: Option<&Description>,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, CredentialSource> {
    let title = format!("{}.credentials]", cloud.title.trim_end_matches(']'));
    let table = cloud.get("credentials").and_then(|entry| entry.table(title, findings));
    let entries = table.into_iter().flat_map(|table| table.entries());
    let sources = entries.filter_map(|entry| {
        let source = field(&entry, description, findings)?;
        Some((entry.key.to_owned(), source))
    });
    sources.collect()
}

fn field(
    entry: &Entry<'_>,
    description: Option<&Description>,
    findings: &mut Findings<'_>,
) -> Option<CredentialSource> {
    let field = description.map(|description| known_field(entry, description, findings));
    if entry.value.as_str().is_none() {
        entry.mistyped("a string that says where the value is, such as `env:NAME`", findings);
        return None;
    }
    let word = entry.word(findings)?;
    match source(&word) {
        Ok(Some(source)) => Some(source),
        Ok(None) => literal(&word, field??, findings),
        Err(flaw) => {
            findings.report(word.span, format!("`{}`: {flaw}", entry.key));
            None
        }
    }
}

fn known_field<'d>(
    entry: &Entry<'_>,
    description: &'d Description,
    findings: &mut Findings<'_>,
) -> Option<&'d CredentialField> {
    let field = description.credentials.iter().find(|field| field.name == entry.key);
    if field.is_none() {
        let known = description.credentials.iter().map(|field| field.name.as_str());
        unknown_key(entry, ("field", "fields"), known, findings);
    }
    field
}

/// The source that the text names; `None` when it is a literal.
fn source(word: &Word<'_>) -> Result<Option<CredentialSource>, &'static str> {
    if let Some(name) = word.text.strip_prefix("env:") {
        return env(name).map(Some);
    }
    if let Some(path) = word.text.strip_prefix("file:") {
        return file(path).map(Some);
    }
    word.text.strip_prefix("command:").map(command).transpose()
}

fn env(name: &str) -> Result<CredentialSource, &'static str> {
    if name.is_empty() || name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control()) {
        return Err("`env:` must be followed by the name of an environment variable");
    }
    Ok(CredentialSource::Env(name.to_owned()))
}

fn file(path: &str) -> Result<CredentialSource, &'static str> {
    if path.trim().is_empty() || path.contains('\0') {
        return Err("`file:` must be followed by a path");
    }
    Ok(CredentialSource::File(path.to_owned()))
}

/// Words are split as a shell would; nothing else of a shell is done.
fn command(text: &str) -> Result<CredentialSource, &'static str> {
    let words = shlex::split(text).ok_or("`command:` has a quote or a backslash that does not end")?;
    if words.first().is_none_or(String::is_empty) {
        return Err("`command:` must be followed by a program and its arguments");
    }
    Ok(CredentialSource::Command(words))
}

fn literal(
    word: &Word<'_>,
    field: &CredentialField,
    findings: &mut Findings<'_>,
) -> Option<CredentialSource> {
    if !field.secret {
        return Some(CredentialSource::Plain(word.text.to_owned()));
    }
    let variable = field.environment.first().map_or("NAME", String::as_str);
    findings
        .report(word.span.clone(), format!("`{}` must not be written into the file", field.name))
        .label("a secret in a file ends in a repository, a backup, a log")
        .help(format!(
            "say where it is: `{} = \"env:{variable}\"`, or `file:PATH`, or `command:PROGRAM ARG...`",
            field.name
        ));
    None
}
