//! `with`: who receives.

use snapbox::str;

use crate::support::{check, desired, rule, with};

/// The ids on each cloud of the first rule.
fn ids(text: &str) -> Vec<Vec<String>> {
    let rules = desired(text).rules;
    let ids = rules[0].targets.iter();
    ids.map(|target| target.accounts.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn names_groups_and_ids_come_together_each_once() {
    assert_eq!(ids(&with("['@both', 'data-team', '7007', '1001']")), [["1001", "1002", "7007"]]);
}

#[test]
fn the_clouds_id_wins_over_the_providers() {
    let text = rule("name = 'r'\nclouds = ['prod', 'test']\nimages = { all = true }\nwith = ['partner-x']");
    assert_eq!(ids(&text), [["1002"], ["2002"]]);
}

#[test]
fn each_provider_has_its_own_ids() {
    let text = rule("name = 'r'\nclouds = ['prod', 'far']\nimages = { all = true }\nwith = ['data-team']");
    assert_eq!(ids(&text), [["1001"], ["data"]]);
}

#[test]
fn groups_within_groups_are_opened() {
    let text = with("['@outer']").replace("[groups]", "[groups]\nouter = ['@both']");
    assert_eq!(ids(&text), [["1001", "1002"]]);
}

#[test]
fn an_unknown_account_is_refused() {
    check(
        &with("['data-taem', 'somebody', '@bot']"),
        str![[r#"
error: unknown account `data-taem`
  --> imgshare.toml:21:9
   |
21 | with = ['data-taem', 'somebody', '@bot']
   |         ^^^^^^^^^^^ neither a name in [accounts] nor clearly an account id
   |
   = help: did you mean `data-team`?

error: unknown account `somebody`
  --> imgshare.toml:21:22
   |
21 | with = ['data-taem', 'somebody', '@bot']
   |                      ^^^^^^^^^^ neither a name in [accounts] nor clearly an account id
   |
   = help: an account id of `acme` is digits only, such as `1001`

error: unknown group `bot`
  --> imgshare.toml:21:34
   |
21 | with = ['data-taem', 'somebody', '@bot']
   |                                  ^^^^^^
   |
   = help: did you mean `both`?
"#]],
    );
}

#[test]
fn a_misspelt_name_is_not_taken_for_an_id_where_ids_are_words() {
    let text = rule("name = 'r'\ncloud = 'far'\nimages = { all = true }\nwith = ['data-taem', 'some-body']");
    check(
        &text,
        str![[r#"
error: unknown account `data-taem`
  --> imgshare.toml:21:9
   |
21 | with = ['data-taem', 'some-body']
   |         ^^^^^^^^^^^ neither a name in [accounts] nor clearly an account id
   |
   = help: did you mean `data-team`? if this is an id, give it a name in [accounts]
"#]],
    );
}

#[test]
fn an_account_without_an_id_for_the_provider_is_named() {
    let text =
        rule("name = 'r'\nclouds = ['prod', 'far']\nimages = { all = true }\nwith = ['partner-x', '@both']");
    check(
        &text,
        str![[r#"
error: account `partner-x` has no id for provider `other`
  --> imgshare.toml:21:9
   |
21 | with = ['partner-x', '@both']
   |         ^^^^^^^^^^^
   |
   = help: add `other = "..."` to [accounts.partner-x]

error: account `partner-x` has no id for provider `other`
  --> imgshare.toml:21:22
   |
21 | with = ['partner-x', '@both']
   |                      ^^^^^^^
   |
   = help: add `other = "..."` to [accounts.partner-x]
"#]],
    );
}

#[test]
fn a_plain_id_needs_clouds_of_one_provider() {
    let text = rule("name = 'r'\nclouds = ['prod', 'far']\nimages = { all = true }\nwith = ['7007']");
    check(
        &text,
        str![[r#"
error: plain id `7007` in a rule of several providers
  --> imgshare.toml:21:9
   |
21 | with = ['7007']
   |         ^^^^^^ whose id it is cannot be known
   |
   = help: give the account a name in [accounts], with its id on each provider
"#]],
    );
    let text = rule("name = 'r'\nclouds = ['prod', 'test']\nimages = { all = true }\nwith = ['7007']");
    assert_eq!(ids(&text), [["7007"], ["7007"]]);
}

#[test]
fn everybody_is_nobody() {
    check(
        &with("['*', 'Public', 'all']"),
        str![[r#"
error: `*` is not an account: sharing with everybody does not exist in imgshare
  --> imgshare.toml:21:9
   |
21 | with = ['*', 'Public', 'all']
   |         ^^^

error: `Public` is not an account: sharing with everybody does not exist in imgshare
  --> imgshare.toml:21:14
   |
21 | with = ['*', 'Public', 'all']
   |              ^^^^^^^^

error: `all` is not an account: sharing with everybody does not exist in imgshare
  --> imgshare.toml:21:24
   |
21 | with = ['*', 'Public', 'all']
   |                        ^^^^^
"#]],
    );
}

#[test]
fn a_group_without_its_sign_is_not_everybody() {
    check(
        &with("['everyone', 'both']").replace("[groups]", "[groups]\neveryone = ['@both']"),
        str![[r#"
error: `everyone` is not an account: sharing with everybody does not exist in imgshare
  --> imgshare.toml:22:9
   |
22 | with = ['everyone', 'both']
   |         ^^^^^^^^^^
   |
   = help: did you mean `@everyone`?

error: unknown account `both`
  --> imgshare.toml:22:21
   |
22 | with = ['everyone', 'both']
   |                     ^^^^^^ neither a name in [accounts] nor clearly an account id
   |
   = help: did you mean `@both`?
"#]],
    );
}

#[test]
fn the_fence_keeps_unknown_ids_out() {
    let text = with("['7007', '1001', 'data-team']");
    check(
        &format!("{text}[fence]\nonly_known_accounts = true\n"),
        str![[r#"
error: `7007` is not the id of a known account
  --> imgshare.toml:21:9
   |
21 | with = ['7007', '1001', 'data-team']
   |         ^^^^^^ refused by `only_known_accounts` in [fence]
   |
   = help: add the account to [accounts]
"#]],
    );
}

#[test]
fn a_rule_that_adds_names_somebody() {
    check(
        &with("[]"),
        str![[r#"
error: `with` names nobody
  --> imgshare.toml:21:8
   |
21 | with = []
   |        ^^
   |
   = help: name an account; `mode = "exact"` with `with = []` takes all shares away
"#]],
    );
    check(
        &with("['@nobody']"),
        str![[r#"
error: `with` names nobody
  --> imgshare.toml:21:8
   |
21 | with = ['@nobody']
   |        ^^^^^^^^^^^
   |
   = help: name an account; `mode = "exact"` with `with = []` takes all shares away
"#]],
    );
}

#[test]
fn an_exact_rule_may_name_nobody_on_purpose_only() {
    assert_eq!(ids(&with("[]\nmode = 'exact'")), [Vec::<String>::new()]);
    check(
        &with("['@nobody']\nmode = 'exact'"),
        str![[r#"
error: `with` names nobody
  --> imgshare.toml:21:8
   |
21 | with = ['@nobody']
   |        ^^^^^^^^^^^
   |
   = help: name an account; `mode = "exact"` with `with = []` takes all shares away
"#]],
    );
}

#[test]
fn receivers_are_texts() {
    check(
        &with("[1001, '']"),
        str![[r#"
error: `with` must be an array of strings only
  --> imgshare.toml:21:9
   |
21 | with = [1001, '']
   |         ^^^^ found an integer
   |
   = help: write it in quotes

error: `with` must not hold an empty string
  --> imgshare.toml:21:15
   |
21 | with = [1001, '']
   |               ^^
"#]],
    );
    check(
        &with("'data-team'"),
        str![[r#"
error: `with` must be an array of strings
  --> imgshare.toml:21:8
   |
21 | with = 'data-team'
   |        ^^^^^^^^^^^ found a string
   |
   = help: write it in brackets: `["..."]`
"#]],
    );
}
