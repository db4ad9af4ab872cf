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

/// Reads the resolved fields.
///
/// # Errors
///
/// `CredentialInvalid` when there are both keys and a profile, half a pair of keys, or a name that no profile has.
pub(super) fn read(mut fields: BTreeMap<String, String>) -> Result<Configured> {
    let profile = fields.remove("profile");
    let raw = Raw {
        secret_id: fields.remove("secret_id"),
        secret_key: fields.remove("secret_key"),
        token: fields.remove("token"),
    };
    match profile {
        Some(_) if !raw.is_nothing() => Err(invalid("`profile` and keys are both set", "set one of them")),
        Some(profile) => profile_name(profile).map(Configured::Profile),
        None if raw.is_nothing() => Ok(Configured::Nothing),
        None => raw.check("the config's `credentials`").map(Configured::Keys),
    }
}

/// The name becomes part of a file's, and so must not lead to another folder.
fn profile_name(name: String) -> Result<String> {
    let refused = |c: char| matches!(c, '/' | '\\') || c.is_control();
    if name.trim().is_empty() || name.contains(refused) {
        return Err(invalid(
            "`profile` is not the name of a profile",
            "name a profile of the cloud's own tools",
        ));
    }
    Ok(name)
}

fn invalid(message: &str, hint: &str) -> Error {
    Error::new(ErrorKind::CredentialInvalid, message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(fields: &[(&str, &str)]) -> Result<Configured> {
        read(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn keys_a_profile_or_nothing() {
        let keys = configured(&[("secret_id", "AKIDFAKE"), ("secret_key", "FakeKey")]);
        assert!(matches!(keys, Ok(Configured::Keys(_))));
        assert_eq!(configured(&[("profile", "prod")]), Ok(Configured::Profile("prod".into())));
        assert_eq!(configured(&[]), Ok(Configured::Nothing));
    }

    #[test]
    fn half_a_pair_and_contradictions_are_refused() {
        for fields in [
            &[("secret_id", "AKIDFAKE")][..],
            &[("secret_key", "FakeKey")],
            &[("token", "FAKETOKEN")],
            &[("profile", "prod"), ("secret_id", "AKIDFAKE"), ("secret_key", "FakeKey")],
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
