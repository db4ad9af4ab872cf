//! Values that an open provider has made once and remembers: see [`crate::Context::once`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Timestamp;

/// The values of one open provider, by key, in the form in which the host keeps them. The host has the last word on who
/// makes a value; what is good for longer need not be asked for again with every operation.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<HashMap<String, Value>>>);

struct Value {
    text: String,
    /// `None`: for ever.
    fresh_until: Option<Timestamp>,
}

impl Kept {
    /// The value, as long as it is good.
    pub(crate) fn get(&self, key: &str, now: Timestamp) -> Option<String> {
        let values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values.get(key)?;
        value.fresh_until.is_none_or(|until| now < until).then(|| value.text.clone())
    }

    pub(crate) fn put(&self, key: &str, text: &str, fresh_until: Option<Timestamp>) {
        let value = Value { text: text.to_owned(), fresh_until };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), value);
    }

    /// This value is no good any more. One that was made since stays.
    pub(crate) fn forget(&self, key: &str, text: &str) {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if values.get(key).is_some_and(|value| value.text == text) {
            values.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_kept_until_it_is_to_be_made_anew() {
        let kept = Kept::default();
        let at = Timestamp::from_seconds;
        kept.put("role", "old", Some(at(100)));
        kept.put("login", "for ever", None);
        assert_eq!(kept.get("role", at(99)).as_deref(), Some("old"));
        assert_eq!(kept.get("role", at(100)), None);
        assert_eq!(kept.get("login", at(1_000_000)).as_deref(), Some("for ever"));
        assert_eq!(kept.get("other", at(0)), None);
    }

    #[test]
    fn only_the_value_that_is_no_good_is_forgotten() {
        let kept = Kept::default();
        kept.put("login", "new", None);
        kept.forget("login", "old");
        assert_eq!(kept.get("login", Timestamp::default()).as_deref(), Some("new"));
        kept.forget("login", "new");
        assert_eq!(kept.get("login", Timestamp::default()), None);
    }
}
