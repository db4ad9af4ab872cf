//! The files of the cloud's command line, `ucloud`: JSON lists, one of keys and one of profiles.

use imgshare_sdk::credentials::{KeyTexts, Looked, read_json};
use imgshare_sdk::{Context, Error, ErrorKind, Result, try_join};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::found::{Found, NAMES};

const KEYS: &str = "~/.ucloud/credential.json";
const PROFILES: &str = "~/.ucloud/config.json";

/// The profile that is looked for when none is active.
const DEFAULT_PROFILE: &str = "default";

#[derive(Deserialize, Default)]
#[serde(default)]
struct Credential {
    profile: Option<String>,
    public_key: Option<String>,
    private_key: Option<String>,
    /// `oauth` after a login in the browser: then there are tokens in place of keys.
    auth_mode: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Profile {
    profile: Option<String>,
    active: Option<bool>,
    project_id: Option<String>,
}

/// The keys of this profile, or of the active one. `None`: there are no such files, or no such profile in them.
///
/// # Errors
///
/// `CredentialInvalid` when the profile is there and has no usable keys.
pub(super) async fn find(cx: &Context, profile: Option<&str>, looked: &mut Looked) -> Result<Option<Found>> {
    let (keys, profiles) = try_join!(cx.read_file(KEYS), cx.read_file(PROFILES))?;
    let profiles = read::<Profile>(profiles, PROFILES)?;
    let name = profile.or_else(|| active(&profiles)).unwrap_or(DEFAULT_PROFILE);
    let place = format!("{KEYS}, profile `{name}`");
    let credentials = read::<Credential>(keys, KEYS)?;
    let of_profile = |credential: &Credential| credential.profile.as_deref() == Some(name);
    let Some(credential) = credentials.into_iter().find(of_profile) else {
        looked.push(place);
        return Ok(None);
    };
    let project_id = profiles.iter().find(|profile| profile.profile.as_deref() == Some(name));
    let project_id = project_id.and_then(|profile| profile.project_id.clone());
    check(credential, project_id, &place).map(Some)
}

fn active(profiles: &[Profile]) -> Option<&str> {
    profiles.iter().find(|profile| profile.active == Some(true))?.profile.as_deref()
}

fn check(credential: Credential, project_id: Option<String>, place: &str) -> Result<Found> {
    let Credential { public_key: id, private_key: secret, auth_mode, .. } = credential;
    if auth_mode.as_deref() == Some("oauth") {
        return Err(Error::new(
            ErrorKind::CredentialInvalid,
            format!("the profile has tokens of a login in the browser, which cannot sign: {place}"),
        )
        .with_hint("use a profile with a key pair, or give the pair in `credentials`"));
    }
    let keys = NAMES.check(KeyTexts { id, secret, token: None }, place)?;
    Ok(Found::new(keys, project_id))
}

/// The list in this file; empty when there is no file.
fn read<T: DeserializeOwned>(bytes: Option<Vec<u8>>, path: &str) -> Result<Vec<T>> {
    bytes.map_or(Ok(Vec::new()), |bytes| read_json(&bytes, path, "ucloud", "run `ucloud init` again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_in_the_browser_is_refused_with_the_reason() {
        let credential = Credential { auth_mode: Some("oauth".into()), ..Credential::default() };
        let error = check(credential, None, "a test").unwrap_err();
        assert!(error.message.contains("login in the browser"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_list_is_an_error_that_quotes_nothing() {
        for text in
            ["", "private_key=fakeprivate", r#"{"private_key":"fakeprivate"}"#, r#"[{"private_key":7}]"#]
        {
            let Err(error) = read::<Credential>(Some(text.into()), KEYS) else { panic!("{text} is taken") };
            assert_eq!(error.message, "~/.ucloud/credential.json is not in the form that ucloud writes");
        }
    }
}
