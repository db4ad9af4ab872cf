use imgshare_protocol::{Description, OperationKind, Quota};
use serde_json::json;

use super::*;

/// Checks that the puppet, with this changed in its description, breaks this promise and no other, and that the author
/// is told these words.
fn check(promise: &str, words: &str, change: fn(&mut Description)) {
    let failures = failures(&puppet_with(change));
    let [(broken, sentence)] = failures.as_slice() else { panic!("{promise}: {failures:?}") };
    assert_eq!(*broken, promise);
    assert!(sentence.contains(words), "{promise}: {sentence}");
}

fn puppet_with(change: fn(&mut Description)) -> Subject {
    let mut plugin = crate::load("puppet");
    change(&mut plugin.description);
    Subject::new(plugin)
}

fn failures(subject: &Subject) -> Vec<(&'static str, String)> {
    outcomes(subject, CHECKS.iter())
        .into_iter()
        .filter_map(|outcome| Some((outcome.promise, outcome.failure?)))
        .collect()
}

#[test]
fn a_provider_that_keeps_its_promises_breaks_none() {
    assert_eq!(failures(&puppet_with(|_| {})), []);
}

#[test]
fn names_that_do_not_agree() {
    let promise = "name_and_version_are_those_of_the_passport";
    check(promise, "export the provider from its own crate", |it| it.name = "other".into());
    check(promise, "9.9.9", |it| it.version = "9.9.9".into());
    check("it_says_what_its_cloud_is_called", "display_name is empty", |it| it.display_name.clear());
}

#[test]
fn operations_that_are_missing_or_named_twice() {
    let promise = "operations_are_known_and_named_once";
    check(promise, "lacks ReadShares", |it| it.operations.truncate(2));
    check(promise, "ListImages twice", |it| it.operations.extend([OperationKind::ListImages]));
    check(promise, "does not know", |it| it.operations.extend([OperationKind::Unknown]));
}

#[test]
fn settings_that_are_no_schema() {
    let promise = "settings_are_an_object_schema_or_none";
    check(promise, "no JSON Schema of an object", |it| it.settings = json!("text"));
    check(promise, "no properties", |it| it.settings = json!({ "type": "object" }));
}

#[test]
fn an_account_form_that_contradicts_itself() {
    let promise = "the_account_pattern_fits_its_own_example";
    check(promise, "no regular expression", |it| it.account_id.pattern = "(".into());
    check(promise, "does not match", |it| it.account_id.pattern = "[0-9]".into());
    check(promise, "example is empty", |it| it.account_id.example.clear());
}

#[test]
fn numbers_that_cannot_be() {
    check("limits_are_possible", "accounts_per_change is 0", |it| it.limits.accounts_per_change = Some(0));
    check("limits_are_possible", "images_per_region is 0", |it| it.limits.images_per_region = Some(0));
    let promise = "quotas_are_possible";
    check(promise, "more than 0", |it| it.quotas.extend([Quota { calls_per_second: -1.0, ..quota() }]));
    check(promise, "more than 0", |it| it.quotas.extend([Quota { calls_per_second: f64::NAN, ..quota() }]));
    check(promise, "names no action", |it| it.quotas.extend([Quota { action: String::new(), ..quota() }]));
}

/// The quota of a cloud that publishes no figure.
fn quota() -> Quota {
    Quota { operation: OperationKind::ListImages, action: "ListThings".into(), ..Quota::default() }
}

#[test]
fn no_figure_is_no_flaw_of_a_quota() {
    assert_eq!(failures(&puppet_with(|it| it.quotas.extend([quota()]))), []);
}

#[test]
fn words_about_copies_that_contradict_each_other() {
    let promise = "what_is_said_of_copies_agrees_with_the_operations";
    check(promise, "name_length_max is 0", |it| it.copying.name_length_max = Some(0));
    check(promise, "say why", |it| it.copying.unsupported = Some(" ".into()));
    let mut plugin = crate::load("faulty");
    plugin.description.copying.unsupported = Some("it cannot".into());
    assert!(description::what_is_said_of_copies_agrees_with_the_operations(&Subject::new(plugin)).is_err());
}

#[test]
fn words_about_snapshots_and_receivers_that_contradict_the_operations() {
    let promise = "what_is_said_of_snapshots_and_receivers_agrees_with_the_operations";
    check(promise, "is 0", |it| it.snapshots.accounts_per_change = Some(0));
    let half: fn(&mut Description) = |it| it.operations.push(OperationKind::ReadSnapshotShares);
    let needless: fn(&mut Description) = |it| it.operations.push(OperationKind::AcceptShare);
    for (words, change) in [("both or none", half), ("need not accept", needless)] {
        let subject = puppet_with(change);
        let said = description::what_is_said_of_snapshots_and_receivers_agrees_with_the_operations(&subject);
        assert!(matches!(&said, Err(Lack::Broken(sentence)) if sentence.contains(words)), "{said:?}");
    }
}

#[test]
fn an_operation_that_works_and_is_not_offered() {
    use OperationKind::{AcceptShare, ChangeSnapshotShares, CopyImage, ReadReceived, ReadSnapshotShares};
    for hidden in [CopyImage, ReadSnapshotShares, ChangeSnapshotShares, AcceptShare, ReadReceived] {
        let mut plugin = crate::load("faulty");
        plugin.description.operations.retain(|operation| *operation != hidden);
        let subject = Subject::new(plugin).with(json!({ "fault": "" }), None);
        assert!(operations::what_is_not_offered_is_unsupported(&subject).is_err(), "{hidden:?}");
    }
}

#[test]
fn hosts_that_are_none() {
    check("hosts_are_declared", "list the host names", |it| it.hosts.clear());
    check("hosts_are_declared", "api.acme.example", |it| it.hosts.extend(["https://x/".into()]));
}

#[test]
fn credential_fields_that_cannot_be_told_apart() {
    let promise = "credential_fields_are_told_apart";
    check(promise, "two fields key", |it| it.credentials.extend_from_within(..));
    check(promise, "is no key", |it| it.credentials[0].name = "Key".into());
    check(promise, "no about", |it| it.credentials[0].about.clear());
}
