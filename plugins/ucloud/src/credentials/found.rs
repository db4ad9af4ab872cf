//! Keys that were found, and what makes a text a key.

use std::fmt;

use imgshare_sdk::{Context, Error, ErrorKind, Result, Secret};
use serde::{Deserialize, Serialize};

use crate::sign::Keys;

/// Who calls, and for which project.
pub(crate) struct Login {
    pub(crate) keys: Keys,
    /// Sub-accounts must name one; for main accounts there is a default.
    pub(crate) project_id: Option<String>,
}

/// Keys, and where they were. The host keeps them for the other operations of the cloud, in this form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    public_key: String,
    private_key: String,
    token: Option<String>,
    project_id: Option<String>,
    /// The place, for people.
    pub(super) source: String,
}

impl fmt::Debug for Found {
    /// Says where, not what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("source", &self.source).finish_non_exhaustive()
    }
}

/// Texts that shall be keys, as some place holds them.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) public_key: Option<String>,
    pub(super) private_key: Option<String>,
    pub(super) token: Option<String>,
    pub(super) project_id: Option<String>,
}

impl Raw {
    /// Whether the place says nothing about keys.
    pub(super) fn is_nothing(&self) -> bool {
        self.public_key.is_none() && self.private_key.is_none() && self.token.is_none()
    }

    /// The keys; `source` is the place, for people.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when one is missing, empty, or has space around or anything unprintable in it.
    pub(super) fn check(self, source: impl Into<String>) -> Result<Found> {
        let source = source.into();
        let public_key = key("public key", self.public_key.unwrap_or_default(), &source)?;
        let private_key = key("private key", self.private_key.unwrap_or_default(), &source)?;
        let token = self.token.filter(|token| !token.is_empty());
        let token = token.map(|token| key("security token", token, &source)).transpose()?;
        let project_id = self.project_id.filter(|id| !id.is_empty());
        Ok(Found { public_key, private_key, token, project_id, source })
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

impl Found {
    /// The same keys, for this project if there is one.
    pub(super) fn in_project(self, project_id: Option<&String>) -> Self {
        Self { project_id: project_id.cloned().or(self.project_id), ..self }
    }

    /// Has the host keep them out of every output.
    pub(super) fn entrust(&self, cx: &Context) {
        let texts = [Some(&self.public_key), Some(&self.private_key), self.token.as_ref()];
        for text in texts.into_iter().flatten() {
            cx.secret(text);
        }
    }

    pub(super) fn login(self) -> Login {
        let keys = Keys {
            public_key: Secret::new(self.public_key),
            private_key: Secret::new(self.private_key),
            token: self.token.map(Secret::new),
        };
        Login { keys, project_id: self.project_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(public_key: &str, private_key: &str, token: &str) -> Raw {
        Raw {
            public_key: Some(public_key.into()),
            private_key: Some(private_key.into()),
            token: Some(token.into()),
            project_id: None,
        }
    }

    #[test]
    fn keys_that_are_empty_padded_or_odd_are_refused_without_being_shown() {
        for (public_key, private_key, token) in [
            ("", "fakeprivate", ""),
            ("fakepublic", " ", ""),
            ("fakepublic ", "fakeprivate", ""),
            ("fakepublic", "\tfakeprivate", ""),
            ("fakepublic", "fake\nprivate", ""),
            ("fakepublic", "fakeprivate", "fake token"),
            ("fakepublic", "fakeprivaté", ""),
        ] {
            let error = raw(public_key, private_key, token).check("a test").unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(error.hint.is_some());
            assert!(!format!("{error:?}").contains("fake"), "{error:?}");
        }
    }

    #[test]
    fn half_a_pair_is_refused() {
        let half = Raw { public_key: Some("fakepublic".into()), ..Raw::default() };
        let error = half.check("environment").unwrap_err();
        assert_eq!(error.message, "the private key is missing or empty: environment");
    }

    #[test]
    fn the_configs_project_counts_more_than_the_one_that_is_found() {
        let found = Raw { project_id: Some("org-found".into()), ..raw("fakepublic", "fakeprivate", "") };
        let found = found.check("a test").unwrap();
        let project = |found: Found| found.login().project_id.unwrap();
        assert_eq!(project(found.clone().in_project(None)), "org-found");
        assert_eq!(project(found.in_project(Some(&"org-config".into()))), "org-config");
    }

    #[test]
    fn keys_do_not_show_in_debug() {
        let found = raw("fakepublic", "fakeprivate", "FAKETOKEN").check("a test").unwrap();
        for text in [format!("{found:?}"), format!("{:?}", found.clone().login().keys)] {
            for secret in ["fakepublic", "fakeprivate", "FAKETOKEN"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}
