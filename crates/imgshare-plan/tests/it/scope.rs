//! Runs that are about a part of the config.

use crate::check;
use crate::world::World;

#[test]
fn an_exact_rule_that_runs_alone_keeps_what_the_others_want() {
    check(
        "cloud acme acme north
         only rule=strict
         rule strict at=acme:north exact name=ubuntu with=1
         rule other at=acme:north all with=2
         image acme north img-a ubuntu has=2,9
         image acme north img-b debian",
        "acme north img-a [strict]: +1 -9",
    );
}

#[test]
fn a_rule_that_runs_alone_adds_its_own_accounts_and_leaves_removing_to_the_others() {
    check(
        "cloud acme acme north
         only rule=mild
         rule mild at=acme:north all with=1
         rule strict at=acme:north exact all with=2
         image acme north img-a ubuntu has=9",
        "acme north img-a [mild]: +1",
    );
}

#[test]
fn what_is_outside_of_the_scope_is_not_called_blocked_unreadable_or_empty() {
    check(
        "cloud acme acme north,south
         cloud stone rock north
         unsupported rock no sharing there
         only rule=golden cloud=acme region=north
         rule golden at=acme:north at=stone:north all with=1
         rule other at=acme:north,south ids=img-z with=1
         image acme north img-a ubuntu has=1
         region acme south failed=no-answer",
        "right 1",
    );
}

#[test]
fn the_survey_lists_the_regions_of_the_scope_that_a_rule_is_about() {
    let world = World::parse(
        "cloud acme acme north,south,east
         cloud other acme north
         only rule=golden region=north region=east
         rule golden at=acme:north,south at=other:north all with=1
         rule side at=acme:east all with=1",
    );
    let sites = world.bounds.scope.sites(&world.desired);
    let sites: Vec<_> = sites.iter().map(|(cloud, region)| format!("{cloud} {region}")).collect();
    assert_eq!(sites, ["acme north", "other north"]);
}
