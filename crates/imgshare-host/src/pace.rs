//! When a call may go: one queue and one pacer for each owner account, region and action.
//!
//! ```text
//! Quotas (what the provider says, what the config says) -> Learner (what the cloud lets through) -> Pace
//! Places (calls that the cloud still counts) + Pace -> Pacer: the head of the queue goes, or waits until a time
//! ```
//!
//! Never holds one of a region's requests in flight while it waits, and never decides whether a call is tried again.

mod learner;
mod owner;
mod pacer;
mod places;
mod quotas;
mod tally;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use imgshare_protocol::{Connect, Description, Region};

use self::owner::Owner;
pub(crate) use self::pacer::{Call, Pacer, Turn};
use self::quotas::{Pace, Quotas};
pub use self::tally::Calls;
pub(crate) use self::tally::Tally;

/// The pacers of a run. Clones share them: clouds of the config that log in as the same owner wait in the same queues.
#[derive(Clone, Default)]
pub struct Pacing {
    pacers: Arc<Mutex<HashMap<Key, Arc<Pacer>>>>,
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    owner: Owner,
    /// `None`: all regions together.
    region: Option<Region>,
    action: String,
}

impl Pacing {
    /// The pacers of one cloud of the config.
    pub(crate) fn of(&self, description: &Description, connect: &Connect) -> Pacers {
        let owner = Owner::of(&description.name, connect);
        let quotas = Quotas::of(description, &connect.limits);
        Pacers { all: self.clone(), owner, quotas, known: Mutex::default() }
    }

    fn pacer(&self, key: Key, figure: Option<Pace>) -> Arc<Pacer> {
        let mut pacers = self.pacers.lock().unwrap_or_else(PoisonError::into_inner);
        let pacer = pacers.entry(key).or_insert_with_key(|key| {
            let region = key.region.as_ref().map_or("all", Region::as_str);
            Arc::new(Pacer::new(region, &key.action, figure))
        });
        if let Some(figure) = figure {
            pacer.at_most(figure);
        }
        pacer.clone()
    }
}

impl std::fmt::Debug for Pacing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pacing").finish_non_exhaustive()
    }
}

/// The pacers of one cloud of the config.
pub(crate) struct Pacers {
    all: Pacing,
    owner: Owner,
    quotas: Quotas,
    /// Those that were asked for before.
    known: Mutex<HashMap<Region, HashMap<String, Arc<Pacer>>>>,
}

impl Pacers {
    /// The pacer of this action in this region.
    pub(crate) fn pacer(&self, region: &Region, action: &str) -> Arc<Pacer> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pacer) = known.get(region).and_then(|actions| actions.get(action)) {
            return pacer.clone();
        }
        let pacer = self.make(region, action);
        known.entry(region.clone()).or_default().insert(action.to_owned(), pacer.clone());
        pacer
    }

    fn make(&self, region: &Region, action: &str) -> Arc<Pacer> {
        let quota = self.quotas.of_action(action);
        let region = quota.per_region.then(|| region.clone());
        self.all.pacer(Key { owner: self.owner, region, action: action.to_owned() }, quota.pace)
    }
}
