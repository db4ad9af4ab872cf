//! The texts that a login is made of, by the names that the cloud's own tools give them.

use std::collections::BTreeMap;

use imgshare_sdk::signing::percent_encode;
use imgshare_sdk::{Context, CredentialField};

/// A text that a login can be made of.
struct Field {
    name: &'static str,
    about: &'static str,
    secret: bool,
    variable: &'static str,
    /// What else it is called in variables and files that have grown old.
    aliases: &'static [&'static str],
}

const fn field(name: &'static str, about: &'static str, variable: &'static str) -> Field {
    Field { name, about, secret: false, variable, aliases: &[] }
}

impl Field {
    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
}

/// All of them. Their names are those of a cloud's `auth` in `clouds.yaml` and, in capitals, of the variables.
const FIELDS: &[Field] = &[
    field("auth_url", "where Keystone is, with or without /v3", "OS_AUTH_URL"),
    field("username", "the user's name", "OS_USERNAME").also(&["user_name"]),
    field("user_id", "the user's id, in place of name and domain", "OS_USER_ID"),
    field("password", "the user's password", "OS_PASSWORD").secret(),
    field("user_domain_name", "the domain that the user belongs to", "OS_USER_DOMAIN_NAME"),
    field("user_domain_id", "the id of that domain", "OS_USER_DOMAIN_ID"),
    field("project_name", "the project whose images are shared", "OS_PROJECT_NAME").also(&["tenant_name"]),
    field("project_id", "its id, in place of name and domain", "OS_PROJECT_ID").also(&["tenant_id"]),
    field("project_domain_name", "the domain that the project belongs to", "OS_PROJECT_DOMAIN_NAME"),
    field("project_domain_id", "the id of that domain", "OS_PROJECT_DOMAIN_ID"),
    field(
        "application_credential_id",
        "an application credential's id, in place of a user",
        "OS_APPLICATION_CREDENTIAL_ID",
    ),
    field(
        "application_credential_name",
        "its name, if it goes with a user in place of its id",
        "OS_APPLICATION_CREDENTIAL_NAME",
    ),
    field("application_credential_secret", "its secret", "OS_APPLICATION_CREDENTIAL_SECRET").secret(),
    field("token", "a token that somebody else has got", "OS_TOKEN").secret().also(&["auth_token"]),
];

/// Words about a login, beside its texts; with variables of the same names.
const ASIDES: &[&str] = &["auth_type", "interface", "cacert", "verify", "insecure", "endpoint_type"];

/// `[clouds.X.credentials]` `cloud`: the login is that of this name in `clouds.yaml`.
pub(super) const CLOUD: &str = "cloud";

/// The fields of `[clouds.X.credentials]`.
pub(crate) fn fields() -> Vec<CredentialField> {
    let known = FIELDS.iter().map(|field| CredentialField {
        name: field.name.into(),
        about: field.about.into(),
        secret: field.secret,
        environment: vec![field.variable.into()],
    });
    let cloud = CredentialField {
        name: CLOUD.into(),
        about: "a cloud's name in clouds.yaml; fields beside it count more than the file's".into(),
        ..CredentialField::default()
    };
    known.chain([cloud]).collect()
}

/// Every name that a variable may have behind `OS_`, in lower case, with the name that it goes by here.
pub(super) fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let fields = FIELDS.iter().flat_map(|field| {
        let names = std::iter::once(field.name).chain(field.aliases.iter().copied());
        names.map(|name| (name, field.name))
    });
    fields.chain(ASIDES.iter().map(|name| (*name, *name)))
}

/// What some place says of a login: texts by name, none of them empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts(BTreeMap<&'static str, String>);

impl std::fmt::Debug for Texts {
    /// Says which there are, not what they are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Texts {
    /// Those of these pairs whose names are known, in any spelling; an empty text is none.
    pub(super) fn of<N: AsRef<str>>(pairs: impl IntoIterator<Item = (N, String)>) -> Self {
        let mut texts = Self::default();
        for (name, text) in pairs {
            texts.put(name.as_ref(), text);
        }
        texts
    }

    /// Takes a text; one that is there under the field's own name counts more than one under another.
    pub(super) fn put(&mut self, name: &str, text: String) {
        let name = name.replace('-', "_");
        let Some((spelling, own)) = names().find(|(spelling, _)| *spelling == name) else { return };
        if !text.is_empty() && (spelling == own || !self.0.contains_key(own)) {
            self.0.insert(own, text);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Nothing that a login could be made of.
    pub(super) fn is_empty(&self) -> bool {
        !FIELDS.iter().any(|field| self.has(field.name))
    }

    /// These, and under them those of another place.
    pub(super) fn over(mut self, others: Self) -> Self {
        for (name, text) in others.0 {
            self.0.entry(name).or_insert(text);
        }
        self
    }

    /// Has the host keep the secret ones out of every output.
    pub(super) fn entrust(&self, cx: &Context) {
        for text in FIELDS.iter().filter(|field| field.secret).filter_map(|field| self.get(field.name)) {
            cx.secret(text);
            cx.secret(percent_encode(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> Texts {
        Texts::of(pairs.iter().map(|(name, text)| (*name, (*text).to_owned())))
    }

    #[test]
    fn old_spellings_are_known_and_count_less_than_the_names_of_today() {
        let old = texts(&[("tenant-name", "old"), ("auth_token", "t"), ("nonsense", "x"), ("password", "")]);
        assert_eq!(old, texts(&[("project_name", "old"), ("token", "t")]));
        for pairs in [
            [("tenant_name", "old"), ("project_name", "new")],
            [("project_name", "new"), ("tenant_name", "old")],
        ] {
            assert_eq!(texts(&pairs), texts(&[("project_name", "new")]));
        }
    }

    #[test]
    fn one_place_over_another_fills_only_what_is_missing() {
        let upper = texts(&[("project_name", "mine")]);
        let lower = texts(&[("project_name", "theirs"), ("username", "me")]);
        assert_eq!(upper.over(lower), texts(&[("project_name", "mine"), ("username", "me")]));
    }

    #[test]
    fn a_debug_print_tells_no_text() {
        assert_eq!(format!("{:?}", texts(&[("password", "FAKE-PASSWORD")])), r#"{"password"}"#);
    }

    #[test]
    fn every_secret_is_declared_as_one() {
        let secret: Vec<_> =
            fields().into_iter().filter(|field| field.secret).map(|field| field.name).collect();
        assert_eq!(secret, ["password", "application_credential_secret", "token"]);
    }
}
