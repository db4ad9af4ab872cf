//! What every provider promises.

#[test]
fn it_keeps_the_promises_of_a_provider() {
    imgshare_testkit::conformance::run(&imgshare_testkit::library(env!("CARGO_PKG_NAME")));
}
