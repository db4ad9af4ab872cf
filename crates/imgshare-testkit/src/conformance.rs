//! What every provider promises, shown over its built library through the real loader.
//!
//! One check is one function, named after the promise; it ends in a sentence that tells the author what to do. Checks
//! choose by the description what they ask, so that a provider is only held to what it says it can.
//!
//! Some checks need nothing but a script that gives every request the same answer. Others need a cloud with a memory,
//! that speaks the provider's own wire form: the simulated one of the provider's name, the [tiny
//! one](crate::double::Tiny), or one that the author brings ([`Suite::with_double`]). Where there is none, those checks
//! are skipped, and said to be.

mod accepting;
mod answers;
mod copies;
mod credentials;
mod description;
mod dropping;
mod hosts;
mod listing;
mod made_up;
mod operations;
mod preparing;
mod receiving;
mod records;
mod repetition;
mod secrets;
mod settings;
mod sharing;
mod snapshots;
mod stage;
mod subject;
#[cfg(test)]
mod tests;
mod verdict;
mod wrong_types;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use imgshare_host::{Candidate, Refusal};
use serde_json::Value;

pub(crate) use self::subject::Subject;
use self::verdict::{Lack, Verdict};
use crate::double::Double;

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
    description::what_is_said_of_copies_agrees_with_the_operations,
    description::what_is_said_of_snapshots_and_receivers_agrees_with_the_operations,
    settings::settings_that_the_schema_names_are_taken,
    operations::connecting_takes_credentials_as_they_are,
    operations::connecting_survives_nonsense,
    operations::what_is_not_offered_is_unsupported,
    operations::an_unknown_operation_is_unsupported,
    credentials::credentials_of_the_config_are_found,
    credentials::credentials_of_each_declared_variable_are_found,
    credentials::no_credentials_are_made_of_nonsense,
    hosts::only_declared_hosts_are_contacted,
    hosts::an_endpoint_takes_all_requests,
    hosts::a_region_leads_to_no_other_host,
    answers::too_many_calls_are_rate_limited_with_the_clouds_own_wait,
    answers::a_fault_in_the_cloud_is_unavailable,
    answers::no_answer_is_unavailable,
    answers::a_refusal_is_an_error_that_no_wait_can_mend,
    answers::an_answer_that_is_no_json_is_an_error,
    answers::json_of_another_shape_invents_nothing,
    dropping::an_operation_can_be_dropped_at_every_step,
    repetition::the_same_answers_give_the_same_requests,
    secrets::its_own_texts_hold_no_secret,
    secrets::secrets_that_the_cloud_repeats_are_blotted_out,
    listing::every_image_is_listed_once_and_the_listing_ends,
    listing::pages_hold_no_more_than_their_limit,
    listing::ten_thousand_images_are_listed,
    listing::an_empty_region_has_no_images,
    wrong_types::values_of_other_types_invent_nothing,
    sharing::what_was_changed_is_read_back,
    sharing::batches_around_the_limit_lose_no_account,
    sharing::all_accounts_of_an_image_are_read,
    sharing::what_is_so_already_is_done,
    sharing::nothing_to_do_writes_nothing,
    sharing::a_bad_account_is_named_and_the_good_ones_get_through,
    sharing::a_change_that_was_cut_off_can_be_made_again,
    copies::a_copy_is_one_new_image_in_its_region,
    copies::a_copy_is_recognised_in_its_regions_listing,
    copies::a_copy_whose_answer_was_lost_is_not_made_twice,
    preparing::an_image_is_prepared_only_where_the_change_says_so,
    snapshots::the_listing_names_the_snapshots_of_an_image,
    snapshots::what_was_changed_of_a_snapshot_is_read_back,
    snapshots::batches_lose_no_account_of_a_snapshot,
    snapshots::a_bad_account_of_a_snapshot_is_named_and_the_good_ones_get_through,
    receiving::a_receiver_sees_what_is_shared_with_it_and_nothing_else,
    receiving::many_images_are_received,
    receiving::a_login_of_another_account_receives_nothing_of_this_one,
    accepting::how_far_a_share_is_shows_on_both_sides,
    accepting::accepting_twice_is_accepting_once,
    accepting::what_is_not_shared_cannot_be_accepted,
    accepting::nobody_accepts_for_another,
];

/// How one check went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was checked: `limits_are_possible`.
    pub promise: &'static str,
    /// What is wrong and what to do. `None`: the promise is kept, or could not be checked.
    pub failure: Option<String>,
    /// Why it could not be checked, and what would help. `None`: it was.
    pub skipped: Option<String>,
}

impl Outcome {
    fn of(promise: &'static str, verdict: Verdict) -> Self {
        let (failure, skipped) = match verdict {
            Ok(()) => (None, None),
            Err(Lack::Broken(sentence)) => (Some(sentence), None),
            Err(Lack::Unchecked(sentence)) => (None, Some(sentence)),
        };
        Self { promise, failure, skipped }
    }

