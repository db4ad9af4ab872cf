//! Rules that copy: what is made, awaited and blocked.

use crate::check as check_world;
use crate::world::World;

const ACME: &str = "cloud acme acme north,south,east\n";
const BY_TAG: &str = "provider acme copies=tag\n";
const BY_NAME: &str = "provider acme copies=name\n";

#[track_caller]
fn check(how: &str, world: &str, expected: &str) {
    check_world(&format!("{ACME}{how}{world}"), expected);
}

#[test]
fn a_missing_copy_is_made_and_shared_as_its_rules_say() {
    let world = "rule golden at=acme:south,east from=north name=g* with=1,2
         image acme north img-a g1
         image acme north img-b other
         region acme south
         image acme east img-x g1 of=img-a has=2";
    check(
        BY_TAG,
        world,
        "acme east img-x [golden]: +1
         copy acme north img-a to south as g1 [golden]: +1 +2",
    );
}

#[test]
fn in_the_region_that_it_copies_from_the_rule_is_one_like_any_other() {
    check(
        BY_TAG,
        "rule golden at=acme:north,south from=north exact all with=1
         image acme north img-a g has=9
         region acme south",
        "acme north img-a [golden]: +1 -9
         copy acme north img-a to south as g [golden]: +1",
    );
    check(
        BY_TAG,
        "rule r at=acme:south from=north all with=1\n image acme north a g has=9\n region acme south",
        "copy acme north a to south as g [r]: +1",
    );
}

#[test]
fn a_copy_that_is_there_is_selected_like_any_image() {
    for (how, copy) in
        [(BY_TAG, "other-name of=img-a"), (BY_NAME, "g"), ("provider acme copies=source\n", "x of=img-a")]
    {
        check(
            how,
            &format!(
                "rule golden at=acme:south from=north exact all with=1
                 image acme north img-a g
                 image acme south img-x {copy} has=8
                 image acme south img-y unrelated has=9"
            ),
            "acme south img-x [golden]: +1 -8",
        );
    }
}

#[test]
fn a_copy_that_is_on_its_way_is_awaited_and_blocks_nobody() {
    check(
        BY_TAG,
        "rule golden at=acme:south from=north all with=1
         rule all-south at=acme:south all with=2
         image acme north img-a g
         image acme south img-x g of=img-a state=pending:COPYING",
        "copy acme north img-a to south as g begun img-x [golden,all-south]: +1 +2",
    );
}

#[test]
fn a_copy_gets_what_all_rules_of_its_region_will_give_it() {
    check(
        BY_TAG,
        "rule golden at=acme:south from=north name=g with=1
         rule mirror at=acme:south from=north all with=2
         rule here at=acme:south name=g with=3
         rule newest at=acme:south newest=1 with=4
         rule not-this at=acme:south name=x with=5
         image acme north img-a g
         image acme south img-x x t=1 has=4,5",
        "copy acme north img-a to south as g [golden,mirror,here,newest]: +1 +2 +3 +4
         right 1",
    );
}

#[test]
fn rules_outside_of_the_scope_copy_nothing_and_keep_what_they_want() {
    check(
        BY_TAG,
        "only rule=strict
         rule strict at=acme:south exact all with=1
         rule golden at=acme:south from=north name=g with=2
         image acme north img-a g
         image acme south img-x g of=img-a has=1,2,9
         image acme south img-y y has=1,2",
        "acme south img-x [strict]: -9
         acme south img-y [strict]: -2",
    );
    check(
        BY_TAG,
        "only rule=strict
         rule strict at=acme:south exact all with=1
         rule golden at=acme:south from=north name=g with=2
         image acme south img-x g of=img-a has=1,2,9
         image acme south img-y y has=1,2",
        "acme south img-x [strict]: -9
         right 1",
    );
}

