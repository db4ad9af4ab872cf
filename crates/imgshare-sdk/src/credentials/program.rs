//! Programs that print keys, as profiles of clouds' own tools name them.

use serde::de::DeserializeOwned;

use crate::{Context, Error, ErrorKind, Result, Timestamp, time};

/// A program that prints keys as JSON. What it prints is never quoted, and neither is its command: that may contain a
/// secret, too.
#[derive(Clone, Copy, Debug)]
pub struct KeyProgram<'a> {
    /// What names it in the profile: `credential_process`.
    pub setting: &'a str,
    /// The profile, for people.
    pub place: &'a str,
}

impl KeyProgram<'_> {
    /// Runs the command, in words as a shell reads them but without a shell; gives what it prints.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when it is no command or cannot be run.
    pub async fn run(&self, cx: &Context, command: &str) -> Result<Vec<u8>> {
        let words = shlex::split(command).filter(|words| !words.is_empty());
        let words = words.ok_or_else(|| self.unusable("is no command"))?;
        cx.run_command(&words).await
    }

    /// Reads what it printed.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when it is no JSON of this form.
    pub fn read<T: DeserializeOwned>(&self, printed: &[u8]) -> Result<T> {
        // The reader's reason may quote a key, and is not given.
        serde_json::from_slice(printed).map_err(|_| self.unusable("prints nothing of the documented form"))
    }

    /// When the keys expire, by the text that the program prints in this field. `None`: it is left out or empty.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when it is no time.
    pub fn expires(&self, field: &str, text: Option<&str>) -> Result<Option<Timestamp>> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        let expires = time::parse_rfc3339(text);
        expires.map(Some).ok_or_else(|| self.unusable(&format!("prints no time as `{field}`")))
    }

    /// The error for a program that cannot be used. The reason goes on after its name: `prints no token`.
    pub fn unusable(&self, reason: &str) -> Error {
        let Self { setting, place } = self;
        let message = format!("{place} cannot be used: its `{setting}` {reason}");
        Error::new(ErrorKind::CredentialInvalid, message)
            .with_hint("run the program by hand and see what it prints")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: KeyProgram<'_> = KeyProgram { setting: "key_program", place: "profile `prod`" };

    #[test]
    fn what_is_printed_is_never_quoted() {
        assert_eq!(PROGRAM.read(br#"["a"]"#), Ok(vec!["a".to_owned()]));
        for printed in [&b"FakeKey"[..], br#"{"key": "FakeKey"}"#, br#""FakeKey""#, b"\xff", b""] {
            let error = PROGRAM.read::<Vec<String>>(printed).unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(
                error.message.starts_with("profile `prod` cannot be used: its `key_program` "),
                "{error}"
            );
            assert!(!format!("{error:?}").contains("FakeKey"), "{error:?}");
        }
    }

    #[test]
    fn keys_expire_never_or_at_a_time() {
        let expires = |text| PROGRAM.expires("until", text).map_err(|error| error.message);
        assert_eq!(expires(None), Ok(None));
        assert_eq!(expires(Some("")), Ok(None));
        assert_eq!(expires(Some("2023-11-14T22:13:20Z")), Ok(Some(Timestamp::from_seconds(1_700_000_000))));
        assert!(expires(Some("soon")).unwrap_err().ends_with("its `key_program` prints no time as `until`"));
    }
}
