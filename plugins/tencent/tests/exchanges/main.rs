//! Whole exchanges, as they were recorded over the simulated cloud: a request that becomes another one is seen here as
//! text. With `IMGSHARE_RECORD=1` they are recorded anew.

use std::path::Path;

use imgshare_testkit::exchanges::cases;

#[test]
fn what_is_asked_is_what_was_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchanges");
    cases::run(&imgshare_testkit::library(env!("CARGO_PKG_NAME")), &folder);
}
