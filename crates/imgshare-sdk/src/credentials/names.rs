//! What a cloud calls its keys, and what makes a text one.

use futures_util::try_join;

use super::FoundKeys;
use crate::{Context, Error, ErrorKind, Result};

/// What a cloud calls the parts of its keys.
#[derive(Clone, Copy, Debug)]
pub struct KeyNames {
    /// What names the key.
    pub id: KeyName,
    /// What signs.
    pub secret: KeyName,
    /// What temporary keys have besides.
    pub token: KeyName,
}

/// The name of a part of a key.
#[derive(Clone, Copy, Debug)]
pub struct KeyName {
    /// In `[clouds.X.credentials]`: `secret_id`.
    pub field: &'static str,
    /// For people: `secret id`.
    pub words: &'static str,
}

/// Texts that shall be keys, as some place holds them.
#[derive(Default)]
pub struct KeyTexts {
    /// Names the key.
    pub id: Option<String>,
    /// Signs.
    pub secret: Option<String>,
    /// Of temporary keys only.
    pub token: Option<String>,
}

impl KeyTexts {
    /// Whether the place says nothing about keys.
    pub fn is_nothing(&self) -> bool {
        self.id.is_none() && self.secret.is_none() && self.token.is_none()
    }
}

impl KeyNames {
    /// The keys; `source` is the place, for people. An empty token is none.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when one is missing, empty, or has space around or anything unprintable in it. It never
    /// quotes them.
    pub fn check(&self, texts: KeyTexts, source: impl Into<String>) -> Result<FoundKeys> {
        let source = source.into();
        let id = self.id.check(texts.id, &source)?;
        let secret = self.secret.check(texts.secret, &source)?;
        let token = texts.token.filter(|token| !token.is_empty());
        let token = token.map(|token| self.token.check(Some(token), &source)).transpose()?;
        Ok(FoundKeys::new(id, secret, token, source))
    }
}

impl KeyName {
    /// The text, if it can be this part of a key.
    ///
    /// # Errors
    ///
    /// As [`KeyNames::check`].
    pub fn check(&self, text: Option<String>, source: &str) -> Result<String> {
        let text = text.unwrap_or_default();
        let flaw = if text.trim().is_empty() {
            "is missing or empty"
        } else if text.trim() != text {
            "has white space before or after it"
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            "has a character in it that no key has"
        } else {
            return Ok(text);
        };
        let words = self.words;
        Err(Error::new(ErrorKind::CredentialInvalid, format!("the {words} {flaw}: {source}"))
            .with_hint(format!("set the {words} as the cloud's console shows it")))
    }
}

/// The environment variables that hold keys.
#[derive(Clone, Copy, Debug)]
pub struct KeyVariables {
    /// Holds what names the key.
    pub id: &'static str,
    /// Holds what signs.
    pub secret: &'static str,
    /// Holds the token of temporary keys, if there is such a variable.
    pub token: Option<&'static str>,
}

impl KeyVariables {
    /// The place, for people.
    pub fn place(&self) -> String {
        format!("environment variables {} and {}", self.id, self.secret)
    }

    /// What to do when there are no keys anywhere.
    pub fn hint(&self) -> String {
        format!("set {} and {}", self.id, self.secret)
    }

    /// The keys in these variables. `None`: neither id nor secret is set; a token alone is left over from something.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when only one is set: the other half may be somebody else's.
    pub async fn find(&self, cx: &Context, names: &KeyNames) -> Result<Option<FoundKeys>> {
        let token = async {
            match self.token {
                Some(name) => cx.env(name).await,
                None => Ok(None),
            }
        };
        let (id, secret, token) = try_join!(cx.env(self.id), cx.env(self.secret), token)?;
        if id.is_none() && secret.is_none() {
            return Ok(None);
        }
        names.check(KeyTexts { id, secret, token }, self.place()).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::super::NAMES;
    use super::*;

    fn check(id: &str, secret: &str, token: &str) -> Result<FoundKeys> {
        let texts = KeyTexts { id: Some(id.into()), secret: Some(secret.into()), token: Some(token.into()) };
        NAMES.check(texts, "a test")
    }

    #[test]
    fn keys_that_are_empty_padded_or_odd_are_refused_without_being_shown() {
        for (id, secret, token) in [
            ("", "FakeKey", ""),
            ("FAKEID", " ", ""),
            ("FAKEID ", "FakeKey", ""),
            ("FAKEID", "\tFakeKey", ""),
            ("FAKEID", "Fake\nKey", ""),
            ("FAKEID", "FakeKey", "FAKE TOKEN"),
            ("FAKEID", "FakeKéy", ""),
        ] {
            let error = check(id, secret, token).unwrap_err();
            assert_eq!(error.kind, ErrorKind::CredentialInvalid);
            assert!(error.hint.is_some());
            assert!(!format!("{error:?}").to_lowercase().contains("fake"), "{error:?}");
        }
    }

    #[test]
    fn half_a_pair_is_refused_in_the_clouds_own_words() {
        let half = KeyTexts { id: Some("FAKEID".into()), ..KeyTexts::default() };
        let error = NAMES.check(half, "environment").unwrap_err();
        assert_eq!(error.message, "the key secret is missing or empty: environment");
    }

    #[test]
    fn an_empty_token_is_none() {
        assert!(check("FAKEID", "FakeKey", "").unwrap().token().is_none());
        assert!(check("FAKEID", "FakeKey", "FAKETOKEN").unwrap().token().is_some());
    }
}
