//! Keys that were found.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::signing::percent_encode;
use crate::{Context, FoundCredentials, Result, Secret, Timestamp};

/// How long before they expire keys are replaced, in seconds: a signature may be that old when it is checked.
const REFRESH_BEFORE_SECONDS: i64 = 300;

/// Keys, and where they were. The host keeps them for the other operations of the cloud, in this form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundKeys {
    id: String,
    secret: String,
    token: Option<String>,
    /// The place, for people.
    pub source: String,
    /// When they expire, if they do.
    pub expires: Option<Timestamp>,
}

impl fmt::Debug for FoundKeys {
    /// Says where, not what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundKeys")
            .field("source", &self.source)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

impl FoundKeys {
    pub(super) fn new(id: String, secret: String, token: Option<String>, source: String) -> Self {
        Self { id, secret, token, source, expires: None }
    }

    /// The keys that `look` finds, kept for all operations of the cloud: nobody looks again before they have to be
    /// replaced.
    ///
    /// # Errors
    ///
    /// Those of `look`.
    pub async fn once<F>(cx: &Context, look: impl FnOnce() -> F + Send) -> Result<Self>
    where
        F: Future<Output = Result<Self>> + Send,
    {
        let make = || async {
            let found = look().await?;
            let fresh_until = found.fresh_until();
            Ok((found, fresh_until))
        };
        cx.once("credentials", make).await
    }

    /// What names the key.
    pub fn id(&self) -> Secret {
        Secret::new(&self.id)
    }

    /// What signs.
    pub fn secret(&self) -> Secret {
        Secret::new(&self.secret)
    }

    /// Of temporary keys only.
    pub fn token(&self) -> Option<Secret> {
        self.token.as_ref().map(Secret::new)
    }

    /// The same keys, which are good until then.
    #[must_use]
    pub fn until(self, expires: Option<Timestamp>) -> Self {
        Self { expires, ..self }
    }

    /// Until when they can be used without looking again: five minutes before they expire.
    pub fn fresh_until(&self) -> Option<Timestamp> {
        self.expires.map(|expires| expires.plus_seconds(-REFRESH_BEFORE_SECONDS))
    }

    /// Has the host keep them out of every output, also as they may stand in an address.
    pub fn entrust(&self, cx: &Context) {
        for text in [Some(&self.id), Some(&self.secret), self.token.as_ref()].into_iter().flatten() {
            cx.secret(text);
            cx.secret(percent_encode(text));
        }
    }
}

impl From<FoundKeys> for FoundCredentials {
    /// Where they are, and not what.
    fn from(found: FoundKeys) -> Self {
        Self { source: found.source, expires: found.expires }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> FoundKeys {
        FoundKeys::new("FAKEID".into(), "FakeKey".into(), Some("FAKETOKEN".into()), "a test".into())
    }

    #[test]
    fn keys_are_replaced_five_minutes_before_they_expire() {
        assert_eq!(found().fresh_until(), None);
        let expires = Some(Timestamp::from_seconds(1_700_000_000));
        assert_eq!(found().until(expires).fresh_until(), Some(Timestamp::from_seconds(1_699_999_700)));
    }

    #[test]
    fn keys_do_not_show_in_debug_nor_in_what_is_said_of_them() {
        let told = FoundCredentials::from(found());
        assert_eq!(told.source, "a test");
        for text in [format!("{:?}", found()), format!("{:?}", found().secret()), format!("{told:?}")] {
            assert!(!text.to_lowercase().contains("fake"), "{text}");
        }
    }
}
