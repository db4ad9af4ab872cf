//! The places that had no keys.

use serde::de::DeserializeOwned;

use crate::{Error, ErrorKind, Result};

/// What the places that had no keys are called, for the message when none has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked(Vec<String>);

impl Looked {
    /// Nobody has looked anywhere yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// There was nothing in this place; if there is more to say, it says why: `the metadata service (not asked)`.
    pub fn push(&mut self, place: impl Into<String>) {
        self.0.push(place.into());
    }

    /// The error when all places were looked at; it names them. `hint` is what to do.
    pub fn nowhere(&self, hint: impl Into<Box<str>>) -> Error {
        let places = self.0.join("; ");
        let message = format!("there are no credentials in any of these places: {places}");
        Error::new(ErrorKind::CredentialInvalid, message).with_hint(hint)
    }

    /// The error when the profile that the config names is in none of the places.
    pub fn no_profile(&self, profile: &str) -> Error {
        self.nowhere(format!("make profile `{profile}` with the cloud's own tools, or name another"))
    }
}

/// Reads a JSON file with keys that `tool` has written. The reader's reason may quote a key, and is not given.
///
/// # Errors
///
/// `CredentialInvalid` when it has another form, with this hint.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8], path: &str, tool: &str, hint: &str) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|_| {
        let message = format!("{path} is not in the form that {tool} writes");
        Error::new(ErrorKind::CredentialInvalid, message).with_hint(hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_every_place_and_what_to_do() {
        let mut looked = Looked::new();
        looked.push("environment variables A and B");
        looked.push("~/.acme/keys".to_owned());
        let error = looked.no_profile("prod");
        assert_eq!(
            error.message,
            "there are no credentials in any of these places: environment variables A and B; ~/.acme/keys"
        );
        assert!(error.hint.is_some_and(|hint| hint.contains("`prod`")));
    }

    #[test]
    fn a_file_in_another_form_is_an_error_that_quotes_nothing() {
        assert_eq!(read_json::<Vec<String>>(br#"["a"]"#, "~/.acme", "acme", "x"), Ok(vec!["a".into()]));
        for bytes in [&b"secret=FakeKey"[..], br#"{"secret":"FakeKey"}"#, b"\xff", b""] {
            let error = read_json::<Vec<String>>(bytes, "~/.acme", "acme", "run `acme login`").unwrap_err();
            assert_eq!(error.message, "~/.acme is not in the form that acme writes");
            assert!(!format!("{error:?}").contains("FakeKey"));
        }
    }
}
