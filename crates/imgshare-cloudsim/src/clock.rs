//! The time that a simulated cloud believes in.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Tells the time to the simulated clouds: signature age, rate windows, creation times.
pub trait Clock: Send + Sync + 'static {
    /// The current instant.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until somebody moves it; for tests.
#[derive(Debug)]
pub struct ManualClock {
    unix_ms: AtomicI64,
}

impl ManualClock {
    /// A clock that shows this many seconds since 1970-01-01 UTC.
    pub fn at_unix_seconds(seconds: i64) -> Self {
        Self { unix_ms: AtomicI64::new(seconds.saturating_mul(1000)) }
    }

    /// Moves the clock by so many milliseconds; negative moves it back.
    pub fn advance_ms(&self, ms: i64) {
        self.unix_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        // Out of jiff's range (year 9999) only when a test asks for it: the epoch is as good as anything then.
        Timestamp::from_millisecond(self.unix_ms.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A clock that goes with tokio's time, also where that is paused: a test that sleeps for an hour of virtual time finds
/// the clouds an hour older. To be made and read inside the runtime whose time it is.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    start: Timestamp,
    started: Instant,
}

impl TokioClock {
    /// A clock that shows now so many seconds since 1970-01-01 UTC.
    pub fn starting_at_unix_seconds(seconds: i64) -> Self {
        let start = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { start, started: Instant::now() }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::ZERO);
        self.start.checked_add(passed).unwrap_or(self.start)
    }
}
