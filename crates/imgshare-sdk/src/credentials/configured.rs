//! `[clouds.X.credentials]`.

use std::collections::BTreeMap;

use super::{FoundKeys, KeyNames, KeyTexts};
use crate::{Error, ErrorKind, Result};

/// What the config says of credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Configured {
    /// The keys themselves.
    Keys(FoundKeys),
    /// The profile that has them. It is the only place to look: other keys may belong to another owner.
    Profile(String),
    /// Nothing: they are where the cloud's own tools look.
    Nothing,
}

impl KeyNames {
    /// Reads the resolved fields. Keys count more than a profile: they say exactly what is wanted.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when there is half a pair of keys, or a name that no profile has.
    pub fn configured(&self, mut fields: BTreeMap<String, String>) -> Result<Configured> {
        let profile = fields.remove("profile");
        let mut text = |field: &str| fields.remove(field);
        let texts = KeyTexts {
            id: text(self.id.field),
            secret: text(self.secret.field),
            token: text(self.token.field),
        };
        if !texts.is_nothing() {
            if profile.is_some() {
                tracing::warn!("`profile` is not used, since the keys themselves are set");
            }
            return self.check(texts, "the config's `credentials`").map(Configured::Keys);
        }
        match profile {
            None => Ok(Configured::Nothing),
            Some(name) if name.trim().is_empty() || name.contains(char::is_control) => Err(not_a_profile()),
            Some(name) => Ok(Configured::Profile(name)),
        }
    }
}

/// The error for a `profile` that cannot be the name of one.
pub fn not_a_profile() -> Error {
    Error::new(ErrorKind::CredentialInvalid, "`profile` is not the name of a profile")
        .with_hint("name a profile of the cloud's own tools")
}

#[cfg(test)]
mod tests {
    use super::super::NAMES;
    use super::*;

    fn configured(fields: &[(&str, &str)]) -> Result<Configured> {
        NAMES.configured(
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    #[test]
    fn keys_a_profile_or_nothing() {
        let keys = &[("key_id", "FAKEID"), ("key_secret", "FakeKey"), ("profile", "prod")];
        assert!(matches!(configured(&keys[..2]), Ok(Configured::Keys(_))));
        assert!(matches!(configured(keys), Ok(Configured::Keys(_))));
        assert_eq!(configured(&[("profile", "prod")]), Ok(Configured::Profile("prod".into())));
        assert_eq!(configured(&[]), Ok(Configured::Nothing));
    }

    #[test]
    fn half_a_pair_is_refused() {
        for fields in [
            &[("key_id", "FAKEID")][..],
            &[("key_secret", "FakeKey")],
            &[("token", "FAKETOKEN")],
            &[("profile", "prod"), ("key_id", "FAKEID")],
        ] {
            assert_eq!(configured(fields).unwrap_err().kind, ErrorKind::CredentialInvalid, "{fields:?}");
        }
    }

    #[test]
    fn a_profile_has_a_name() {
        for name in ["", " ", "a\nb"] {
            assert_eq!(configured(&[("profile", name)]), Err(not_a_profile()), "{name:?}");
        }
    }
}
