//! Keeps secrets out of what is recorded.

use std::collections::BTreeMap;

use regex::{Captures, Regex};

/// Names of headers, parameters and fields whose values are never recorded: what they end in.
const SECRET_NAMES: &str = "(?i)(signature|authorization|token|secret|password)$";

/// The same, with a value behind it, in a query, a form or JSON.
const SECRET_PAIRS: &str = r#"(?i)([\w.-]*(?:signature|token|secret|password)"?\s*[:=]\s*"?)([^"&\s,}]+)"#;

/// Replaces secrets by placeholders that are the same each time.
pub struct Scrub {
    secrets: Vec<(String, String)>,
    names: Regex,
    pairs: Regex,
}

impl Scrub {
    /// Knows the values of these credential fields, and what signatures, tokens and secrets are called.
    pub fn of(credentials: &BTreeMap<String, String>) -> Self {
        let placeholder = |(field, value): (&String, &String)| (value.clone(), format!("<{field}>"));
        Self {
            secrets: credentials.iter().map(placeholder).collect(),
            names: Regex::new(SECRET_NAMES).expect("it is a regular expression"),
            pairs: Regex::new(SECRET_PAIRS).expect("it is a regular expression"),
        }
    }

    /// A header's value without secrets.
    pub(super) fn header(&self, name: &str, value: &str) -> String {
        if self.names.is_match(name) { format!("<{}>", name.to_ascii_lowercase()) } else { self.text(value) }
    }

    /// An address or a body without secrets.
    pub(super) fn text(&self, text: &str) -> String {
        let known =
            self.secrets.iter().fold(text.to_owned(), |text, (secret, name)| text.replace(secret, name));
        self.pairs.replace_all(&known, |pair: &Captures<'_>| format!("{}<hidden>", &pair[1])).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrub() -> Scrub {
        Scrub::of(&BTreeMap::from([("key".to_owned(), "FAKEKEY".to_owned())]))
    }

    #[test]
    fn what_is_secret_by_its_name_is_hidden_wherever_it_stands() {
        for (text, clean) in [
            ("https://a.example/?Signature=ab%2Bc&Page=2", "https://a.example/?Signature=<hidden>&Page=2"),
            ("Action=List&SecurityToken=abc", "Action=List&SecurityToken=<hidden>"),
            (r#"{"Token": "abc", "Count": 2}"#, r#"{"Token": "<hidden>", "Count": 2}"#),
            ("SignatureMethod=HMAC-SHA1", "SignatureMethod=HMAC-SHA1"),
        ] {
            assert_eq!(scrub().text(text), clean);
        }
    }

    #[test]
    fn what_is_secret_by_its_value_is_hidden_under_any_name() {
        assert_eq!(scrub().text("PublicKey=FAKEKEY&n=1"), "PublicKey=<key>&n=1");
        assert_eq!(scrub().header("X-Who", "FAKEKEY"), "<key>");
        assert_eq!(scrub().header("X-Acme-Security-Token", "abc"), "<x-acme-security-token>");
    }
}
