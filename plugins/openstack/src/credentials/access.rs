//! A login: where, by which method, and for which project.

use imgshare_sdk::{Error, ErrorKind, Result};
use serde_json::{Value, json};

use super::texts::Texts;
use crate::settings::Interface;

/// The domain of users and projects where nobody says another: every Keystone begins with it.
const DEFAULT_DOMAIN: &str = "default";

/// What Keystone is asked with, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    /// The place that it is from, for people.
    pub(crate) source: String,
    /// Where Keystone is, as the place says it.
    pub(crate) auth_url: Option<String>,
    /// Which of a service's addresses the place prefers.
    pub(crate) interface: Option<Interface>,
    /// What the place says of certificates that this program does not do.
    pub(crate) tls: Option<&'static str>,
    method: Method,
    texts: Texts,
}

/// How somebody shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Password,
    Token,
    ApplicationCredential,
}

impl Access {
    /// Makes a login of what a place says.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when a text is missing that the method needs, or the method is none of the three.
    pub(super) fn new(texts: Texts, source: impl Into<String>) -> Result<Self> {
        let source = source.into();
        let method = Method::of(&texts, &source)?;
        let access = Self {
            auth_url: texts.get("auth_url").map(str::to_owned),
            interface: interface(&texts),
            tls: tls(&texts),
            source,
            method,
            texts,
        };
        access.check()?;
        Ok(access)
    }

    /// The login that these fields make.
    #[cfg(test)]
    pub(crate) fn of(fields: &[(&str, &str)]) -> Result<Self> {
        Self::new(Texts::of(fields.iter().map(|(name, text)| (*name, (*text).to_owned()))), "a test")
    }

    fn check(&self) -> Result<()> {
        match self.method {
            Method::Password if !self.has_user() => Err(self.missing("`username` or `user_id`")),
            Method::Password if !self.texts.has("password") => Err(self.missing("`password`")),
            Method::Token if !self.texts.has("token") => Err(self.missing("`token`")),
            Method::ApplicationCredential => self.check_application_credential(),
            Method::Password | Method::Token => Ok(()),
        }
    }

    fn check_application_credential(&self) -> Result<()> {
        let has = |name| self.texts.has(name);
        if !has("application_credential_secret") {
            return Err(self.missing("`application_credential_secret`"));
        }
        if has("application_credential_id") || (has("application_credential_name") && self.has_user()) {
            return Ok(());
        }
        Err(self.missing("`application_credential_id`, or its name and the user,"))
    }

    fn has_user(&self) -> bool {
        self.texts.has("username") || self.texts.has("user_id")
    }

    fn missing(&self, what: &str) -> Error {
        let source = &self.source;
        Error::new(ErrorKind::CredentialInvalid, format!("{what} is missing: {source}"))
            .with_hint("complete the login there, or name another one")
    }

    /// What is posted to Keystone. It holds the secret.
    pub(crate) fn request(&self) -> Value {
        let mut auth = json!({ "identity": self.identity() });
        // An application credential is bound to its project, and Keystone refuses a scope beside it.
        if let (false, Some(project)) = (self.method == Method::ApplicationCredential, self.project()) {
            auth["scope"] = json!({ "project": project });
        }
        json!({ "auth": auth })
    }

    fn identity(&self) -> Value {
        let text = |name| self.texts.get(name);
        match self.method {
            Method::Password => {
                let mut user = self.user();
                user["password"] = text("password").into();
                json!({"methods": ["password"], "password": { "user": user }})
            }
            Method::Token => json!({"methods": ["token"], "token": { "id": text("token") }}),
            Method::ApplicationCredential => {
                let mut credential = match text("application_credential_id") {
                    Some(id) => json!({ "id": id }),
                    None => json!({ "name": text("application_credential_name"), "user": self.user() }),
                };
                credential["secret"] = text("application_credential_secret").into();
                json!({"methods": ["application_credential"], "application_credential": credential})
            }
        }
    }

    fn user(&self) -> Value {
        match self.texts.get("user_id") {
            Some(id) => json!({ "id": id }),
            None => self.named("username", "user"),
        }
    }

