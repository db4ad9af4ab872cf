//! What every provider promises.

mod double;

use imgshare_testkit::conformance::Suite;

#[test]
fn keeps_every_promise_of_a_provider() {
    let library = imgshare_testkit::library(env!("CARGO_PKG_NAME"));
    assert_eq!(Suite::new(&library).with_double(double::Ec2).run(), []);
}
