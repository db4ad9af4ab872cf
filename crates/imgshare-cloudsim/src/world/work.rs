//! What a cloud does with an image in the background.

use jiff::{SignedDuration, Timestamp};

/// Work that takes its time and then gives the image another state.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    begins: Timestamp,
    ends: Timestamp,
    becomes: &'static str,
}

impl Work {
    /// Work that begins now.
    pub(crate) fn new(now: Timestamp, takes_s: u32, becomes: &'static str) -> Self {
        Self { begins: now, ends: after(now, takes_s), becomes }
    }

    /// The state that the image has when the work is done; `None` before.
    pub(crate) fn result(&self, now: Timestamp) -> Option<&'static str> {
        (self.ends <= now).then_some(self.becomes)
    }

    /// How much is done, in percent: linear, and less than 100 before the end.
    pub(crate) fn percent(&self, now: Timestamp) -> u8 {
        let passed = now.duration_since(self.begins).as_millis().max(0);
        let whole = self.ends.duration_since(self.begins).as_millis().max(1);
        u8::try_from(passed * 100 / whole).map_or(100, |percent| percent.min(100))
    }
}

/// The instant so many seconds later; the end of time when it would lie beyond.
pub(crate) fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_linear_and_complete_at_the_end_only() {
        let at = |ms: i64| Timestamp::from_millisecond(ms).expect("within range");
        let work = Work::new(at(0), 10, "done");
        for (ms, percent, result) in
            [(-5, 0, None), (0, 0, None), (4_999, 49, None), (9_999, 99, None), (10_000, 100, Some("done"))]
        {
            assert_eq!((work.percent(at(ms)), work.result(at(ms))), (percent, result), "{ms} ms");
        }
        assert_eq!(Work::new(at(7), 0, "done").result(at(7)), Some("done"));
    }
}
