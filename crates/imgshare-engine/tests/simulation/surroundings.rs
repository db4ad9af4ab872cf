//! The machine on which the program runs: a clock in virtual time, nonces, and the environment with the keys.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use imgshare_host::World;
use imgshare_protocol::{Result, Timestamp};
use imgshare_testkit::{BoxFuture, FakeWorld};

use crate::case::Case;
use crate::dice::Dice;

/// When every case begins, in seconds since 1970.
pub(crate) const BEGIN_S: i64 = FakeWorld::BEGIN.milliseconds() / 1000;

/// All runs of a case live in it, one after the other or at once, so no two of them use a nonce twice.
pub(crate) struct Surroundings {
    world: FakeWorld,
    nonces: AtomicU64,
    dice: Mutex<Dice>,
    environment: BTreeMap<String, String>,
}

impl Surroundings {
    pub(crate) fn of(case: &Case) -> Self {
        let variables = case.clouds.iter().flat_map(|cloud| {
            let name = cloud.kind.name.to_uppercase();
            [
                (format!("{name}_ID"), cloud.kind.key_id()),
                (format!("{name}_SECRET"), cloud.kind.secret()),
                (format!("{name}_TOKEN"), cloud.kind.token_text()),
            ]
        });
        Self {
            world: FakeWorld::default().with_virtual_time(),
            nonces: AtomicU64::new(0),
            dice: Mutex::new(Dice::new(!case.seed)),
            environment: variables.collect(),
        }
    }
}

impl World for Surroundings {
    fn now(&self) -> Timestamp {
        self.world.now()
    }

    fn nonce(&self) -> String {
        format!("{:032x}", self.nonces.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn jitter(&self) -> f64 {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).fraction()
    }

    fn env(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        self.world.read_file(path)
    }

    fn run_command<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, Result<Vec<u8>>> {
        self.world.run_command(words)
    }
}
