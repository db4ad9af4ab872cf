//! The file of CompShare's command line: JSON, with all profiles and the name of the current one.

use std::collections::BTreeMap;

use imgshare_sdk::credentials::{KeyTexts, Looked, read_json};
use imgshare_sdk::{Context, Result};
use serde::Deserialize;

use super::found::{Found, NAMES};

/// The profile that is looked for when none is current.
const DEFAULT_PROFILE: &str = "default";

#[derive(Deserialize, Default)]
#[serde(default)]
struct File {
    current_profile: Option<String>,
    profiles: BTreeMap<String, Profile>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Profile {
    public_key: Option<String>,
    private_key: Option<String>,
}

/// The keys of this profile, or of the current one. `None`: there is no such file, or no such profile in it.
///
/// # Errors
///
/// `CredentialInvalid` when the profile is there and has no usable keys.
pub(super) async fn find(cx: &Context, profile: Option<&str>, looked: &mut Looked) -> Result<Option<Found>> {
    let path = path(cx).await?;
    let mut file = cx.read_file(&path).await?.map_or(Ok(File::default()), |bytes| read(&bytes, &path))?;
    let name = match profile {
        Some(name) => name.to_owned(),
        None => current(cx, &file).await?,
    };
    let place = format!("{path}, profile `{name}`");
    let Some(Profile { public_key: id, private_key: secret }) = file.profiles.remove(&name) else {
        looked.push(place);
        return Ok(None);
    };
    let keys = NAMES.check(KeyTexts { id, secret, token: None }, place)?;
    Ok(Some(Found::new(keys, None)))
}

async fn path(cx: &Context) -> Result<String> {
    if let Some(path) = cx.env("COMPSHARE_CONFIG_FILE").await? {
        return Ok(path);
    }
    let folder = cx.env("XDG_CONFIG_HOME").await?;
    let folder = folder.unwrap_or_else(|| "~/.config".to_owned());
    Ok(format!("{}/compshare/config.json", folder.trim_end_matches('/')))
}

async fn current(cx: &Context, file: &File) -> Result<String> {
    let wanted = cx.env("COMPSHARE_PROFILE").await?.or_else(|| file.current_profile.clone());
    Ok(wanted.filter(|name| !name.is_empty()).unwrap_or_else(|| DEFAULT_PROFILE.to_owned()))
}

fn read(bytes: &[u8], path: &str) -> Result<File> {
    read_json(bytes, path, "compshare", "set up CompShare's command line again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_another_form_is_an_error_that_quotes_nothing() {
        for text in ["", "7", r#"{"profiles":{"default":{"private_key":7}}}"#, "private_key=fakeprivate"] {
            let Err(error) = read(text.as_bytes(), "a file") else { panic!("{text} is taken") };
            assert_eq!(error.message, "a file is not in the form that compshare writes");
        }
    }
}
