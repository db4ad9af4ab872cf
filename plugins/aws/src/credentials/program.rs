//! A program that prints keys, as profiles name it by `credential_process`.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>

use imgshare_sdk::credentials::{FoundKeys, KeyTexts};
use imgshare_sdk::{Context, Error, ErrorKind, Result, time};
use serde::Deserialize;

use super::found::NAMES;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Printed {
    version: Option<u32>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
    expiration: Option<String>,
}

/// Runs the program; `place` names it, for people. The command itself is not repeated: it may contain a secret.
///
/// # Errors
///
/// `CredentialInvalid` when it cannot be run, or prints no usable keys.
pub(super) async fn run(cx: &Context, command: &str, place: &str) -> Result<FoundKeys> {
    let words = shlex::split(command).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| unusable(place, "its `credential_process` is no command"))?;
    read(&cx.run_command(&words).await?, place)
}

fn read(output: &[u8], place: &str) -> Result<FoundKeys> {
    // The reader's reason may quote a key, and is not given.
    let printed: Printed = serde_json::from_slice(output)
        .map_err(|_| unusable(place, "what its `credential_process` prints is not as documented"))?;
    if printed.version != Some(1) {
        return Err(unusable(place, "what its `credential_process` prints has another `Version` than 1"));
    }
    let expiration = printed.expiration.filter(|text| !text.is_empty());
    let expires = expiration.as_deref().map(|text| {
        time::parse_rfc3339(text)
            .ok_or_else(|| unusable(place, "its `credential_process` prints no time as `Expiration`"))
    });
    let texts = KeyTexts {
        id: printed.access_key_id,
        secret: printed.secret_access_key,
        token: printed.session_token,
    };
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

    #[test]
    fn keys_may_have_a_token_and_a_time() {
        let output = r#"{"Version":1,"AccessKeyId":"ASIAFAKE","SecretAccessKey":"FakeKey","SessionToken":"FAKETOKEN",
                         "Expiration":"2023-11-14T22:13:20Z"}"#;
        let found = read(output.as_bytes(), "here").unwrap();
        assert_eq!(found.expires, Some(Timestamp::from_seconds(1_700_000_000)));
        assert!(found.token().is_some());
        let lasting = r#"{"Version":1,"AccessKeyId":"AKIAFAKE","SecretAccessKey":"FakeKey"}"#;
        assert_eq!(read(lasting.as_bytes(), "here").unwrap().expires, None);
    }

    #[test]
    fn other_output_is_an_error_that_quotes_nothing() {
        for output in [
            "",
            "AKIAFAKE",
            r#"{"AccessKeyId":"AKIAFAKE","SecretAccessKey":"FakeKey"}"#,
            r#"{"Version":2,"AccessKeyId":"AKIAFAKE","SecretAccessKey":"FakeKey"}"#,
            r#"{"Version":1,"AccessKeyId":"AKIAFAKE"}"#,
            r#"{"Version":1,"AccessKeyId":"AKIAFAKE","SecretAccessKey":"FakeKey","Expiration":"soon"}"#,
        ] {
            let error = read(output.as_bytes(), "here").unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(!error.to_string().contains("AKIAFAKE"), "{error}");
        }
    }
}
