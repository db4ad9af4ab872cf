//! Which rules are about which image.

use imgshare_protocol::RuleName;

use crate::lines;
use crate::world::World;

/// A line for each image that rules are about: those that share it, then those that copy it.
#[track_caller]
fn check(world: &str, region: &str, expected: &str) {
    let world = World::parse(&format!("cloud acme acme north,south\n{world}"));
    let listings = world.listings("acme");
    let listings = listings.iter().map(|(region, images)| (region.clone(), images.as_slice())).collect();
    let names = |rules: &[RuleName]| rules.iter().map(RuleName::as_str).collect::<Vec<_>>().join(",");
    let rules = world.survey().image_rules(&"acme".into(), &region.into(), &listings);
    let told = rules.iter().map(|(image, rules)| {
        let text = format!("{image}: shared {}, copied {}\n", names(&rules.sharing), names(&rules.copying));
        text.replace(" ,", " -,").replace("copied \n", "copied -\n")
    });
    assert_eq!(told.collect::<String>(), lines(expected));
}

const WORLD: &str = "provider acme copies=tag
    rule copy at=acme:south from=north name=g with=1
    rule both at=acme:north,south from=north name=g with=1
    rule here at=acme:south name=s with=2
    image acme north img-a g
    image acme north img-b x
    image acme south img-s s";

#[test]
fn where_a_rule_only_copies_from_it_shares_nothing() {
    check(WORLD, "north", "img-a: shared both, copied copy,both");
}

#[test]
fn a_copy_belongs_to_the_rules_that_want_it_whatever_its_state() {
    for state in ["", "state=pending", "state=failed"] {
        let world = format!("{WORLD}\nimage acme south img-c g of=img-a {state}");
        check(&world, "south", "img-c: shared copy,both, copied -\nimg-s: shared here, copied -");
    }
}

#[test]
fn rules_outside_of_the_scope_are_left_out() {
    check(&format!("{WORLD}\nonly rule=copy"), "north", "img-a: shared -, copied copy");
}
