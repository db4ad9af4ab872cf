//! Which parts of the text must not be shown, not even in the source line of an error message.
//!
//! People write keys into files before anybody tells them not to. Whatever stands where a credential belongs is hidden
//! unless it is known to be harmless.

use std::collections::BTreeMap;

use imgshare_protocol::{Description, ProviderName};
use toml::de::{DeTable, DeValue};

use crate::credentials;
use crate::source::Span;

type Described = BTreeMap<ProviderName, Result<Description, String>>;

/// Parts of the names that people give to secrets.
const SECRET_NAMES: &[&str] = &["secret", "key", "token", "passw", "private", "credential"];

/// Tables that hold names of the user's own choice and no credentials.
const OPEN_TABLES: &[&str] = &["accounts", "groups", "fence", "share"];

/// The values in a well-formed file that may be secrets.
pub(crate) fn in_table(root: &DeTable<'_>, providers: &Described) -> Vec<Span> {
    let mut search = Search { providers, secrets: Vec::new() };
    for (key, value) in root.iter().filter(|(key, _)| !OPEN_TABLES.contains(&key.get_ref().as_ref())) {
        search.value(key.get_ref(), value.get_ref(), value.span(), false);
    }
    search.secrets
}

struct Search<'d> {
    providers: &'d Described,
    secrets: Vec<Span>,
}

impl Search<'_> {
    fn value(&mut self, key: &str, value: &DeValue<'_>, span: Span, in_credentials: bool) {
        let in_credentials = in_credentials || key == "credentials";
        match value {
            DeValue::Table(table) => {
                for (key, value) in table.iter() {
                    self.value(key.get_ref(), value.get_ref(), value.span(), in_credentials);
                }
            }
            DeValue::Array(values) => {
                for value in values.iter() {
                    self.value(key, value.get_ref(), value.span(), in_credentials);
                }
            }
            DeValue::String(text) if credentials::names_a_source(text) => {}
            DeValue::String(text) if has_password(text) => self.secrets.push(span),
            _ if in_credentials && !self.is_harmless(key) => self.secrets.push(span),
            _ if sounds_secret(key) => self.secrets.push(span),
            _ => {}
        }
    }

    /// Whether all providers that have this credential field say that it is not secret.
    fn is_harmless(&self, field: &str) -> bool {
        let described = self.providers.values().flatten();
        let mut fields = described.flat_map(|it| &it.credentials).filter(|it| it.name == field).peekable();
        fields.peek().is_some() && fields.all(|field| !field.secret)
    }
}

fn sounds_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    SECRET_NAMES.iter().any(|name| key.contains(name))
}

fn has_password(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, rest)| rest.contains('@'))
}

/// The parts of a text that is not TOML which may be secrets: without structure to go by, whole lines from their `=`
/// on, wherever the key or anything since the last header sounds secret.
pub(crate) fn in_broken_text(text: &str) -> Vec<Span> {
    let mut secrets = Vec::new();
    let mut start = 0;
    let mut suspicious = false;
    for line in text.split_inclusive('\n') {
        let value = line.find('=').map_or(0, |equals| equals + 1);
        suspicious = (suspicious && !line.trim_start().starts_with('[')) || line.contains("credentials");
        if suspicious && !is_header(line) || sounds_secret(&line[..value]) || has_password(line) {
            secrets.push(start + value..start + line.len());
        }
        start += line.len();
    }
    secrets
}

fn is_header(line: &str) -> bool {
    line.trim_start().starts_with('[') && !line.contains('=')
}

#[cfg(test)]
mod tests {
    use super::in_broken_text;

    #[track_caller]
    fn check(text: &str, hidden: &[&str]) {
        let found: Vec<_> = in_broken_text(text).into_iter().map(|span| text[span].trim()).collect();
        assert_eq!(found, hidden);
    }

    #[test]
    fn a_broken_text_hides_what_follows_a_header_of_credentials() {
        check("[clouds.a.credentials]\nid = 'x\n[groups]\na = 'y\n", &["'x"]);
    }

    #[test]
    fn a_broken_text_hides_values_whose_key_sounds_secret() {
        check("secret_key = x\nregions = y\n", &["x"]);
    }

    #[test]
    fn a_broken_text_hides_credentials_in_one_line() {
        check("[clouds.a]\ncredentials = { id = 'x }\n", &["{ id = 'x }"]);
    }

    #[test]
    fn a_broken_text_hides_the_lines_of_a_text_of_several_lines() {
        check("[clouds.a.credentials]\nid = '''x\ny\n", &["'''x", "y"]);
    }

    #[test]
    fn a_broken_text_hides_an_address_with_a_password() {
        check("endpoint = http://me:pw@host\n", &["http://me:pw@host"]);
    }
}
