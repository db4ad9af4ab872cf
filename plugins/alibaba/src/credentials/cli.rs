//! The config file of the cloud's command line, `aliyun`: JSON with all profiles.
//!
//! Its form: `config/profile.go` in <https://github.com/aliyun/aliyun-cli>, and as the vendor's libraries read it,
//! `alibabacloud_credentials/provider/cli_profile.py` in <https://github.com/aliyun/credentials-python>.

use imgshare_sdk::credentials::{FoundKeys, KeyTexts, read_json};
use imgshare_sdk::{Context, Error, ErrorKind, Result};
use serde::Deserialize;

use super::found::NAMES;
use super::way::{Base, Oidc, Way};
use crate::api::sts::Role;

/// Where the file is.
pub(super) const PATH: &str = "~/.aliyun/config.json";

#[derive(Deserialize, Default)]
#[serde(default)]
struct Config {
    current: Option<String>,
    profiles: Option<Vec<Profile>>,
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
struct Profile {
    name: String,
    mode: Option<String>,
    access_key_id: Option<String>,
    access_key_secret: Option<String>,
    sts_token: Option<String>,
    ram_role_arn: Option<String>,
    ram_session_name: Option<String>,
    /// The name that the libraries read for OIDC.
    role_session_name: Option<String>,
    expired_seconds: Option<u32>,
    policy: Option<String>,
    external_id: Option<String>,
    sts_region: Option<String>,
    enable_vpc: Option<bool>,
    source_profile: Option<String>,
    ram_role_name: Option<String>,
    oidc_provider_arn: Option<String>,
    oidc_token_file: Option<String>,
    process_command: Option<String>,
}

/// The place, for people.
pub(super) fn place(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!("{PATH}, profile `{profile}`"),
        None => PATH.to_owned(),
    }
}

/// How this profile comes by keys; without a name, the one that is current. `None`: there is no such file, or no such
/// profile in it, or nothing in the profile.
///
/// # Errors
///
/// `CredentialInvalid` when it is there and cannot be used.
pub(super) async fn find(cx: &Context, profile: Option<&str>) -> Result<Option<Way>> {
    let bytes = cx.read_file(PATH).await?;
    bytes.map_or(Ok(None), |bytes| read(&bytes, profile))
}

fn read(bytes: &[u8], profile: Option<&str>) -> Result<Option<Way>> {
    let config: Config = read_json(bytes, PATH, "aliyun", "run `aliyun configure` again")?;
    let Some(name) = profile.or(config.current.as_deref()) else { return Ok(None) };
    let profiles = config.profiles.unwrap_or_default();
    let profile = profiles.iter().find(|profile| profile.name == name);
    match profile {
        Some(profile) if !profile.is_empty() => profile.way(&profiles, profiles.len()).map(Some),
        _ => Ok(None),
    }
}

impl Profile {
    /// What the command line writes before anything is configured.
    fn is_empty(&self) -> bool {
        let nothing = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
        let is_ak = matches!(self.mode.as_deref(), None | Some("" | "AK"));
        is_ak && nothing(&self.access_key_id) && nothing(&self.access_key_secret)
    }

    /// The profile's way; `left` bounds how many more profiles it may lead through, since they may lead in a circle.
    fn way(&self, profiles: &[Self], left: usize) -> Result<Way> {
        let place = place(Some(&self.name));
        let base = match self.mode.as_deref().unwrap_or("AK") {
            "AK" | "" => return Ok(Way::keys(self.keys(None)?)),
            "StsToken" => return Ok(Way::keys(self.keys(self.sts_token.clone())?)),
            "RamRoleArn" => {
                let keys = self.keys(self.sts_token.clone())?;
                return Ok(Way::keys(keys).then(self.role()?, place));
            }
            "ChainableRamRoleArn" => {
                return Ok(self.source(profiles, left)?.then(self.role()?, place));
            }
            "EcsRamRole" => Base::Server { role: some(self.ram_role_name.as_ref()) },
            "OIDC" => Base::Oidc(Oidc {
                provider_arn: self.needed("oidc_provider_arn", self.oidc_provider_arn.as_ref())?,
                token_file: self.needed("oidc_token_file", self.oidc_token_file.as_ref())?,
                role: self.role()?,
            }),
            "External" => Base::Program(self.needed("process_command", self.process_command.as_ref())?),
            mode => return Err(self.unusable(&format!("mode `{mode}` is not supported"))),
        };
        Ok(Way::new(base, place))
    }

    fn source(&self, profiles: &[Self], left: usize) -> Result<Way> {
        let name = self.needed("source_profile", self.source_profile.as_ref())?;
        let Some(left) = left.checked_sub(1) else { return Err(self.unusable("its sources go in a circle")) };
        let source = profiles.iter().find(|profile| profile.name == name);
        source.ok_or_else(|| self.unusable(&format!("there is no profile `{name}`")))?.way(profiles, left)
    }

    fn keys(&self, token: Option<String>) -> Result<FoundKeys> {
        let (id, secret) = (self.access_key_id.clone(), self.access_key_secret.clone());
        NAMES.check(KeyTexts { id, secret, token }, place(Some(&self.name)))
    }

    fn role(&self) -> Result<Role> {
        let session_name = self.ram_session_name.as_ref().or(self.role_session_name.as_ref());
        Ok(Role {
            arn: self.needed("ram_role_arn", self.ram_role_arn.as_ref())?,
            session_name: some(session_name),
            duration_seconds: self.expired_seconds.filter(|seconds| *seconds > 0),
            policy: some(self.policy.as_ref()),
            external_id: some(self.external_id.as_ref()),
            sts_region: some(self.sts_region.as_ref()),
            vpc: self.enable_vpc,
        })
    }

