//! `[clouds.X.settings]`: what a provider lets its users set.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Error, ErrorKind, Result};

/// Reads the settings of one cloud; without any, their defaults.
///
/// `T` has `#[serde(default, deny_unknown_fields)]`, so that each setting may be left out, and one that this version
/// does not know is an error.
///
/// # Errors
///
/// `Unsupported`, with the setting's name, when there is a setting or a value that is not known.
pub fn read<T: DeserializeOwned + Default>(settings: Value) -> Result<T> {
    if settings.is_null() {
        return Ok(T::default());
    }
    serde_json::from_value(settings).map_err(|error| {
        Error::new(ErrorKind::Unsupported, format!("settings are not understood: {error}"))
            .with_hint("see the provider's README for its settings")
    })
}

/// All that this schema gives as `default`, as settings. A provider's test reads them: leaving a setting out must be the
/// same as setting what its schema says then.
pub fn defaults(schema: &Value) -> Value {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Settings {
        site: Option<String>,
    }

    #[test]
    fn every_setting_may_be_left_out() {
        assert_eq!(read(Value::Null), Ok(Settings::default()));
        assert_eq!(read(json!({})), Ok(Settings::default()));
        assert_eq!(read(json!({"site": "a"})), Ok(Settings { site: Some("a".into()) }));
    }

    #[test]
    fn the_defaults_are_those_that_the_schema_gives() {
        let schema = json!({"properties": {"site": {"default": "a"}, "zone": {"type": "string"}}});
        assert_eq!(defaults(&schema), json!({"site": "a"}));
        assert_eq!(defaults(&json!({})), json!({}));
    }

    #[test]
    fn an_unknown_setting_is_an_error_that_names_it() {
        let error = read::<Settings>(json!({"sight": "a"})).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unsupported);
        assert!(error.message.contains("`sight`"), "{error}");
    }
}
