//! Keeps secrets out of every text that leaves the program.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

/// Texts shorter than this are not taken for secrets: blotting out every `a` would ruin the message and hide nothing.
const SECRET_BYTES_MIN: usize = 6;

/// What stands in a secret's place.
const BLOT: &str = "[secret]";

/// Knows the secrets of a run and blots them out.
#[derive(Default)]
pub struct Redactor {
    secrets: RwLock<Vec<String>>,
}

impl Redactor {
    /// Takes note of a secret, in the forms in which it may turn up: plain, percent-encoded, in JSON.
    pub fn add(&self, secret: &str) {
        if secret.len() < SECRET_BYTES_MIN {
            return;
        }
        let quoted = serde_json::Value::from(secret).to_string();
        // The secret itself may end with a quote, so only one is taken off at each end.
        let escaped = &quoted[1..quoted.len() - 1];
        let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        for form in [secret, escaped, &encoded] {
            if !secrets.iter().any(|known| known == form) {
                secrets.push(form.to_owned());
            }
        }
        // A secret that contains another one is blotted out whole.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// The text without the secrets.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        secrets.iter().fold(Cow::Borrowed(text), |text, secret| {
            if text.contains(secret.as_str()) {
                Cow::Owned(text.replace(secret.as_str(), BLOT))
            } else {
                text
            }
        })
    }

    /// The error without the secrets.
    pub fn redact_error(&self, mut error: imgshare_protocol::Error) -> imgshare_protocol::Error {
        self.blot(&mut error.message);
        for text in [&mut error.code, &mut error.request_id, &mut error.hint].into_iter().flatten() {
            if let Cow::Owned(clean) = self.redact(text) {
                *text = clean.into();
            }
        }
        error.context.iter_mut().for_each(|(_, value)| self.blot(value));
        error
    }

    fn blot(&self, text: &mut String) {
        if let Cow::Owned(clean) = self.redact(text) {
            *text = clean;
        }
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_protocol::{Error, ErrorKind};

    #[test]
    fn a_secret_is_blotted_out_in_every_form_in_which_it_travels() {
        let redactor = Redactor::default();
        redactor.add("fake+key/\"x\"");
        assert_eq!(redactor.redact("plain fake+key/\"x\" end"), "plain [secret] end");
        assert_eq!(redactor.redact("?k=fake%2Bkey%2F%22x%22&a"), "?k=[secret]&a");
        assert_eq!(redactor.redact(r#"{"k":"fake+key/\"x\""}"#), r#"{"k":"[secret]"}"#);
        assert_eq!(redactor.redact("nothing here"), "nothing here");
    }

    #[test]
    fn a_secret_within_a_longer_one_leaves_nothing_of_the_longer_one() {
        let redactor = Redactor::default();
        redactor.add("abcdef");
        redactor.add("abcdefghij");
        assert_eq!(redactor.redact("abcdefghij"), "[secret]");
    }

    #[test]
    fn every_text_of_an_error_is_cleaned() {
        let redactor = Redactor::default();
        redactor.add("FAKESECRET");
        let error = Error::new(ErrorKind::Unexpected, "m FAKESECRET")
            .with_code("c FAKESECRET")
            .with_request_id("r FAKESECRET")
            .with_hint("h FAKESECRET")
            .with_context("k", "v FAKESECRET");
        let clean = redactor.redact_error(error);
        assert!(!format!("{clean:?}").contains("FAKESECRET"), "{clean:?}");
    }
}
