//! How a profile of the tools' files comes by keys.
//!
//! In the order of the vendor's library: `AssumeRoleProvider` and `ProfileProviderBuilder` in `credentials.py` of
//! botocore 1.44.5.

use imgshare_sdk::credentials::{FoundKeys, KeyTexts};
use imgshare_sdk::{Error, ErrorKind, Result};

use super::files::{Files, Pairs};
use super::found::NAMES;
use super::way::{Base, Way, WebIdentity};
use crate::api::sts::Role;

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
const TOKENS: [&str; 2] = ["aws_session_token", "aws_security_token"];

/// Where a role's first keys are, if a profile names a place by `credential_source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Environment,
    Container,
    Server,
}

/// A way that may begin at a place which is not in the files.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    Here(Way),
    /// There, and then this role is taken on; and those behind it.
    At {
        source: Source,
        roles: Vec<Role>,
        place: String,
        region: Option<String>,
    },
}

impl Beginning {
    fn then(self, role: Role, own_place: String) -> Self {
        match self {
            Self::Here(way) => Self::Here(way.then(role, own_place)),
            Self::At { source, mut roles, region, .. } => {
                roles.push(role);
                Self::At { source, roles, place: own_place, region }
            }
        }
    }

    fn within(self, of_profile: Option<String>) -> Self {
        match self {
            Self::Here(way) => Self::Here(way.within(of_profile)),
            Self::At { source, roles, place, region } => {
                Self::At { source, roles, place, region: of_profile.or(region) }
            }
        }
    }
}

/// A profile, as both files have it.
pub(super) struct Profile<'a> {
    files: &'a Files,
    name: &'a str,
    config: Option<&'a Pairs>,
    credentials: Option<&'a Pairs>,
}

impl<'a> Profile<'a> {
    /// The profile of this name. `None`: neither file has it.
    pub(super) fn of(files: &'a Files, name: &'a str) -> Option<Self> {
        let (config, credentials) = (files.config.sections.get(name), files.credentials.sections.get(name));
        (config.is_some() || credentials.is_some()).then_some(Self { files, name, config, credentials })
    }

    /// Whether it is one of a role that is taken on with other keys.
    pub(super) fn takes_a_role(&self) -> bool {
        self.value("role_arn").is_some() && self.value("web_identity_token_file").is_none()
    }

    /// How it comes by keys. `None`: it says nothing of keys.
    ///
    /// # Errors
    ///
    /// When it cannot be used as it is.
    pub(super) fn beginning(&self) -> Result<Option<Beginning>> {
        self.led_to(&mut Vec::new())
    }

    /// The same; `visited` are the profiles that led here, since they may lead in a circle.
    fn led_to(&self, visited: &mut Vec<&'a str>) -> Result<Option<Beginning>> {
        let beginning = if self.takes_a_role() {
            visited.push(self.name);
            let role = self.role()?;
            Some(self.source(visited)?.then(role, self.place()))
        } else {
            self.own_keys()?.map(Beginning::Here)
        };
        Ok(beginning.map(|beginning| beginning.within(self.value("region"))))
    }

    /// The keys that its role is taken on with.
    fn source(&self, visited: &mut Vec<&'a str>) -> Result<Beginning> {
        match (self.text("source_profile"), self.text("credential_source")) {
            (Some(name), None) => self.source_profile(name, visited),
            (None, Some(source)) => {
                let source = self.credential_source(source)?;
                Ok(Beginning::At { source, roles: Vec::new(), place: self.place(), region: None })
            }
            (Some(_), Some(_)) => Err(self.unusable("it has both `source_profile` and `credential_source`")),
            (None, None) => Err(self.unusable("it has a `role_arn`, and no `source_profile`")),
        }
    }

    fn source_profile(&self, name: &'a str, visited: &mut Vec<&'a str>) -> Result<Beginning> {
        let missing = || self.unusable(&format!("there is no profile `{name}`"));
        let profile = Self::of(self.files, name).ok_or_else(missing)?;
        // One that has keys too may take its own role on with them.
        let beginning = if profile.has_keys() {
            profile.own_keys()?.map(Beginning::Here)
        } else if visited.contains(&name) {
            return Err(self.unusable("its sources go in a circle"));
        } else {
            profile.led_to(visited)?
        };
        beginning.ok_or_else(|| self.unusable(&format!("profile `{name}` has no keys")))
    }

    fn credential_source(&self, word: &str) -> Result<Source> {
        match word.to_ascii_lowercase().as_str() {
            "environment" => Ok(Source::Environment),
            "ecscontainer" => Ok(Source::Container),
            "ec2instancemetadata" => Ok(Source::Server),
            _ => Err(self.unusable(&format!("`credential_source` is `{word}`, which is none"))),
        }
    }

