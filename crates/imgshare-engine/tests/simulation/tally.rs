//! Counts what really struck, so that a generator that never strikes is noticed.

use std::collections::BTreeMap;
use std::fmt;

/// How often each kind of trouble struck.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(BTreeMap<String, u64>);

/// All that must strike in a run of the usual length.
pub(crate) const KINDS_OF_TROUBLE: &[&str] = &[
    "throttle",
    "internal_error",
    "refuse",
    "status",
    "reset_before",
    "reset_after",
    "internal_error_after",
    "status_after",
    "stale",
    "token expired",
    "cut_body",
    "garbage_body",
    "huge_body",
    "slow",
    "too fast",
    "clock skewed",
    "no connection",
    "killed before sending",
    "killed on the way",
    "killed when answered",
    "stopped",
    "two at once",
    "image deleted",
    "image changed",
    "share added",
    "share removed",
];

impl Tally {
    pub(crate) fn count(&mut self, word: &str) {
        self.add(word, 1);
    }

    pub(crate) fn add(&mut self, word: &str, times: u64) {
        *self.0.entry(word.to_owned()).or_default() += times;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(word, times)| self.add(word, *times));
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.get(word).is_some_and(|times| *times > 0)
    }

    /// The kinds that never struck.
    pub(crate) fn absent(&self) -> Vec<&'static str> {
        KINDS_OF_TROUBLE.iter().copied().filter(|word| !self.has(word)).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|(word, times)| format!("{word} {times}")).collect();
        f.write_str(&words.join(", "))
    }
}
