//! `accept_with` and `verify_with` of an account.

use imgshare_protocol::{Description, Desired, OperationKind, Receiver};
use snapbox::{IntoData, str};

use crate::support::{Providers, WORLD, acme, check_with, other, problems_with, providers, read_with};

/// Both providers can accept shares and be asked what was received.
fn able() -> Providers {
    let operations = || vec![OperationKind::AcceptShare, OperationKind::ReadReceived];
    let able = |about: Description| Description { operations: operations(), ..about };
    [able(acme()), able(other())].map(|about| (about.name.clone(), Ok(about))).into()
}

fn account(lines: &str) -> String {
    format!("{WORLD}[accounts.x]\n{lines}\n")
}

#[track_caller]
fn desired(text: &str) -> Desired {
    read_with(text, &able()).unwrap_or_else(|problems| panic!("{problems}"))
}

#[track_caller]
fn check(text: &str, expected: impl IntoData) {
    check_with(text, &able(), expected);
}

fn receiver(accept_with: Option<&str>, verify_with: Option<&str>) -> Receiver {
    Receiver { accept_with: accept_with.map(Into::into), verify_with: verify_with.map(Into::into) }
}

#[test]
fn a_login_counts_for_the_images_of_all_clouds_of_its_provider_but_its_own() {
    let desired = desired(&account("acme = '1003'\naccept_with = 'test'\nverify_with = 'test'"));
    let of = |cloud: &str| desired.receiver(&cloud.into(), &"1003".into());
    assert_eq!(of("prod"), Some(&receiver(Some("test"), Some("test"))));
    assert_eq!(of("test"), None, "that login is the owner's there");
    assert_eq!(of("far"), None);
}

#[test]
fn of_several_logins_the_one_of_the_rules_provider_counts() {
    let text = account("acme = '1003'\nother = 'ex'\naccept_with = 'test'\nverify_with = ['far', 'test']");
    let text = format!("{text}[clouds.near]\nprovider = 'other'\nregions = ['sun']\n");
    let desired = desired(&text);
    let of = |cloud: &str, account: &str| desired.receiver(&cloud.into(), &account.into()).cloned();
    assert_eq!(of("prod", "1003"), Some(receiver(Some("test"), Some("test"))));
    assert_eq!(of("near", "ex"), Some(receiver(None, Some("far"))));
}

#[test]
fn the_id_that_counts_on_the_cloud_is_the_receivers() {
    let desired = desired(&account("acme = '1003'\nprod = '1004'\naccept_with = 'test'"));
    let accepting = receiver(Some("test"), None);
    assert_eq!(desired.receiver(&"prod".into(), &"1004".into()), Some(&accepting));
    assert_eq!(desired.receiver(&"prod".into(), &"1003".into()), None);
}

#[test]
fn a_login_is_no_id() {
    let desired = desired(&account("acme = '1003'\naccept_with = 'test'"));
    assert!(!desired.account_names.keys().any(|(_, id)| id.as_str() == "test"));
}

#[test]
fn an_unknown_cloud_is_told_the_one_that_was_meant() {
    check(
        &account("acme = '1003'\naccept_with = 'tets'\nverify_with = ['prood']"),
        str![[r#"
error: unknown cloud `tets`
  --> imgshare.toml:19:15
   |
19 | accept_with = 'tets'
   |               ^^^^^^
   |
   = help: did you mean `test`?

error: unknown cloud `prood`
  --> imgshare.toml:20:16
   |
20 | verify_with = ['prood']
   |                ^^^^^^^
   |
   = help: did you mean `prod`?
"#]],
    );
}

#[test]
fn a_misspelt_key_is_not_taken_for_a_provider() {
    check(
        &account("acme = '1003'\nacept_with = 'test'"),
        str![[r#"
error: `acept_with` is no provider or cloud of this file
  --> imgshare.toml:19:1
   |
19 | acept_with = 'test'
   | ^^^^^^^^^^
   |
   = help: did you mean `accept_with`?
"#]],
    );
}

#[test]
fn a_provider_that_cannot_is_refused() {
    check_with(
        &account("acme = '1003'\naccept_with = 'test'\nverify_with = 'test'"),
        &providers(),
        str![[r#"
error: provider `acme` cannot accept shares
  --> imgshare.toml:19:15
   |
19 | accept_with = 'test'
   |               ^^^^^^
   |
   = help: take `test` out of `accept_with`

error: provider `acme` cannot be asked what an account has received
  --> imgshare.toml:20:15
   |
20 | verify_with = 'test'
   |               ^^^^^^
   |
   = help: take `test` out of `verify_with`
"#]],
    );
}

#[test]
fn two_logins_at_one_provider_are_refused() {
    check(
        &account("acme = '1003'\naccept_with = ['prod', 'test']"),
        str![[r#"
error: two clouds of provider `acme`
  --> imgshare.toml:19:24
   |
19 | accept_with = ['prod', 'test']
   |                        ^^^^^^ which of them is the account's login cannot be known
   |
  ::: imgshare.toml:19:16
   |
19 | accept_with = ['prod', 'test']
   |                ------ the first one
   |
   = help: name one for each provider; give an account that has two ids there two names
"#]],
    );
}

#[test]
fn a_login_where_the_account_has_no_id_is_refused() {
    check(
        &account("acme = '1003'\nverify_with = 'far'"),
        str![[r#"
error: the account has no id for provider `other`
  --> imgshare.toml:19:15
   |
19 | verify_with = 'far'
   |               ^^^^^ so this login would never be used
   |
   = help: add `other = "..."` to [accounts.x]
"#]],
    );
}

#[test]
fn a_login_is_named_by_a_text_or_by_several() {
    check(
        &account("acme = '1003'\naccept_with = true\nverify_with = []"),
        str![[r#"
error: `accept_with` must be the name of a cloud, or an array of such names
  --> imgshare.toml:19:15
   |
19 | accept_with = true
   |               ^^^^ found a boolean

error: `verify_with` is empty
  --> imgshare.toml:20:15
   |
20 | verify_with = []
   |               ^^
   |
   = help: name a cloud, or leave it out
"#]],
    );
}

#[test]
fn a_cloud_cannot_be_called_like_one_of_the_keys() {
    check(
        "[clouds.accept_with]\nprovider = 'acme'\nregions = ['north']\n",
        str![[r#"
error: no cloud can have the name `accept_with`
 --> imgshare.toml:1:9
  |
1 | [clouds.accept_with]
  |         ^^^^^^^^^^^ it is a key of [accounts.X]
  |
  = help: choose another name for the cloud
"#]],
    );
}

#[test]
fn without_its_plugin_nobody_knows_what_a_provider_can_do() {
    let gone = |name: &str| (name.into(), Err("not found".to_owned()));
    let problems =
        problems_with(&account("acme = '1003'\naccept_with = 'test'"), &[gone("acme"), gone("other")].into());
    assert!(problems.contains("cannot be used") && !problems.contains("accept"), "{problems}");
}