    /// The keys that it has without those of others.
    fn own_keys(&self) -> Result<Option<Way>> {
        if let Some(token_file) = self.value("web_identity_token_file") {
            let identity = WebIdentity { token_file, role: self.role()? };
            return Ok(Some(Way::new(Base::WebIdentity(identity), self.place())));
        }
        if self.value("sso_account_id").is_some() || self.value("sso_role_name").is_some() {
            return Err(self.needs_the_tool("of a single sign-on"));
        }
        if let Some(found) = self.static_keys(self.credentials, &self.files.credentials.path)? {
            return Ok(Some(Way::keys(found)));
        }
        if self.value("login_session").is_some() {
            return Err(self.needs_the_tool("of `aws login`"));
        }
        if let Some(command) = self.value("credential_process") {
            return Ok(Some(Way::new(Base::Program(command), self.place())));
        }
        Ok(self.static_keys(self.config, &self.files.config.path)?.map(Way::keys))
    }

    fn has_keys(&self) -> bool {
        self.value(ID).is_some() || self.value(SECRET).is_some()
    }

    fn static_keys(&self, section: Option<&Pairs>, path: &str) -> Result<Option<FoundKeys>> {
        let text = |key: &str| section.and_then(|section| section.get(key)).cloned();
        let (id, secret) = (text(ID), text(SECRET));
        if id.is_none() && secret.is_none() {
            return Ok(None);
        }
        let token = TOKENS.into_iter().find_map(text);
        let place = format!("{path}, profile `{}`", self.name);
        NAMES.check(KeyTexts { id, secret, token }, place).map(Some)
    }

    fn role(&self) -> Result<Role> {
        if self.value("mfa_serial").is_some() {
            return Err(self.needs_the_tool("of a role that asks for a one-time code"));
        }
        let arn = self.value("role_arn").ok_or_else(|| self.unusable("`role_arn` is missing"))?;
        Ok(Role {
            arn,
            session_name: self.value("role_session_name"),
            // One that is no number counts as none, as in the vendor's tools.
            duration_seconds: self.value("duration_seconds").and_then(|text| text.parse().ok()),
            external_id: self.value("external_id"),
        })
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        let sections = [self.credentials, self.config].into_iter().flatten();
        let mut values = sections.filter_map(|section| section.get(key));
        values.next().map(String::as_str).filter(|value| !value.is_empty())
    }

    fn value(&self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }

    fn place(&self) -> String {
        let path = if self.config.is_some() { &self.files.config.path } else { &self.files.credentials.path };
        format!("{path}, profile `{}`", self.name)
    }

    fn unusable(&self, reason: &str) -> Error {
        let message = format!("{} cannot be used: {reason}", self.place());
        Error::new(ErrorKind::CredentialInvalid, message).with_hint("mend the profile, or name another one")
    }

