//! What is changed about an image before it is shared, and what receivers need besides.

use crate::early::early;
use crate::world::World;
use crate::{check, lines, text};

#[test]
fn a_change_that_adds_says_what_it_prepares_and_what_receivers_need() {
    check(
        "cloud acme acme north
         rule golden at=acme:north all with=1
         image acme north img-a a prepare=visibility needs=key
         image acme north img-b b has=1 prepare=visibility needs=key",
        "acme north img-a [golden]: +1 prepare visibility needs key\n right 1",
    );
}

#[test]
fn what_only_removes_prepares_nothing() {
    check(
        "cloud acme acme north
         rule strict at=acme:north exact all with=1
         image acme north img-a a has=1,9 prepare=visibility needs=key",
        "acme north img-a [strict]: -9",
    );
    let full = "cloud acme acme north per-image=1
         rule strict at=acme:north exact all with=1
         rule mild at=acme:north all with=8,9
         image acme north img-a a has=8,9,7 prepare=visibility";
    let reason = "the image would have 3 accounts, the cloud allows 1";
    check(
        full,
        &format!(
            "acme north img-a [strict,mild]: -7\n blocked accounts_per_image acme north img-a [strict,mild] 1: {reason}"
        ),
    );
}

#[test]
fn only_calls_that_add_prepare() {
    let world = "cloud acme acme north per-change=1
         rule strict at=acme:north exact all with=1,2
         image acme north img-a a has=9 prepare=visibility";
    let calls = |world: &str| text::calls(&World::parse(world).plan().changes[0].batches());
    assert_eq!(calls(world), lines("+1 prepare\n +2 prepare\n -9"));
    let together = world.replace("per-change=1", "per-change=1 together");
    assert_eq!(calls(&together), lines("+1 -9 prepare\n +2 prepare"));
    assert_eq!(calls(&world.replace("prepare=visibility", "")), lines("+1\n +2\n -9"));
}

#[test]
fn snapshots_have_nothing_to_prepare() {
    check(
        "cloud acme acme north
         rule golden at=acme:north snapshots all with=1
         image acme north img-a a has=1 snaps=s prepare=visibility needs=key
         snapshot acme north s",
        "acme north img-a/s [golden]: +1\n right 1",
    );
}

#[test]
fn an_early_change_says_what_the_plan_says() {
    let world = World::parse(
        "cloud acme acme north
         rule strict at=acme:north exact all with=1
         image acme north img-a a has=9 prepare=visibility needs=key",
    );
    let (plan, early) = (world.plan(), early(&world, "acme", "north").remove(0));
    assert_eq!(text::change(&early.change), "acme north img-a [strict]: +1 prepare visibility needs key");
    let rest = plan.changes[0].rest_after(&early);
    assert_eq!(text::change(&rest), "acme north img-a [strict]: -9");
}

#[test]
fn a_plan_that_prepares_does_something_else_than_one_that_does_not() {
    let world = "cloud acme acme north
         rule golden at=acme:north all with=1
         image acme north img-a a prepare=visibility needs=key";
    let fingerprint = |world: &str| World::parse(world).plan().fingerprint();
    assert_ne!(fingerprint(world), fingerprint(&world.replace("prepare=visibility", "")));
    assert_eq!(fingerprint(world), fingerprint(&world.replace("needs=key", "")), "a note does nothing");
}
