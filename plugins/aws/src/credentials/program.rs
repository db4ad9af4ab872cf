//! A program that prints keys, as profiles name it by `credential_process`.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>

use imgshare_sdk::credentials::{FoundKeys, KeyProgram, KeyTexts};
use imgshare_sdk::{Context, Result};
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
    let program = KeyProgram { setting: "credential_process", place };
    read(&program.run(cx, command).await?, program)
}

fn read(output: &[u8], program: KeyProgram<'_>) -> Result<FoundKeys> {
    let printed: Printed = program.read(output)?;
    if printed.version != Some(1) {
        return Err(program.unusable("prints another `Version` than 1"));
    }
    let expires = program.expires("Expiration", printed.expiration.as_deref())?;
    let texts = KeyTexts {
        id: printed.access_key_id,
        secret: printed.secret_access_key,
        token: printed.session_token,
    };
    Ok(NAMES.check(texts, program.place)?.until(expires))
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::{ErrorKind, Timestamp};

    fn printed(text: &str) -> Result<FoundKeys> {
        read(text.as_bytes(), KeyProgram { setting: "credential_process", place: "a test" })
    }

    #[test]
    fn keys_may_have_a_token_and_a_time() {
        let output = r#"{"Version":1,"AccessKeyId":"ASIAFAKE","SecretAccessKey":"FakeKey","SessionToken":"FAKETOKEN",
                         "Expiration":"2023-11-14T22:13:20Z"}"#;
        let found = printed(output).unwrap();
        assert_eq!(found.expires, Some(Timestamp::from_seconds(1_700_000_000)));
        assert!(found.token().is_some());
        let lasting = r#"{"Version":1,"AccessKeyId":"AKIAFAKE","SecretAccessKey":"FakeKey"}"#;
        assert_eq!(printed(lasting).unwrap().expires, None);
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
            let error = printed(output).unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(!error.to_string().contains("AKIAFAKE"), "{error}");
        }
    }
}
