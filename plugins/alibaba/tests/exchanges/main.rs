//! Whole exchanges, as they were recorded over the simulated cloud: a request that becomes another one is seen here as
//! text. With `IMGSHARE_RECORD=1` they are recorded anew.

use std::path::{Path, PathBuf};

use imgshare_testkit::exchanges::cases;

fn library() -> PathBuf {
    imgshare_testkit::library(env!("CARGO_PKG_NAME"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchanges")
}

#[test]
fn images_are_listed() {
    cases::images_are_listed(&library(), &folder());
}

#[test]
fn accounts_are_added_removed_and_read_back() {
    cases::accounts_are_added_removed_and_read_back(&library(), &folder());
}

#[test]
fn a_bad_account_is_named_and_the_good_ones_get_through() {
    cases::a_bad_account_is_named_and_the_good_ones_get_through(&library(), &folder());
}
