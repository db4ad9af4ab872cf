//! Rules that share the snapshots of their images.

use imgshare_plan::{SharesRead, Verification, verify_change};
use imgshare_protocol::{Shares, SnapshotChange, SnapshotRef};

use crate::world::World;
use crate::{check, lines, text};

#[test]
fn a_rule_shares_snapshots_only_when_it_says_so() {
    let world = "cloud acme acme north
         rule golden at=acme:north snapshots all with=1,2
         image acme north img-a a has=1,2 snaps=s1,s2
         snapshot acme north s1 has=1
         snapshot acme north s2 has=1,2";
    check(world, "acme north img-a/s1 [golden]: +2\n right 1");
    check(&world.replace("snapshots ", ""), "right 1");
}

#[test]
fn an_image_and_its_snapshots_are_changes_of_their_own() {
    check(
        "cloud acme acme north
         rule golden at=acme:north snapshots all with=1
         image acme north img-b a snaps=s2
         image acme north img-a b snaps=s1
         snapshot acme north s1
         snapshot acme north s2",
        "acme north img-b [golden]: +1
         acme north img-a [golden]: +1
         acme north img-a/s1 [golden]: +1
         acme north img-b/s2 [golden]: +1",
    );
}

#[test]
fn a_snapshot_of_several_images_gets_what_all_its_rules_want() {
    check(
        "cloud acme acme north
         rule one at=acme:north snapshots ids=img-a with=1
         rule two at=acme:north snapshots exact ids=img-b with=2
         rule three at=acme:north ids=img-b with=3
         image acme north img-a a has=1 snaps=s
         image acme north img-b b has=2,3 snaps=s
         snapshot acme north s has=9",
        "acme north img-a/s [one,two]: +1 +2 -9\n right 2",
    );
}

#[test]
fn from_snapshots_only_an_exact_rule_with_snapshots_removes() {
    let world = "cloud acme acme north
         rule strict at=acme:north exact all with=1
         rule mild at=acme:north snapshots all with=2
         image acme north img-a a has=1,2 snaps=s
         snapshot acme north s has=1,2,9";
    check(world, "foreign acme north img-a/s 1,9\n right 1");
    check(&world.replace("exact", "exact snapshots"), "acme north img-a/s [strict,mild]: -9\n right 1");
}

#[test]
fn grants_of_other_kinds_on_snapshots_are_told_and_stay() {
    check(
        "cloud acme acme north
         rule strict at=acme:north exact snapshots all with=1
         image acme north img-a a has=1 snaps=s
         snapshot acme north s has=1 grant=everybody",
        "foreign acme north img-a/s - everybody\n right 1",
    );
}

#[test]
fn a_snapshot_whose_shares_could_not_be_read_is_never_changed() {
    check(
        "cloud acme acme north
         rule strict at=acme:north exact snapshots all with=1
         image acme north img-a a snaps=s1,s2
         snapshot acme north s1 failed=no-answer",
        "acme north img-a [strict]: +1
         unreadable acme north img-a/s1 [strict]: no-answer
         unreadable acme north img-a/s2 [strict]: the snapshot's shares were not read",
    );
}

#[test]
fn an_image_that_cannot_be_shared_gives_nothing_of_its_snapshots_and_takes_nothing() {
    check(
        "cloud acme acme north
         rule strict at=acme:north exact snapshots ids=img-a with=1
         rule other at=acme:north exact snapshots ids=img-b with=2
         image acme north img-a a state=pending snaps=s1,s2
         image acme north img-b b has=2 snaps=s2
         snapshot acme north s1 has=9
         snapshot acme north s2 has=1,9",
        "acme north img-b/s2 [other]: +2 -9
         blocked image_state acme north img-a [strict] 1: image is not available yet
         right 1",
    );
}

#[test]
fn what_a_rule_outside_of_the_run_wants_of_a_snapshot_stays() {
    check(
        "cloud acme acme north
         only rule=strict
         rule strict at=acme:north exact snapshots ids=img-a with=1
         rule other at=acme:north snapshots ids=img-b with=2
         image acme north img-a a has=1 snaps=s
         image acme north img-b b snaps=s,s2
         snapshot acme north s has=1,2,9
         snapshot acme north s2 has=9",
        "acme north img-a/s [strict]: -9\n right 1",
    );
}

#[test]
fn shares_that_are_removed_from_snapshots_count_for_the_fence() {
    let world = "cloud acme acme north
         fence 2
         rule strict at=acme:north exact snapshots all with=1
         image acme north img-a a has=8 snaps=s
         snapshot acme north s has=8,9";
    let reason = "the run would remove 3 shares, at most 2 may be removed";
    check(
        world,
        &format!(
            "acme north img-a [strict]: +1
             acme north img-a/s [strict]: +1
             blocked max_removals acme north img-a [strict] 8: {reason}
             blocked max_removals acme north img-a/s [strict] 8,9: {reason}"
        ),
    );
    let plan = World::parse(&world.replace("fence 2", "fence 3")).plan();
    let summary = plan.summary;
    assert_eq!((summary.changes, summary.snapshots, summary.additions, summary.removals), (1, 1, 2, 3));
}

