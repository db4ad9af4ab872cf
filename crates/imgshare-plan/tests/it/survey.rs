//! What a survey is told to read.

use imgshare_protocol::{ImageQuery, Timestamp};

use crate::world::World;

fn query() -> ImageQuery {
    ImageQuery { region: "north".into(), ..ImageQuery::default() }
}

#[track_caller]
fn check(rules: &str, expected: &[ImageQuery]) {
    let world = World::parse(&format!("cloud acme acme north,south\n{rules}"));
    assert_eq!(world.survey().queries(&"acme".into(), &"north".into()), expected);
}

#[test]
fn no_rule_no_listing() {
    check("rule r at=acme:south all with=1", &[]);
}

#[test]
fn one_rule_narrows_by_all_that_a_cloud_may_know() {
    let narrow = ImageQuery {
        name: Some("ubuntu".to_owned()),
        tags: [("env".to_owned(), "prod".to_owned())].into(),
        family: Some("web".to_owned()),
        created_after: Some(Timestamp::from_seconds(900)),
        ..query()
    };
    check("rule r at=acme:north name=ubuntu tag=env:prod family=web newer=100 newest=3 with=1", &[narrow]);
}

#[test]
fn patterns_do_not_narrow() {
    for pattern in ["name=u*", "name=u?", "name=u[bc]", "name={u,d}", "name=u\\*", "regex=^u"] {
        check(&format!("rule r at=acme:north {pattern} with=1"), &[query()]);
    }
}

#[test]
fn rules_by_ids_share_one_listing_of_all_their_ids() {
    let ids = ImageQuery { ids: vec!["a".into(), "b".into(), "c".into()], ..query() };
    check("rule r at=acme:north ids=c,a with=1\n rule s at=acme:north ids=b,c name=x with=1", &[ids]);
}

#[test]
fn rules_alike_in_what_narrows_share_a_narrowed_listing() {
    let narrow = ImageQuery { name: Some("ubuntu".to_owned()), ..query() };
    check(
        "rule r at=acme:north name=ubuntu with=1\n rule s at=acme:north name=ubuntu newest=1 with=2",
        &[narrow],
    );
}

#[test]
fn rules_that_differ_share_one_listing_of_everything() {
    check("rule r at=acme:north name=ubuntu with=1\n rule s at=acme:north name=debian with=1", &[query()]);
    check("rule r at=acme:north ids=a with=1\n rule s at=acme:north name=debian with=1", &[query()]);
    check(
        "rule r at=acme:north name=x with=1\n rule s at=acme:north ids=a with=1\n rule t at=acme:north ids=a with=1",
        &[query()],
    );
}

#[test]
fn shares_are_read_of_images_that_are_selected_eligible_and_maybe_shared() {
    let world = World::parse(
        "cloud acme acme north
         only rule=golden
         rule golden at=acme:north name=ubuntu with=1
         rule other at=acme:north name=debian with=1
         image acme north a ubuntu
         image acme north b debian
         image acme north c ubuntu unshared
         image acme north d ubuntu state=pending
         image acme north e ubuntu unshareable=encrypted",
    );
    assert_eq!(world.needs_shares("acme", "north"), ["a".into()].into());
}

#[track_caller]
fn check_copying(how: &str, rules: &str, region: &str, expected: &[ImageQuery]) {
    let world =
        World::parse(&format!("cloud acme acme north,south,east\n provider acme copies={how}\n{rules}"));
    assert_eq!(world.survey().queries(&"acme".into(), &region.into()), expected, "{how} in {region}");
}

#[test]
fn where_copies_shall_be_everything_is_listed_and_where_they_come_from_what_is_needed() {
    let rule = "rule r at=acme:south from=north ids=b,a with=1";
    let all = |region: &str| ImageQuery { region: region.into(), ..ImageQuery::default() };
    let ids = ImageQuery { ids: vec!["a".into(), "b".into()], ..query() };
    check_copying("tag", rule, "north", std::slice::from_ref(&ids));
    check_copying("tag", rule, "south", &[all("south")]);
    check_copying("tag", rule, "east", &[]);
    let with_another = format!("{rule}\n rule s at=acme:south,north ids=c with=1");
    check_copying("tag", &with_another, "south", &[all("south")]);
    check_copying(
        "tag",
        &with_another,
        "north",
        &[ImageQuery { ids: vec!["a".into(), "b".into(), "c".into()], ..ids }],
    );
}

#[test]
fn where_only_names_tell_copies_the_others_of_the_source_region_are_seen_too() {
    check_copying("name", "rule r at=acme:south from=north ids=b,a with=1", "north", &[query()]);
    let own = ImageQuery { ids: vec!["a".into()], ..query() };
    check_copying("name", "rule r at=acme:north from=north ids=a with=1", "north", &[own]);
}

#[test]
fn a_region_waits_for_those_that_it_copies_from_and_they_are_listed() {
    let world = World::parse(
        "cloud acme acme north,south,east,west
         only rule=one rule=two region=south region=east
         rule one at=acme:east,west from=south all with=1
         rule two at=acme:south from=north all with=1
         rule three at=acme:east from=west all with=1",
    );
    let survey = world.survey();
    let sites: Vec<_> = survey.sites().iter().map(|(_, region)| region.to_string()).collect();
    assert_eq!(sites, ["east", "north", "south"]);
    let sources = |region: &str| survey.sources(&"acme".into(), &region.into());
    assert_eq!(sources("east"), ["south".into(), "north".into()].into());
    assert_eq!(sources("south"), ["north".into()].into());
    assert_eq!(sources("north"), [].into());
}

#[test]
fn of_copies_shares_are_read_where_they_are_and_of_sources_where_they_are_shared() {
    let world = World::parse(
        "cloud acme acme north,south
         provider acme copies=tag
         rule golden at=acme:south from=north name=g with=1
         image acme north a g
         image acme south x g of=a
         image acme south y g
         image acme south z g of=a state=pending",
    );
    assert_eq!(world.needs_shares("acme", "north"), [].into());
    assert_eq!(world.needs_shares("acme", "south"), ["x".into()].into());
}
