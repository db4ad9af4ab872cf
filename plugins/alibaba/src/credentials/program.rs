//! A program that prints keys, in the form that the cloud's command line knows (mode `External`).
//!
//! As the vendor's library runs it: `alibabacloud_credentials/provider/external.py` in
//! <https://github.com/aliyun/credentials-python>.

use imgshare_sdk::credentials::{FoundKeys, KeyTexts};
use imgshare_sdk::{Context, Error, ErrorKind, Result, time};
use serde::Deserialize;

use super::found::NAMES;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Printed {
    mode: Option<String>,
    access_key_id: Option<String>,
    access_key_secret: Option<String>,
    sts_token: Option<String>,
    expiration: Option<String>,
}

/// Runs the program; `place` names it, for people. The command itself is not repeated: it may contain a secret.
///
/// # Errors
///
/// `CredentialInvalid` when it cannot be run, or prints no usable keys.
pub(super) async fn run(cx: &Context, command: &str, place: &str) -> Result<FoundKeys> {
    let words = shlex::split(command).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| unusable(place, "its `process_command` is no command"))?;
    read(&cx.run_command(&words).await?, place)
}

fn read(output: &[u8], place: &str) -> Result<FoundKeys> {
    // The reader's reason may quote a key, and is not given.
    let printed: Printed = serde_json::from_slice(output)
        .map_err(|_| unusable(place, "what its `process_command` prints is not as documented"))?;
    let Printed { mode, access_key_id, access_key_secret, sts_token, expiration } = printed;
    let is_without_token = sts_token.as_deref().is_none_or(str::is_empty);
    if mode.as_deref() == Some("StsToken") && is_without_token {
        return Err(unusable(place, "its `process_command` prints no `sts_token`"));
    }
    let expiration = expiration.filter(|text| !text.is_empty());
    let expires = expiration.as_deref().map(|text| {
        time::parse_rfc3339(text)
            .ok_or_else(|| unusable(place, "its `process_command` prints no time as `expiration`"))
    });
    let texts = KeyTexts { id: access_key_id, secret: access_key_secret, token: sts_token };
    Ok(NAMES.check(texts, place)?.until(expires.transpose()?))
}

fn unusable(place: &str, reason: &str) -> Error {
    Error::new(ErrorKind::CredentialInvalid, format!("{place} cannot be used: {reason}"))
        .with_hint("run the program by hand and see what it prints")
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::Timestamp;

    fn printed(text: &str) -> Result<FoundKeys> {
        read(text.as_bytes(), "a test")
    }

    #[test]
    fn lasting_and_temporary_keys_are_read() {
        let lasting = printed(
            r#"{"mode":"AK","access_key_id":"LTAIFAKE","access_key_secret":"FakeKey","sts_token":""}"#,
        )
        .unwrap();
        assert_eq!(lasting.expires, None);
        assert!(lasting.token().is_none());
        let temporary = printed(
            r#"{"mode":"StsToken","access_key_id":"STSFAKE","access_key_secret":"FakeKey","sts_token":"FAKETOKEN",
                "expiration":"2023-11-14T22:13:20Z"}"#,
        )
        .unwrap();
        assert_eq!(temporary.expires, Some(Timestamp::from_seconds(1_700_000_000)));
        assert!(temporary.token().is_some());
    }

    #[test]
    fn anything_else_is_an_error_that_quotes_nothing() {
        for text in [
            "",
            "FakeKey",
            r#"{"access_key_secret":"FakeKey"}"#,
            r#"{"mode":"StsToken","access_key_id":"LTAIFAKE","access_key_secret":"FakeKey"}"#,
            r#"{"access_key_id":"LTAIFAKE","access_key_secret":"FakeKey","expiration":"soon"}"#,
        ] {
            let error = printed(text).unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid, "{text}");
            assert!(!format!("{error:?}").contains("FakeKey"), "{error:?}");
        }
    }
}
