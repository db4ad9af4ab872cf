//! Which promises a provider keeps.

use std::path::{Path, PathBuf};

use imgshare_testkit::conformance::Outcome;
use serde::Serialize;

use super::FORMAT;

/// What `providers test` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Conformance {
    format: u32,
    /// Whether no promise is broken.
    pub(crate) ok: bool,
    /// The library, as it was named.
    file: PathBuf,
    pub(crate) promises: Vec<Promise>,
    pub(crate) counts: Counts,
}

/// One promise.
#[derive(Debug, Serialize)]
pub(crate) struct Promise {
    /// Its name: `limits_are_possible`.
    pub(crate) name: &'static str,
    pub(crate) state: State,
    /// What is broken and what to do, or why it was skipped: one sentence.
    pub(crate) reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    Kept,
    Failed,
    /// It could not be checked.
    Skipped,
}

/// How many promises are in each state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) kept: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Conformance {
    pub(crate) fn of(file: &Path, outcomes: Vec<Outcome>) -> Self {
        let promises: Vec<_> = outcomes.into_iter().map(Promise::of).collect();
        let count = |state| promises.iter().filter(|promise| promise.state == state).count();
        let counts =
            Counts { kept: count(State::Kept), failed: count(State::Failed), skipped: count(State::Skipped) };
        Self { format: FORMAT, ok: counts.failed == 0, file: file.to_owned(), promises, counts }
    }
}

impl Promise {
    fn of(outcome: Outcome) -> Self {
        let (state, reason) = match (outcome.failure, outcome.skipped) {
            (Some(failure), _) => (State::Failed, Some(failure)),
            (None, Some(reason)) => (State::Skipped, Some(reason)),
            (None, None) => (State::Kept, None),
        };
        Self { name: outcome.promise, state, reason }
    }
}
