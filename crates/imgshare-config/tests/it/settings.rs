//! `[clouds.X.settings]`.

use serde_json::json;
use snapbox::str;

use crate::support::{check, check_with, cloud, desired, providers};

fn settings(lines: &str) -> String {
    cloud(&format!("regions = ['north']\n[clouds.prod.settings]\n{lines}"))
}

#[test]
fn settings_reach_the_provider_as_json() {
    let text = settings(
        "site = 'abroad'\ntries = 3\nratio = 1\nstrict = true\nzones = ['a', 'b']\nlabel = 'x'\nkeys.north = 'k-1'",
    );
    let expected = json!({
        "site": "abroad", "tries": 3, "ratio": 1, "strict": true, "zones": ["a", "b"], "label": "x",
        "keys": { "north": "k-1" },
    });
    assert_eq!(desired(&text).clouds["prod"].settings, expected);
}

#[test]
fn without_the_table_there_are_no_settings() {
    assert_eq!(desired(&cloud("regions = ['north']")).clouds["prod"].settings, json!(null));
}

#[test]
fn each_setting_has_its_type() {
    check(
        &settings("site = 1\ntries = 'x'\nratio = 'x'\nstrict = 1\nzones = 'a'\nlabel = 1"),
        str![[r#"
error: `site` must be a string
 --> imgshare.toml:5:8
  |
5 | site = 1
  |        ^ found an integer

error: `tries` must be an integer
 --> imgshare.toml:6:9
  |
6 | tries = 'x'
  |         ^^^ found a string

error: `ratio` must be a number
 --> imgshare.toml:7:9
  |
7 | ratio = 'x'
  |         ^^^ found a string

error: `strict` must be `true` or `false`
 --> imgshare.toml:8:10
  |
8 | strict = 1
  |          ^ found an integer

error: `zones` must be an array of strings
 --> imgshare.toml:9:9
  |
9 | zones = 'a'
  |         ^^^ found a string
  |
  = help: write it in brackets: `["..."]`

error: `label` must be a string
  --> imgshare.toml:10:9
   |
10 | label = 1
   |         ^ found an integer
"#]],
    );
}

#[test]
fn each_setting_keeps_its_bounds() {
    check(
        &settings("site = 'mian'\ntries = 6\nratio = 1.6\nlabel = 'X'"),
        str![[r#"
error: `site` must be one of "main", "abroad"
 --> imgshare.toml:5:8
  |
5 | site = 'mian'
  |        ^^^^^^
  |
  = help: which of the two sites the account lives on

error: `tries` must be at most 5
 --> imgshare.toml:6:9
  |
6 | tries = 6
  |         ^

error: `ratio` must be at most 1.5
 --> imgshare.toml:7:9
  |
7 | ratio = 1.6
  |         ^^^

error: `label` must match `^[a-z]+$`
 --> imgshare.toml:8:9
  |
8 | label = 'X'
  |         ^^^
"#]],
    );
    check(
        &settings("tries = 0"),
        str![[r#"
error: `tries` must be at least 1
 --> imgshare.toml:5:9
  |
5 | tries = 0
  |         ^
"#]],
    );
}

#[test]
fn a_table_of_texts_has_texts_only() {
    check(
        &settings("keys = { north = 1, south = '' }"),
        str![[r#"
error: `north` must be a string
 --> imgshare.toml:5:18
  |
5 | keys = { north = 1, south = '' }
  |                  ^ found an integer
  |
  = help: write it in quotes
"#]],
    );
    check(
        &settings("keys = 'k-1'"),
        str![[r#"
error: `keys` must be a table
 --> imgshare.toml:5:8
  |
5 | keys = *****
  |        ^^^^^ found a string
"#]],
    );
}

#[test]
fn an_unknown_setting_is_refused() {
    check(
        &settings("sites = 'main'"),
        str![[r#"
error: unknown setting `sites`
 --> imgshare.toml:5:1
  |
5 | sites = 'main'
  | ^^^^^
  |
  = help: did you mean `site`?
"#]],
    );
}

#[test]
fn a_provider_without_settings_takes_none() {
    check(
        "[clouds.far]\nprovider = 'other'\nregions = ['moon']\nsettings = { site = 'main' }\n",
        str![[r#"
error: provider `other` has no settings
 --> imgshare.toml:4:12
  |
4 | settings = { site = 'main' }
  |            ^^^^^^^^^^^^^^^^^
"#]],
    );
}

#[test]
fn an_empty_table_of_settings_sets_nothing() {
    let desired = desired("[clouds.far]\nprovider = 'other'\nregions = ['moon']\n[clouds.far.settings]\n");
    assert_eq!(desired.clouds["far"].settings, json!(null));
}

#[test]
fn a_required_setting_is_missed_with_and_without_the_table() {
    let mut providers = providers();
    let acme = providers.get_mut("acme").unwrap().as_mut().unwrap();
    acme.settings["required"] = json!(["site"]);
    check_with(
        &settings("tries = 3"),
        &providers,
        str![[r#"
error: setting `site` is missing
 --> imgshare.toml:4:1
  |
4 | [clouds.prod.settings]
  | ^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: `site`: which of the two sites the account lives on
"#]],
    );
    check_with(
        &cloud("regions = ['north']"),
        &providers,
        str![[r#"
error: setting `site` is missing
 --> imgshare.toml:1:1
  |
1 | [clouds.prod]
  | ^^^^^^^^^^^^^
  |
  = help: `site`: which of the two sites the account lives on
"#]],
    );
}
