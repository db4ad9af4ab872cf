//! How many calls a second a cloud takes from one owner, per action and region.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::cloud::Call;
use crate::ids::{AccountId, RegionId};

/// The entry of a rate table that holds for every action that has none of its own.
const EVERY_OTHER_ACTION: &str = "*";

/// A call counts until exactly so long has passed by the cloud's clock, to the nanosecond.
const WINDOW: SignedDuration = SignedDuration::from_secs(1);

/// Counts the calls of the last second; without an entry for an action there is no limit.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    calls_per_s: BTreeMap<String, u32>,
    windows: HashMap<(AccountId, String, RegionId), VecDeque<Timestamp>>,
}

impl Rates {
    pub(crate) fn new(calls_per_s: BTreeMap<String, u32>) -> Self {
        Self { calls_per_s, windows: HashMap::new() }
    }

    /// Whether the call may go on. A call that may not does not count.
    pub(crate) fn admit(&mut self, owner: &AccountId, call: &Call, now: Timestamp) -> bool {
        let Some(limit) = self.limit(&call.action) else { return true };
        let key = (owner.clone(), call.action.clone(), call.region.clone());
        let window = self.windows.entry(key).or_default();
        // A clock that was set back leaves entries of the future behind: they count no more than old ones.
        while window.pop_back_if(|at| *at > now).is_some() {}
        while window.pop_front_if(|at| now.duration_since(*at) >= WINDOW).is_some() {}
        let free = window.len() < limit as usize;
        if free {
            window.push_back(now);
        }
        free
    }

    /// Forgets what was called so far.
    pub(crate) fn clear(&mut self) {
        self.windows.clear();
    }

    fn limit(&self, action: &str) -> Option<u32> {
        self.calls_per_s.get(action).or_else(|| self.calls_per_s.get(EVERY_OTHER_ACTION)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two calls a second; which of the calls at these instants, in nanoseconds, are admitted.
    fn admitted(instants: &[i128]) -> Vec<bool> {
        let mut rates = Rates::new(BTreeMap::from([("*".to_owned(), 2)]));
        let call = Call { action: "Do".to_owned(), region: RegionId::from("here"), subject: Vec::new() };
        let at = |nanoseconds: &i128| Timestamp::from_nanosecond(*nanoseconds).expect("within range");
        instants.iter().map(|of| rates.admit(&AccountId::from("ann"), &call, at(of))).collect()
    }

    #[test]
    fn a_call_counts_for_exactly_a_second() {
        let second = 1_000_000_000;
        assert_eq!(
            admitted(&[0, 7, second - 1, second, second + 6, second + 7]),
            [true, true, false, true, false, true]
        );
    }

    #[test]
    fn calls_of_a_future_that_a_clock_was_set_back_from_do_not_count() {
        let hour = 3_600_000_000_000;
        assert_eq!(admitted(&[hour, hour, hour, 0, 1, 2]), [true, true, false, true, true, false]);
    }
}
