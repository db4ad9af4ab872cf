//! Values that a signature may use once.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// So many are kept before the old ones are looked for, so that a long run does not look at each call.
const SWEEP_MIN: usize = 1024;

/// The nonces that were used lately, by key id.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    used: HashMap<(String, String), Timestamp>,
    kept_by_last_sweep: usize,
}

impl Nonces {
    /// Whether the key uses the nonce for the first time within so long; from now on it has used it.
    pub(crate) fn spend(
        &mut self,
        key_id: &str,
        nonce: &str,
        now: Timestamp,
        memory: SignedDuration,
    ) -> bool {
        let is_remembered = |at: &Timestamp| now.duration_since(*at).abs() <= memory;
        if self.used.len() >= SWEEP_MIN + 2 * self.kept_by_last_sweep {
            self.used.retain(|_, at| is_remembered(at));
            self.kept_by_last_sweep = self.used.len();
        }
        let before = self.used.insert((key_id.to_owned(), nonce.to_owned()), now);
        !before.as_ref().is_some_and(is_remembered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_nonces_are_forgotten_and_young_ones_are_not() {
        let memory = SignedDuration::from_secs(60);
        let at = |second: i64| Timestamp::from_second(second).expect("within range");
        let mut nonces = Nonces::default();
        for number in 0..10_000 {
            assert!(nonces.spend("key", &number.to_string(), at(number), memory), "{number}");
        }
        assert!(nonces.used.len() < 3 * SWEEP_MIN, "{} are kept", nonces.used.len());
        for (number, fresh) in [(9_999, false), (9_939, false), (9_938, true), (0, true)] {
            assert_eq!(nonces.spend("key", &number.to_string(), at(9_999), memory), fresh, "{number}");
        }
    }
}
