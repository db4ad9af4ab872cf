//! Additions that start before the whole plan is known.

use imgshare_plan::{EarlyAdditions, EarlyChange, Outcome, Report, verify_change};
use imgshare_protocol::{Changed, Shares};

use crate::world::World;
use crate::{lines, text};

/// What may be added early to the images of this region, by its listing's order.
pub(crate) fn early(world: &World, cloud: &str, region: &str) -> Vec<EarlyChange> {
    let listings = world.listings(cloud);
    let listings = listings.iter().map(|(region, images)| (region.clone(), images.as_slice())).collect();
    let early = EarlyAdditions::new(&world.survey(), &cloud.into(), &region.into(), &listings);
    let Some(Ok(images)) = world.actual.regions.get(&(cloud.into(), region.into())) else { return vec![] };
    images.iter().filter_map(|actual| early.of(&actual.image.id, &actual.shares)).collect()
}

/// Checks the early changes of acme's region north, one a line; `...` where removals may come.
#[track_caller]
fn check(world: &str, expected: &str) {
    let early = early(&World::parse(&format!("cloud acme acme north,south\n{world}")), "acme", "north");
    let early = early.iter().map(|early| {
        let more = if early.more_to_come { " ..." } else { "" };
        text::change(&early.change) + more + "\n"
    });
    assert_eq!(early.collect::<String>(), lines(expected));
}

#[test]
fn additions_start_when_their_image_is_read_and_removals_wait() {
    check(
        "rule strict at=acme:north exact name=a with=1,2
         rule mild at=acme:north all with=3
         image acme north img-a a has=2,9
         image acme north img-b b has=9
         image acme north img-c c has=3",
        "acme north img-a [strict,mild]: +1 +3 ...
         acme north img-b [mild]: +3",
    );
}

#[test]
fn an_image_that_the_listing_says_nobody_has_needs_no_read() {
    check(
        "rule golden at=acme:north all with=1\n image acme north img-a a unshared",
        "acme north img-a [golden]: +1",
    );
}

#[test]
fn what_could_not_be_read_or_cannot_be_shared_gets_nothing_early() {
    check(
        "rule golden at=acme:north all with=1
         image acme north img-a a failed=no-answer
         image acme north img-b b unread
         image acme north img-c c state=pending
         image acme north img-d d unshareable=encrypted",
        "",
    );
    check("rule golden at=acme:north all with=1\n region acme north failed=no-answer", "");
    check("unsupported acme no\n rule golden at=acme:north all with=1\n image acme north a a", "");
}

#[test]
fn what_the_run_is_not_about_gets_nothing_early() {
    check(
        "only rule=mine
         rule mine at=acme:north name=a with=1
         rule other at=acme:north all with=2
         image acme north img-a a
         image acme north img-b b",
        "acme north img-a [mine]: +1",
    );
    check("only region=south\n rule r at=acme:north,south all with=1\n image acme north a a", "");
}

#[test]
fn additions_wait_for_removals_that_have_to_make_room() {
    let world = "cloud acme acme north,south per-image=2
         rule strict at=acme:north exact all with=1,2
         image acme north img-a a has=8,9
         image acme north img-b b has=9";
    check(world, "");
    check(&world.replace("exact ", ""), "acme north img-b [strict]: +1");
}

#[test]
fn additions_wait_where_one_call_removes_too() {
    let world = "cloud acme acme north,south together
         rule strict at=acme:north exact all with=1
         image acme north img-a a has=9
         image acme north img-b b";
    check(world, "acme north img-b [strict]: +1");
}

#[test]
fn copies_that_are_there_get_theirs_early_too() {
    check(
        "provider acme copies=tag
         rule golden at=acme:north from=south all with=1
         image acme south img-a a
         image acme south img-b b
         image acme north img-x a of=img-a
         image acme north img-y b of=img-b state=pending
         image acme north img-z z",
        "acme north img-x [golden]: +1",
    );
}

#[test]
fn an_image_in_two_parts_is_reported_as_one_change() {
    let world = World::parse(
        "cloud acme acme north per-change=1
         rule strict at=acme:north exact all with=1,2
         image acme north img-a a has=8,9",
    );
    let (plan, early) = (world.plan(), early(&world, "acme", "north").remove(0));
    let rest = plan.changes[0].rest_after(&early);
    assert_eq!(text::calls(&early.change.batches()), "+1\n+2\n");
    assert_eq!(text::calls(&rest.batches()), "-8\n-9\n");
    let mut outcome = Outcome::new(early.change.key());
    let calls = early.change.batches().into_iter().chain(rest.batches());
    calls.for_each(|call| outcome.answered(&call, Ok(Changed::default()), 1));
    let read = Shares { accounts: ["1".into(), "2".into()].into(), ..Shares::default() };
    outcome.verification = verify_change(&plan.changes[0], &imgshare_plan::SharesRead::from(read));
    let report = Report::new(&plan, [outcome], []);
    assert_eq!((report.summary.done, report.summary.additions, report.summary.removals), (1, 2, 2));
    assert_eq!(report.changes[0].attempts, 4);
}
