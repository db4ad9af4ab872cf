//! `[accounts.X]`, `[groups]` and `[fence]`.

use imgshare_protocol::CloudName;
use snapbox::str;

use crate::support::{WORLD, check, desired};

fn world(lines: &str) -> String {
    format!("{WORLD}{lines}\n")
}

#[test]
fn a_malformed_id_is_refused_with_the_form_that_ids_have() {
    check(
        &world("[accounts.x]\nacme = '0123'\ntest = 'x'"),
        str![[r#"
error: `0123` is not an account id of `acme`
  --> imgshare.toml:18:8
   |
18 | acme = '0123'
   |        ^^^^^^
   |
   = help: an account id of `acme` is digits only, such as `1001`

error: `x` is not an account id of `acme`
  --> imgshare.toml:19:8
   |
19 | test = 'x'
   |        ^^^
   |
   = help: an account id of `acme` is digits only, such as `1001`
"#]],
    );
}

#[test]
fn an_id_is_a_text() {
    check(
        &world("[accounts.x]\nacme = 1003"),
        str![[r#"
error: `acme` must be a string
  --> imgshare.toml:18:8
   |
18 | acme = 1003
   |        ^^^^ found an integer
   |
   = help: write it in quotes
"#]],
    );
}

#[test]
fn an_account_is_a_table() {
    check(
        "[clouds.prod]\nprovider = 'acme'\nregions = ['north']\n[accounts]\nx = '1003'\n",
        str![[r#"
error: `x` must be a table
 --> imgshare.toml:5:5
  |
5 | x = '1003'
  |     ^^^^^^ found a string
"#]],
    );
}

#[test]
fn an_id_for_a_provider_that_the_file_does_not_use_is_accepted() {
    assert!(desired(&world("[accounts.x]\nelsewhere = 'anything'")).rules.is_empty());
}

#[test]
fn a_misspelt_provider_under_an_account_is_refused() {
    check(
        &world("[accounts.x]\nacne = '1003'\nprodd = '1004'"),
        str![[r#"
error: `acne` is no provider or cloud of this file
  --> imgshare.toml:18:1
   |
18 | acne = '1003'
   | ^^^^
   |
   = help: did you mean `acme`?

error: `prodd` is no provider or cloud of this file
  --> imgshare.toml:19:1
   |
19 | prodd = '1004'
   | ^^^^^
   |
   = help: did you mean `prod`?
"#]],
    );
}

#[test]
fn everybody_is_not_an_account() {
    check(
        &world("[accounts.x]\nother = 'everyone'\nelsewhere = '*'"),
        str![[r#"
error: `everyone` is not an account: sharing with everybody does not exist in imgshare
  --> imgshare.toml:18:9
   |
18 | other = 'everyone'
   |         ^^^^^^^^^^

error: `*` is not an account: sharing with everybody does not exist in imgshare
  --> imgshare.toml:19:13
   |
19 | elsewhere = '*'
   |             ^^^
"#]],
    );
}

#[test]
fn a_name_can_be_printed_and_referred_to() {
    check(
        &world(
            "[accounts.'@x']\n[accounts.' y']\n[clouds.\"\\u001b\"]\nprovider = 'acme'\nregions = ['north']",
        ),
        str![[r#"
error: the name of an account must not begin with `@`, which marks groups
  --> imgshare.toml:17:11
   |
17 | [accounts.'@x']
   |           ^^^^

error: the name of an account must not begin or end with white space
  --> imgshare.toml:18:11
   |
18 | [accounts.' y']
   |           ^^^^

error: the name of a cloud must not hold control characters
  --> imgshare.toml:19:9
   |
19 | [clouds."\u001b"]
   |         ^^^^^^^^
"#]],
    );
}

#[test]
fn every_id_has_its_accounts_name_on_each_cloud() {
    let desired = desired(WORLD);
    let name = |cloud: &str, id: &str| {
        desired.account_name(&CloudName::from(cloud), &id.into()).map(ToString::to_string)
    };
    assert_eq!(name("prod", "1002").as_deref(), Some("partner-x"));
    assert_eq!(name("far", "data").as_deref(), Some("data-team"));
    assert_eq!(name("test", "2002").as_deref(), Some("partner-x"), "the cloud's id wins");
    assert_eq!(name("test", "1002"), None, "the provider's id is not used where the cloud has one");
}

#[test]
fn a_group_names_known_accounts_and_groups() {
    check(
        &world("a = ['data-taem', '@bth', '1001']"),
        str![[r#"
error: unknown account `data-taem`
  --> imgshare.toml:17:6
   |
17 | a = ['data-taem', '@bth', '1001']
   |      ^^^^^^^^^^^
   |
   = help: did you mean `data-team`?

error: unknown group `bth`
  --> imgshare.toml:17:19
   |
17 | a = ['data-taem', '@bth', '1001']
   |                   ^^^^^^
   |
   = help: did you mean `both`?

error: unknown account `1001`
  --> imgshare.toml:17:27
   |
17 | a = ['data-taem', '@bth', '1001']
   |                           ^^^^^^
   |
   = help: known accounts: `data-team`, `partner-x`, `@a`, `@both`, `@nobody`
"#]],
    );
}

#[test]
fn a_group_that_contains_itself_is_reported_once() {
    check(
        &world("a = ['@b']\nb = ['@c', 'data-team']\nc = ['@a']"),
        str![[r#"
error: group `a` contains itself
  --> imgshare.toml:17:1
   |
17 | a = ['@b']
   | ^
"#]],
    );
}

#[test]
fn a_fence_has_a_flag_and_a_bound() {
    let fence = desired(&world("[fence]\nonly_known_accounts = true\nmax_removals = 0")).fence;
    assert!(fence.only_known_accounts);
    assert_eq!(fence.max_removals, Some(0));
    assert!(fence.place.is_some());
    check(
        &world("[fence]\nonly_known_account = true\nmax_removals = -1"),
        str![[r#"
error: unknown key `only_known_account`
  --> imgshare.toml:18:1
   |
18 | only_known_account = true
   | ^^^^^^^^^^^^^^^^^^
   |
   = help: did you mean `only_known_accounts`?

error: `max_removals` must be from 0 to 4294967295
  --> imgshare.toml:19:16
   |
19 | max_removals = -1
   |                ^^
"#]],
    );
}

#[test]
fn without_a_fence_nothing_is_held_back() {
    let fence = desired(WORLD).fence;
    assert_eq!((fence.only_known_accounts, fence.max_removals, fence.place), (false, None, None));
}
