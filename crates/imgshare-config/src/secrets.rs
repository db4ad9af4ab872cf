//! Which parts of the text must not be shown, not even in the source line of an error message.
//!
//! People write keys into files before anybody tells them not to. Whatever stands where a credential belongs is hidden
//! unless it is known to be harmless.

mod broken_text;

use std::collections::BTreeMap;

use imgshare_protocol::{Description, ProviderName};
use toml::de::{DeTable, DeValue};

use crate::credentials;
use crate::source::Span;
use crate::suggest::near_miss;

pub(crate) use broken_text::in_broken_text;

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
        let in_credentials = in_credentials || is_credentials(key);
        match value {
            DeValue::Table(table) => {
                for (key, value) in table {
                    self.value(key.get_ref(), value.get_ref(), value.span(), in_credentials);
                }
            }
            DeValue::Array(values) => {
                for value in values {
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

/// A misspelt table of credentials holds credentials all the same.
fn is_credentials(key: &str) -> bool {
    key == "credentials" || near_miss(key, ["credentials"]).is_some()
}

fn sounds_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    SECRET_NAMES.iter().any(|name| key.contains(name))
}

fn has_password(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, rest)| rest.contains('@'))
}
