//! The example files and the reference page say what the reader knows, no less and no more.

use std::collections::BTreeSet;

use imgshare_config::{ConfigFile, KNOWN_KEYS};
use imgshare_protocol::{
    AccountForm, CredentialField, Description, Desired, Limits, Mode, OperationKind, Quota, SelectionSupport,
};

use crate::support::Providers;

const MINIMAL: &str = include_str!("../../../../config/minimal.toml");
const FULL: &str = include_str!("../../../../config/full.toml");
const DEMO: &str = include_str!("../../../../config/demo.toml");
const REFERENCE: &str = include_str!("../../../../docs/configuration.md");

/// What the examples' providers say about themselves, as far as the reader wants to know it.
fn providers() -> Providers {
    let field =
        |name: &str, secret| CredentialField { name: name.into(), secret, ..CredentialField::default() };
    let description = Description {
        name: "tencent".into(),
        limits: Limits { images_per_page: Some(100), ..Limits::default() },
        quotas: ["DescribeImages", "ModifyImageSharePermission"].map(quota).into(),
        credentials: vec![
            field("secret_id", true),
            field("secret_key", true),
            field("token", true),
            field("profile", false),
        ],
        settings: serde_json::json!({ "type": "object", "properties": {
            "site": { "type": "string", "enum": ["default", "regional", "international"] },
            "language": { "type": "string" },
            "role": { "type": "string", "enum": ["auto", "none"] },
            "metadata_endpoint": { "type": "string" },
        } }),
        account_id: AccountForm { pattern: "[1-9][0-9]*".into(), ..AccountForm::default() },
        selection: SelectionSupport { family: true, tags: true, created: true },
        ..Description::default()
    };
    let other = |name: &str, keys: [&str; 2]| Description {
        name: name.into(),
        credentials: keys.map(|key| field(key, true)).into(),
        account_id: description.account_id.clone(),
        selection: SelectionSupport { created: true, ..SelectionSupport::default() },
        ..Description::default()
    };
    let alibaba = other("alibaba", ["access_key_id", "access_key_secret"]);
    let ucloud = other("ucloud", ["public_key", "private_key"]);
    let able = |name: &str, operations: &[OperationKind]| Description {
        name: name.into(),
        operations: operations.to_vec(),
        selection: description.selection,
        ..Description::default()
    };
    let aws = able("aws", &[OperationKind::ReadSnapshotShares, OperationKind::ChangeSnapshotShares]);
    let openstack = able("openstack", &[OperationKind::AcceptShare, OperationKind::ReadReceived]);
    let all = [description, alibaba, ucloud, aws, openstack];
    all.map(|provider| (provider.name.clone(), Ok(provider))).into()
}

fn quota(call: &str) -> Quota {
    Quota { action: call.into(), ..Quota::default() }
}

#[track_caller]
fn desired(text: &str) -> Desired {
    let file = ConfigFile::parse("example.toml", text).unwrap_or_else(|problems| panic!("{problems}"));
    file.resolve(&providers()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The file's tables under this path, in which `X` stands for any name.
fn tables<'f>(file: &'f toml::Value, path: &str) -> Vec<&'f toml::Value> {
    let steps = path.split('.').filter(|step| !step.is_empty());
    steps.fold(vec![file], |tables, step| tables.into_iter().flat_map(|table| below(table, step)).collect())
}

fn below<'f>(table: &'f toml::Value, step: &str) -> Vec<&'f toml::Value> {
    let entries = table.as_table().into_iter().flatten();
    let values = entries.filter(|(key, _)| step == "X" || *key == step).map(|(_, value)| value);
    values.flat_map(|value| value.as_array().map_or(vec![value], |all| all.iter().collect())).collect()
}

#[test]
fn the_minimal_example_is_one_rule() {
    let desired = desired(MINIMAL);
    assert_eq!(desired.rules.len(), 1);
    assert!(desired.clouds["prod"].credentials.is_empty(), "credentials come by the provider's convention");
}

#[test]
fn the_demo_example_fits_the_simulators_world() {
    let desired = desired(DEMO);
    // The simulator gives its clouds these ports, in this order.
    for (cloud, port) in [("tencent-demo", 7070), ("alibaba-demo", 7071), ("gpu-demo", 7072)] {
        let endpoint = format!("http://127.0.0.1:{port}");
        assert_eq!(desired.clouds[cloud].endpoint, Some(endpoint), "{cloud}");
    }
    assert_eq!(desired.clouds["tencent-demo"].regions, ["ap-nanjing", "ap-shanghai"].map(Into::into));
    let golden = &desired.rules[0];
    assert_eq!((golden.mode, golden.targets[0].accounts.len()), (Mode::Exact, 2));
}

#[test]
fn the_full_example_has_every_way_to_select_and_both_modes() {
    let desired = desired(FULL);
    let images: Vec<_> = desired.rules.iter().map(|rule| &rule.images).collect();
    assert!(images.iter().any(|it| it.all) && images.iter().any(|it| it.newer_than_seconds.is_some()));
    let modes: BTreeSet<_> = desired.rules.iter().map(|rule| rule.mode).collect();
    assert_eq!(modes, [Mode::Add, Mode::Exact].into());
}

#[test]
fn the_full_example_sets_every_key_that_the_reader_knows() {
    let file = FULL.parse::<toml::Table>().map(toml::Value::Table).unwrap();
    for list in KNOWN_KEYS {
        let tables = tables(&file, list.section);
        assert!(!tables.is_empty(), "[{}]", list.section);
        for key in list.keys {
            assert!(tables.iter().any(|table| table.get(key).is_some()), "[{}] {key}", list.section);
        }
    }
}

#[test]
fn the_reference_page_lists_every_key_in_its_section_and_no_other() {
    for list in KNOWN_KEYS.iter().filter(|list| !list.keys.is_empty()) {
        let listed: BTreeSet<_> = keys_in_reference(list.section).collect();
        assert_eq!(listed, list.keys.iter().copied().collect(), "section {}", list.section);
    }
}

#[test]
fn the_reference_page_has_a_section_for_every_table() {
    for list in KNOWN_KEYS {
        assert!(!section_of_reference(list.section).is_empty(), "section {}", list.section);
    }
}

/// The keys in the first column of the tables of this section.
fn keys_in_reference(section: &str) -> impl Iterator<Item = &'static str> {
    let rows = section_of_reference(section).lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next())
}

/// The text of the section about this table.
fn section_of_reference(section: &str) -> &'static str {
    let header = match section {
        "" => "## The file\n".to_owned(),
        "share" => "## `[[share]]`\n".to_owned(),
        _ => format!("## `[{section}]`\n"),
    };
    let text = REFERENCE.split_once(&header).map_or("", |(_, text)| text);
    text.split("\n## ").next().unwrap_or_default()
}
