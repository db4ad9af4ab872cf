//! The role of the server that imgshare runs on, from the metadata service: temporary keys.
//!
//! <https://cloud.tencent.com/document/product/213/4934>

use imgshare_sdk::credentials::{
    FoundKeys, KeyTexts, Looked, metadata_request, no_role_keys, role_keys, role_name,
};
use imgshare_sdk::signing::percent_encode;
use imgshare_sdk::{Context, Request, Response, Result, Timestamp, endpoint};
use serde::Deserialize;

use super::found::NAMES;

const PATH: &str = "/latest/meta-data/cam/security-credentials/";

/// The metadata service of this server.
#[derive(Debug)]
pub(super) struct Metadata {
    origin: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct RoleKeys {
    tmp_secret_id: Option<String>,
    tmp_secret_key: Option<String>,
    token: Option<String>,
    expired_time: Option<i64>,
}

impl Metadata {
    /// The service at this address: `scheme://host[:port]`.
    ///
    /// # Errors
    ///
    /// When that is no such address.
    pub(super) fn new(address: &str) -> Result<Self> {
        Ok(Self { origin: endpoint::origin("metadata_endpoint", address)? })
    }

    /// The keys of the server's role. `None`: it has no role, or there is no such service; then `looked` says which.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when there is a role and its keys cannot be used.
    pub(super) async fn find(&self, cx: &Context, looked: &mut Looked) -> Result<Option<FoundKeys>> {
        let name = match cx.send(self.request("")).await {
            Ok(response) => role_name(&response),
            Err(error) => Err(format!("does not answer: {}", error.message)),
        };
        match name {
            Ok(role) => {
                let response = cx.send(self.request(&role)).await?;
                keys(&response, &role).map(Some)
            }
            Err(reason) => {
                looked.push(format!("the metadata service at {} ({reason})", self.origin));
                Ok(None)
            }
        }
    }

    fn request(&self, role: &str) -> Request {
        metadata_request(Request::get(format!("{}{PATH}{}", self.origin, percent_encode(role))))
    }
}

fn keys(response: &Response, role: &str) -> Result<FoundKeys> {
    let RoleKeys { tmp_secret_id, tmp_secret_key, token, expired_time } = role_keys(response, role)?;
    let expires = expired_time.ok_or_else(|| no_role_keys(role, "it does not say when they expire"))?;
    let texts = KeyTexts { id: tmp_secret_id, secret: tmp_secret_key, token };
    let found = NAMES.check(texts, format!("role `{role}` of this server, from the metadata service"))?;
    Ok(found.until(Some(Timestamp::from_seconds(expires))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::ErrorKind;

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: vec![], body: body.as_bytes().to_vec() }
    }

    #[test]
    fn a_role_has_temporary_keys() {
        let body = r#"{"TmpSecretId":"AKIDFAKEROLE","TmpSecretKey":"FakeKeyRole","ExpiredTime":1700003600,
                       "Expiration":"2023-11-14T23:13:20Z","Token":"FAKETOKENROLE","Code":"Success"}"#;
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
            (200, r#"{"Code":"Failed","TmpSecretKey":"FakeKeyRole"}"#),
            (200, r#"{"Code":"Success","TmpSecretId":"AKIDFAKEROLE","TmpSecretKey":"FakeKeyRole"}"#),
            (200, r#"{"Code":"Success","TmpSecretKey":"FakeKeyRole","ExpiredTime":1700003600}"#),
        ] {
            let error = keys(&response(status, body), "baker").unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid, "{body}");
            assert!(!format!("{error:?}").contains("FakeKeyRole"), "{error:?}");
        }
    }
}
