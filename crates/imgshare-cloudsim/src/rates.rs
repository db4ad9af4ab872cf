//! How many calls a second a cloud takes from one owner, per action and region.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::cloud::Call;
use crate::ids::{AccountId, RegionId};

/// The entry of a rate table that holds for every action that has none of its own.
const EVERY_OTHER_ACTION: &str = "*";

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
        window.retain(|at| *at <= now && now.duration_since(*at) < SignedDuration::from_secs(1));
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
