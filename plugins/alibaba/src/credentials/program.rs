//! A program that prints keys, in the form that the cloud's command line knows (mode `External`).
//!
//! As the vendor's library runs it: `alibabacloud_credentials/provider/external.py` in
//! <https://github.com/aliyun/credentials-python>.

use imgshare_sdk::credentials::{FoundKeys, KeyProgram, KeyTexts};
use imgshare_sdk::{Context, Result};
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
    let program = KeyProgram { setting: "process_command", place };
    read(&program.run(cx, command).await?, program)
}

fn read(output: &[u8], program: KeyProgram<'_>) -> Result<FoundKeys> {
    let Printed { mode, access_key_id, access_key_secret, sts_token, expiration } = program.read(output)?;
    let is_without_token = sts_token.as_deref().is_none_or(str::is_empty);
    if mode.as_deref() == Some("StsToken") && is_without_token {
        return Err(program.unusable("prints no `sts_token`"));
    }
    let expires = program.expires("expiration", expiration.as_deref())?;
    let texts = KeyTexts { id: access_key_id, secret: access_key_secret, token: sts_token };
    Ok(NAMES.check(texts, program.place)?.until(expires))
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::{ErrorKind, Timestamp};

    fn printed(text: &str) -> Result<FoundKeys> {
        read(text.as_bytes(), KeyProgram { setting: "process_command", place: "a test" })
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
