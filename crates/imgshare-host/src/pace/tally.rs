//! How many calls there were.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use imgshare_protocol::Region;

/// Calls of one action in one region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// That were sent.
    pub sent: u64,
    /// Of these, those that the cloud refused because there were too many.
    pub throttled: u64,
}

/// The calls of one cloud of the config.
#[derive(Default)]
pub(crate) struct Tally(Mutex<BTreeMap<Region, BTreeMap<String, Calls>>>);

impl Tally {
    pub(crate) fn sent(&self, region: &Region, action: &str) {
        self.count(region, action, |calls| calls.sent += 1);
    }

    pub(crate) fn throttled(&self, region: &Region, action: &str) {
        self.count(region, action, |calls| calls.throttled += 1);
    }

    pub(crate) fn read(&self) -> BTreeMap<(Region, String), Calls> {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |(region, actions): (&Region, &BTreeMap<String, Calls>)| {
            let region = region.clone();
            actions.clone().into_iter().map(move |(action, calls)| ((region.clone(), action), calls))
        };
        calls.iter().flat_map(of).collect()
    }

    fn count(&self, region: &Region, action: &str, add: impl FnOnce(&mut Calls)) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Only the first call of its kind has to copy the names.
        match calls.get_mut(region).and_then(|actions| actions.get_mut(action)) {
            Some(known) => add(known),
            None => add(calls.entry(region.clone()).or_default().entry(action.to_owned()).or_default()),
        }
    }
}
