//! `copy_from` of a rule.

use imgshare_protocol::Region;
use snapbox::str;

use crate::support::{check, desired, problems_with, providers, rule};

const REST: &str = "images = { ids = ['img-1'] }\nwith = ['data-team']";

fn copying(lines: &str) -> String {
    rule(&format!("name = 'r'\n{lines}\n{REST}"))
}

#[test]
fn a_rule_copies_nothing_unless_it_says_so() {
    assert_eq!(desired(&copying("cloud = 'prod'")).rules[0].copy_from, None);
}

#[test]
fn the_source_is_selected_from_and_the_regions_are_where_the_images_must_be() {
    let rule = &desired(&copying("cloud = 'prod'\ncopy_from = 'north'\nregions = ['south']")).rules[0];
    assert_eq!(rule.copy_from, Some("north".into()));
    assert_eq!(rule.targets[0].regions, [Region::from("south")]);
}

#[test]
fn without_regions_the_images_must_be_in_all_of_the_cloud_the_source_too() {
    let rule = &desired(&copying("cloud = 'prod'\ncopy_from = 'north'")).rules[0];
    assert_eq!(rule.targets[0].regions, ["north", "south"].map(Region::from));
}

#[test]
fn every_cloud_of_the_rule_has_the_source() {
    let rule = &desired(&copying("clouds = ['prod', 'test']\ncopy_from = 'south'")).rules[0];
    assert_eq!(rule.copy_from, Some("south".into()));
    check(
        &copying("clouds = ['prod', 'test']\ncopy_from = 'north'"),
        str![[r#"
error: `north` is not a region of `test`
  --> imgshare.toml:20:13
   |
20 | copy_from = 'north'
   |             ^^^^^^^ every cloud of the rule needs the region that it copies from
   |
   = help: known regions of all its clouds: `south`
"#]],
    );
    check(
        &copying("clouds = ['prod', 'test']\ncopy_from = 'soutH'"),
        str![[r#"
error: `soutH` is not a region of `prod` or `test`
  --> imgshare.toml:20:13
   |
20 | copy_from = 'soutH'
   |             ^^^^^^^ every cloud of the rule needs the region that it copies from
   |
   = help: did you mean `south`?
"#]],
    );
    check(
        &copying("clouds = ['prod', 'far']\ncopy_from = 'moon'"),
        str![[r#"
error: `moon` is not a region of `prod`
  --> imgshare.toml:20:13
   |
20 | copy_from = 'moon'
   |             ^^^^^^ every cloud of the rule needs the region that it copies from
   |
   = help: write a rule for each cloud: these have no region in common
"#]],
    );
}

#[test]
fn a_misspelt_source_is_told_the_region_that_was_meant() {
    check(
        &copying("cloud = 'prod'\ncopy_from = 'nroth'"),
        str![[r#"
error: `nroth` is not a region of `prod`
  --> imgshare.toml:20:13
   |
20 | copy_from = 'nroth'
   |             ^^^^^^^ every cloud of the rule needs the region that it copies from
   |
   = help: did you mean `north`?
"#]],
    );
}

#[test]
fn a_rule_with_nowhere_to_copy_to_is_refused() {
    check(
        &copying("cloud = 'prod'\ncopy_from = 'north'\nregions = ['north']"),
        str![[r#"
error: `north` is the rule's only region
  --> imgshare.toml:20:13
   |
20 | copy_from = 'north'
   |             ^^^^^^^ there is nowhere to copy to
   |
   = help: add the regions where the copies must be to `regions`, or remove `copy_from`
"#]],
    );
    check(
        &copying("cloud = 'far'\ncopy_from = 'moon'"),
        str![[r#"
error: `moon` is the rule's only region
  --> imgshare.toml:20:13
   |
20 | copy_from = 'moon'
   |             ^^^^^^ there is nowhere to copy to
   |
   = help: add the regions where the copies must be to the cloud's `regions`, or remove `copy_from`
"#]],
    );
}

#[test]
fn one_cloud_may_have_nothing_but_the_source_where_another_has_more() {
    let text = copying("clouds = ['prod', 'test']\ncopy_from = 'south'\nregions = ['south', 'east']");
    let rule = &desired(&text).rules[0];
    assert_eq!(rule.targets[0].regions, [Region::from("south")]);
    assert_eq!(rule.targets[1].regions, ["south", "east"].map(Region::from));
}

#[test]
fn what_is_wrong_with_a_copying_rule_is_reported_at_once_and_each_only_once() {
    check(
        &copying("cloud = 'prod'\ncopy_from = 'nroth'\nregions = ['sotuh', 'north']\nmode = 'exat'"),
        str![[r#"
error: `nroth` is not a region of `prod`
  --> imgshare.toml:20:13
   |
20 | copy_from = 'nroth'
   |             ^^^^^^^ every cloud of the rule needs the region that it copies from
   |
   = help: did you mean `north`?

error: `sotuh` is not a region of `prod`
  --> imgshare.toml:21:12
   |
21 | regions = ['sotuh', 'north']
   |            ^^^^^^^
   |
   = help: did you mean `south`?

error: unknown mode `exat`
  --> imgshare.toml:22:8
   |
22 | mode = 'exat'
   |        ^^^^^^
   |
   = help: did you mean `exact`?
"#]],
    );
    check(
        &copying("cloud = 'prod'\ncopy_from = ['north']\nregions = []"),
        str![[r#"
error: `copy_from` must be a string
  --> imgshare.toml:20:13
   |
20 | copy_from = ['north']
   |             ^^^^^^^^^ found an array

error: `regions` is empty
  --> imgshare.toml:21:11
   |
21 | regions = []
   |           ^^
   |
   = help: leave it out for all regions of the cloud
"#]],
    );
    check(
        &copying("cloud = 'prod'\ncopy_from = 'north'\nregions = ['nroth']"),
        str![[r#"
error: `nroth` is not a region of `prod`
  --> imgshare.toml:21:12
   |
21 | regions = ['nroth']
   |            ^^^^^^^
   |
   = help: did you mean `north`?
"#]],
    );
}

#[test]
fn an_unknown_cloud_leaves_the_source_unjudged() {
    let problems = problems_with(&copying("clouds = ['prod', 'tset']\ncopy_from = 'mars'"), &providers());
    assert_eq!(problems.matches("error:").count(), 1, "{problems}");
}
