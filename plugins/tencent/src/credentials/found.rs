//! Keys that were found, and what makes a text a key.

use std::fmt;

use imgshare_sdk::{Context, Error, ErrorKind, Result, Secret, Timestamp};
use serde::{Deserialize, Serialize};

use crate::sign::Keys;

/// How long before they expire keys are replaced, in seconds: a signature may be that old when it is checked.
const REFRESH_BEFORE_SECONDS: i64 = 300;

/// Keys, and where they were. The host keeps them for the other operations of the cloud, in this form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    secret_id: String,
    secret_key: String,
    token: Option<String>,
    /// The place, for people.
    pub(super) source: String,
    pub(super) expires: Option<Timestamp>,
}

impl fmt::Debug for Found {
    /// Says where, not what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("source", &self.source)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Texts that shall be keys, as some place holds them.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) secret_id: Option<String>,
    pub(super) secret_key: Option<String>,
    pub(super) token: Option<String>,
}

impl Raw {
    /// Whether the place says nothing about keys.
    pub(super) fn is_nothing(&self) -> bool {
        self.secret_id.is_none() && self.secret_key.is_none() && self.token.is_none()
    }

    /// The keys; `source` is the place, for people.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when one is missing, empty, or has space around or anything unprintable in it.
    pub(super) fn check(self, source: impl Into<String>) -> Result<Found> {
        let source = source.into();
        let secret_id = key("secret id", self.secret_id.unwrap_or_default(), &source)?;
        let secret_key = key("secret key", self.secret_key.unwrap_or_default(), &source)?;
        let token = self.token.filter(|token| !token.is_empty());
        let token = token.map(|token| key("session token", token, &source)).transpose()?;
        Ok(Found { secret_id, secret_key, token, source, expires: None })
    }
}

fn key(what: &str, text: String, source: &str) -> Result<String> {
    let flaw = if text.trim().is_empty() {
        "is missing or empty"
    } else if text.trim() != text {
        "has white space before or after it"
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        "has a character in it that no key has"
    } else {
        return Ok(text);
    };
    Err(Error::new(ErrorKind::CredentialInvalid, format!("the {what} {flaw}: {source}"))
        .with_hint(format!("set the {what} as the cloud's console shows it")))
}

/// The error for a place that wants its keys exchanged for those of a role first: without that they are another
/// owner's.
pub(super) fn takes_a_role(place: &str) -> Error {
    Error::new(
        ErrorKind::CredentialInvalid,
        format!("taking on a role (`role_arn`) is not supported: {place}"),
    )
    .with_hint("take on the role with the cloud's own tools and give its keys and token in `credentials`")
}

impl Found {
    /// The same keys, which are good until then.
    pub(super) fn until(self, expires: Option<Timestamp>) -> Self {
        Self { expires, ..self }
    }

    /// Until when they can be used without looking again.
    pub(super) fn fresh_until(&self) -> Option<Timestamp> {
        self.expires.map(|expires| expires.plus_seconds(-REFRESH_BEFORE_SECONDS))
    }

    /// Has the host keep them out of every output.
    pub(super) fn entrust(&self, cx: &Context) {
        for text in [Some(&self.secret_id), Some(&self.secret_key), self.token.as_ref()].into_iter().flatten()
        {
            cx.secret(text);
        }
    }

    pub(super) fn keys(self) -> Keys {
        Keys {
            secret_id: Secret::new(self.secret_id),
            secret_key: Secret::new(self.secret_key),
            token: self.token.map(Secret::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(id: &str, key: &str, token: &str) -> Raw {
        Raw { secret_id: Some(id.into()), secret_key: Some(key.into()), token: Some(token.into()) }
    }

    #[test]
    fn keys_that_are_empty_padded_or_odd_are_refused_without_being_shown() {
        for (id, key, token) in [
            ("", "FakeKey", ""),
            ("AKIDFAKE", " ", ""),
            ("AKIDFAKE ", "FakeKey", ""),
            ("AKIDFAKE", "\tFakeKey", ""),
            ("AKIDFAKE", "Fake\nKey", ""),
            ("AKIDFAKE", "FakeKey", "FAKE TOKEN"),
            ("AKIDFAKE", "FakeKéy", ""),
        ] {
            let error = raw(id, key, token).check("a test").unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(error.hint.is_some());
            let text = format!("{error:?}");
            assert!(!text.contains("Fake") && !text.contains("AKIDFAKE"), "{text}");
        }
    }

    #[test]
    fn half_a_pair_is_refused() {
        let half = Raw { secret_id: Some("AKIDFAKE".into()), ..Raw::default() };
        let error = half.check("environment").unwrap_err();
        assert_eq!(error.message, "the secret key is missing or empty: environment");
    }

    #[test]
    fn an_empty_token_is_none() {
        let keys = raw("AKIDFAKE", "FakeKey", "").check("a test").unwrap().keys();
        assert!(keys.token.is_none());
    }

    #[test]
    fn keys_are_replaced_five_minutes_before_they_expire() {
        let found = raw("AKIDFAKE", "FakeKey", "FAKETOKEN").check("a test").unwrap();
        assert_eq!(found.fresh_until(), None);
        let expires = Some(Timestamp::from_seconds(1_700_000_000));
        assert_eq!(found.until(expires).fresh_until(), Some(Timestamp::from_seconds(1_699_999_700)));
    }

    #[test]
    fn keys_do_not_show_in_debug() {
        let found = raw("AKIDFAKE", "FakeKey", "FAKETOKEN").check("a test").unwrap();
        for text in [format!("{found:?}"), format!("{:?}", found.clone().keys())] {
            for secret in ["AKIDFAKE", "FakeKey", "FAKETOKEN"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}
