//! `with_snapshots` of a rule.

use imgshare_protocol::{Description, OperationKind};
use snapbox::str;

use crate::support::{Providers, acme, check_with, other, providers, read_with, rule};

/// Provider acme can share snapshots, the other one can read who has them.
fn able() -> Providers {
    let (read, change) = (OperationKind::ReadSnapshotShares, OperationKind::ChangeSnapshotShares);
    let acme = Description { operations: vec![read, change], ..acme() };
    let other = Description { operations: vec![read], ..other() };
    [acme, other].map(|about| (about.name.clone(), Ok(about))).into()
}

fn sharing(lines: &str) -> String {
    rule(&format!("name = 'r'\nimages = {{ all = true }}\nwith = ['data-team']\n{lines}"))
}

#[test]
fn a_rule_shares_no_snapshots_unless_it_says_so() {
    let shares = |lines: &str| {
        let desired = read_with(&sharing(&format!("cloud = 'prod'\n{lines}")), &able());
        desired.unwrap_or_else(|problems| panic!("{problems}")).rules[0].with_snapshots
    };
    assert!(!shares("") && !shares("with_snapshots = false") && shares("with_snapshots = true"));
}

#[test]
fn a_provider_that_cannot_share_snapshots_is_refused_once() {
    check_with(
        &sharing("clouds = ['prod', 'test', 'far']\nwith_snapshots = true"),
        &able(),
        str![[r#"
error: provider `other` cannot share snapshots
  --> imgshare.toml:22:18
   |
22 | with_snapshots = true
   |                  ^^^^
   |
   = help: write a rule of its own for its clouds, without `with_snapshots`
"#]],
    );
}

#[test]
fn a_rule_that_shares_none_asks_nothing_of_its_providers() {
    let desired = read_with(&sharing("cloud = 'prod'\nwith_snapshots = false"), &providers());
    assert!(desired.is_ok());
}

#[test]
fn it_is_true_or_false() {
    check_with(
        &sharing("cloud = 'prod'\nwith_snapshots = 'yes'"),
        &able(),
        str![[r#"
error: `with_snapshots` must be `true` or `false`
  --> imgshare.toml:22:18
   |
22 | with_snapshots = 'yes'
   |                  ^^^^^ found a string
"#]],
    );
}

#[test]
fn a_receiver_that_can_have_no_snapshots_is_refused_and_named() {
    let mut providers = able();
    let acme = providers.values_mut().next().and_then(|about| about.as_mut().ok());
    acme.expect("there is acme").snapshots.account_pattern = "1002".into();
    check_with(
        &sharing("clouds = ['prod', 'test']\nwith_snapshots = true"),
        &providers,
        str![[r#"
error: `acme` cannot share snapshots with `1001`
  --> imgshare.toml:22:18
   |
22 | with_snapshots = true
   |                  ^^^^
   |
   = help: give it a rule of its own, without `with_snapshots`
"#]],
    );
}
