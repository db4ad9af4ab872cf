//! `[clouds.X.credentials]`.

use std::collections::BTreeMap;

use imgshare_sdk::{Error, ErrorKind, Result};

use super::found::{Found, Raw};

/// What the config says of credentials.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Configured {
    /// The keys themselves.
    Keys(Found),
    /// The profile that has them.
    Profile(String),
    /// Nothing: they are where the cloud's own tools look.
    Nothing,
}

/// Reads the resolved fields. Keys count more than a profile: they say exactly what is wanted.
///
/// # Errors
///
/// `CredentialInvalid` when there is half a pair of keys, or a name that no profile has.
pub(super) fn read(mut fields: BTreeMap<String, String>) -> Result<Configured> {
    let profile = fields.remove("profile");
    let raw = Raw {
        access_key_id: fields.remove("access_key_id"),
        access_key_secret: fields.remove("access_key_secret"),
        security_token: fields.remove("security_token"),
    };
    if !raw.is_nothing() {
        if profile.is_some() {
            tracing::warn!("`profile` is not used, since the keys themselves are set");
        }
        return raw.check("the config's `credentials`").map(Configured::Keys);
    }
    profile.map_or(Ok(Configured::Nothing), |name| profile_name(name).map(Configured::Profile))
}

fn profile_name(name: String) -> Result<String> {
    if name.trim().is_empty() || name.contains(char::is_control) {
        return Err(Error::new(ErrorKind::CredentialInvalid, "`profile` is not the name of a profile")
            .with_hint("name a profile of the cloud's own tools"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(fields: &[(&str, &str)]) -> Result<Configured> {
        read(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn keys_a_profile_or_nothing() {
        let keys = &[("access_key_id", "LTAIFAKE"), ("access_key_secret", "FakeKey"), ("profile", "prod")];
        assert!(matches!(configured(&keys[..2]), Ok(Configured::Keys(_))));
        assert!(matches!(configured(keys), Ok(Configured::Keys(_))));
        assert_eq!(configured(&[("profile", "prod")]), Ok(Configured::Profile("prod".into())));
        assert_eq!(configured(&[]), Ok(Configured::Nothing));
    }

    #[test]
    fn half_a_pair_is_refused() {
        for fields in [
            &[("access_key_id", "LTAIFAKE")][..],
            &[("access_key_secret", "FakeKey")],
            &[("security_token", "FAKETOKEN")],
            &[("profile", "prod"), ("access_key_id", "LTAIFAKE")],
        ] {
            assert_eq!(configured(fields).unwrap_err().kind, ErrorKind::CredentialInvalid, "{fields:?}");
        }
    }

    #[test]
    fn a_profile_has_a_name() {
        for name in ["", " ", "a\nb"] {
            assert!(configured(&[("profile", name)]).is_err(), "{name:?}");
        }
    }
}
