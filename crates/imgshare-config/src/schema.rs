//! JSON Schema of the config, for editors: with the credentials and settings of the providers that are there.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{Description, ProviderName};
use serde_json::{Map, Value, json};

/// The schema (draft 2020-12) of a config for these providers. What depends on more than one place in the file, such as
/// names that must exist, only the reader can check.
pub fn schema(providers: &BTreeMap<ProviderName, Description>) -> Value {
    let clouds: Vec<_> = providers.values().map(of_provider).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "imgshare config",
        "type": "object",
        "required": ["clouds"],
        "additionalProperties": false,
        "properties": {
            "clouds": named(&cloud(providers, &clouds), "named logins: one provider, one owner account, its regions"),
            "accounts": named(&account(), "names of receivers, with their ids by provider or by cloud"),
            "groups": named(&texts("names of accounts, and @groups"), "bundles of names"),
            "fence": fence(),
            "share": { "type": "array", "description": "the rules", "items": rule() },
        },
    })
}

fn account() -> Value {
    json!({
        "type": "object",
        "additionalProperties": text("the account's id there"),
        "properties": {
            "accept_with": one_or_several("the account's own login, which accepts what is shared with it"),
            "verify_with": one_or_several("the account's own login, which is asked whether it sees what is shared with it"),
        },
    })
}

fn cloud(providers: &BTreeMap<ProviderName, Description>, by_provider: &[Value]) -> Value {
    let names: Vec<_> = providers.keys().collect();
    let provider = if names.is_empty() {
        text("the plugin that speaks to it")
    } else {
        json!({ "enum": names, "description": "the plugin that speaks to it" })
    };
    json!({
        "type": "object",
        "required": ["provider", "regions"],
        "additionalProperties": false,
        "properties": {
            "provider": provider,
            "regions": at_least_one(texts("regions, as the provider spells them")),
            "endpoint": text("another host: a proxy, a private cloud, a simulator"),
            "allow_plain_http": flag("lets endpoint be http:// to another machine"),
            "credentials": { "type": "object", "additionalProperties": { "type": "string" },
                "description": "where the credentials are; left out: the provider's own convention" },
            "limits": limits(),
            "settings": { "type": "object", "description": "what the provider lets you set" },
        },
        "allOf": by_provider,
    })
}

/// What holds for clouds of this provider only.
fn of_provider(provider: &Description) -> Value {
    let fields: Map<_, _> =
        provider.credentials.iter().map(|field| (field.name.clone(), credential(field))).collect();
    let mut then = json!({
        "credentials": { "properties": fields, "additionalProperties": false },
    });
    if !provider.quotas.is_empty() {
        let calls: BTreeSet<_> = provider.quotas.iter().map(|quota| &quota.action).collect();
        then["limits"] =
            json!({ "properties": { "calls_per_second": { "propertyNames": { "enum": calls } } } });
    }
    if !provider.settings.is_null() {
        let mut settings = provider.settings.clone();
        settings["additionalProperties"] = false.into();
        then["settings"] = settings;
    }
    json!({
        "if": { "properties": { "provider": { "const": provider.name } } },
        "then": { "properties": then },
    })
}

fn credential(field: &imgshare_protocol::CredentialField) -> Value {
    if field.secret {
        return json!({ "type": "string", "pattern": "^(env|file|command):.", "description": field.about });
    }
    text(&field.about)
}

fn limits() -> Value {
    json!({
        "type": "object",
        "description": "the cloud's limits, where they are no longer what the plugin says",
        "additionalProperties": false,
        "properties": {
            "images_per_page": count(1, "images that one page of a listing holds at most"),
            "accounts_per_change": count(1, "accounts that one call adds or removes at most"),
            "accounts_per_image": count(1, "accounts that can have one image at the same time"),
            "images_per_region": count(1, "images of its own that the owner can have in one region"),
            "calls_per_second": named(
                &json!({ "type": "number", "minimum": 0.001, "maximum": 1_000_000 }),
                "calls in a second, by the cloud's name of the call",
            ),
            "add_and_remove_together": flag("one call may both add and remove"),
            "bad_account_spoils_change": flag("one bad account makes the whole call fail"),
        },
    })
}

fn fence() -> Value {
    json!({
        "type": "object",
        "description": "checked before any call; a rule cannot switch it off",
        "additionalProperties": false,
        "properties": {
            "only_known_accounts": flag("every account must be in [accounts]"),
            "max_removals": count(0, "shares that one run removes at most"),
        },
    })
}

