//! How much goes on at the same time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

/// So many places for each key, first come, first served.
pub(crate) struct Bounds<K> {
    each: usize,
    places: Mutex<HashMap<K, Arc<Semaphore>>>,
}

impl<K: Eq + Hash> Bounds<K> {
    pub(crate) fn new(each: usize) -> Self {
        Self { each: each.max(1), places: Mutex::default() }
    }

    pub(crate) fn of(&self, key: K) -> Arc<Semaphore> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.entry(key).or_insert_with(|| Arc::new(Semaphore::new(self.each))).clone()
    }
}
