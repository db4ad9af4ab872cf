//! What the suite finds: a provider that breaks one promise fails in the check of that promise.

use std::collections::BTreeSet;

use imgshare_testkit::conformance::Suite;
use imgshare_testkit::library;
use serde_json::json;

/// A fault of the fixture, and the promise that is then not kept.
const FAULTS: &[(&str, &str)] = &[
    ("refuses a mood of its own", "settings_that_the_schema_names_are_taken"),
    ("judges keys itself", "connecting_takes_credentials_as_they_are"),
    ("panics at an odd endpoint", "connecting_survives_nonsense"),
    ("asks the network when it may not", "credentials_of_the_config_are_found"),
    ("reads another variable", "credentials_of_each_declared_variable_are_found"),
    ("takes nonsense for a key", "no_credentials_are_made_of_nonsense"),
    ("puts the region into the host", "only_declared_hosts_are_contacted"),
    ("ignores the endpoint", "an_endpoint_takes_all_requests"),
    ("trusts regions", "a_region_leads_to_no_other_host"),
    ("takes 429 for unexpected", "too_many_calls_are_rate_limited_with_the_clouds_own_wait"),
    ("forgets the wait", "too_many_calls_are_rate_limited_with_the_clouds_own_wait"),
    ("takes 503 for malformed", "a_fault_in_the_cloud_is_unavailable"),
    ("takes a failed listing for an empty one", "no_answer_is_unavailable"),
    ("tries refusals again", "a_refusal_is_an_error_that_no_wait_can_mend"),
    ("panics at a refusal", "a_refusal_is_an_error_that_no_wait_can_mend"),
    ("takes any status for good", "a_refusal_is_an_error_that_no_wait_can_mend"),
    ("takes nonsense for an empty listing", "an_answer_that_is_no_json_is_an_error"),
    ("makes images of nonsense", "json_of_another_shape_invents_nothing"),
    ("makes images without an id", "values_of_other_types_invent_nothing"),
    ("panics when it is busy", "an_operation_can_be_dropped_at_every_step"),
    ("counts its calls", "the_same_answers_give_the_same_requests"),
    ("logs its key", "its_own_texts_hold_no_secret"),
    ("stops after the first page", "every_image_is_listed_once_and_the_listing_ends"),
    ("names a page twice", "every_image_is_listed_once_and_the_listing_ends"),
    ("never stops", "every_image_is_listed_once_and_the_listing_ends"),
    ("stops after fifty pages", "ten_thousand_images_are_listed"),
    ("has pages of its own size", "pages_hold_no_more_than_their_limit"),
    ("lists another region", "an_empty_region_has_no_images"),
    ("gives nobody anything", "what_was_changed_is_read_back"),
    ("drops the last of ten", "batches_around_the_limit_lose_no_account"),
    ("reads ten accounts", "all_accounts_of_an_image_are_read"),
    ("says that nothing is shared", "all_accounts_of_an_image_are_read"),
    ("fails for what is so already", "what_is_so_already_is_done"),
    ("writes while it reads", "nothing_to_do_writes_nothing"),
    ("lets one spoil all", "a_bad_account_is_named_and_the_good_ones_get_through"),
    ("does not name the bad one", "a_bad_account_is_named_and_the_good_ones_get_through"),
    ("takes the bad one for unknown", "a_bad_account_is_named_and_the_good_ones_get_through"),
    ("removes all first", "a_change_that_was_cut_off_can_be_made_again"),
    ("copies twice", "a_copy_is_one_new_image_in_its_region"),
    ("forgets what copies are of", "a_copy_is_recognised_in_its_regions_listing"),
    ("copies again whatever became of it", "a_copy_whose_answer_was_lost_is_not_made_twice"),
    ("keeps the token to itself", "a_copy_whose_answer_was_lost_is_not_made_twice"),
    ("prepares without a word", "an_image_is_prepared_only_where_the_change_says_so"),
    ("prepares whatever is said", "an_image_is_prepared_only_where_the_change_says_so"),
    ("keeps its snapshots to itself", "the_listing_names_the_snapshots_of_an_image"),
    ("takes a snapshot for its image", "what_was_changed_of_a_snapshot_is_read_back"),
    ("drops the last of a snapshot's ten", "batches_lose_no_account_of_a_snapshot"),
    ("lets one spoil a snapshot", "a_bad_account_of_a_snapshot_is_named_and_the_good_ones_get_through"),
    ("receives whatever there is", "a_receiver_sees_what_is_shared_with_it_and_nothing_else"),
    ("fails for what it does not see", "a_receiver_sees_what_is_shared_with_it_and_nothing_else"),
    ("receives a hundred images", "many_images_are_received"),
    ("takes its own images for received", "a_login_of_another_account_receives_nothing_of_this_one"),
    ("says nothing of acceptance", "how_far_a_share_is_shows_on_both_sides"),
    ("accepts only once", "accepting_twice_is_accepting_once"),
    ("accepts what is not there", "what_is_not_shared_cannot_be_accepted"),
    ("accepts for anybody", "nobody_accepts_for_another"),
];

/// What the fixture cannot break, being built with the SDK and having one description, and what the unit tests of the
/// suite break by hand.
const OF_SDK_AND_HOST: [&str; 3] = [
    "an_unknown_operation_is_unsupported",
    "secrets_that_the_cloud_repeats_are_blotted_out",
    "what_is_not_offered_is_unsupported",
];

/// Promises about the description, which the suite's own tests break one by one.
const OF_THE_DESCRIPTION: usize = 11;

fn suite(fault: &str) -> Suite {
    Suite::new(&library("faulty")).with_settings(json!({ "fault": fault }))
}

#[test]
fn each_fault_is_found_by_the_check_of_its_promise() {
    for (fault, promise) in FAULTS {
        let outcomes = suite(fault).only(promise).check().expect("the library is loaded");
        let [outcome] = outcomes.as_slice() else { panic!("{promise} is no check") };
        assert!(outcome.failure.is_some(), "{fault}: {outcome}");
    }
}

#[test]
fn without_a_fault_every_promise_is_checked_and_kept() {
    for outcome in suite("").check().expect("the library is loaded") {
        assert!(outcome.is_kept(), "{outcome}");
    }
}

#[test]
fn every_check_is_shown_to_fail() {
    let promises = suite("").check().expect("the library is loaded");
    let shown: BTreeSet<&str> = FAULTS.iter().map(|(_, promise)| *promise).chain(OF_SDK_AND_HOST).collect();
    let others = promises.iter().skip(OF_THE_DESCRIPTION).map(|outcome| outcome.promise);
    assert_eq!(others.filter(|promise| !shown.contains(promise)).collect::<Vec<_>>(), [""; 0]);
}

#[tokio::test]
async fn the_suite_can_be_run_from_async_code() {
    let outcomes = suite("").only("no_answer_is_unavailable").check().expect("the library is loaded");
    assert!(outcomes[0].is_kept(), "{}", outcomes[0]);
}

#[test]
fn what_cannot_be_checked_is_skipped_and_never_called_ok() {
    let outcomes = Suite::new(&library("puppet")).only("ten_thousand_images_are_listed").check();
    let outcome = outcomes.expect("the library is loaded").remove(0);
    assert!(!outcome.is_kept() && outcome.failure.is_none(), "{outcome}");
    assert!(outcome.to_string().starts_with("skipped ten thousand images are listed"), "{outcome}");
}
