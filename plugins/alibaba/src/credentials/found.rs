//! Keys that were found, and what makes a text a key.

use std::fmt;

use imgshare_sdk::signing::percent_encode;
use imgshare_sdk::{Context, Error, ErrorKind, Result, Secret, Timestamp, time};
use serde::{Deserialize, Serialize};

use crate::api::sts::Temporary;
use crate::sign::Keys;

/// How long before they expire keys are replaced, in seconds: a signature may be that old when it is checked.
const REFRESH_BEFORE_SECONDS: i64 = 300;

/// Keys, and where they were. The host keeps them for the other operations of the cloud, in this form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
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
    pub(super) access_key_id: Option<String>,
    pub(super) access_key_secret: Option<String>,
    pub(super) security_token: Option<String>,
}

impl Raw {
    /// Whether the place says nothing about keys.
    pub(super) fn is_nothing(&self) -> bool {
        self.access_key_id.is_none() && self.access_key_secret.is_none() && self.security_token.is_none()
    }

    /// The keys; `source` is the place, for people.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when one is missing, empty, or has space around or anything unprintable in it.
    pub(super) fn check(self, source: impl Into<String>) -> Result<Found> {
        let source = source.into();
        let access_key_id = key("access key id", self.access_key_id.unwrap_or_default(), &source)?;
        let access_key_secret =
            key("access key secret", self.access_key_secret.unwrap_or_default(), &source)?;
        let security_token = self.security_token.filter(|token| !token.is_empty());
        let security_token = security_token.map(|token| key("security token", token, &source)).transpose()?;
        Ok(Found { access_key_id, access_key_secret, security_token, source, expires: None })
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

impl Temporary {
    /// The keys. `None`: the service does not say when they expire, or writes it in a form of its own.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when they cannot be keys.
    pub(super) fn found(self, source: &str) -> Result<Option<Found>> {
        let Self { access_key_id, access_key_secret, security_token, expiration } = self;
        let token = key("security token", security_token.unwrap_or_default(), source)?;
        let found = Raw { access_key_id, access_key_secret, security_token: Some(token) }.check(source)?;
        let expires = expiration.as_deref().and_then(time::parse_rfc3339);
        Ok(expires.map(|expires| found.until(Some(expires))))
    }
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
        for text in [Some(&self.access_key_id), Some(&self.access_key_secret), self.security_token.as_ref()]
            .into_iter()
            .flatten()
        {
            cx.secret(text);
            // As it may stand in an address.
            cx.secret(percent_encode(text));
        }
    }

    pub(super) fn keys(self) -> Keys {
        Keys {
            access_key_id: Secret::new(self.access_key_id),
            access_key_secret: Secret::new(self.access_key_secret),
            security_token: self.security_token.map(Secret::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(id: &str, key: &str, token: &str) -> Raw {
        Raw {
            access_key_id: Some(id.into()),
            access_key_secret: Some(key.into()),
            security_token: Some(token.into()),
        }
    }

    #[test]
    fn keys_that_are_empty_padded_or_odd_are_refused_without_being_shown() {
        for (id, key, token) in [
            ("", "FakeKey", ""),
            ("LTAIFAKE", " ", ""),
            ("LTAIFAKE ", "FakeKey", ""),
            ("LTAIFAKE", "\tFakeKey", ""),
            ("LTAIFAKE", "Fake\nKey", ""),
            ("LTAIFAKE", "FakeKey", "FAKE TOKEN"),
            ("LTAIFAKE", "FakeKéy", ""),
        ] {
            let error = raw(id, key, token).check("a test").unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(error.hint.is_some());
            let text = format!("{error:?}");
            assert!(!text.contains("Fake") && !text.contains("LTAIFAKE"), "{text}");
        }
    }

    #[test]
    fn half_a_pair_is_refused() {
        let half = Raw { access_key_id: Some("LTAIFAKE".into()), ..Raw::default() };
        let error = half.check("environment").unwrap_err();
        assert_eq!(error.message, "the access key secret is missing or empty: environment");
    }

    #[test]
    fn an_empty_token_is_none() {
        let keys = raw("LTAIFAKE", "FakeKey", "").check("a test").unwrap().keys();
        assert!(keys.security_token.is_none());
    }

    #[test]
    fn keys_are_replaced_five_minutes_before_they_expire() {
        let found = raw("LTAIFAKE", "FakeKey", "FAKETOKEN").check("a test").unwrap();
        assert_eq!(found.fresh_until(), None);
        let expires = Some(Timestamp::from_seconds(1_700_000_000));
        assert_eq!(found.until(expires).fresh_until(), Some(Timestamp::from_seconds(1_699_999_700)));
    }

    #[test]
    fn keys_do_not_show_in_debug() {
        let found = raw("LTAIFAKE", "FakeKey", "FAKETOKEN").check("a test").unwrap();
        for text in [format!("{found:?}"), format!("{:?}", found.clone().keys())] {
            for secret in ["LTAIFAKE", "FakeKey", "FAKETOKEN"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}
