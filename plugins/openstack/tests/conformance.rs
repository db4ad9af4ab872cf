//! What every provider promises, in front of a Keystone and a Glance with a memory.

mod double;

use imgshare_testkit::conformance::Suite;

#[test]
fn keeps_every_promise_of_a_provider() {
    let skipped = Suite::new(&imgshare_testkit::library("openstack"))
        .with_credentials(&double::OWNER)
        .with_double(double::OpenstackDouble)
        .run();
    assert_eq!(skipped, []);
}
