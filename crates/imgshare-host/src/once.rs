//! Values that several exchanges of one provider need once: a login, a role's temporary key.

use std::collections::HashMap;
use std::sync::Arc;

use imgshare_protocol::{Error, Made, OnceAnswer, Timestamp};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// All such values of one provider, by key. One exchange makes a value while the others wait for its lock.
#[derive(Default)]
pub(crate) struct Once {
    slots: Mutex<HashMap<String, Arc<Mutex<Slot>>>>,
}

#[derive(Default)]
pub(crate) struct Slot {
    value: Option<(String, Option<Timestamp>)>,
    /// Why the last try failed. Whoever was waiting then gets this error; whoever asks later tries anew.
    failure: Option<Error>,
    failures: u64,
}

/// The right, and the duty, to make a value. Dropped without [`Making::finish`], the next in line makes it.
pub(crate) struct Making(OwnedMutexGuard<Slot>);

impl Once {
    /// The answer for an exchange that needs this value; with the right to make it when the answer is `Make`. The value
    /// that it has found to be no good, if there is one, is named by its digest.
    pub(crate) async fn ask(
        &self,
        key: &str,
        refused: Option<&str>,
        now: impl Fn() -> Timestamp,
    ) -> (OnceAnswer, Option<Making>) {
        let slot = self.slots.lock().await.entry(key.to_owned()).or_default().clone();
        let failures_before = slot.try_lock().ok().map(|slot| slot.failures);
        let slot = slot.lock_owned().await;
        if let Some((text, fresh_until)) = &slot.value
            && fresh_until.is_none_or(|until| now() < until)
            && refused.is_none_or(|refused| refused != digest(text))
        {
            return (OnceAnswer::Value { text: text.clone() }, None);
        }
        // The slot was taken when we came: somebody was making the value, and failed while we waited.
        if let (None, Some(error)) = (failures_before, &slot.failure) {
            return (OnceAnswer::Failed { error: error.clone() }, None);
        }
        (OnceAnswer::Make, Some(Making(slot)))
    }
}

impl Making {
    /// Hands the value, or the failure, to all that wait.
    pub(crate) fn finish(mut self, made: Made) {
        let slot = &mut *self.0;
        (slot.value, slot.failure) = match made {
            Made::Value { text, fresh_until } => (Some((text, fresh_until)), None),
            Made::Failed { error } => {
                slot.failures += 1;
                (None, Some(error))
            }
            // As if the maker had given up: the next in line makes it.
            Made::Unknown => return,
        };
    }
}

/// What names a value without telling it.
fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::{join, join3};
    use imgshare_protocol::ErrorKind;

    fn at(seconds: i64) -> impl Fn() -> Timestamp {
        move || Timestamp::from_seconds(seconds)
    }

    fn value(text: &str, fresh_until: Option<i64>) -> Made {
        Made::Value { text: text.into(), fresh_until: fresh_until.map(Timestamp::from_seconds) }
    }

    #[tokio::test]
    async fn one_makes_the_value_and_the_others_get_it() {
        let once = Once::default();
        let (first, making) = once.ask("login", None, at(0)).await;
        assert_eq!(first, OnceAnswer::Make);
        let finish = async { making.expect("the first may make it").finish(value("v", None)) };
        let (second, third, ()) =
            join3(once.ask("login", None, at(0)), once.ask("login", None, at(0)), finish).await;
        assert_eq!(second.0, OnceAnswer::Value { text: "v".into() });
        assert_eq!(third.0, OnceAnswer::Value { text: "v".into() });
    }

    #[tokio::test]
    async fn an_expired_value_is_made_anew() {
        let once = Once::default();
        once.ask("role", None, at(0)).await.1.expect("nobody made it yet").finish(value("old", Some(100)));
        assert_eq!(once.ask("role", None, at(99)).await.0, OnceAnswer::Value { text: "old".into() });
        assert_eq!(once.ask("role", None, at(100)).await.0, OnceAnswer::Make);
    }

    #[tokio::test]
    async fn a_value_that_was_refused_is_made_anew_once_for_all_who_had_it() {
        let once = Once::default();
        once.ask("login", None, at(0)).await.1.expect("nobody made it yet").finish(value("old", Some(100)));
        let refused = digest("old");
        let (first, making) = once.ask("login", Some(&refused), at(0)).await;
        assert_eq!(first, OnceAnswer::Make);
        let finish = async { making.expect("the first may make it").finish(value("new", Some(100))) };
        let (second, ()) = join(once.ask("login", Some(&refused), at(0)), finish).await;
        assert_eq!(second.0, OnceAnswer::Value { text: "new".into() });
        assert_eq!(once.ask("login", None, at(0)).await.0, OnceAnswer::Value { text: "new".into() });
    }

    #[tokio::test]
    async fn those_who_waited_share_the_failure_and_those_who_come_later_try_again() {
        let once = Once::default();
        let making = once.ask("login", None, at(0)).await.1.expect("nobody made it yet");
        let error = Error::new(ErrorKind::CredentialInvalid, "no");
        let fail = async { making.finish(Made::Failed { error: error.clone() }) };
        let (waiting, ()) = join(once.ask("login", None, at(0)), fail).await;
        assert_eq!(waiting.0, OnceAnswer::Failed { error });
        assert_eq!(once.ask("login", None, at(0)).await.0, OnceAnswer::Make);
    }

    #[tokio::test]
    async fn a_maker_that_is_dropped_leaves_the_task_to_the_next() {
        let once = Once::default();
        let making = once.ask("login", None, at(0)).await.1;
        let (next, ()) = join(once.ask("login", None, at(0)), async { drop(making) }).await;
        assert_eq!(next.0, OnceAnswer::Make);
    }
}
