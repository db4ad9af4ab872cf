//! Settings as the schema names them.

use imgshare_protocol::Connect;
use serde_json::{Map, Value};

use super::subject::Subject;
use super::verdict::{Verdict, ensure};
use crate::Script;

pub(super) fn settings_that_the_schema_names_are_taken(subject: &Subject) -> Verdict {
    let properties = subject.description().settings["properties"].as_object().cloned().unwrap_or_default();
    named_settings(&properties).into_iter().try_for_each(|named| {
        let mut settings = subject.settings.as_object().cloned().unwrap_or_default();
        settings.extend(named);
        let settings = Value::from(settings);
        let config = Connect { settings: settings.clone(), ..subject.config() };
        let connected = subject.connect(&config, &Script::silent()).map(drop);
        ensure(connected.is_ok(), || {
            let error = connected.err().unwrap_or_default();
            format!(
                "connect refuses the settings {settings}, which its own schema names ({error}); mend either"
            )
        })
    })
}

/// All defaults together, and each value of each enumeration.
fn named_settings(properties: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let defaults: Map<String, Value> = properties
        .iter()
        .filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone())))
        .collect();
    let enumerated = properties.iter().flat_map(|(name, property)| {
        let values = property["enum"].as_array().into_iter().flatten();
        values.map(move |value| Map::from_iter([(name.clone(), value.clone())]))
    });
    enumerated.chain([defaults]).collect()
}
