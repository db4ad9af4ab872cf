//! `[clouds.X.limits]`.

use std::collections::BTreeMap;

use snapbox::str;

use crate::support::{check, check_with, cloud, desired, providers, read};

#[test]
fn limits_of_the_file_lie_over_those_of_the_provider() {
    let text =
        cloud("regions = ['north']\nlimits = { accounts_per_image = 500, add_and_remove_together = true }");
    let limits = &desired(&text).clouds["prod"].limits;
    assert_eq!(limits.accounts_per_image, Some(500));
    assert_eq!(limits.accounts_per_change, Some(10));
    assert!(limits.add_and_remove_together);
}

#[test]
fn a_limit_is_a_positive_number() {
    check(
        &cloud(
            "regions = ['north']\n[clouds.prod.limits]\nimages_per_page = 0\naccounts_per_change = -1\naccounts_per_image = '9'",
        ),
        str![[r#"
error: `images_per_page` must be from 1 to 4294967295
 --> imgshare.toml:5:19
  |
5 | images_per_page = 0
  |                   ^

error: `accounts_per_change` must be from 1 to 4294967295
 --> imgshare.toml:6:23
  |
6 | accounts_per_change = -1
  |                       ^^

error: `accounts_per_image` must be an integer
 --> imgshare.toml:7:22
  |
7 | accounts_per_image = '9'
  |                      ^^^ found a string
"#]],
    );
}

#[test]
fn unknown_limits_are_refused() {
    check(
        &cloud("regions = ['north']\nlimits = { account_per_image = 1 }"),
        str![[r#"
error: unknown key `account_per_image`
 --> imgshare.toml:4:12
  |
4 | limits = { account_per_image = 1 }
  |            ^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `accounts_per_image`?
"#]],
    );
}

#[test]
fn paces_are_named_by_call_with_or_without_decimals() {
    let text = cloud(
        "regions = ['north']\nlimits = { images_per_region = 20, calls_per_second = { ChangeImage = 5, ListImages = 0.5 } }",
    );
    let limits = &desired(&text).clouds["prod"].limits;
    assert_eq!(limits.images_per_region, Some(20));
    let paces = [("ChangeImage", 5.0), ("ListImages", 0.5)].map(|(call, pace)| (call.to_owned(), pace));
    assert_eq!(limits.calls_per_second, BTreeMap::from(paces));
}

#[test]
fn a_pace_is_for_a_call_that_the_provider_names_and_all_flaws_are_reported_at_once() {
    check(
        &cloud(
            "regions = ['north']\n[clouds.prod.limits.calls_per_second]\nChangeImages = 5\nCopyImage = 1\nListImages = 0\nChangeImage = '9'",
        ),
        str![[r#"
error: provider `acme` names no call `ChangeImages`
 --> imgshare.toml:5:1
  |
5 | ChangeImages = 5
  | ^^^^^^^^^^^^
  |
  = help: did you mean `ChangeImage`?

error: provider `acme` names no call `CopyImage`
 --> imgshare.toml:6:1
  |
6 | CopyImage = 1
  | ^^^^^^^^^
  |
  = help: known calls: `ChangeImage`, `ListImages`

error: `ListImages` must be from 0.001 to 1000000
 --> imgshare.toml:7:14
  |
7 | ListImages = 0
  |              ^

error: `ChangeImage` must be a number
 --> imgshare.toml:8:15
  |
8 | ChangeImage = '9'
  |               ^^^ found a string
"#]],
    );
}

#[test]
fn a_pace_is_neither_a_stop_nor_beyond_all_measure() {
    for pace in [
        "-1",
        "0",
        "0.0",
        "0.0009",
        "1000001",
        "inf",
        "nan",
        "1e300",
        "340282366920938463463374607431768211456",
    ] {
        let text =
            cloud(&format!("regions = ['north']\nlimits.calls_per_second = {{ ListImages = {pace} }}"));
        let problems = read(&text).expect_err(pace);
        assert_eq!(problems.iter().count(), 1, "{pace}: {problems}");
    }
}

#[test]
fn a_provider_that_names_no_calls_takes_none_and_without_the_plugin_none_is_judged() {
    let text =
        "[clouds.far]\nprovider = 'other'\nregions = ['moon']\nlimits.calls_per_second = { Anything = 1 }\n";
    check(
        text,
        str![[r#"
error: provider `other` names no call `Anything`
 --> imgshare.toml:4:29
  |
4 | limits.calls_per_second = { Anything = 1 }
  |                             ^^^^^^^^
  |
  = help: leave it out: this provider says nothing of its calls
"#]],
    );
    let mut providers = providers();
    providers.insert("other".into(), Err("its file is missing".into()));
    check_with(
        text,
        &providers,
        str![[r#"
error: provider `other` cannot be used
 --> imgshare.toml:2:12
  |
2 | provider = 'other'
  |            ^^^^^^^ its file is missing
"#]],
    );
}
