//! `[clouds.X.settings]`.

use imgshare_sdk::credentials::RoleUse;
use serde::Deserialize;
use serde_json::{Value, json};

/// The settings, all of which have a default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) site: Site,
    pub(crate) language: Language,
    pub(crate) role: RoleUse,
    pub(crate) metadata_endpoint: String,
}

/// Which of the cloud's hosts are talked to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Site {
    /// The nearest access point, whatever the region.
    #[default]
    Default,
    /// The region's own host.
    Regional,
    /// The international site's host.
    International,
}

/// In which language the cloud's messages are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Language {
    #[default]
    #[serde(rename = "en-US")]
    English,
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    /// As the cloud wants it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Chinese => "zh-CN",
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            site: Site::default(),
            language: Language::default(),
            role: RoleUse::default(),
            metadata_endpoint: "http://metadata.tencentyun.com".into(),
        }
    }
}

/// The settings' JSON Schema.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "site": {
                "type": "string",
                "enum": ["default", "regional", "international"],
                "default": "default",
                "description": "Which hosts are talked to: the nearest access point, each region's own host, or the \
                                international site. Finance regions always have their own host."
            },
            "language": {
                "type": "string",
                "enum": ["en-US", "zh-CN"],
                "default": "en-US",
                "description": "The language of the cloud's error messages."
            },
            "role": RoleUse::schema(),
            "metadata_endpoint": {
                "type": "string",
                "pattern": "^https?://[^/]+$",
                "default": "http://metadata.tencentyun.com",
                "description": "Where the metadata service is: scheme, host and port."
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use imgshare_sdk::settings;

    #[test]
    fn the_schema_names_the_defaults() {
        assert_eq!(settings::read(settings::defaults(&schema())), Ok(Settings::default()));
    }

    #[test]
    fn an_unknown_setting_is_an_error_that_names_it() {
        let error = settings::read::<Settings>(json!({"sight": "x"})).unwrap_err();
        assert!(error.message.contains("sight"), "{error}");
    }
}