    fn needed(&self, what: &str, value: Option<&String>) -> Result<String> {
        some(value).ok_or_else(|| self.unusable(&format!("`{what}` is missing")))
    }

    fn unusable(&self, reason: &str) -> Error {
        invalid(
            format!("{} cannot be used: {reason}", place(Some(&self.name))),
            "configure it again with `aliyun configure`, or name another profile",
        )
    }
}

fn some(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.is_empty()).cloned()
}

fn invalid(message: String, hint: &str) -> Error {
    Error::new(ErrorKind::CredentialInvalid, message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"current": "ak", "profiles": [
        {"name": "ak", "mode": "AK", "access_key_id": "LTAIFAKE", "access_key_secret": "FakeKey", "sts_token": "x"},
        {"name": "fresh", "mode": "AK", "access_key_id": "", "access_key_secret": ""},
        {"name": "sts", "mode": "StsToken", "access_key_id": "LTAIFAKE", "access_key_secret": "FakeKey",
         "sts_token": "FAKETOKEN"},
        {"name": "role", "mode": "RamRoleArn", "access_key_id": "LTAIFAKE", "access_key_secret": "FakeKey",
         "ram_role_arn": "acs:ram::1:role/a", "ram_session_name": "me", "expired_seconds": 900, "policy": "{}",
         "external_id": "e", "sts_region": "cn-beijing", "enable_vpc": true},
        {"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "role", "ram_role_arn": "acs:ram::2:role/b"},
        {"name": "ring", "mode": "ChainableRamRoleArn", "source_profile": "ring", "ram_role_arn": "acs:ram::3:role/c"},
        {"name": "lost", "mode": "ChainableRamRoleArn", "source_profile": "nobody", "ram_role_arn": "x"},
        {"name": "ecs", "mode": "EcsRamRole", "ram_role_name": "baker"},
        {"name": "oidc", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token_file": "/t", "ram_role_arn": "r"},
        {"name": "program", "mode": "External", "process_command": "keys --print"},
        {"name": "half", "mode": "AK", "access_key_id": "LTAIFAKE"},
        {"name": "sso", "mode": "CloudSSO"},
        {"name": "no-file", "mode": "OIDC", "oidc_provider_arn": "p", "ram_role_arn": "r"}]}"#;

    fn find(profile: &str) -> Result<Option<Way>> {
        read(FILE.as_bytes(), Some(profile))
    }

    fn way(profile: &str) -> Way {
        find(profile).unwrap().unwrap()
    }

    fn token(way: Way) -> Option<String> {
        let Base::Keys(found) = way.base else { panic!("no keys") };
        found.token().map(|token| token.expose().to_owned())
    }

    #[test]
    fn keys_stand_in_the_file_with_a_token_where_the_mode_says_so() {
        assert_eq!(way("ak").source(), "~/.aliyun/config.json, profile `ak`");
        assert_eq!(token(way("ak")), None);
        assert_eq!(token(way("sts")), Some("FAKETOKEN".into()));
    }

    #[test]
    fn without_a_name_the_current_profile_counts() {
        assert_eq!(read(FILE.as_bytes(), None).unwrap(), Some(way("ak")));
        assert_eq!(read(b"{}", None), Ok(None));
    }

    #[test]
    fn a_profile_that_is_not_there_or_has_nothing_in_it_is_looked_for_elsewhere() {
        assert_eq!(find("staging"), Ok(None));
        assert_eq!(find("fresh"), Ok(None));
    }

    #[test]
    fn a_role_is_taken_on_as_the_profile_says() {
        let role = Role {
            arn: "acs:ram::1:role/a".into(),
            session_name: Some("me".into()),
            duration_seconds: Some(900),
            policy: Some("{}".into()),
            external_id: Some("e".into()),
            sts_region: Some("cn-beijing".into()),
            vpc: Some(true),
        };
        assert_eq!(way("role").roles, [role]);
        assert_eq!(way("role").source(), "role acs:ram::1:role/a by ~/.aliyun/config.json, profile `role`");
    }

    #[test]
    fn roles_are_taken_on_one_after_the_other_and_never_in_a_circle() {
        let arns: Vec<_> = way("chain").roles.into_iter().map(|role| role.arn).collect();
        assert_eq!(arns, ["acs:ram::1:role/a", "acs:ram::2:role/b"]);
        assert!(find("ring").unwrap_err().message.ends_with("its sources go in a circle"));
        assert!(find("lost").unwrap_err().message.ends_with("there is no profile `nobody`"));
    }

    #[test]
    fn other_modes_say_who_is_to_be_asked() {
        assert_eq!(way("ecs").base, Base::Server { role: Some("baker".into()) });
        assert_eq!(way("program").base, Base::Program("keys --print".into()));
        let Base::Oidc(oidc) = way("oidc").base else { panic!("no OIDC") };
        assert_eq!((oidc.provider_arn.as_str(), oidc.token_file.as_str()), ("p", "/t"));
    }

    #[test]
    fn a_profile_that_cannot_be_used_is_an_error_and_not_passed_over() {
        for (profile, reason) in [
            ("half", "the access key secret is missing"),
            ("sso", "mode `CloudSSO` is not supported"),
            ("no-file", "`oidc_token_file` is missing"),
        ] {
            let error = find(profile).unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(error.message.contains(reason), "{error}");
        }
    }

    #[test]
    fn what_is_not_in_that_form_is_an_error_that_quotes_nothing() {
        for text in
            ["", "access_key_secret=FakeKey", r#"{"profiles":[{"name":7,"access_key_secret":"FakeKey"}]}"#]
        {
            let error = read(text.as_bytes(), None).unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(!format!("{error:?}").contains("FakeKey"));
        }
    }
}
