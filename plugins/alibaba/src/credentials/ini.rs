//! The credentials file of the cloud's SDKs: INI, a section for each profile.
//!
//! As the vendor's library reads it: `alibabacloud_credentials/provider/profile.py` in
//! <https://github.com/aliyun/credentials-python>.

use std::collections::BTreeMap;

use configparser::ini::Ini;
use imgshare_sdk::credentials::{FoundKeys, KeyTexts, Looked};
use imgshare_sdk::{Context, Error, ErrorKind, Result};

use super::environment;
use super::found::NAMES;
use super::way::{Base, Oidc, Way};
use crate::api::sts::Role;

/// Where the file is, if no variable says otherwise.
const PATH: &str = "~/.alibabacloud/credentials.ini";

/// The section that is read when nobody names one.
const DEFAULT_PROFILE: &str = "default";

/// How this profile comes by keys. `None`: there is no such file, or no such section in it; then `looked` says so.
///
/// # Errors
///
/// `CredentialInvalid` when the section is there and cannot be used.
pub(super) async fn find(cx: &Context, profile: Option<&str>, looked: &mut Looked) -> Result<Option<Way>> {
    let path = cx.env(environment::CREDENTIALS_FILE).await?.unwrap_or_else(|| PATH.to_owned());
    let profile = profile.unwrap_or(DEFAULT_PROFILE);
    let bytes = cx.read_file(&path).await?;
    let way = bytes.map_or(Ok(None), |bytes| read(&bytes, &path, profile))?;
    if way.is_none() {
        looked.push(place(&path, profile));
    }
    Ok(way)
}

fn place(path: &str, profile: &str) -> String {
    format!("{path}, section `{profile}`")
}

fn read(bytes: &[u8], path: &str, profile: &str) -> Result<Option<Way>> {
    let keys = section(bytes, profile).ok_or_else(|| {
        invalid(
            format!("{path} is not an INI file"),
            "write `[default]` and `type = access_key`, a line each",
        )
    })?;
    keys.map(|keys| Section { keys, place: place(path, profile) }.way()).transpose()
}

type Pairs = BTreeMap<String, String>;

/// The section's keys and values. `None`: the text is not INI; its reader's reasons may quote keys, and are not given.
fn section(bytes: &[u8], profile: &str) -> Option<Option<Pairs>> {
    // Names of sections are case-sensitive there, and `#` begins a comment anywhere.
    let mut ini = Ini::new_cs();
    ini.set_inline_comment_symbols(Some(&['#']));
    let mut sections = ini.read(String::from_utf8(bytes.to_vec()).ok()?).ok()?;
    let section = sections.remove(profile).map(|section| {
        let lower = |(key, value): (String, Option<String>)| (key.to_lowercase(), value.unwrap_or_default());
        section.into_iter().map(lower).collect()
    });
    Some(section)
}

struct Section {
    keys: Pairs,
    place: String,
}

impl Section {
    fn way(self) -> Result<Way> {
        let place = self.place.clone();
        match self.value("type").as_deref() {
            Some("access_key") => Ok(Way::keys(self.found()?)),
            Some("ram_role_arn") => Ok(Way::keys(self.found()?).then(self.role()?, place)),
            Some("ecs_ram_role") => Ok(Way::new(Base::Server { role: self.value("role_name") }, place)),
            Some("oidc_role_arn") => {
                let provider_arn = self.needed("oidc_provider_arn")?;
                let token_file = self.needed("oidc_token_file_path")?;
                let oidc = Oidc { provider_arn, token_file, role: self.role()? };
                Ok(Way::new(Base::Oidc(oidc), place))
            }
            Some(other) => Err(self.unusable(&format!("type `{other}` is not supported"))),
            None => Err(self.unusable("`type` is missing")),
        }
    }

    fn found(&self) -> Result<FoundKeys> {
        let (id, secret) = (self.value("access_key_id"), self.value("access_key_secret"));
        NAMES.check(KeyTexts { id, secret, token: None }, &self.place)
    }