    /// The promise was checked, and is kept.
    pub fn is_kept(&self) -> bool {
        self.failure.is_none() && self.skipped.is_none()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let promise = self.promise.replace('_', " ");
        match (&self.failure, &self.skipped) {
            (Some(failure), _) => write!(f, "failed  {promise}\n        {failure}"),
            (None, Some(reason)) => write!(f, "skipped {promise}\n        {reason}"),
            (None, None) => write!(f, "ok      {promise}"),
        }
    }
}

/// The checks, and what an author can give them beside the library.
///
/// ```no_run
/// # fn a_test() {
/// use imgshare_testkit::conformance::Suite;
///
/// Suite::new(&imgshare_testkit::library("acme")).with_settings(serde_json::json!({ "site": "north" })).run();
/// # }
/// ```
pub struct Suite {
    library: PathBuf,
    settings: Value,
    credentials: BTreeMap<String, String>,
    double: Option<Arc<dyn Double>>,
    only: Option<String>,
}

impl Suite {
    /// All checks over this library.
    pub fn new(library: &Path) -> Self {
        let (library, credentials) = (library.to_owned(), BTreeMap::new());
        Self { library, settings: Value::Null, credentials, double: None, only: None }
    }

    /// Connects with these `[clouds.X.settings]` wherever a check has no settings of its own.
    #[must_use]
    pub fn with_settings(self, settings: Value) -> Self {
        Self { settings, ..self }
    }

    /// Puts these texts into credential fields where a made-up one would not do: an address, the form that a login has.
    /// Secret fields stay made up.
    #[must_use]
    pub fn with_credentials(mut self, credentials: &[(&str, &str)]) -> Self {
        let given = credentials.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned()));
        self.credentials.extend(given);
        self
    }

    /// Checks what needs a memory over this cloud.
    #[must_use]
    pub fn with_double(self, double: impl Double + 'static) -> Self {
        Self { double: Some(Arc::new(double)), ..self }
    }

    /// Runs the check of this promise only: `limits_are_possible`.
    #[must_use]
    pub fn only(self, promise: &str) -> Self {
        Self { only: Some(promise.to_owned()), ..self }
    }

    /// Loads the library and runs the checks; from any thread, also one that runs async code.
    ///
    /// # Errors
    ///
    /// When the library is refused, so that nothing could be checked.
    pub fn check(&self) -> Result<Vec<Outcome>, Refusal> {
        let plugin = Candidate::at(&self.library).load()?;
        // A thread of its own, since each check has a runtime of its own, and one cannot be started within another.
        let outcomes = std::thread::scope(|scope| {
            let subject = || {
                let subject = Subject::new(plugin).with(self.settings.clone(), self.double.clone());
                subject.with_credentials(self.credentials.clone())
            };
            scope.spawn(move || outcomes(&subject(), self.checks())).join()
        });
        Ok(outcomes.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    }

    fn checks(&self) -> impl Iterator<Item = &'static Check> {
        CHECKS.iter().filter(|check| self.only.as_ref().is_none_or(|only| only == check.promise))
    }

    /// The same as one test. Gives the checks that were skipped; a provider whose cloud has a double has none.
    ///
    /// # Panics
    ///
    /// When the library is refused or a promise is not kept; with all that are not.
    pub fn run(&self) -> Vec<Outcome> {
        let outcomes = self.check().unwrap_or_else(|refusal| panic!("the library is refused: {refusal}"));
        let all = outcomes.len();
        let (failed, others): (Vec<_>, Vec<_>) =
            outcomes.into_iter().partition(|outcome| outcome.failure.is_some());
        let list: String = failed.iter().map(|outcome| format!("{outcome}\n")).collect();
        assert!(failed.is_empty(), "{} of {all} promises are not kept:\n{list}", failed.len());
        others.into_iter().filter(|outcome| outcome.skipped.is_some()).collect()
    }
}

fn outcomes(subject: &Subject, checks: impl Iterator<Item = &'static Check>) -> Vec<Outcome> {
    checks.map(|check| Outcome::of(check.promise, (check.verdict)(subject))).collect()
}

/// Loads the library and runs every check; from any thread, also one that runs async code.
///
/// # Errors
///
/// When the library is refused, so that nothing could be checked.
pub fn check(library: &Path) -> Result<Vec<Outcome>, Refusal> {
    Suite::new(library).check()
}

/// The same as one test. Gives the checks that were skipped.
///
/// # Panics
///
/// When the library is refused or a promise is not kept; with all that are not.
pub fn run(library: &Path) -> Vec<Outcome> {
    Suite::new(library).run()
}