fn rule() -> Value {
    json!({
        "type": "object",
        "required": ["name", "images", "with"],
        "oneOf": [{ "required": ["cloud"] }, { "required": ["clouds"] }],
        "additionalProperties": false,
        "properties": {
            "name": text("unique; plan, report and errors name it"),
            "cloud": text("a name in [clouds]"),
            "clouds": at_least_one(texts("names in [clouds]")),
            "images": images(),
            "copy_from": text("the region in which images are selected, to be copied into the others"),
            "regions": at_least_one(texts("left out: all regions of the cloud")),
            "with": texts("names, @groups, or plain ids"),
            "with_snapshots": flag("its accounts get the snapshots that its images are made of, too"),
            "mode": { "enum": ["add", "exact"], "default": "add",
                "description": "add never removes; exact removes everybody else" },
        },
    })
}

fn images() -> Value {
    json!({
        "type": "object",
        "description": "which images; all that is said must hold",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": {
            "ids": at_least_one(texts("one of these ids")),
            "name": text("a glob; exact when it has no wildcard"),
            "name_regex": text("a regular expression that occurs in the name"),
            "tags": { "type": "object", "additionalProperties": { "type": "string" },
                "description": "all of these tags" },
            "family": text("this family"),
            "newer_than": { "type": "string", "pattern": "^[1-9][0-9]*[mhdw]$",
                "description": "made within this time: 90m, 12h, 30d, 2w" },
            "newest": count(1, "the N that were made last among those that all else leaves"),
            "all": flag("every image, said on purpose"),
        },
    })
}

fn named(of: &Value, about: &str) -> Value {
    json!({ "type": "object", "description": about, "additionalProperties": of })
}

fn text(about: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "description": about })
}

fn texts(about: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string", "minLength": 1 }, "description": about })
}

fn one_or_several(about: &str) -> Value {
    json!({
        "description": about,
        "anyOf": [{ "type": "string", "minLength": 1 }, at_least_one(texts("of several providers, one each"))],
    })
}

fn at_least_one(mut list: Value) -> Value {
    list["minItems"] = 1.into();
    list
}

fn flag(about: &str) -> Value {
    json!({ "type": "boolean", "description": about })
}

fn count(least: u32, about: &str) -> Value {
    json!({ "type": "integer", "minimum": least, "description": about })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KNOWN_KEYS;

    /// The part of the schema that is about a table of the file, in which `X` stands for any name.
    fn part<'s>(schema: &'s Value, section: &str) -> &'s Value {
        let steps = section.split('.').filter(|step| !step.is_empty());
        steps.fold(schema, |part, step| {
            let below = if step == "X" { &part["additionalProperties"] } else { &part["properties"][step] };
            if below["type"] == "array" { &below["items"] } else { below }
        })
    }

    #[test]
    fn it_has_every_key_that_the_reader_knows_and_no_other() {
        let schema = schema(&BTreeMap::new());
        for list in KNOWN_KEYS.iter().filter(|list| !list.keys.is_empty()) {
            let properties = part(&schema, list.section)["properties"].as_object();
            let mut keys: Vec<_> =
                properties.expect("a table of the file").keys().map(String::as_str).collect();
            let mut known = list.keys.to_vec();
            keys.sort_unstable();
            known.sort_unstable();
            assert_eq!(keys, known, "[{}]", list.section);
        }
    }

    #[test]
    fn a_providers_credentials_and_settings_are_part_of_it() {
        let field =
            imgshare_protocol::CredentialField { name: "key".into(), secret: true, ..Default::default() };
        let settings = json!({ "type": "object", "properties": { "site": { "type": "string" } } });
        let acme =
            Description { name: "acme".into(), credentials: vec![field], settings, ..Default::default() };
        let schema = schema(&BTreeMap::from([(acme.name.clone(), acme)]));
        let then = &part(&schema, "clouds.X")["allOf"][0]["then"]["properties"];
        assert_eq!(then["credentials"]["properties"]["key"]["pattern"], "^(env|file|command):.");
        assert_eq!(then["settings"]["properties"]["site"]["type"], "string");
    }

    #[test]
    fn a_pace_is_completed_with_the_names_of_the_providers_calls() {
        let quota = |call: &str| imgshare_protocol::Quota { action: call.into(), ..Default::default() };
        let quotas = ["ListImages", "ChangeImage", "ListImages"].map(quota).into();
        let acme = Description { name: "acme".into(), quotas, ..Default::default() };
        let schema = schema(&BTreeMap::from([(acme.name.clone(), acme)]));
        let limits = &part(&schema, "clouds.X")["allOf"][0]["then"]["properties"]["limits"];
        let calls = &limits["properties"]["calls_per_second"]["propertyNames"]["enum"];
        assert_eq!(calls, &json!(["ChangeImage", "ListImages"]));
    }
}
