//! The role of the server that imgshare runs on, from the metadata service: temporary keys.
//!
//! As the vendor's library asks it: `alibabacloud_credentials/provider/ecs_ram_role.py` in
//! <https://github.com/aliyun/credentials-python>.

use imgshare_sdk::credentials::{FoundKeys, Looked, metadata_request, no_role_keys, role_keys, role_name};
use imgshare_sdk::signing::percent_encode;
use imgshare_sdk::{Context, Request, Response, Result, Secret, endpoint};

use super::environment;
use super::way::{Base, Way};
use crate::api::sts::Temporary;

const KEYS_PATH: &str = "/latest/meta-data/ram/security-credentials/";
const TOKEN_PATH: &str = "/latest/api/token";
const TOKEN_TTL_HEADER: &str = "X-aliyun-ecs-metadata-token-ttl-seconds";
const TOKEN_HEADER: &str = "X-aliyun-ecs-metadata-token";

/// How long the service's token lasts, in seconds; it is used at once and not kept.
const TOKEN_TTL_SECONDS: &str = "60";

/// The metadata service of this server.
#[derive(Debug)]
pub(super) struct Metadata {
    origin: String,
}

/// Why there are no keys and nobody is to blame: no service, or no role.
type Absent = String;

impl Metadata {
    /// The service at this address: `scheme://host[:port]`.
    ///
    /// # Errors
    ///
    /// When that is no such address.
    pub(super) fn new(address: &str) -> Result<Self> {
        Ok(Self { origin: endpoint::origin("metadata_endpoint", address)? })
    }

    /// The last place to look.
    pub(super) fn way(&self) -> Way {
        Way::new(Base::Server { role: None }, format!("the metadata service at {}", self.origin))
    }

    /// The keys of the server's role. `None`: it has no role, or there is no such service; then `looked` says which.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when there is a role and its keys cannot be used.
    pub(super) async fn find(
        &self,
        cx: &Context,
        role: Option<&str>,
        looked: &mut Looked,
    ) -> Result<Option<FoundKeys>> {
        match self.enter(cx, role).await? {
            Ok((role, token)) => {
                let response = cx.send(self.request(&role, token.as_ref())).await?;
                keys(&response, &role).map(Some)
            }
            Err(reason) => {
                looked.push(format!("the metadata service at {} ({reason})", self.origin));
                Ok(None)
            }
        }
    }

    /// The role's name and the token that is to be shown.
    async fn enter(
        &self,
        cx: &Context,
        role: Option<&str>,
    ) -> Result<Result<(String, Option<Secret>), Absent>> {
        let token = match self.token(cx).await? {
            Ok(token) => token,
            Err(absent) => return Ok(Err(absent)),
        };
        let named = match role {
            Some(role) => Some(role.to_owned()),
            None => cx.env(environment::ECS_METADATA).await?,
        };
        if let Some(role) = named {
            return Ok(Ok((role, token)));
        }
        let name = match cx.send(self.request("", token.as_ref())).await {
            Ok(response) => role_name(&response),
            Err(error) => Err(format!("does not answer: {}", error.message)),
        };
        Ok(name.map(|role| (role, token)))
    }

    /// The token that the service's second version wants; none where there is only the first.
    async fn token(&self, cx: &Context) -> Result<Result<Option<Secret>, Absent>> {
        let request = Request::put(format!("{}{TOKEN_PATH}", self.origin), "")
            .header(TOKEN_TTL_HEADER, TOKEN_TTL_SECONDS);
        let response = match cx.send(metadata_request(request)).await {
            Ok(response) => response,
            Err(error) => return Ok(Err(format!("does not answer: {}", error.message))),
        };
        let text = String::from_utf8_lossy(&response.body).trim().to_owned();
        if response.status == 200 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Ok(Some(cx.secret(text))));
        }
        if environment::is_true(cx, environment::IMDSV1_DISABLED).await? {
            let reason = format!("gives no token, and {} is set", environment::IMDSV1_DISABLED);
            return Ok(Err(reason));
        }
        Ok(Ok(None))
    }

    fn request(&self, role: &str, token: Option<&Secret>) -> Request {
        let request =
            metadata_request(Request::get(format!("{}{KEYS_PATH}{}", self.origin, percent_encode(role))));
        match token {
            Some(token) => request.header(TOKEN_HEADER, token.expose()),
            None => request,
        }
    }
}

fn keys(response: &Response, role: &str) -> Result<FoundKeys> {
    let keys: Temporary = role_keys(response, role)?;
    let found = keys.found(&format!("role `{role}` of this server, from the metadata service"))?;
    found.ok_or_else(|| no_role_keys(role, "it does not say when they expire"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::{ErrorKind, Timestamp};

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: vec![], body: body.as_bytes().to_vec() }
    }

    #[test]
    fn a_role_has_temporary_keys() {
        let body = r#"{"AccessKeyId":"STSFAKEROLE","AccessKeySecret":"FakeKeyRole","SecurityToken":"FAKETOKENROLE",
                       "Expiration":"2023-11-14T23:13:20Z","LastUpdated":"2023-11-14T17:13:20Z","Code":"Success"}"#;
        let found = keys(&response(200, body), "baker").unwrap();
        assert_eq!(found.source, "role `baker` of this server, from the metadata service");
        assert_eq!(found.expires, Some(Timestamp::from_seconds(1_700_003_600)));
        assert_eq!(found.token().unwrap().expose(), "FAKETOKENROLE");
    }

    #[test]
    fn a_role_without_usable_keys_is_an_error_that_quotes_nothing() {
        for (status, body) in [
            (500, ""),
            (200, "FakeKeyRole"),
            (200, r#"{"Code":"Failed","AccessKeySecret":"FakeKeyRole"}"#),
            (200, r#"{"Code":"Success","AccessKeyId":"STSFAKE","AccessKeySecret":"FakeKeyRole"}"#),
            (
                200,
                r#"{"Code":"Success","AccessKeySecret":"FakeKeyRole","Expiration":"2023-11-14T23:13:20Z"}"#,
            ),
        ] {
            let error = keys(&response(status, body), "baker").unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid, "{body}");
            assert!(!format!("{error:?}").contains("FakeKeyRole"), "{error:?}");
        }
    }
}