    /// The vendor's own tool can come by these keys and hand them over; this program cannot ask a person.
    fn needs_the_tool(&self, what: &str) -> Error {
        let name = self.name;
        let message = format!("{} is one {what}, which is not supported", self.place());
        Error::new(ErrorKind::Unsupported, message).with_hint(format!(
            "name another profile that has `credential_process = aws configure export-credentials --profile {name}`"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::files::File;

    /// `[name] key=value key=value`, a line each; first those of `config`, and after an empty line those of `credentials`.
    fn files(text: &str) -> Files {
        let file = |path: &str, text: &str| File {
            path: path.into(),
            sections: text.lines().map(section).collect(),
        };
        let (config, credentials) = text.split_once("\n\n").unwrap_or((text, ""));
        Files { config: file("config", config), credentials: file("credentials", credentials) }
    }

    fn section(line: &str) -> (String, Pairs) {
        let (name, pairs) = line.split_once(' ').unwrap_or((line, ""));
        let pairs = pairs.split(' ').filter_map(|pair| pair.split_once('='));
        (name.to_owned(), pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    fn beginning(text: &str, profile: &str) -> Result<Option<Beginning>> {
        Profile::of(&files(text), profile).expect("the test names a profile that is there").beginning()
    }

    fn way(text: &str, profile: &str) -> Way {
        match beginning(text, profile).unwrap().unwrap() {
            Beginning::Here(way) => way,
            other => panic!("{other:?}"),
        }
    }

    fn reason(text: &str, profile: &str) -> String {
        beginning(text, profile).unwrap_err().message
    }

    const KEYS: &str = "aws_access_key_id=AKIAFAKE aws_secret_access_key=FakeKey";

    fn roles(way: &Way) -> Vec<&str> {
        way.roles.iter().map(|role| role.arn.as_str()).collect()
    }

    #[test]
    fn keys_of_the_credentials_file_count_more_than_a_program_and_that_more_than_keys_of_the_config() {
        let program = "credential_process=keys";
        assert_eq!(way(&format!("a {KEYS} {program}\n\na {KEYS}"), "a").place, "credentials, profile `a`");
        assert_eq!(way(&format!("a {KEYS} {program}"), "a").base, Base::Program("keys".into()));
        assert_eq!(way(&format!("a {KEYS}"), "a").place, "config, profile `a`");
    }

    #[test]
    fn roles_are_taken_on_from_the_source_outwards() {
        let text = format!(
            "a role_arn=r-a source_profile=b external_id=e duration_seconds=900 region=eu-west-1\n\
             b role_arn=r-b source_profile=c role_session_name=me duration_seconds=long\n\nc {KEYS}"
        );
        let way = way(&text, "a");
        assert_eq!((roles(&way), way.place.as_str()), (vec!["r-b", "r-a"], "config, profile `a`"));
        assert_eq!(
            (way.roles[1].external_id.as_deref(), way.roles[1].duration_seconds),
            (Some("e"), Some(900))
        );
        assert_eq!((way.roles[0].session_name.as_deref(), way.roles[0].duration_seconds), (Some("me"), None));
        assert_eq!(way.region.as_deref(), Some("eu-west-1"));
    }

    #[test]
    fn a_profile_may_take_its_role_on_with_keys_of_its_own_and_a_chain_ends_at_keys() {
        assert_eq!(roles(&way(&format!("a role_arn=r-a source_profile=a {KEYS}"), "a")), ["r-a"]);
        let text = format!("a role_arn=r-a source_profile=b\nb role_arn=r-b source_profile=a {KEYS}");
        assert_eq!(roles(&way(&text, "a")), ["r-a"]);
    }

    #[test]
    fn sources_that_go_in_a_circle_are_found_out() {
        for text in [
            "a role_arn=r source_profile=a",
            "a role_arn=r source_profile=b\nb role_arn=r source_profile=a",
            "a role_arn=r source_profile=b\nb role_arn=r source_profile=c\nc role_arn=r source_profile=b",
        ] {
            assert!(reason(text, "a").ends_with("its sources go in a circle"), "{text}");
        }
    }

    #[test]
    fn a_role_may_begin_at_another_place_whose_name_has_any_case() {
        for (word, source) in [
            ("Environment", Source::Environment),
            ("EcsContainer", Source::Container),
            ("ec2InstanceMetadata", Source::Server),
        ] {
            let text = format!("a role_arn=r-a source_profile=b\nb role_arn=r-b credential_source={word}");
            let Some(Beginning::At { source: found, roles, .. }) = beginning(&text, "a").unwrap() else {
                panic!("{word}");
            };
            assert_eq!((found, roles.len()), (source, 2));
        }
        assert!(reason("a role_arn=r credential_source=Moon", "a").contains("`Moon`"));
    }

    #[test]
    fn an_identity_providers_token_counts_more_than_a_source() {
        let way = way("a role_arn=r web_identity_token_file=/t source_profile=b", "a");
        assert_eq!((way.source().as_str(), way.roles.len()), ("role r by config, profile `a`", 0));
    }

    #[test]
    fn what_a_profile_lacks_is_said() {
        for (text, words) in [
            ("a role_arn=r", "no `source_profile`"),
            ("a role_arn=r source_profile=b credential_source=Environment", "both"),
            ("a role_arn=r source_profile=b", "there is no profile `b`"),
            ("a role_arn=r source_profile=b\nb region=x", "profile `b` has no keys"),
            ("a web_identity_token_file=/t", "`role_arn` is missing"),
            ("a aws_access_key_id=AKIAFAKE", "the secret access key is missing"),
        ] {
            assert!(reason(text, "a").contains(words), "{text}: {}", reason(text, "a"));
        }
        assert_eq!(beginning("a region=x", "a"), Ok(None));
    }

    #[test]
    fn what_needs_a_person_is_left_to_the_vendors_tool_and_the_hint_says_how() {
        for text in [
            "a sso_account_id=1 sso_role_name=r sso_session=s",
            "a login_session=x",
            "a role_arn=r source_profile=b mfa_serial=m",
        ] {
            let error = beginning(text, "a").unwrap_err();
            assert_eq!(error.kind, ErrorKind::Unsupported, "{text}");
            let hint = error.hint.unwrap_or_default();
            assert!(hint.contains("aws configure export-credentials --profile a"), "{hint}");
        }
    }
}
