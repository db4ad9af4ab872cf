//! What every provider promises.

#[test]
fn keeps_every_promise_of_a_provider() {
    let skipped = imgshare_testkit::conformance::run(&imgshare_testkit::library("alibaba"));
    assert_eq!(skipped, []);
}
