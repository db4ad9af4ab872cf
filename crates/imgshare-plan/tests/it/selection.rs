//! Which images a rule selects.

use imgshare_plan::selected_by;

use crate::world::{NOW, World};

/// Checks which ids the selection takes of these images, newest first; those that cannot be shared in brackets.
#[track_caller]
fn check(selection: &str, images: &str, expected: &str) {
    let images = images.lines().map(|image| format!("image acme north {}\n", image.trim()));
    let rule = format!("rule r at=acme:north with=1 {selection}\n");
    let world = World::parse(&format!("cloud acme acme north\n{rule}{}", images.collect::<String>()));
    let images = world.images("acme", "north");
    let selected = selected_by(&world.desired.rules[0], &images, NOW).into_iter();
    let ids = selected.map(|selected| match selected.ineligible {
        Some(_) => format!("({})", selected.image.id),
        None => selected.image.id.to_string(),
    });
    assert_eq!(ids.collect::<Vec<_>>().join(" "), expected);
}

#[test]
fn a_name_without_wildcard_is_meant_exactly() {
    let images = "a golden\n b golden-1\n c Golden\n d old-golden";
    check("name=golden", images, "a");
}

#[test]
fn a_star_stands_for_any_text_slashes_and_nothing_included() {
    let images = "a golden-\n b golden-1/x\n c Golden-1\n d my-golden-1";
    check("name=golden-*", images, "b a");
}

#[test]
fn a_regular_expression_may_occur_anywhere_in_the_name() {
    let images = "a my-ubuntu-22\n b ubuntu-24\n c debian";
    check("regex=ubuntu-2[0-3]", images, "a");
    check("regex=^ubuntu", images, "b");
}

#[test]
fn all_tags_must_be_there_with_their_values() {
    let images = "a x tag=os:linux tag=env:prod\n b x tag=os:linux\n c x tag=os:linux tag=env:test";
    check("tag=os:linux tag=env:prod", images, "a");
}

#[test]
fn the_family_must_be_the_same() {
    check("family=web", "a x family=web\n b x family=db\n c x", "a");
}

#[test]
fn newer_than_includes_its_own_moment_and_leaves_out_images_without_a_time() {
    check("newer=100", "a x t=900\n b x t=899\n c x t=1000\n d x", "c a");
}

#[test]
fn criteria_combine_with_and() {
    let images = "a ubuntu t=990\n b ubuntu t=1\n c debian t=990";
    check("name=u* newer=100 ids=a,b,c", images, "a");
}

#[test]
fn newest_comes_after_all_else() {
    let images = "a ubuntu t=1\n b ubuntu t=2\n c ubuntu t=3\n d debian t=4";
    check("name=ubuntu newest=2", images, "c b");
}

#[test]
fn newest_goes_by_id_where_the_time_is_the_same_or_unknown() {
    check("newest=2", "a x t=5\n c x t=5\n b x t=5\n z x", "c b");
    check("newest=1", "a x\n b x", "b");
}

#[test]
fn an_image_in_the_making_is_reported_and_does_not_push_a_usable_one_out() {
    let images = "a x t=1\n b x t=2\n c x t=3 state=pending:CREATING";
    check("newest=1", images, "(c) b");
}

#[test]
fn an_unusable_image_that_is_not_among_the_newest_is_not_reported() {
    let images = "a x t=1 state=failed:FAILED\n b x t=2\n c x t=3";
    check("newest=2", images, "c b");
}
