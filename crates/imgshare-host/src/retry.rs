//! When a failed call is tried again: the provider says what the failure means, the host says whether and when.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use imgshare_protocol::{Error, ErrorKind};

/// How often and how patiently calls are tried again.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// Sends of one call at most when the cloud says that there were too many calls.
    pub sends_max_rate_limited: u32,
    /// Sends of one call at most when the cloud is not available.
    pub sends_max_unavailable: u32,
    /// The wait before the second send, before jitter; it doubles with each further one.
    pub first_wait: Duration,
    /// The longest wait of our own choice.
    pub longest_wait: Duration,
    /// The longest wait that a cloud may ask for; if it asks for more, the call fails with its answer.
    pub longest_asked_wait: Duration,
    /// What all retries of one cloud may cost together. A retry because of too many calls costs 1, one because the
    /// cloud is not available costs 5, each success gives 2 back. So a cloud that is down fails soon, and not
    /// after each of a thousand images has waited its turn.
    pub budget: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            sends_max_rate_limited: 10,
            sends_max_unavailable: 4,
            first_wait: Duration::from_millis(400),
            longest_wait: Duration::from_secs(20),
            longest_asked_wait: Duration::from_secs(120),
            budget: 200,
        }
    }
}

impl RetryPolicy {
    /// How long to wait before send number `sends + 1`, or `None` if there shall be none. `jitter` is in 0..1.
    pub fn wait(&self, error: &Error, sends: u32, jitter: f64) -> Option<Duration> {
        let sends_max = match error.kind {
            ErrorKind::RateLimited => self.sends_max_rate_limited,
            ErrorKind::Unavailable => self.sends_max_unavailable,
            _ => return None,
        };
        if sends >= sends_max {
            return None;
        }
        let own = self.own_wait(sends).mul_f64(0.5 + jitter / 2.0);
        match error.retry_after_ms.map(Duration::from_millis) {
            Some(asked) if asked > self.longest_asked_wait => None,
            // A little more than was asked for, so that all who were told the same do not come back at once; and never
            // less than our own wait, for clouds whose unit for it is not certain.
            Some(asked) => Some(own.max(asked + own.min(asked / 4))),
            None => Some(own),
        }
    }

    /// How long all calls like this one shall be held back because the cloud asks for it, if it does and we obey.
    pub(crate) fn asked_wait(&self, error: &Error, jitter: f64) -> Option<Duration> {
        let asked = error.retry_after_ms.map(Duration::from_millis);
        let asked = asked.filter(|asked| *asked <= self.longest_asked_wait)?;
        Some(asked + (asked / 4).min(self.first_wait).mul_f64(jitter))
    }

    /// The wait before a call goes back into the queue of a pacer, which knows better when it may go.
    pub(crate) fn paced_wait(&self, jitter: f64) -> Duration {
        (self.first_wait / 8).mul_f64(jitter)
    }

    fn own_wait(&self, sends: u32) -> Duration {
        let doublings = sends.saturating_sub(1).min(16);
        (self.first_wait * 2u32.pow(doublings)).min(self.longest_wait)
    }
}

/// What is left of a cloud's budget.
pub(crate) struct Budget {
    full: u32,
    left: Mutex<u32>,
}

impl Budget {
    pub(crate) fn new(full: u32) -> Self {
        Self { full, left: Mutex::new(full) }
    }

    /// Pays for one retry; false when the budget does not hold it.
    pub(crate) fn pay(&self, kind: ErrorKind) -> bool {
        let cost = if kind == ErrorKind::RateLimited { 1 } else { 5 };
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *left >= cost;
        if enough {
            *left -= cost;
        }
        enough
    }

    /// A call went well.
    pub(crate) fn refund(&self) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + 2).min(self.full);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate_limited(retry_after_ms: Option<u64>) -> Error {
        Error { retry_after_ms, ..Error::new(ErrorKind::RateLimited, "") }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_keep_within_their_jitter() {
        let policy = RetryPolicy::default();
        let wait = |sends, jitter| policy.wait(&rate_limited(None), sends, jitter).expect("tries are left");
        assert_eq!(wait(1, 0.0), Duration::from_millis(200));
        assert_eq!(wait(2, 0.0), Duration::from_millis(400));
        assert_eq!(wait(9, 0.0), Duration::from_secs(10));
        assert!(wait(1, 0.999) < Duration::from_millis(400));
    }

    #[test]
    fn the_clouds_own_wait_is_obeyed_and_never_undercut() {
        let policy = RetryPolicy::default();
        let wait = policy.wait(&rate_limited(Some(3_000)), 1, 0.0).expect("tries are left");
        assert!(wait >= Duration::from_secs(3), "{wait:?}");
        assert_eq!(policy.wait(&rate_limited(Some(600_000)), 1, 0.0), None);
        let own = policy.wait(&rate_limited(None), 5, 0.5);
        assert_eq!(policy.wait(&rate_limited(Some(3)), 5, 0.5), own, "a wait of 3 ms tells nothing");
    }

    #[test]
    fn tries_end() {
        let policy = RetryPolicy::default();
        let unavailable = Error::new(ErrorKind::Unavailable, "");
        assert!(policy.wait(&unavailable, 3, 0.5).is_some());
        assert_eq!(policy.wait(&unavailable, 4, 0.5), None);
        assert_eq!(policy.wait(&rate_limited(None), 10, 0.5), None);
    }

    #[test]
    fn what_no_wait_can_mend_is_not_tried_again() {
        let error = Error::new(ErrorKind::CredentialInvalid, "");
        assert_eq!(RetryPolicy::default().wait(&error, 1, 0.5), None);
    }

    #[test]
    fn a_cloud_that_is_down_uses_up_its_budget_and_one_that_works_earns_it_back() {
        let budget = Budget::new(10);
        assert!(budget.pay(ErrorKind::Unavailable) && budget.pay(ErrorKind::Unavailable));
        assert!(!budget.pay(ErrorKind::RateLimited));
        budget.refund();
        assert!(budget.pay(ErrorKind::RateLimited));
    }
}
