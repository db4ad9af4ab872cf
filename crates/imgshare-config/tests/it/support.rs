//! Two invented providers and ways to read a file with them.

use std::collections::BTreeMap;

use imgshare_config::{ConfigFile, Problems};
use imgshare_protocol::{
    AccountForm, CredentialField, Description, Desired, Limits, ProviderName, Quota, SelectionSupport,
};
use snapbox::{Assert, IntoData};

pub(crate) type Providers = BTreeMap<ProviderName, Result<Description, String>>;

/// Accounts are numbers; images have all that images can have.
pub(crate) fn acme() -> Description {
    Description {
        name: "acme".into(),
        limits: Limits { accounts_per_change: Some(10), accounts_per_image: Some(50), ..Limits::default() },
        quotas: ["ListImages", "ChangeImage", "ListImages"].map(quota).into(),
        credentials: vec![
            field("access_id", false, "ACME_ACCESS_ID"),
            field("access_key", true, "ACME_ACCESS_KEY"),
            CredentialField { name: "profile".into(), ..CredentialField::default() },
        ],
        settings: serde_json::json!({
            "type": "object",
            "properties": {
                "site": {
                    "type": "string",
                    "enum": ["main", "abroad"],
                    "description": "which of the two sites the account lives on",
                },
                "tries": { "type": "integer", "minimum": 1, "maximum": 5 },
                "ratio": { "type": "number", "maximum": 1.5 },
                "strict": { "type": "boolean" },
                "zones": { "type": "array", "items": { "type": "string" } },
                "label": { "type": "string", "pattern": "^[a-z]+$" },
                "keys": { "type": "object", "additionalProperties": { "type": "string" } },
            },
        }),
        account_id: AccountForm {
            pattern: "[1-9][0-9]*".into(),
            about: "digits only".into(),
            example: "1001".into(),
        },
        selection: SelectionSupport { family: true, tags: true, created: true },
        ..Description::default()
    }
}

/// Accounts are words; images have an id and a name and nothing else; there are no settings.
pub(crate) fn other() -> Description {
    Description {
        name: "other".into(),
        account_id: AccountForm { pattern: "[a-z]+(-[a-z]+)*".into(), ..AccountForm::default() },
        ..Description::default()
    }
}

fn quota(call: &str) -> Quota {
    Quota { action: call.into(), calls_per_second: 10.0, ..Quota::default() }
}

fn field(name: &str, secret: bool, variable: &str) -> CredentialField {
    CredentialField { name: name.into(), secret, environment: vec![variable.into()], about: String::new() }
}

pub(crate) fn providers() -> Providers {
    [acme(), other()].map(|description| (description.name.clone(), Ok(description))).into()
}

pub(crate) fn read_with(text: &str, providers: &Providers) -> Result<Desired, Problems> {
    ConfigFile::parse("imgshare.toml", text)?.resolve(providers)
}

pub(crate) fn read(text: &str) -> Result<Desired, Problems> {
    read_with(text, &providers())
}

/// What the text means; it must be right.
#[track_caller]
pub(crate) fn desired(text: &str) -> Desired {
    read(text).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The problems of the text for people; empty when there are none.
pub(crate) fn problems_with(text: &str, providers: &Providers) -> String {
    read_with(text, providers).err().map(|problems| problems.to_string()).unwrap_or_default()
}

/// The problems are rendered just so.
#[track_caller]
pub(crate) fn check(text: &str, expected: impl IntoData) {
    check_with(text, &providers(), expected);
}

#[track_caller]
pub(crate) fn check_with(text: &str, providers: &Providers, expected: impl IntoData) {
    let assert = Assert::new().action_env("SNAPSHOTS").normalize_paths(false);
    assert.eq(problems_with(text, providers), expected.into_data().raw());
}

/// A file around these lines of `[clouds.prod]` of provider `acme`.
pub(crate) fn cloud(lines: &str) -> String {
    format!("[clouds.prod]\nprovider = 'acme'\n{lines}\n")
}

/// A file around these lines of a rule, with clouds, accounts and groups to refer to.
pub(crate) fn rule(lines: &str) -> String {
    format!("{WORLD}[[share]]\n{lines}\n")
}

/// A file around this `images` of a rule.
pub(crate) fn images(images: &str) -> String {
    rule(&format!("name = 'r'\ncloud = 'prod'\nwith = ['data-team']\nimages = {images}"))
}

/// A file around this `with` of a rule about the cloud `prod`.
pub(crate) fn with(with: &str) -> String {
    rule(&format!("name = 'r'\ncloud = 'prod'\nimages = {{ all = true }}\nwith = {with}"))
}

pub(crate) const WORLD: &str = r#"
[clouds.prod]
provider = "acme"
regions = ["north", "south"]
[clouds.test]
provider = "acme"
regions = ["south", "east"]
[clouds.far]
provider = "other"
regions = ["moon"]
[accounts]
data-team = { acme = "1001", other = "data" }
partner-x = { acme = "1002", test = "2002" }
[groups]
both = ["data-team", "partner-x"]
nobody = []
"#;
