//! `images`.

use imgshare_protocol::Selection;
use snapbox::str;

use crate::support::{check, desired, images, rule};

#[test]
fn all_ways_to_select_combine() {
    let text = images(
        "{ ids = ['i-2', 'i-1'], name = 'golden-*', name_regex = '^golden', tags = { a = 'b', c = '' }, \
         family = 'f', newer_than = '30d', newest = 3, all = true }",
    );
    let expected = Selection {
        ids: Some(["i-1", "i-2"].map(Into::into).into()),
        name: Some("golden-*".into()),
        name_regex: Some("^golden".into()),
        tags: [("a", "b"), ("c", "")].map(|(k, v)| (k.into(), v.into())).into(),
        family: Some("f".into()),
        newer_than_seconds: Some(30 * 24 * 60 * 60),
        newest: Some(3),
        all: true,
    };
    assert_eq!(desired(&text).rules[0].images, expected);
}

#[test]
fn images_may_be_a_table_of_their_own() {
    let text = rule("name = 'r'\ncloud = 'prod'\nwith = ['data-team']\n[share.images]\nall = true");
    assert!(desired(&text).rules[0].images.all);
}

#[test]
fn ages_have_units() {
    for (age, seconds) in [("90m", 5_400), ("12h", 43_200), ("30d", 2_592_000), ("2w", 1_209_600)] {
        let text = images(&format!("{{ newer_than = '{age}' }}"));
        assert_eq!(desired(&text).rules[0].images.newer_than_seconds, Some(seconds), "{age}");
    }
}

#[test]
fn an_age_is_a_positive_number_with_a_unit() {
    check(
        &images("{ newer_than = '30' }"),
        str![[r#"
error: `newer_than` is not an age
  --> imgshare.toml:21:25
   |
21 | images = { newer_than = '30' }
   |                         ^^^^
   |
   = help: write a number and `m`, `h`, `d` or `w`: `"90m"`, `"12h"`, `"30d"`, `"2w"`
"#]],
    );
    for age in ["0d", "-1d", "+1d", "d", "1y", "1 d", "99999999999999999999d", "9999999999999999999w", "1天"]
    {
        let text = images(&format!("{{ newer_than = '{age}' }}"));
        assert!(crate::support::read(&text).is_err(), "{age}");
    }
}

#[test]
fn a_rule_says_which_images_it_means() {
    check(
        &images("{}"),
        str![[r#"
error: `images` does not say which images
  --> imgshare.toml:21:10
   |
21 | images = {}
   |          ^^
   |
   = help: name some, as in `name = "golden-*"`, or write `all = true`
"#]],
    );
    check(
        &images("{ all = false }"),
        str![[r#"
error: `images` does not say which images
  --> imgshare.toml:21:10
   |
21 | images = { all = false }
   |          ^^^^^^^^^^^^^^^
   |
   = help: name some, as in `name = "golden-*"`, or write `all = true`
"#]],
    );
}

#[test]
fn nothing_is_selected_by_empty_lists_and_texts() {
    check(
        &images("{ ids = [], tags = {}, name = '' }"),
        str![[r#"
error: `ids` is empty
  --> imgshare.toml:21:18
   |
21 | images = { ids = [], tags = {}, name = '' }
   |                  ^^

error: `tags` is empty
  --> imgshare.toml:21:29
   |
21 | images = { ids = [], tags = {}, name = '' }
   |                             ^^

error: `name` must not hold an empty string
  --> imgshare.toml:21:40
   |
21 | images = { ids = [], tags = {}, name = '' }
   |                                        ^^
"#]],
    );
}

#[test]
fn newest_is_at_least_one() {
    check(
        &images("{ newest = 0 }"),
        str![[r#"
error: `newest` must be from 1 to 4294967295
  --> imgshare.toml:21:21
   |
21 | images = { newest = 0 }
   |                     ^
"#]],
    );
}

#[test]
fn patterns_are_checked() {
    check(
        &images("{ name = 'golden-[' }"),
        str![[r#"
error: `name` is not a glob
  --> imgshare.toml:21:19
   |
21 | images = { name = 'golden-[' }
   |                   ^^^^^^^^^^ unclosed character class; missing ']'
"#]],
    );
    check(
        &images("{ name_regex = 'golden-(' }"),
        str![[r#"
error: `name_regex` is not a regular expression
  --> imgshare.toml:21:25
   |
21 | images = { name_regex = 'golden-(' }
   |                         ^^^^^^^^^^ unclosed group
"#]],
    );
}

#[test]
fn a_tags_value_is_a_text() {
    check(
        &images("{ tags = { build = 17 } }"),
        str![[r#"
error: `build` must be a string
  --> imgshare.toml:21:29
   |
21 | images = { tags = { build = 17 } }
   |                             ^^ found an integer
"#]],
    );
}

#[test]
fn what_a_provider_cannot_answer_is_an_error_of_the_rule() {
    check(
        &rule(
            "name = 'r'\nclouds = ['prod', 'far']\nwith = ['data-team']\n[share.images]\n\
             family = 'f'\ntags = { a = 'b' }\nnewer_than = '1d'\nnewest = 1\nname = 'x'",
        ),
        str![[r#"
error: `family` cannot select images of `other`
  --> imgshare.toml:22:1
   |
22 | family = 'f'
   | ^^^^^^ its images do not have families

error: `tags` cannot select images of `other`
  --> imgshare.toml:23:1
   |
23 | tags = { a = 'b' }
   | ^^^^ its images do not have tags

error: `newer_than` cannot select images of `other`
  --> imgshare.toml:24:1
   |
24 | newer_than = '1d'
   | ^^^^^^^^^^ its images do not have a time of creation

error: `newest` cannot select images of `other`
  --> imgshare.toml:25:1
   |
25 | newest = 1
   | ^^^^^^ its images do not have a time of creation
"#]],
    );
}

#[test]
fn unknown_ways_to_select_are_refused() {
    check(
        &images("{ name_regexp = 'x' }"),
        str![[r#"
error: unknown key `name_regexp`
  --> imgshare.toml:21:12
   |
21 | images = { name_regexp = 'x' }
   |            ^^^^^^^^^^^
   |
   = help: did you mean `name_regex`?
"#]],
    );
}
