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
        secret_id: fields.remove("secret_id"),
        secret_key: fields.remove("secret_key"),
        token: fields.remove("token"),
    };
    if !raw.is_nothing() {
        if profile.is_some() {
            tracing::warn!("`profile` is not used, since the keys themselves are set");
        }
        return raw.check("the config's `credentials`").map(Configured::Keys);
    }
    profile.map_or(Ok(Configured::Nothing), |name| profile_name(name).map(Configured::Profile))
}

/// The name becomes part of a file's, and so must not lead to another folder.
fn profile_name(name: String) -> Result<String> {
    let refused = |c: char| matches!(c, '/' | '\\') || c.is_control();
    if name.trim().is_empty() || name.contains(refused) {
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
        let keys = &[("secret_id", "AKIDFAKE"), ("secret_key", "FakeKey"), ("profile", "prod")];
        assert!(matches!(configured(&keys[..2]), Ok(Configured::Keys(_))));
        assert!(matches!(configured(keys), Ok(Configured::Keys(_))));
        assert_eq!(configured(&[("profile", "prod")]), Ok(Configured::Profile("prod".into())));
        assert_eq!(configured(&[]), Ok(Configured::Nothing));
    }

    #[test]
    fn half_a_pair_is_refused() {
        for fields in [
            &[("secret_id", "AKIDFAKE")][..],
            &[("secret_key", "FakeKey")],
            &[("token", "FAKETOKEN")],
            &[("profile", "prod"), ("secret_id", "AKIDFAKE")],
        ] {
            assert_eq!(configured(fields).unwrap_err().kind, ErrorKind::CredentialInvalid, "{fields:?}");
        }
    }

    #[test]
    fn a_profile_cannot_lead_to_another_folder() {
        for name in ["", " ", "../../etc/x", "a/b", "a\\b", "a\nb"] {
            assert!(configured(&[("profile", name)]).is_err(), "{name:?}");
        }
    }
}
