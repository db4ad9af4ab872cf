//! `[clouds.X.credentials]`.

use std::collections::BTreeMap;

use imgshare_sdk::{Error, ErrorKind, Result};

use super::found::{Found, Raw};

/// What the config says of credentials.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Configured {
    pub(super) origin: Origin,
    /// Counts more than any project that is found with the keys.
    pub(super) project_id: Option<String>,
}

/// Where the keys are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In the config.
    Keys(Found),
    /// In this profile.
    Profile(String),
    /// Where the cloud's own tools look.
    Elsewhere,
}

/// Reads the resolved fields. Keys count more than a profile: they say exactly what is wanted.
///
/// # Errors
///
/// `CredentialInvalid` when there is half a pair of keys, or an empty profile.
pub(super) fn read(mut fields: BTreeMap<String, String>) -> Result<Configured> {
    let project_id = fields.remove("project_id").filter(|id| !id.is_empty());
    let profile = fields.remove("profile");
    let raw = Raw {
        public_key: fields.remove("public_key"),
        private_key: fields.remove("private_key"),
        token: fields.remove("security_token"),
        project_id: None,
    };
    Ok(Configured { origin: origin(raw, profile)?, project_id })
}

fn origin(raw: Raw, profile: Option<String>) -> Result<Origin> {
    match profile {
        None if raw.is_nothing() => Ok(Origin::Elsewhere),
        Some(name) if raw.is_nothing() && name.trim().is_empty() => {
            Err(Error::new(ErrorKind::CredentialInvalid, "`profile` is empty")
                .with_hint("name a profile of the cloud's own tools"))
        }
        Some(name) if raw.is_nothing() => Ok(Origin::Profile(name)),
        profile => {
            if profile.is_some() {
                tracing::warn!("`profile` is not used, since the keys themselves are set");
            }
            raw.check("the config's `credentials`").map(Origin::Keys)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(fields: &[(&str, &str)]) -> Result<Configured> {
        read(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn keys_a_profile_or_nothing() {
        let keys = &[("public_key", "fakepublic"), ("private_key", "fakeprivate"), ("profile", "prod")];
        let origin = |fields| configured(fields).unwrap().origin;
        assert!(matches!(origin(&keys[..2]), Origin::Keys(_)));
        assert!(matches!(origin(keys), Origin::Keys(_)));
        assert_eq!(origin(&[("profile", "prod")]), Origin::Profile("prod".into()));
        assert_eq!(origin(&[]), Origin::Elsewhere);
    }

    #[test]
    fn a_project_may_be_named_for_keys_that_are_elsewhere() {
        let configured = configured(&[("project_id", "org-fake01")]).unwrap();
        assert_eq!(configured.origin, Origin::Elsewhere);
        assert_eq!(configured.project_id.as_deref(), Some("org-fake01"));
    }

    #[test]
    fn half_a_pair_is_refused() {
        for fields in [
            &[("public_key", "fakepublic")][..],
            &[("private_key", "fakeprivate")],
            &[("security_token", "FAKETOKEN")],
            &[("profile", "prod"), ("public_key", "fakepublic")],
            &[("profile", " ")],
        ] {
            assert_eq!(configured(fields).unwrap_err().kind, ErrorKind::CredentialInvalid, "{fields:?}");
        }
    }
}
