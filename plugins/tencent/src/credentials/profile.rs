//! The credentials file of the cloud's SDKs: INI, a section for each profile.

use configparser::ini::Ini;
use imgshare_sdk::credentials::{FoundKeys, KeyTexts};
use imgshare_sdk::{Context, Error, ErrorKind, Result};

use super::found::{NAMES, takes_a_role};

/// Where the file may be, in order.
pub(super) const PATHS: [&str; 2] = ["~/.tencentcloud/credentials", "/etc/tencentcloud/credentials"];

/// The place, for people.
pub(super) fn place(path: &str, profile: &str) -> String {
    format!("{path}, section `{profile}`")
}

/// The keys of this profile in this file. `None`: there is no such file, or no such section in it.
///
/// # Errors
///
/// `CredentialInvalid` when the section is there and has no usable keys.
pub(super) async fn find(cx: &Context, path: &str, profile: &str) -> Result<Option<FoundKeys>> {
    let Some(bytes) = cx.read_file(path).await? else { return Ok(None) };
    read(&bytes, path, profile)
}

fn read(bytes: &[u8], path: &str, profile: &str) -> Result<Option<FoundKeys>> {
    let Some(section) = section(bytes, profile).ok_or_else(|| unreadable(path))? else { return Ok(None) };
    let value = |key: &str| section.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    if value("role_arn").is_some_and(|role| !role.is_empty()) {
        return Err(takes_a_role(&place(path, profile)));
    }
    let texts = KeyTexts { id: value("secret_id"), secret: value("secret_key"), token: value("token") };
    NAMES.check(texts, place(path, profile)).map(Some)
}

type Section = Vec<(String, String)>;

/// The section's keys and values. `None`: the text is not INI; its reader's reasons may quote keys, and are not given.
fn section(bytes: &[u8], profile: &str) -> Option<Option<Section>> {
    // Names of sections are case-sensitive there; `#` and `;` begin a comment only at the beginning of a line.
    let mut ini = Ini::new_cs();
    ini.set_inline_comment_symbols(Some(&[]));
    let mut sections = ini.read(String::from_utf8(bytes.to_vec()).ok()?).ok()?;
    let section = sections.remove(profile).map(|section| {
        let lower = |(key, value): (String, Option<String>)| (key.to_lowercase(), value.unwrap_or_default());
        section.into_iter().map(lower).collect()
    });
    Some(section)
}

fn unreadable(path: &str) -> Error {
    Error::new(ErrorKind::CredentialInvalid, format!("{path} is not an INI file"))
        .with_hint("write `[default]`, `secret_id = ...` and `secret_key = ...`, a line each")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# the cloud's own form\n[default]\nsecret_id = AKIDFAKEDEFAULT\nSecret_Key=Fake;Key#1=\n\n\
                        [prod]\nsecret_id=AKIDFAKEPROD\nsecret_key=FakeKeyProd\ntoken=FAKETOKEN\n\n\
                        [half]\nsecret_id=AKIDFAKEHALF\n\n\
                        [role]\nsecret_id=AKIDFAKEROLE\nsecret_key=FakeKeyRole\nrole_arn=qcs::cam::uin/1:roleName/x\n";

    fn find(profile: &str) -> Result<Option<FoundKeys>> {
        read(FILE.as_bytes(), PATHS[0], profile)
    }

    #[test]
    fn each_section_is_a_profile() {
        let keys = find("default").unwrap().unwrap();
        assert_eq!(keys.id().expose(), "AKIDFAKEDEFAULT");
        assert_eq!(keys.secret().expose(), "Fake;Key#1=");
        assert!(keys.token().is_none());
        let prod = find("prod").unwrap().unwrap();
        assert_eq!(prod.source, "~/.tencentcloud/credentials, section `prod`");
        assert_eq!(prod.token().unwrap().expose(), "FAKETOKEN");
    }

    #[test]
    fn a_profile_that_is_not_there_is_looked_for_elsewhere() {
        assert_eq!(find("staging"), Ok(None));
        assert_eq!(find("PROD"), Ok(None));
        assert_eq!(read(b"", PATHS[0], "default"), Ok(None));
    }

    #[test]
    fn a_profile_without_usable_keys_is_an_error_and_not_passed_over() {
        for profile in ["half", "role"] {
            let error = find(profile).unwrap_err();
            assert!(error.message.contains(&format!("section `{profile}`")), "{error}");
        }
    }

    #[test]
    fn what_is_not_ini_is_an_error_that_quotes_nothing() {
        for bytes in [&b"[default\nsecret_key=FakeKey"[..], b"\xff\xfe"] {
            let error = read(bytes, PATHS[1], "default").unwrap_err();
            assert_eq!(error.message, "/etc/tencentcloud/credentials is not an INI file");
        }
    }
}
