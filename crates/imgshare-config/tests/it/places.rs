//! Places: line, column, caret, and what the source line must not show.

use snapbox::str;

use crate::support::{check, providers, read, read_with};

#[test]
fn several_problems_are_reported_at_once_in_the_files_order() {
    check(
        r#"[clouds.prod]
provider = "acme"
regoins = ["north"]

[accounts.data-team]
acme = 1001

[[share]]
name = "golden"
cloud = "prd"
images = { newst = 3 }
with = ["data-taem"]
mode = "exat"
"#,
        str![[r#"
error: unknown key `regoins`
 --> imgshare.toml:3:1
  |
3 | regoins = ["north"]
  | ^^^^^^^
  |
  = help: did you mean `regions`?

error: `acme` must be a string
 --> imgshare.toml:6:8
  |
6 | acme = 1001
  |        ^^^^ found an integer
  |
  = help: write it in quotes

error: unknown cloud `prd`
  --> imgshare.toml:10:9
   |
10 | cloud = "prd"
   |         ^^^^^
   |
   = help: did you mean `prod`?

error: unknown key `newst`
  --> imgshare.toml:11:12
   |
11 | images = { newst = 3 }
   |            ^^^^^
   |
   = help: did you mean `newest`?

error: unknown account `data-taem`
  --> imgshare.toml:12:9
   |
12 | with = ["data-taem"]
   |         ^^^^^^^^^^^ neither a name in [accounts] nor clearly an account id
   |
   = help: did you mean `data-team`? if this is an id, give it a name in [accounts]

error: unknown mode `exat`
  --> imgshare.toml:13:8
   |
13 | mode = "exat"
   |        ^^^^^^
   |
   = help: did you mean `exact`?
"#]],
    );
}

#[test]
fn columns_count_characters_and_the_caret_stands_below_them() {
    check(
        "[clouds]\nprod = { provider = 'acme', regions = ['nörd', '北京'], endpoint = 'ftp://x' }\n",
        str![[r#"
error: `endpoint` must begin with `https://` or `http://`
 --> imgshare.toml:2:66
  |
2 | prod = { provider = 'acme', regions = ['nörd', '北京'], endpoint = 'ftp://x' }
  |                                                                    ^^^^^^^^^
  |
  = help: write scheme, host and port only: `https://HOST:PORT`
"#]],
    );
}

#[test]
fn a_tab_is_one_column() {
    let problems = read("[clouds.prod]\n\tprovider = 'acme'\n\tregions\t= 1\n").unwrap_err();
    let places: Vec<_> = problems.iter().map(|problem| problem.place.to_string()).collect();
    assert_eq!(places, ["imgshare.toml:3:12"]);
}

#[test]
fn a_value_of_several_lines_is_marked_on_its_first_line() {
    check(
        "[clouds.prod]\nprovider = [\n  'acme',\n]\nregions = ['north']\n",
        str![[r#"
error: `provider` must be a string
 --> imgshare.toml:2:12
  |
2 | provider = [
  |            ^ found an array
"#]],
    );
}

#[test]
fn line_ends_of_other_systems_change_no_place() {
    check(
        "[clouds.prod]\r\nprovider = 'acme'\r\nregions = 1\r\n",
        str![[r#"
error: `regions` must be an array of strings
 --> imgshare.toml:3:11
  |
3 | regions = 1
  |           ^ found an integer
"#]],
    );
}

#[test]
fn a_mark_at_the_files_start_is_no_column() {
    check(
        "\u{feff}clouds = 1\n",
        str![[r#"
error: `clouds` must be a table
 --> imgshare.toml:1:10
  |
1 | clouds = 1
  |          ^ found an integer
"#]],
    );
}

#[test]
fn a_secret_in_the_same_line_as_a_problem_is_not_shown() {
    check(
        "[clouds.prod]\nprovider = 'acme'\nregions = ['north']\ncredentials = { access_key = 'hunter2', profle = 'ci' }\n",
        str![[r#"
error: `access_key` must not be written into the file
 --> imgshare.toml:4:30
  |
4 | credentials = { access_key = *********, profle = **** }
  |                              ^^^^^^^^^ a secret in a file ends in a repository, a backup, a log
  |
  = help: say where it is: `access_key = "env:ACME_ACCESS_KEY"`, or `file:PATH`, or `command:PROGRAM ARG...`

error: unknown field `profle`
 --> imgshare.toml:4:41
  |
4 | credentials = { access_key = *********, profle = **** }
  |                                         ^^^^^^
  |
  = help: did you mean `profile`?
"#]],
    );
}

#[test]
fn a_secret_is_not_shown_when_the_plugin_cannot_be_used() {
    let mut providers = providers();
    providers.insert("acme".into(), Err("its file is missing".into()));
    let text =
        "[clouds]\nprod = { provider = 'acme', regions = [], credentials = { access_key = 'hunter2' } }\n";
    let problems = read_with(text, &providers).unwrap_err();
    assert!(!problems.to_string().contains("hunter2"), "{problems}");
}

#[test]
fn a_secret_in_the_wrong_table_is_not_shown() {
    check(
        "secret_key = 'hunter2'\n[clouds.prod]\nprovider = 'acme'\nregions = ['north']\naccess_key = 'hunter2'\n",
        str![[r#"
error: unknown key `secret_key`
 --> imgshare.toml:1:1
  |
1 | secret_key = *********
  | ^^^^^^^^^^
  |
  = help: known keys: `clouds`, `accounts`, `groups`, `fence`, `share`

error: unknown key `access_key`
 --> imgshare.toml:5:1
  |
5 | access_key = *********
  | ^^^^^^^^^^
  |
  = help: known keys: `provider`, `regions`, `endpoint`, `allow_plain_http`, `credentials`, `limits`, `settings`
"#]],
    );
}

#[test]
fn problems_have_a_form_for_programs() {
    let problems = read("[clouds.prod]\nprovider = 'acme'\nregoins = ['north']\n").unwrap_err();
    let json = serde_json::to_value(&problems).unwrap();
    assert_eq!(json[0]["place"], serde_json::json!({ "file": "imgshare.toml", "line": 3, "column": 1 }));
    assert_eq!(json[0]["message"], "unknown key `regoins`");
    assert_eq!(json[0]["mark"]["length"], 7);
    assert_eq!(json[0]["help"], "did you mean `regions`?");
}

#[test]
fn colours_are_added_only_when_asked_for() {
    let problems = read("x = 1\n").unwrap_err();
    assert!(problems.render(true).contains('\u{1b}'));
    assert!(!problems.render(false).contains('\u{1b}'));
}