    fn project(&self) -> Option<Value> {
        match self.texts.get("project_id") {
            Some(id) => Some(json!({ "id": id })),
            None => self.texts.has("project_name").then(|| self.named("project_name", "project")),
        }
    }

    /// A name, and the domain that it is unique in.
    fn named(&self, name: &str, what: &str) -> Value {
        let text = |name: &str| self.texts.get(name);
        let domain = match (text(&format!("{what}_domain_id")), text(&format!("{what}_domain_name"))) {
            (Some(id), _) => json!({ "id": id }),
            (None, Some(name)) => json!({ "name": name }),
            (None, None) => json!({ "id": DEFAULT_DOMAIN }),
        };
        json!({ "name": text(name), "domain": domain })
    }
}

impl Method {
    /// The method that is named; where none is, the one that there are texts for.
    fn of(texts: &Texts, source: &str) -> Result<Self> {
        match texts.get("auth_type") {
            Some("password" | "v3password") => Ok(Self::Password),
            Some("token" | "v3token") => Ok(Self::Token),
            Some("v3applicationcredential") => Ok(Self::ApplicationCredential),
            Some(other) => Err(unsupported(other, source)),
            None if is_application_credential(texts) => Ok(Self::ApplicationCredential),
            None if texts.has("token") && !texts.has("password") => Ok(Self::Token),
            None => Ok(Self::Password),
        }
    }
}

/// A secret alone may be left over from something, where there is a password too.
fn is_application_credential(texts: &Texts) -> bool {
    let has = |part: &str| texts.has(&format!("application_credential_{part}"));
    has("id") || has("name") || (has("secret") && !texts.has("password"))
}

fn unsupported(auth_type: &str, source: &str) -> Error {
    let message = format!("the auth_type `{auth_type}` is not supported: {source}");
    Error::new(ErrorKind::CredentialInvalid, message)
        .with_hint("make an application credential with `openstack application credential create`")
}

/// Older files have `publicURL` and `endpoint_type`.
fn interface(texts: &Texts) -> Option<Interface> {
    let word = texts.get("interface").or_else(|| texts.get("endpoint_type"))?;
    Interface::named(word.strip_suffix("URL").unwrap_or(word))
}