#[test]
fn the_calls_about_a_snapshot_keep_to_the_limits_of_snapshots() {
    let world = "cloud acme acme north per-change=1 per-image=1
         provider acme copies=no snapshots-per-change=2 snapshots-together
         rule strict at=acme:north exact snapshots all with=1,2,3
         image acme north img-a a has=1,2,3 snaps=s
         snapshot acme north s has=7,8,9";
    let plan = World::parse(world).plan();
    let change = plan.changes.iter().find(|change| change.snapshot.is_some()).expect("one of the snapshot");
    let batches = change.batches();
    assert_eq!(text::calls(&batches), lines("+1 +2 -7 -8\n +3 -9"));
    let call = change.snapshot_change(&batches[1]).expect("it is about a snapshot");
    let snapshot = SnapshotRef { region: "north".into(), id: "s".into() };
    assert_eq!(call, SnapshotChange { snapshot, add: vec!["3".into()], remove: vec!["9".into()] });
}

#[test]
fn a_snapshots_change_is_verified_by_reading_the_snapshot_again() {
    let world = "cloud acme acme north
         rule golden at=acme:north snapshots all with=1
         image acme north img-a a has=1 snaps=s
         snapshot acme north s";
    let plan = World::parse(world).plan();
    let verified = verify_change(&plan.changes[0], &SharesRead::from(Shares::none()));
    assert!(matches!(verified, Verification::ReadBack(short) if short.has(&"1".into())));
}

#[test]
fn shares_are_read_of_the_snapshots_that_a_rule_of_the_scope_shares() {
    let world = World::parse(
        "cloud acme acme north
         only rule=golden
         rule golden at=acme:north snapshots ids=img-a,img-b,img-c with=1
         rule other at=acme:north snapshots ids=img-d with=1
         rule plain at=acme:north ids=img-e with=1
         image acme north img-a a snaps=s1,s2
         image acme north img-b b unshared snaps=s3
         image acme north img-c c state=pending snaps=s4
         image acme north img-d d snaps=s2,s5
         image acme north img-e e snaps=s6",
    );
    assert_eq!(world.needs_snapshots("acme", "north"), ["s1", "s2", "s3"].map(Into::into).into());
}

#[test]
fn a_copy_is_shared_with_its_snapshots() {
    let world = "cloud acme acme north,south
         provider acme copies=tag snapshots-per-change=1
         rule golden at=acme:south from=north snapshots all with=1,2
         rule plain at=acme:south from=north all with=3
         image acme north img-a g snaps=s
         region acme south";
    check(world, "copy acme north img-a to south as g [golden,plain]: +1 +2 +3 snapshots +1 +2");
    let copy = &World::parse(world).plan().copies[0];
    let listed = World::parse("cloud acme acme south\n image acme south x g of=img-a snaps=t1,t2");
    let snapshots = copy.snapshots_of(&"x".into(), &listed.images("acme", "south"));
    assert_eq!(snapshots, ["t1", "t2"].map(Into::into));
    let read = SharesRead::from(Shares { accounts: ["1".into()].into(), ..Shares::default() });
    let share = |read| copy.share_snapshot(&"x".into(), &"t1".into(), read);
    let change = share(&read).expect("it was read").expect("one account is missing");
    assert_eq!(text::change(&change), "acme south x/t1 [golden,plain]: +2");
    assert!(share(&SharesRead::NotRead).is_err(), "what was not read is not taken for unshared");
    let all = SharesRead::from(Shares { accounts: ["1".into(), "2".into()].into(), ..Shares::default() });
    assert_eq!(share(&all), Ok(None));
}

#[test]
fn a_copy_without_such_a_rule_has_no_snapshots_to_share() {
    let world = "cloud acme acme north,south
         provider acme copies=tag
         rule golden at=acme:south from=north all with=1
         image acme north img-a g snaps=s
         region acme south";
    check(world, "copy acme north img-a to south as g [golden]: +1");
    let copy = &World::parse(world).plan().copies[0];
    let listed = World::parse("cloud acme acme south\n image acme south x g of=img-a snaps=t1");
    assert!(copy.snapshots_of(&"x".into(), &listed.images("acme", "south")).is_empty());
}

#[test]
fn a_copy_that_is_there_has_its_snapshots_compared_like_any_image() {
    check(
        "cloud acme acme north,south
         provider acme copies=tag
         rule golden at=acme:south from=north exact snapshots all with=1
         image acme north img-a g snaps=s
         image acme south img-x g of=img-a has=1 snaps=t
         snapshot acme south t has=9",
        "acme south img-x/t [golden]: +1 -9\n right 1",
    );
}
