//! The description is what the config's reader, the planner and people go by.

use std::collections::BTreeSet;

use imgshare_protocol::{CredentialField, Description, OperationKind};
use regex::Regex;

use super::subject::Subject;
use super::verdict::{Verdict, broken, ensure};

/// What every provider can be asked.
pub(super) const BASIC: [OperationKind; 4] = [
    OperationKind::FindCredentials,
    OperationKind::ListImages,
    OperationKind::ReadShares,
    OperationKind::ChangeShares,
];

pub(super) fn name_and_version_are_those_of_the_passport(subject: &Subject) -> Verdict {
    let (passport, description) = (&subject.plugin.passport, subject.description());
    let said = (description.name.as_str(), description.version.as_str());
    let stamped = (passport.name.as_str(), passport.version.as_str());
    ensure(said == stamped, || {
        format!(
            "describe says {said:?} and the passport {stamped:?}; export the provider from its own crate only"
        )
    })
}

pub(super) fn it_says_what_its_cloud_is_called(subject: &Subject) -> Verdict {
    ensure(!subject.description().display_name.trim().is_empty(), || {
        "display_name is empty; put there what the cloud calls itself".into()
    })
}

pub(super) fn operations_are_known_and_named_once(subject: &Subject) -> Verdict {
    let operations = &subject.description().operations;
    ensure(!operations.contains(&OperationKind::Unknown), || {
        "operations names one that imgshare does not know; take it out".into()
    })?;
    for basic in BASIC {
        ensure(operations.contains(&basic), || {
            format!("operations lacks {basic:?}, which every provider has")
        })?;
    }
    match first_twice(operations) {
        None => Ok(()),
        Some(twice) => broken(format!(
            "operations names {twice:?} twice; OPERATIONS is for what is beyond the basic ones"
        )),
    }
}

pub(super) fn settings_are_an_object_schema_or_none(subject: &Subject) -> Verdict {
    let settings = &subject.description().settings;
    if settings.is_null() {
        return Ok(());
    }
    ensure(settings["type"] == "object", || {
        r#"settings is no JSON Schema of an object; write {"type": "object", "properties": {...}}"#.into()
    })?;
    let properties = &settings["properties"];
    ensure(properties.as_object().is_some_and(|properties| !properties.is_empty()), || {
        "settings has no properties; leave settings out if there are none".into()
    })
}

pub(super) fn the_account_pattern_fits_its_own_example(subject: &Subject) -> Verdict {
    let form = &subject.description().account_id;
    let pattern = Regex::new(&format!("^(?:{})$", form.pattern))
        .map_err(|error| format!("account_id.pattern is no regular expression: {error}"))?;
    ensure(!form.example.is_empty(), || "account_id.example is empty; put a made-up id there".into())?;
    ensure(form.pattern.is_empty() || pattern.is_match(&form.example), || {
        format!("account_id.example {} does not match account_id.pattern {}", form.example, form.pattern)
    })?;
    ensure(!form.about.is_empty(), || "account_id.about is empty; say in words what an id looks like".into())
}

pub(super) fn limits_are_possible(subject: &Subject) -> Verdict {
    let limits = &subject.description().limits;
    for (name, limit) in [
        ("images_per_page", limits.images_per_page),
        ("accounts_per_change", limits.accounts_per_change),
        ("accounts_per_image", limits.accounts_per_image),
        ("images_per_region", limits.images_per_region),
    ] {
        ensure(limit != Some(0), || {
            format!("limits.{name} is 0, so nothing could be done; None means no limit")
        })?;
    }
    Ok(())
}

pub(super) fn quotas_are_possible(subject: &Subject) -> Verdict {
    for quota in &subject.description().quotas {
        let action = &quota.action;
        ensure(quota.calls_per_second.is_finite() && quota.calls_per_second >= 0.0, || {
            format!(
                "the quota of {action} allows {} calls a second; it must be more than 0, or 0 where no figure is known",
                quota.calls_per_second
            )
        })?;
        ensure(!action.is_empty(), || {
            "a quota names no action; put the cloud's name of the call there".into()
        })?;
        ensure(subject.description().can(quota.operation), || {
            format!("the quota of {action} is for {:?}, which the provider does not offer", quota.operation)
        })?;
    }
    Ok(())
}

pub(super) fn hosts_are_declared(subject: &Subject) -> Verdict {
    let hosts = &subject.description().hosts;
    ensure(!hosts.is_empty(), || "hosts is empty; list the host names that the plugin contacts".into())?;
    match hosts.iter().find(|host| !is_host(host.strip_prefix("http://").unwrap_or(host))) {
        None => Ok(()),
        Some(host) => {
            broken(format!("hosts has {host:?}; write names such as api.acme.example or *.acme.example"))
        }
    }
}

pub(super) fn what_is_said_of_copies_agrees_with_the_operations(subject: &Subject) -> Verdict {
    let Description { copying, .. } = subject.description();
    let copies = subject.description().can(OperationKind::CopyImage);
    ensure(!copies || copying.unsupported.is_none(), || {
        "copying.unsupported says why images cannot be copied, and operations say that they can; take one out"
            .into()
    })?;
    ensure(copying.unsupported.as_ref().is_none_or(|reason| !reason.trim().is_empty()), || {
        "copying.unsupported is empty; say why images cannot be copied and what exists instead".into()
    })?;
    ensure(copying.name_length_max != Some(0), || {
        "copying.name_length_max is 0, so no copy could have a name; None means no limit".into()
    })
}

pub(super) fn what_is_said_of_snapshots_and_receivers_agrees_with_the_operations(
    subject: &Subject,
) -> Verdict {
    let description = subject.description();
    let reads = description.can(OperationKind::ReadSnapshotShares);
    ensure(reads == description.can(OperationKind::ChangeSnapshotShares), || {
        "operations names one of ReadSnapshotShares and ChangeSnapshotShares; name both or none".into()
    })?;
    ensure(description.snapshots.accounts_per_change != Some(0), || {
        "snapshots.accounts_per_change is 0, so nothing could be done; None means no limit".into()
    })?;
    ensure(description.needs_acceptance || !description.can(OperationKind::AcceptShare), || {
        "operations names AcceptShare, and needs_acceptance says that receivers need not accept; mend one"
            .into()
    })
}

fn is_host(host: &str) -> bool {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-.*:".contains(character);
    !host.is_empty() && host.chars().all(allowed)
}

pub(super) fn credential_fields_are_told_apart(subject: &Subject) -> Verdict {
    let fields = &subject.description().credentials;
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    if let Some(twice) = first_twice(&names) {
        return broken(format!("credentials has two fields {twice}; name each field once"));
    }
    fields.iter().try_for_each(is_told)
}

fn is_told(field: &CredentialField) -> Verdict {
    let key =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
    ensure(!field.name.is_empty() && field.name.chars().all(key), || {
        format!("the credential field {:?} is no key; use a-z, 0-9 and _", field.name)
    })?;
    ensure(!field.about.is_empty(), || {
        format!("the credential field {} has no about; say what it is", field.name)
    })
}

fn first_twice<T: Ord>(items: &[T]) -> Option<&T> {
    let mut seen = BTreeSet::new();
    items.iter().find(|item| !seen.insert(*item))
}
