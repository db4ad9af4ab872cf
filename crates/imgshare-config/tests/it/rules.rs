//! `[[share]]`: name, clouds, regions, mode.

use imgshare_protocol::{Mode, Region};
use snapbox::str;

use crate::support::{check, desired, rule};

const REST: &str = "images = { all = true }\nwith = ['data-team']";

#[test]
fn a_rule_needs_a_name_a_cloud_images_and_receivers() {
    check(
        &rule(""),
        str![[r#"
error: `name` is missing
  --> imgshare.toml:17:1
   |
17 | [[share]]
   | ^^^^^^^^^ [[share]] needs it

error: `cloud` is missing
  --> imgshare.toml:17:1
   |
17 | [[share]]
   | ^^^^^^^^^ [[share]] needs it, or `clouds = [...]`

error: `images` is missing
  --> imgshare.toml:17:1
   |
17 | [[share]]
   | ^^^^^^^^^ [[share]] needs it

error: `with` is missing
  --> imgshare.toml:17:1
   |
17 | [[share]]
   | ^^^^^^^^^ [[share]] needs it
"#]],
    );
}

#[test]
fn two_rules_with_one_name_are_an_error_that_shows_both() {
    let first = rule(&format!("name = 'golden'\ncloud = 'prod'\n{REST}"));
    check(
        &format!("{first}[[share]]\nname = 'golden'\ncloud = 'test'\n{REST}\n"),
        str![[r#"
error: two rules have the name `golden`
  --> imgshare.toml:23:8
   |
23 | name = 'golden'
   |        ^^^^^^^^
   |
  ::: imgshare.toml:18:8
   |
18 | name = 'golden'
   |        -------- first used here
   |
   = help: give one of them another name: plan, report and errors name rules
"#]],
    );
}

#[test]
fn an_unknown_cloud_is_refused() {
    check(
        &rule(&format!("name = 'r'\ncloud = 'prdo'\n{REST}")),
        str![[r#"
error: unknown cloud `prdo`
  --> imgshare.toml:19:9
   |
19 | cloud = 'prdo'
   |         ^^^^^^
   |
   = help: did you mean `prod`?
"#]],
    );
    check(
        &rule(&format!("name = 'r'\nclouds = ['prod', 'elsewhere']\n{REST}")),
        str![[r#"
error: unknown cloud `elsewhere`
  --> imgshare.toml:19:19
   |
19 | clouds = ['prod', 'elsewhere']
   |                   ^^^^^^^^^^^
   |
   = help: known clouds: `far`, `prod`, `test`
"#]],
    );
}

#[test]
fn a_rule_has_either_cloud_or_clouds() {
    check(
        &rule(&format!("name = 'r'\ncloud = 'prod'\nclouds = ['test']\n{REST}")),
        str![[r#"
error: a rule has either `cloud` or `clouds`
  --> imgshare.toml:20:1
   |
20 | clouds = ['test']
   | ^^^^^^
   |
  ::: imgshare.toml:19:1
   |
19 | cloud = 'prod'
   | ----- `cloud` is here
   |
   = help: keep one of them
"#]],
    );
}

#[test]
fn a_rule_names_some_clouds_each_once() {
    check(
        &rule(&format!("name = 'r'\nclouds = []\n{REST}")),
        str![[r#"
error: `clouds` is empty
  --> imgshare.toml:19:10
   |
19 | clouds = []
   |          ^^
   |
   = help: name at least one cloud
"#]],
    );
    check(
        &rule(&format!("name = 'r'\nclouds = ['prod', 'prod']\n{REST}")),
        str![[r#"
error: cloud `prod` is named twice
  --> imgshare.toml:19:19
   |
19 | clouds = ['prod', 'prod']
   |                   ^^^^^^
   |
  ::: imgshare.toml:19:11
   |
19 | clouds = ['prod', 'prod']
   |           ------ first named here
"#]],
    );
}

#[test]
fn without_regions_a_rule_means_all_of_each_cloud() {
    let desired = desired(&rule(&format!("name = 'r'\nclouds = ['prod', 'test']\n{REST}")));
    let regions: Vec<_> = desired.rules[0].targets.iter().map(|target| target.regions.clone()).collect();
    assert_eq!(regions, [["north", "south"].map(Region::from), ["south", "east"].map(Region::from)]);
}

#[test]
fn each_cloud_gets_those_of_the_rules_regions_that_it_has() {
    let desired = desired(&rule(&format!(
        "name = 'r'\nclouds = ['prod', 'test']\nregions = ['east', 'north']\n{REST}"
    )));
    let regions: Vec<_> = desired.rules[0].targets.iter().map(|target| target.regions.clone()).collect();
    assert_eq!(regions, [[Region::from("north")], [Region::from("east")]]);
}

#[test]
fn a_region_is_one_of_the_rules_clouds() {
    check(
        &rule(&format!("name = 'r'\ncloud = 'prod'\nregions = ['nroth', 'east']\n{REST}")),
        str![[r#"
error: `nroth` is not a region of `prod`
  --> imgshare.toml:20:12
   |
20 | regions = ['nroth', 'east']
   |            ^^^^^^^
   |
   = help: did you mean `north`?

error: `east` is not a region of `prod`
  --> imgshare.toml:20:21
   |
20 | regions = ['nroth', 'east']
   |                     ^^^^^^
   |
   = help: known regions: `north`, `south`
"#]],
    );
    check(
        &rule(&format!("name = 'r'\nclouds = ['prod', 'test']\nregions = ['south', 'moon']\n{REST}")),
        str![[r#"
error: `moon` is not a region of `prod` or `test`
  --> imgshare.toml:20:21
   |
20 | regions = ['south', 'moon']
   |                     ^^^^^^
   |
   = help: known regions: `east`, `north`, `south`
"#]],
    );
}

#[test]
fn each_cloud_of_a_rule_has_one_of_its_regions() {
    check(
        &rule(&format!("name = 'r'\nclouds = ['prod', 'test']\nregions = ['east']\n{REST}")),
        str![[r#"
error: none of these regions is one of cloud `prod`
  --> imgshare.toml:20:11
   |
20 | regions = ['east']
   |           ^^^^^^^^
   |
   = help: add one of its regions, or take the cloud out of the rule
"#]],
    );
}

#[test]
fn a_rules_regions_are_some_each_once() {
    check(
        &rule(&format!("name = 'r'\ncloud = 'prod'\nregions = []\n{REST}")),
        str![[r#"
error: `regions` is empty
  --> imgshare.toml:20:11
   |
20 | regions = []
   |           ^^
   |
   = help: leave it out for all regions of the cloud
"#]],
    );
    check(
        &rule(&format!("name = 'r'\ncloud = 'prod'\nregions = ['north', 'north']\n{REST}")),
        str![[r#"
error: region `north` is named twice
  --> imgshare.toml:20:21
   |
20 | regions = ['north', 'north']
   |                     ^^^^^^^
   |
  ::: imgshare.toml:20:12
   |
20 | regions = ['north', 'north']
   |            ------- first named here
"#]],
    );
}

#[test]
fn a_rule_adds_unless_it_says_otherwise() {
    let mode =
        |line: &str| desired(&rule(&format!("name = 'r'\ncloud = 'prod'\n{line}\n{REST}"))).rules[0].mode;
    assert_eq!(mode(""), Mode::Add);
    assert_eq!(mode("mode = 'add'"), Mode::Add);
    assert_eq!(mode("mode = 'exact'"), Mode::Exact);
}

#[test]
fn an_unknown_mode_is_refused() {
    check(
        &rule(&format!("name = 'r'\ncloud = 'prod'\nmode = 'exat'\n{REST}")),
        str![[r#"
error: unknown mode `exat`
  --> imgshare.toml:20:8
   |
20 | mode = 'exat'
   |        ^^^^^^
   |
   = help: did you mean `exact`?
"#]],
    );
    check(
        &rule(&format!("name = 'r'\ncloud = 'prod'\nmode = 'sync'\n{REST}")),
        str![[r#"
error: unknown mode `sync`
  --> imgshare.toml:20:8
   |
20 | mode = 'sync'
   |        ^^^^^^
   |
   = help: known modes: `add`, `exact`
"#]],
    );
}

#[test]
fn unknown_keys_of_a_rule_are_refused() {
    check(
        &rule(&format!("name = 'r'\ncloud = 'prod'\nacounts = []\nregion = 'north'\n{REST}")),
        str![[r#"
error: unknown key `acounts`
  --> imgshare.toml:20:1
   |
20 | acounts = []
   | ^^^^^^^
   |
   = help: known keys: `name`, `cloud`, `clouds`, `images`, `copy_from`, `regions`, `with`, `with_snapshots`, `mode`

error: unknown key `region`
  --> imgshare.toml:21:1
   |
21 | region = 'north'
   | ^^^^^^
   |
   = help: did you mean `regions`?
"#]],
    );
}

#[test]
fn one_pair_of_brackets_is_not_enough() {
    check(
        &rule("").replace("[[share]]", "[share]"),
        str![[r#"
error: `share` must be an array of tables
  --> imgshare.toml:17:1
   |
17 | [share]
   | ^^^^^^^ found a table
   |
   = help: write its header as `[[share]]`
"#]],
    );
}
