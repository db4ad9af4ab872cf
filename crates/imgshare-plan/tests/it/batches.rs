//! How accounts go into calls.

use crate::{lines, text, world::World};

/// Checks the calls of the one change: five accounts come, three go.
#[track_caller]
fn check(limits: &str, expected: &str) {
    let world = format!(
        "cloud acme acme north {limits}
         rule golden at=acme:north exact all with=1,2,3,4,5
         image acme north img-a ubuntu has=7,8,9"
    );
    let plan = World::parse(&world).plan();
    assert_eq!(text::calls(&plan.changes[0].batches()), lines(expected));
}

#[test]
fn without_a_limit_one_call_adds_and_one_removes() {
    check("", "+1 +2 +3 +4 +5\n -7 -8 -9");
}

#[test]
fn calls_stay_within_the_limit_and_additions_come_first() {
    check("per-change=2", "+1 +2\n +3 +4\n +5\n -7 -8\n -9");
}

#[test]
fn calls_do_both_where_the_cloud_can() {
    check("per-change=2 together", "+1 +2 -7 -8\n +3 +4 -9\n +5");
}

#[test]
fn removals_come_first_and_alone_when_they_make_room() {
    check("per-change=2 per-image=5 together", "-7 -8\n -9\n +1 +2\n +3 +4\n +5");
}

#[test]
fn removals_stay_last_when_there_is_room_for_all() {
    check("per-image=8", "+1 +2 +3 +4 +5\n -7 -8 -9");
}

#[test]
fn a_limit_of_nothing_still_sends_one_at_a_time() {
    check("per-change=0", "+1\n +2\n +3\n +4\n +5\n -7\n -8\n -9");
}
