//! The credentials file of the cloud's command line, `tccli`: JSON, a file for each profile.

use imgshare_sdk::credentials::{FoundKeys, KeyTexts, read_json};
use imgshare_sdk::{Context, Error, ErrorKind, Result, Timestamp};
use serde::Deserialize;

use super::found::{NAMES, takes_a_role};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Credential {
    secret_id: Option<String>,
    secret_key: Option<String>,
    token: Option<String>,
    /// `default` or nothing; `oauth` or `sso` after a login in the browser; `cvm-role` when there are no keys.
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "role-arn")]
    role_arn: Option<String>,
    /// After a login in the browser: when the keys expire, in seconds since 1970.
    expires_at: Option<i64>,
}

/// Where the file of this profile is.
pub(super) fn path(profile: &str) -> String {
    format!("~/.tccli/{profile}.credential")
}

/// The keys of this profile. `None`: there is no such file, or it only says that the server's role is to be used.
///
/// # Errors
///
/// `CredentialInvalid` when it is there and has no usable keys.
pub(super) async fn find(cx: &Context, profile: &str) -> Result<Option<FoundKeys>> {
    let path = path(profile);
    let bytes = cx.read_file(&path).await?;
    bytes.map_or(Ok(None), |bytes| read(&bytes, &path, cx.now()))
}

fn read(bytes: &[u8], path: &str, now: Timestamp) -> Result<Option<FoundKeys>> {
    let credential: Credential = read_json(bytes, path, "tccli", "run `tccli configure` again")?;
    let Credential { secret_id: id, secret_key: secret, token, kind, role_arn, expires_at } = credential;
    if kind.as_deref() == Some("cvm-role") {
        return Ok(None);
    }
    if role_arn.is_some_and(|role| !role.is_empty()) {
        return Err(takes_a_role(path));
    }
    let found = NAMES.check(KeyTexts { id, secret, token }, path)?;
    let expires = expires_at.map(Timestamp::from_seconds);
    if expires.is_some_and(|expires| expires <= now) {
        let message = format!("the keys in {path} have expired");
        return Err(Error::new(ErrorKind::CredentialInvalid, message).with_hint("log in again with tccli"));
    }
    Ok(Some(found.until(expires)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn find(text: &str) -> Result<Option<FoundKeys>> {
        read(text.as_bytes(), &path("default"), NOW)
    }

    #[test]
    fn lasting_keys_have_no_token() {
        let found = find(r#"{"secretId":"AKIDFAKE","secretKey":"FakeKey","token":null}"#).unwrap().unwrap();
        assert_eq!((found.source.as_str(), found.expires), ("~/.tccli/default.credential", None));
        assert!(found.token().is_none());
    }

    #[test]
    fn the_keys_of_a_login_expire() {
        let login = |expires_at: i64| {
            find(&format!(
                r#"{{"type":"sso","secretId":"AKIDFAKE","secretKey":"FakeKey","token":"FAKETOKEN","expiresAt":{expires_at}}}"#
            ))
        };
        let expires = Some(Timestamp::from_seconds(1_700_000_001));
        assert_eq!(login(1_700_000_001).unwrap().unwrap().expires, expires);
        let error = login(1_700_000_000).unwrap_err();
        assert_eq!(error.message, "the keys in ~/.tccli/default.credential have expired");
    }

    #[test]
    fn a_profile_that_stands_for_the_servers_role_has_no_keys() {
        assert_eq!(find(r#"{"type":"cvm-role","secretId":null,"secretKey":null}"#), Ok(None));
    }

    #[test]
    fn a_profile_that_takes_on_a_role_is_refused() {
        let text = r#"{"secretId":"AKIDFAKE","secretKey":"FakeKey","role-arn":"qcs::cam::uin/1:roleName/x"}"#;
        assert!(find(text).unwrap_err().message.contains("role"));
    }

    #[test]
    fn a_file_without_usable_keys_is_an_error_that_quotes_nothing() {
        for text in
            ["", "secretKey=FakeKey", r#"{"secretKey":"FakeKey"}"#, r#"{"secretId":7,"secretKey":"FakeKey"}"#]
        {
            let error = find(text).unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(!format!("{error:?}").contains("FakeKey"));
        }
    }
}