#[test]
fn a_copy_into_a_region_outside_of_the_scope_is_not_made() {
    check(
        BY_TAG,
        "only region=south
         rule golden at=acme:north,south,east from=north all with=1
         image acme north img-a g
         region acme south
         region acme east",
        "copy acme north img-a to south as g [golden]: +1",
    );
}

#[test]
fn without_the_sources_listing_nothing_is_copied_and_what_the_rule_may_want_is_kept() {
    check(
        BY_TAG,
        "rule golden at=acme:south,east from=north exact all with=1
         rule strict at=acme:south exact all with=2
         region acme north failed=no-answer
         image acme south img-x g of=img-a has=1,2,9
         region acme east",
        "acme south img-x [strict]: -9
         unreadable acme north - [golden]: no-answer",
    );
}

#[test]
fn into_a_region_that_could_not_be_listed_nothing_is_copied() {
    check(
        BY_TAG,
        "rule golden at=acme:south,east from=north all with=1
         image acme north img-a g
         region acme south failed=no-answer
         region acme east",
        "copy acme north img-a to east as g [golden]: +1
         unreadable acme south - [golden]: no-answer",
    );
}

#[test]
fn an_image_that_is_not_ready_is_not_copied_and_that_is_said_once() {
    let world = "rule golden at=acme:south,east from=north all with=1
         image acme north img-a g state=pending:CREATING
         region acme south
         region acme east";
    check(
        BY_TAG,
        world,
        "blocked image_state acme north img-a [golden] 1: image is not available yet (CREATING)",
    );
    check(
        BY_TAG,
        &world.replace("acme:south", "acme:north,south"),
        "blocked image_state acme north img-a [golden] 1: image is not available yet (CREATING)",
    );
}

#[test]
fn a_copy_outlives_what_becomes_of_its_source() {
    check(
        BY_TAG,
        "rule golden at=acme:south from=north all with=1
         image acme north img-a g state=unavailable
         image acme south img-x g of=img-a",
        "acme south img-x [golden]: +1",
    );
}

#[test]
fn a_provider_that_cannot_copy_says_so_once_for_each_rule() {
    let world = "rule golden at=acme:south,east from=north all with=1
         image acme north img-a g
         image acme north img-b h
         region acme south
         image acme east img-x g";
    check(
        "provider acme copies=no why=zones-are-apart\n",
        world,
        "acme east img-x [golden]: +1
         blocked copy_unsupported acme - - [golden] 1: zones-are-apart",
    );
    check(
        "provider acme copies=no\n",
        world,
        "acme east img-x [golden]: +1
         blocked copy_unsupported acme - - [golden] 1: the provider cannot copy images into other regions",
    );
}

#[test]
fn which_of_several_copies_will_be_the_newest_is_not_guessed() {
    check(
        BY_TAG,
        "rule golden at=acme:south from=north all with=1
         rule newest at=acme:south newest=1 with=4
         image acme north img-a g1
         image acme north img-b g2
         image acme south img-x other",
        "acme south img-x [newest]: +4
         copy acme north img-a to south as g1 [golden]: +1
         copy acme north img-b to south as g2 [golden]: +1
         blocked copy_undecided acme south - [newest] 4: which copies will be the newest shows only when they are made",
    );
}

#[test]
fn a_failed_copy_is_not_made_again_before_somebody_has_deleted_it() {
    for (how, of) in [(BY_TAG, "of=img-a"), (BY_NAME, "")] {
        check(
            how,
            &format!(
                "rule golden at=acme:south from=north all with=1
                 image acme north img-a g
                 image acme south img-x g state=failed:SYNCFAILED {of}"
            ),
            "blocked copy_failed acme south img-a [golden] 1: making its copy img-x failed (SYNCFAILED)",
        );
    }
}

