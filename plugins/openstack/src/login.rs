//! Logging in: once for all operations of a cloud, again before the token expires, and when the cloud refuses it.

use imgshare_sdk::{Context, Error, ErrorKind, FoundCredentials, Result, Timestamp};
use serde::{Deserialize, Serialize};

use crate::address;
use crate::api::tokens::{self, Token};
use crate::catalogue::Catalogue;
use crate::credentials::{Access, Finder};
use crate::settings::Interface;

/// What a login is called among the values that all operations share.
const KEY: &str = "login";

/// How long before it expires a token is renewed, in seconds; of one with a short life, a quarter of it.
const RENEW_BEFORE_SECONDS: i64 = 300;

/// Makes logins.
#[derive(Debug)]
pub(crate) struct Logins {
    finder: Finder,
    /// Where all calls go, if they do not go to the cloud's own hosts.
    endpoint: Option<String>,
    /// The setting.
    interface: Option<Interface>,
}

/// A token, and what is known with it. The host keeps it for the other operations of the cloud, in this form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) token: String,
    /// The project that it is for: the owner, or the receiver.
    pub(crate) project_id: String,
    /// Keystone's address, version included.
    pub(crate) identity: String,
    pub(crate) catalogue: Catalogue,
    pub(crate) interface: Interface,
}

impl std::fmt::Debug for Login {
    /// Leaves the token out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login")
            .field("project_id", &self.project_id)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

impl Logins {
    pub(crate) fn new(finder: Finder, endpoint: Option<String>, interface: Option<Interface>) -> Self {
        Self { finder, endpoint, interface }
    }

    /// Where all calls go, if they do not go to the cloud's own hosts.
    pub(crate) fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// The login; made when there is none that is fresh.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(crate) async fn login(&self, cx: &Context) -> Result<Login> {
        cx.once(KEY, || self.make(cx)).await
    }

    /// Another login than this one, whose token the cloud refuses.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(crate) async fn renewed(&self, cx: &Context, refused: &Login) -> Result<Login> {
        tracing::debug!("the token is refused; logging in again");
        cx.once_renewed(KEY, refused, || self.make(cx)).await
    }

    /// Where the login is from. With the network, it is also tried.
    ///
    /// # Errors
    ///
    /// As [`Logins::login`].
    pub(crate) async fn find(&self, cx: &Context, may_ask_network: bool) -> Result<FoundCredentials> {
        let access = self.finder.find(cx).await?;
        if may_ask_network {
            self.login(cx).await?;
        }
        Ok(FoundCredentials { source: access.source, expires: None })
    }

    async fn make(&self, cx: &Context) -> Result<(Login, Option<Timestamp>)> {
        let access = self.finder.find(cx).await?;
        let identity = self.identity(&access)?;
        let body = access.request();
        let token = cx.call(|_| Ok(tokens::request(&identity, &body)), tokens::token).await;
        let Token { id, life_seconds, project_id, catalog } =
            token.map_err(|error| with_tls_hint(error, &access))?;
        cx.secret(&id);
        let fresh_until =
            life_seconds.map(|life| cx.now().plus_seconds(life - RENEW_BEFORE_SECONDS.min(life / 4)));
        let login = Login {
            token: id,
            project_id,
            identity,
            catalogue: Catalogue::new(catalog),
            interface: self.interface.or(access.interface).unwrap_or_default(),
        };
        tracing::debug!(project = login.project_id, "logged in");
        Ok((login, fresh_until))
    }

    /// Keystone's address; that of the host to which everything goes, where the login names none.
    fn identity(&self, access: &Access) -> Result<String> {
        let auth_url = access.auth_url.as_deref().or(self.endpoint()).ok_or_else(|| {
            Error::new(ErrorKind::CredentialInvalid, format!("`auth_url` is missing: {}", access.source))
                .with_hint("say there where Keystone is")
        })?;
        address::identity(auth_url, self.endpoint())
    }
}

/// What a place wishes of certificates, told when one is the reason that there is no connection.
fn with_tls_hint(error: Error, access: &Access) -> Error {
    match access.tls {
        Some(hint) if error.kind == ErrorKind::Unavailable && error.message.contains("certificate") => {
            error.with_hint(hint)
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(message: &str, verify: &str) -> Option<String> {
        let fields = [("username", "me"), ("password", "FAKE"), ("verify", verify)];
        let access = Access::of(&fields).expect("a complete login");
        let error = Error::new(ErrorKind::Unavailable, message).with_hint("check the network");
        with_tls_hint(error, &access).hint.map(Into::into)
    }

    #[test]
    fn wishes_about_certificates_are_told_when_one_is_the_reason() {
        let untrusted = "no connection with keystone.example: invalid peer certificate: UnknownIssuer";
        assert!(hint(untrusted, "false").is_some_and(|hint| hint.contains("SSL_CERT_FILE")));
        let network = Some("check the network".to_owned());
        assert_eq!(hint(untrusted, "true"), network);
        assert_eq!(hint("no connection with keystone.example: timed out", "false"), network);
    }
}
