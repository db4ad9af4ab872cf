//! The time that a simulated cloud believes in.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

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