#[test]
fn of_several_copies_the_oldest_usable_one_is_taken_and_the_others_are_left_alone() {
    check(
        BY_TAG,
        "rule golden at=acme:south from=north all with=1
         rule strict at=acme:south exact all with=2
         image acme north img-a g
         image acme south img-v g of=img-a t=1 state=failed
         image acme south img-w g of=img-a t=2 state=pending
         image acme south img-x g of=img-a t=4 has=1,2
         image acme south img-y g of=img-a t=3",
        "acme south img-y [golden,strict]: +1 +2
         blocked image_state acme south img-v [strict] 2: image is broken: making it failed
         blocked image_state acme south img-w [strict] 2: image is not available yet
         right 1",
    );
}

#[test]
fn where_only_names_tell_another_image_of_the_sources_name_blocks() {
    let world = "rule golden at=acme:south from=north ids=img-a with=1
         image acme north img-a g
         image acme north img-b g state=unavailable
         image acme south img-x g has=9";
    check(
        BY_NAME,
        world,
        "blocked copy_ambiguous acme south img-a [golden] 1: several images in north would have copies named g",
    );
    check(
        BY_NAME,
        &world.replace("state=unavailable", "state=failed"),
        "acme south img-x [golden]: +1\n foreign acme south img-x 9",
    );
    check(BY_TAG, world, "copy acme north img-a to south as g [golden]: +1");
}

#[test]
fn where_only_names_tell_several_images_of_the_copys_name_block() {
    check(
        BY_NAME,
        "rule golden at=acme:south from=north all with=1
         rule strict at=acme:south exact all with=2
         image acme north img-a g
         image acme south img-x g has=1,2
         image acme south img-y g has=2",
        "blocked copy_ambiguous acme south img-a [golden] 1: several images in south are named g, and only the name tells its copy
         right 2",
    );
}

#[test]
fn where_only_names_tell_two_sources_of_one_name_block_each_other() {
    check(
        BY_NAME,
        "rule one at=acme:east from=north all with=1
         rule two at=acme:east from=south all with=2
         image acme north img-a g
         image acme south img-b g
         region acme east",
        "blocked copy_ambiguous acme east img-a [one] 1: images of several regions would have copies named g
         blocked copy_ambiguous acme east img-b [two] 2: images of several regions would have copies named g",
    );
}

#[test]
fn where_only_names_tell_an_image_without_one_is_not_copied() {
    let mut world = World::parse(&format!(
        "{ACME}{BY_NAME}rule golden at=acme:south from=north all with=1\n image acme north img-a g\n region acme south"
    ));
    let images = world.actual.regions.get_mut(&("acme".into(), "north".into())).expect("its region");
    images.as_mut().expect("it was read")[0].image.name.clear();
    let blocked = &world.plan().blocked[0];
    assert_eq!(blocked.reason, "it has no name, and its copy could only be recognised by it");
}

#[test]
fn names_are_cut_to_what_the_cloud_allows_and_stay_names() {
    let how = "provider acme copies=name length=4\n";
    let rule = "rule golden at=acme:south from=north all with=1\n";
    check(
        how,
        &format!("{rule} image acme north img-a größer\n region acme south"),
        "copy acme north img-a to south as größ [golden]: +1",
    );
    check(
        how,
        &format!("{rule} image acme north img-a größer\n image acme south img-x größ has=1"),
        "right 1",
    );
    check(
        how,
        &format!("{rule} image acme north img-a größer\n image acme north img-b größe\n region acme south"),
        "blocked copy_ambiguous acme south img-b [golden] 1: several images in north would have copies named größ
         blocked copy_ambiguous acme south img-a [golden] 1: several images in north would have copies named größ",
    );
}

#[test]
fn one_id_in_two_regions_is_not_taken_for_one_image() {
    check(
        BY_TAG,
        "rule one at=acme:east from=north all with=1
         rule two at=acme:east from=south all with=2
         image acme north img-a g
         image acme south img-a h
         image acme east img-x g of=img-a",
        "blocked copy_ambiguous acme east img-a [one] 1: images of several regions with this id are to be copied
         blocked copy_ambiguous acme east img-a [two] 2: images of several regions with this id are to be copied",
    );
}

