//! The two files of the cloud's own tools, `config` and `credentials`: INI, a section for each profile.
//!
//! As the vendor's library reads them: `configloader.py` and `session.py` of botocore 1.44.5.

use std::collections::BTreeMap;

use configparser::ini::Ini;
use imgshare_sdk::{Context, Error, ErrorKind, Result, try_join};

/// Keys and values of a section; keys in lower case.
pub(super) type Pairs = BTreeMap<String, String>;

/// A file, and where it is if no variable says otherwise.
const CONFIG: (&str, &str) = ("AWS_CONFIG_FILE", "~/.aws/config");
const CREDENTIALS: (&str, &str) = ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");

/// What stands in one of the files, keys among it: it has no `Debug`.
#[derive(Default)]
pub(super) struct File {
    pub(super) path: String,
    /// By the profile's name.
    pub(super) sections: BTreeMap<String, Pairs>,
}

/// Both files; one that is not there is empty.
pub(super) struct Files {
    pub(super) config: File,
    pub(super) credentials: File,
}

impl Files {
    /// Reads both.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when one is there and is no INI file.
    pub(super) async fn read(cx: &Context) -> Result<Self> {
        let (mut config, credentials) = try_join!(read(cx, CONFIG), read(cx, CREDENTIALS))?;
        let sections = std::mem::take(&mut config.sections).into_iter();
        config.sections = sections.filter_map(|(name, pairs)| Some((profile_name(&name)?, pairs))).collect();
        Ok(Self { config, credentials })
    }

    /// The place of a profile, for people.
    pub(super) fn place(&self, profile: &str) -> String {
        format!("{} and {}, profile `{profile}`", self.config.path, self.credentials.path)
    }
}

async fn read(cx: &Context, (variable, default): (&str, &str)) -> Result<File> {
    let path = cx.env(variable).await?.unwrap_or_else(|| default.to_owned());
    let Some(bytes) = cx.read_file(&path).await? else { return Ok(File { path, ..File::default() }) };
    let sections = parse(bytes).ok_or_else(|| {
        Error::new(ErrorKind::CredentialInvalid, format!("{path} is not an INI file"))
            .with_hint("write it again with `aws configure`")
    })?;
    Ok(File { path, sections })
}

/// `None`: the text is not INI; its reader's reasons may quote keys, and are not given.
fn parse(bytes: Vec<u8>) -> Option<BTreeMap<String, Pairs>> {
    // Names of sections are case-sensitive there, and only whole lines are comments: keys and commands may have a `#`.
    let mut ini = Ini::new_cs();
    ini.set_inline_comment_symbols(Some(&[]));
    ini.set_multiline(true);
    let sections = ini.read(String::from_utf8(bytes).ok()?).ok()?;
    let lower = |(key, value): (String, Option<String>)| (key.to_lowercase(), value.unwrap_or_default());
    Some(sections.into_iter().map(|(name, pairs)| (name, pairs.into_iter().map(lower).collect())).collect())
}

/// The profile that a section of `config` is about: `[default]`, `[profile prod]`, `[profile "my prod"]`.
fn profile_name(section: &str) -> Option<String> {
    if section == "default" {
        return Some(section.to_owned());
    }
    match shlex::split(section)?.as_slice() {
        [kind, name] if kind == "profile" => Some(name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> BTreeMap<String, Pairs> {
        parse(text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn sections_have_keys_in_any_case_and_values_as_they_stand() {
        let sections = parsed(
            "# a comment\n[Prod]\nAWS_Access_Key_Id = AKIAFAKE\naws_secret_access_key=Fake/Key+with#hash;and=equals\n\
             credential_process = keys --for 'a b' ; c\n; another\n",
        );
        let prod = &sections["Prod"];
        assert_eq!(prod["aws_access_key_id"], "AKIAFAKE");
        assert_eq!(prod["aws_secret_access_key"], "Fake/Key+with#hash;and=equals");
        assert_eq!(prod["credential_process"], "keys --for 'a b' ; c");
    }

    #[test]
    fn settings_of_a_service_below_a_key_are_none_of_the_profile() {
        let sections = parsed("[default]\ns3 =\n  region = nowhere\n  x = y\nregion = us-east-1\n");
        assert_eq!(sections["default"]["region"], "us-east-1");
        assert_eq!(sections["default"].get("x"), None);
    }

    #[test]
    fn profiles_are_named_in_one_file_as_profiles() {
        for (section, name) in [
            ("default", Some("default")),
            ("profile prod", Some("prod")),
            ("profile \"my prod\"", Some("my prod")),
            ("prod", None),
            ("sso-session prod", None),
            ("profile a b", None),
        ] {
            assert_eq!(profile_name(section).as_deref(), name, "{section}");
        }
    }

    #[test]
    fn what_is_no_text_is_no_file() {
        assert_eq!(parse(b"\xff[default]".to_vec()), None);
    }
}
