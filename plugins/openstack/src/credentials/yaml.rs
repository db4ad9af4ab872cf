//! `clouds.yaml` and `secure.yaml`, as text.

use std::collections::BTreeMap;

use imgshare_sdk::{Error, ErrorKind, Object, Result};
use serde::Deserialize;
use serde_json::Value;

use super::texts::Texts;

/// A file with logins by the names of their clouds.
#[derive(Debug, Default)]
pub(super) struct CloudsFile {
    clouds: BTreeMap<String, Entry>,
}

/// What a file says of one cloud.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entry {
    pub(super) texts: Texts,
    /// A vendor's profile that the rest is in. There are none here.
    pub(super) profile: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    clouds: Option<BTreeMap<String, Value>>,
}

impl CloudsFile {
    /// Reads a file. It is not quoted in any error: it may hold passwords.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid`, with the line where the reader stopped.
    pub(super) fn read(bytes: &[u8], path: &str) -> Result<Self> {
        let content: Option<Object<Content>> =
            serde_saphyr::from_slice(bytes).map_err(|error| unreadable(path, &error))?;
        let clouds = content.and_then(|Object(content)| content.clouds).unwrap_or_default();
        Ok(Self { clouds: clouds.into_iter().map(|(name, value)| (name, Entry::of(&value))).collect() })
    }

    /// These clouds, and over them what another file says of clouds of the same names.
    pub(super) fn under(mut self, other: Self) -> Self {
        for (name, entry) in other.clouds {
            let lower = self.clouds.remove(&name).unwrap_or_default();
            let profile = entry.profile.or(lower.profile);
            self.clouds.insert(name, Entry { texts: entry.texts.over(lower.texts), profile });
        }
        self
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.clouds.get(name)
    }

    /// The only cloud that there is.
    pub(super) fn only(&self) -> Option<&str> {
        let mut names = self.clouds.keys();
        names.next().filter(|_| names.next().is_none()).map(String::as_str)
    }

    /// The clouds' names, for people.
    pub(super) fn names(&self) -> String {
        self.clouds.keys().cloned().collect::<Vec<_>>().join(", ")
    }
}

impl Entry {
    /// Whatever stands beside `auth` counts more than what is in it, as with the cloud's own tools.
    fn of(value: &Value) -> Self {
        let beside = Texts::of(scalars(value));
        let mut texts = beside.over(Texts::of(scalars(&value["auth"])));
        // Who gives one domain means both.
        for part in ["id", "name"] {
            let key = format!("domain_{part}");
            let domain = [&value["auth"], value].into_iter().find_map(|value| scalar(&value[&key]));
            let Some(domain) = domain else { continue };
            let both = ["user", "project"].map(|whose| (format!("{whose}_{key}"), domain.clone()));
            texts = texts.over(Texts::of(both));
        }
        let profile = value.get("profile").or_else(|| value.get("cloud")).and_then(scalar);
        Self { texts, profile }
    }
}

fn scalars(value: &Value) -> impl Iterator<Item = (&String, String)> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.filter_map(|(name, value)| Some((name, scalar(value)?)))
}

/// A project that is called `12` is a number to YAML.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn unreadable(path: &str, error: &serde_saphyr::Error) -> Error {
    let line = error.location().map(|location| format!(", line {}", location.line())).unwrap_or_default();
    Error::new(ErrorKind::CredentialInvalid, format!("{path} is not a list of clouds in YAML{line}"))
        .with_hint("mend the file, or name another one in OS_CLIENT_CONFIG_FILE")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> CloudsFile {
        CloudsFile::read(text.as_bytes(), "clouds.yaml").unwrap()
    }

    fn texts(pairs: &[(&str, &str)]) -> Texts {
        Texts::of(pairs.iter().map(|(name, text)| (*name, (*text).to_owned())))
    }

    #[test]
    fn a_cloud_has_its_texts_under_auth_and_beside_it() {
        let file = read(
            "clouds:\n  prod:\n    auth_type: v3password\n    interface: internal\n    verify: false\n    project_id: 0012ab\n    \
             auth:\n      auth_url: https://keystone.example/v3\n      username: \"me\"\n      password: 123456\n      \
             project_id: other\n      domain_name: Default\n    regions: [a, b]\n",
        );
        let expected = texts(&[
            ("auth_type", "v3password"),
            ("interface", "internal"),
            ("verify", "false"),
            ("project_id", "0012ab"),
            ("auth_url", "https://keystone.example/v3"),
            ("username", "me"),
            ("password", "123456"),
            ("user_domain_name", "Default"),
            ("project_domain_name", "Default"),
        ]);
        assert_eq!(file.entry("prod").unwrap().texts, expected);
        assert_eq!(file.only(), Some("prod"));
    }

    #[test]
    fn secrets_of_another_file_belong_to_the_cloud_of_the_same_name() {
        let clouds = read("clouds:\n  a:\n    auth: {username: me, password: old}\n  b: {profile: acme}\n");
        let secure = read("clouds:\n  a:\n    auth: {password: FAKE}\n  c:\n    auth: {token: FAKE}\n");
        let both = clouds.under(secure);
        assert_eq!(both.entry("a").unwrap().texts, texts(&[("username", "me"), ("password", "FAKE")]));
        assert_eq!(both.entry("b").unwrap().profile.as_deref(), Some("acme"));
        assert_eq!((both.names().as_str(), both.only()), ("a, b, c", None));
    }

    #[test]
    fn anchors_and_json_are_yaml_too() {
        let file = read("x: &auth {username: me}\nclouds:\n  a: {auth: *auth}\n");
        assert_eq!(file.entry("a").unwrap().texts, texts(&[("username", "me")]));
        let file = read(r#"{"clouds": {"a": {"auth": {"username": "me"}}}}"#);
        assert_eq!(file.entry("a").unwrap().texts, texts(&[("username", "me")]));
    }

    #[test]
    fn an_empty_file_has_no_clouds() {
        for text in ["", "# nothing\n", "clouds:\n", "clouds: {}\n", "cache: {}\n", "clouds: {a: }\n"] {
            assert!(read(text).entry("a").is_none_or(|entry| entry.texts.is_empty()), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_list_of_clouds_is_refused_without_being_quoted() {
        for text in [
            "- FAKE-PASSWORD",
            "FAKE-PASSWORD",
            "clouds: [FAKE-PASSWORD]",
            "clouds:\n  a: {b: 'FAKE-PASSWORD\n",
            "\u{0}FAKE-PASSWORD",
        ] {
            let error = CloudsFile::read(text.as_bytes(), "clouds.yaml").unwrap_err();
            assert!(error.message.starts_with("clouds.yaml is not a list of clouds in YAML"), "{error}");
            assert!(!format!("{error:?}").contains("FAKE"), "{error:?}");
        }
    }
}