/// Certificates are the program's business, not a plugin's: what a place says of them is told when a call fails.
fn tls(texts: &Texts) -> Option<&'static str> {
    let is = |name, words: &[&str]| {
        texts.get(name).is_some_and(|text| words.contains(&text.to_ascii_lowercase().as_str()))
    };
    if texts.has("cacert") {
        return Some(
            "name the file of `cacert` with --ca-file or SSL_CERT_FILE: imgshare does not take it from there",
        );
    }
    (is("verify", &["false", "no", "0"]) || is("insecure", &["true", "yes", "1"])).then_some(
        "certificates are always checked, whatever `verify` says: give the cloud's CA with --ca-file or SSL_CERT_FILE",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pairs: &[(&str, &str)]) -> Value {
        Access::of(pairs).unwrap().request()["auth"].take()
    }

    #[test]
    fn a_password_goes_with_names_and_their_domains() {
        let named = [("username", "me"), ("password", "FAKE"), ("project_name", "images")];
        let domain = json!({ "id": "default" });
        let expected = json!({
            "identity": {"methods": ["password"], "password": {"user": {"name": "me", "domain": domain, "password": "FAKE"}}},
            "scope": {"project": {"name": "images", "domain": domain}},
        });
        assert_eq!(request(&named), expected);
        let domains = [("user_domain_name", "People"), ("project_domain_id", "d-1")];
        let request = request(&[&named[..], &domains[..]].concat());
        assert_eq!(request["identity"]["password"]["user"]["domain"], json!({ "name": "People" }));
        assert_eq!(request["scope"]["project"]["domain"], json!({ "id": "d-1" }));
    }

    #[test]
    fn ids_need_no_domain() {
        let request = request(&[
            ("user_id", "u-1"),
            ("password", "FAKE"),
            ("project_id", "p-1"),
            ("user_domain_name", "x"),
        ]);
        assert_eq!(request["identity"]["password"]["user"], json!({"id": "u-1", "password": "FAKE"}));
        assert_eq!(request["scope"], json!({"project": {"id": "p-1"}}));
    }

    #[test]
    fn an_application_credential_never_has_a_scope() {
        let project = [("project_id", "p-1"), ("application_credential_secret", "FAKE")];
        let by_id = request(&[&project[..], &[("application_credential_id", "a-1")]].concat());
        let credential = json!({"id": "a-1", "secret": "FAKE"});
        let identity = json!({"methods": ["application_credential"], "application_credential": credential});
        assert_eq!(by_id, json!({ "identity": identity }));

        let named = [("application_credential_name", "ci"), ("user_id", "u-1")];
        let by_name = request(&[&project[..], &named[..]].concat());
        let credential = json!({"name": "ci", "user": {"id": "u-1"}, "secret": "FAKE"});
        assert_eq!(by_name["identity"]["application_credential"], credential);
        assert_eq!(by_name["scope"], Value::Null);
    }

    #[test]
    fn a_token_keeps_its_own_project_unless_another_is_named() {
        let identity = json!({"methods": ["token"], "token": {"id": "FAKE"}});
        assert_eq!(request(&[("token", "FAKE")]), json!({ "identity": identity }));
        let scoped = request(&[("token", "FAKE"), ("project_id", "p-1")]);
        assert_eq!(scoped["scope"], json!({"project": {"id": "p-1"}}));
    }

    #[test]
    fn the_named_method_counts_more_than_the_texts_that_there_are() {
        let all = [
            ("username", "me"),
            ("password", "FAKE"),
            ("token", "FAKE"),
            ("application_credential_secret", "x"),
        ];
        for (auth_type, method) in
            [("password", "password"), ("v3password", "password"), ("token", "token"), ("v3token", "token")]
        {
            let request = request(&[&all[..], &[("auth_type", auth_type)]].concat());
            assert_eq!(request["identity"]["methods"], json!([method]), "{auth_type}");
        }
        let error = Access::of(&[("auth_type", "v3oidcpassword"), ("username", "me")]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::CredentialInvalid);
        assert!(error.message.contains("v3oidcpassword"), "{error}");
    }

    #[test]
    fn what_is_missing_is_named_with_its_place() {
        for (pairs, missing) in [
            (&[("password", "FAKE")][..], "`username` or `user_id`"),
            (&[("username", "me")], "`password`"),
            (&[("auth_type", "token")], "`token`"),
            (&[("application_credential_id", "a-1")], "`application_credential_secret`"),
            (
                &[("application_credential_secret", "FAKE")],
                "`application_credential_id`, or its name and the user,",
            ),
        ] {
            let error = Access::of(pairs).unwrap_err();
            assert_eq!(error.message, format!("{missing} is missing: a test"));
        }
    }

    #[test]
    fn wishes_about_certificates_are_not_forgotten() {
        let login = [("username", "me"), ("password", "FAKE")];
        let tls =
            |pair: (&'static str, &'static str)| Access::of(&[&login[..], &[pair]].concat()).unwrap().tls;
        for pair in [("verify", "false"), ("verify", "False"), ("insecure", "true"), ("cacert", "/ca.pem")] {
            assert!(tls(pair).is_some_and(|hint| hint.contains("SSL_CERT_FILE")), "{pair:?}");
        }
        assert_eq!((tls(("verify", "true")), tls(("insecure", "false"))), (None, None));
    }

    #[test]
    fn old_words_for_an_interface_are_known() {
        let login = [("username", "me"), ("password", "FAKE")];
        for pair in
            [("interface", "internal"), ("interface", "internalURL"), ("endpoint_type", "internalURL")]
        {
            assert_eq!(
                Access::of(&[&login[..], &[pair]].concat()).unwrap().interface,
                Some(Interface::Internal)
            );
        }
    }
}
