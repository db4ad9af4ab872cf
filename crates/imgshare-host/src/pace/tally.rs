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
pub(crate) struct Tally(Mutex<BTreeMap<(Region, String), Calls>>);

impl Tally {
    pub(crate) fn sent(&self, region: &Region, action: &str) {
        self.count(region, action, |calls| calls.sent += 1);
    }

    pub(crate) fn throttled(&self, region: &Region, action: &str) {
        self.count(region, action, |calls| calls.throttled += 1);
    }

    pub(crate) fn read(&self) -> BTreeMap<(Region, String), Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, region: &Region, action: &str, add: impl FnOnce(&mut Calls)) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        add(calls.entry((region.clone(), action.to_owned())).or_default());
    }
}