    fn role(&self) -> Result<Role> {
        Ok(Role {
            arn: self.needed("role_arn")?,
            session_name: self.value("role_session_name"),
            policy: self.value("policy"),
            ..Role::default()
        })
    }

    fn value(&self, key: &str) -> Option<String> {
        self.keys.get(key).filter(|value| !value.is_empty()).cloned()
    }

    fn needed(&self, key: &str) -> Result<String> {
        self.value(key).ok_or_else(|| self.unusable(&format!("`{key}` is missing")))
    }

    fn unusable(&self, reason: &str) -> Error {
        let message = format!("{} cannot be used: {reason}", self.place);
        invalid(message, "write `type = access_key`, `access_key_id = ...` and `access_key_secret = ...`")
    }
}

fn invalid(message: String, hint: &str) -> Error {
    Error::new(ErrorKind::CredentialInvalid, message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[default]\ntype = access_key # the simplest\naccess_key_id = LTAIFAKEDEFAULT\n\
                        Access_Key_Secret=Fake;Key=\n\n\
                        [role]\ntype=ram_role_arn\naccess_key_id=LTAIFAKEROLE\naccess_key_secret=FakeKeyRole\n\
                        role_arn=acs:ram::1:role/a\nrole_session_name=me\n\n\
                        [server]\ntype=ecs_ram_role\n\n\
                        [oidc]\ntype=oidc_role_arn\nrole_arn=r\noidc_provider_arn=p\noidc_token_file_path=/t\n\n\
                        [half]\ntype=access_key\naccess_key_id=LTAIFAKEHALF\n\n\
                        [rsa]\ntype=rsa_key_pair\n\n[untyped]\naccess_key_id=LTAIFAKE\n";

    fn find(profile: &str) -> Result<Option<Way>> {
        read(FILE.as_bytes(), PATH, profile)
    }

    fn way(profile: &str) -> Way {
        find(profile).unwrap().unwrap()
    }

    #[test]
    fn each_section_is_a_profile() {
        assert_eq!(way("default").source(), "~/.alibabacloud/credentials.ini, section `default`");
        let Base::Keys(found) = way("default").base else { panic!("no keys") };
        assert_eq!(found.id().expose(), "LTAIFAKEDEFAULT");
        assert_eq!(found.secret().expose(), "Fake;Key=");
    }

    #[test]
    fn the_type_says_who_is_to_be_asked() {
        let role = &way("role").roles[0];
        assert_eq!((role.arn.as_str(), role.session_name.as_deref()), ("acs:ram::1:role/a", Some("me")));
        assert_eq!(way("server").base, Base::Server { role: None });
        assert!(matches!(way("oidc").base, Base::Oidc(oidc) if oidc.token_file == "/t"));
    }

    #[test]
    fn a_profile_that_is_not_there_is_looked_for_elsewhere() {
        assert_eq!(find("staging"), Ok(None));
        assert_eq!(find("DEFAULT"), Ok(None));
        assert_eq!(read(b"", PATH, "default"), Ok(None));
    }

    #[test]
    fn a_profile_that_cannot_be_used_is_an_error_and_not_passed_over() {
        for (profile, reason) in [
            ("half", "the access key secret is missing"),
            ("rsa", "type `rsa_key_pair` is not supported"),
            ("untyped", "`type` is missing"),
        ] {
            let error = find(profile).unwrap_err();
            assert!(error.message.contains(reason), "{error}");
            assert!(error.message.contains(&format!("section `{profile}`")), "{error}");
        }
    }

    #[test]
    fn what_is_not_ini_is_an_error_that_quotes_nothing() {
        for bytes in [&b"[default\naccess_key_secret=FakeKey"[..], b"\xff\xfe"] {
            let error = read(bytes, PATH, "default").unwrap_err();
            assert_eq!(error.message, "~/.alibabacloud/credentials.ini is not an INI file");
        }
    }
}