#[test]
fn copies_for_which_the_region_has_no_room_are_blocked() {
    let world = "rule golden at=acme:south from=north all with=1
         image acme north img-a a
         image acme north img-b b
         image acme north img-c c
         image acme south img-x x";
    let world = format!("cloud acme acme north,south per-region=2\n{BY_TAG}{world}");
    check_world(
        &world,
        "copy acme north img-a to south as a [golden]: +1
         blocked images_per_region acme south img-b [golden] 1: the region would have 3 images with its copy, the cloud allows 2
         blocked images_per_region acme south img-c [golden] 1: the region would have 4 images with its copy, the cloud allows 2",
    );
    let hint = World::parse(&world).plan().blocked[0].hint.clone().expect("a hint");
    assert!(hint.contains("[clouds.acme.limits] images_per_region"), "{hint}");
}

#[test]
fn a_copy_takes_no_more_accounts_than_an_image_can_have() {
    check_world(
        "cloud acme acme north,south per-image=1
         provider acme copies=tag
         rule golden at=acme:south from=north all with=1,2
         image acme north img-a g
         region acme south",
        "copy acme north img-a to south as g [golden]: +1
         blocked accounts_per_image acme south img-a [golden] 2: the image would have 2 accounts, the cloud allows 1",
    );
}

#[test]
fn rules_that_copy_into_one_another_do_not_copy_copies_back() {
    check(
        BY_TAG,
        "rule there at=acme:south from=north all with=1
         rule back at=acme:north from=south all with=2
         image acme north img-a g has=2
         image acme south img-x g of=img-a has=1",
        "right 2",
    );
    check(
        BY_TAG,
        "rule one at=acme:south from=north all with=1
         rule two at=acme:east from=south all with=1
         rule three at=acme:north from=east all with=1
         image acme north img-a g has=1
         image acme south img-x g of=img-a has=1
         image acme east img-y g of=img-x has=1",
        "right 3",
    );
}

#[test]
fn a_rule_that_copies_is_empty_when_it_selects_nothing_where_it_copies_from() {
    check(
        BY_TAG,
        "rule golden at=acme:south from=north name=g with=1
         image acme north img-a other
         image acme south img-x g",
        "empty golden",
    );
    check(
        BY_TAG,
        "rule golden at=acme:south from=north ids=img-z with=1
         image acme north img-a other
         region acme south failed=no-answer",
        "blocked image_missing acme - img-z [golden] 1: no region of the rule has an image with this id
         unreadable acme south - [golden]: no-answer",
    );
}

#[test]
fn a_plan_with_copies_differs_and_its_fingerprint_tells_what_is_copied() {
    let of = |image: &str, with: &str| {
        let rule = format!("rule golden at=acme:south from=north all with={with}");
        World::parse(&format!("{ACME}{BY_TAG}{rule}\n image acme north img-a g\n region acme south\n{image}"))
            .plan()
    };
    let plan = of("", "1");
    assert!(plan.differs() && !plan.is_empty() && plan.exit().code() == 2);
    assert_eq!((plan.summary.copies, plan.summary.additions), (1, 1));
    assert_ne!(of("", "1,2").fingerprint(), plan.fingerprint());
    assert_ne!(of("image acme south img-x g of=img-a state=pending", "1").fingerprint(), plan.fingerprint());
    let key = plan.copies[0].key();
    assert!(!plan.clone().only(&[].into(), &[key].into()).is_empty());
    let skipped = plan.clone().only(&[].into(), &[].into());
    assert!(skipped.is_empty() && skipped.differs() && skipped.fingerprint() != plan.fingerprint());
    let json = serde_json::to_string(&plan).expect("plans have a JSON form");
    assert_eq!(serde_json::from_str::<imgshare_plan::Plan>(&json).expect("which can be read"), plan);
}
