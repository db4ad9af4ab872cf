//! The fence around removals.

use crate::check;
use crate::world::World;

const THREE_REMOVALS: &str = "cloud acme acme north
    rule strict at=acme:north exact all with=1
    image acme north img-a a has=7,8
    image acme north img-b b has=9";

#[test]
fn as_many_removals_as_allowed_are_made() {
    check(
        &format!("fence 3\n{THREE_REMOVALS}"),
        "acme north img-a [strict]: +1 -7 -8
         acme north img-b [strict]: +1 -9",
    );
}

#[test]
fn one_removal_too_many_blocks_all_of_them_and_the_additions_stay() {
    check(
        &format!("fence 2\n{THREE_REMOVALS}"),
        "acme north img-a [strict]: +1
         acme north img-b [strict]: +1
         blocked max_removals acme north img-a [strict] 7,8: the run would remove 3 shares, at most 2 may be removed
         blocked max_removals acme north img-b [strict] 9: the run would remove 3 shares, at most 2 may be removed",
    );
}

#[test]
fn the_hint_says_how_to_let_them_through() {
    let plan = World::parse(&format!("fence 0\n{THREE_REMOVALS}")).plan();
    let hint = plan.blocked[0].hint.as_deref();
    assert_eq!(hint, Some("raise [fence] max_removals or pass --max-removals 3"));
}

#[test]
fn the_bound_of_the_run_goes_before_the_fence() {
    let allowed = World::parse(&format!("fence 0\nbound 3\n{THREE_REMOVALS}")).plan();
    assert_eq!((allowed.summary.removals, allowed.blocked.len()), (3, 0));
    let refused = World::parse(&format!("fence 9\nbound 2\n{THREE_REMOVALS}")).plan();
    assert_eq!((refused.summary.removals, refused.blocked.len()), (0, 2));
}

#[test]
fn additions_that_need_the_room_of_blocked_removals_are_blocked_too() {
    check(
        "cloud acme acme north per-image=2
         fence 0
         rule strict at=acme:north exact all with=1
         image acme north img-a a has=8,9",
        "blocked accounts_per_image acme north img-a [strict] 1: the image would have 3 accounts, the cloud allows 2
         blocked max_removals acme north img-a [strict] 8,9: the run would remove 2 shares, at most 0 may be removed",
    );
}
