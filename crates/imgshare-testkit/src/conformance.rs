//! What every provider promises, shown over its built library through the real loader.
//!
//! One check is one function, named after the promise; it ends in a sentence that tells the author what to do. Checks
//! choose by the description what they ask, so that a provider is only held to what it says it can.

mod description;
mod operations;
mod subject;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use imgshare_host::{Candidate, Refusal};

use self::subject::Subject;

/// Whether a promise is kept; if not, what the author should do.
type Verdict = Result<(), String>;

struct Check {
    promise: &'static str,
    verdict: fn(&Subject) -> Verdict,
}

/// Names each check after its function.
macro_rules! checks {
    ($($module:ident::$check:ident),* $(,)?) => {
        &[$(Check { promise: stringify!($check), verdict: $module::$check }),*]
    };
}

const CHECKS: &[Check] = checks![
    description::name_and_version_are_those_of_the_passport,
    description::it_says_what_its_cloud_is_called,
    description::operations_are_known_and_named_once,
    description::settings_are_an_object_schema_or_none,
    description::the_account_pattern_fits_its_own_example,
    description::limits_are_possible,
    description::quotas_are_possible,
    description::hosts_are_declared,
    description::credential_fields_are_told_apart,
    operations::connecting_takes_credentials_as_they_are,
    operations::connecting_survives_nonsense,
    operations::an_unknown_operation_is_unsupported,
    operations::an_operation_can_be_dropped_at_its_first_step,
];

/// How one check went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was checked: `limits_are_possible`.
    pub promise: &'static str,
    /// What is wrong and what to do. `None`: the promise is kept.
    pub failure: Option<String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let promise = self.promise.replace('_', " ");
        match &self.failure {
            None => write!(f, "ok      {promise}"),
            Some(failure) => write!(f, "failed  {promise}\n        {failure}"),
        }
    }
}

/// Loads the library and runs every check.
///
/// # Errors
///
/// When the library is refused, so that nothing could be checked.
pub fn check(library: &Path) -> Result<Vec<Outcome>, Refusal> {
    let candidate = Candidate::at(library);
    let subject = Subject::new(candidate.load()?);
    Ok(CHECKS
        .iter()
        .map(|check| Outcome { promise: check.promise, failure: (check.verdict)(&subject).err() })
        .collect())
}

/// The same as one test.
///
/// # Panics
///
/// When the library is refused or a promise is not kept; with all that are not.
pub fn run(library: &Path) {
    let outcomes = check(library).unwrap_or_else(|refusal| panic!("the library is refused: {refusal}"));
    let failed: Vec<_> = outcomes.iter().filter(|outcome| outcome.failure.is_some()).collect();
    let list: String = failed.iter().map(|outcome| format!("{outcome}\n")).collect();
    assert!(failed.is_empty(), "{} of {} promises are not kept:\n{list}", failed.len(), outcomes.len());
}
