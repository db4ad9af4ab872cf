//! `[clouds.X.settings]`.

use std::collections::BTreeMap;

use imgshare_sdk::copying::CopyEncryption;
use imgshare_sdk::credentials::RoleUse;
use serde::Deserialize;
use serde_json::{Value, json};

/// The settings, all of which have a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) fips: bool,
    pub(crate) role: RoleUse,
    /// `None`: where the environment says, or the cloud's own.
    pub(crate) metadata_endpoint: Option<String>,
    pub(crate) copy_tags: bool,
    pub(crate) copy_encrypted: bool,
    /// The keys of copies, by the region of the copy.
    pub(crate) copy_kms_keys: BTreeMap<String, String>,
}

/// The settings' JSON Schema.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "fips": {
                "type": "boolean",
                "default": false,
                "description": "Whether the cloud's hosts with validated cryptography (FIPS 140) are called. Not with \
                                an endpoint."
            },
            "role": RoleUse::schema(),
            "metadata_endpoint": {
                "type": "string",
                "pattern": "^https?://[^/]+$",
                "description": "Where the metadata service is: scheme, host and port. Left out, it is \
                                http://169.254.169.254."
            },
            "copy_tags": {
                "type": "boolean",
                "default": false,
                "description": "Whether copies get the tags of their source."
            },
            "copy_encrypted": CopyEncryption::required_schema(),
            "copy_kms_keys": CopyEncryption::kms_keys_schema()
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
    fn copies_have_keys_by_region() {
        let keys = json!({ "eu-west-1": "alias/fake" });
        let settings: Settings =
            settings::read(json!({ "copy_encrypted": true, "copy_kms_keys": keys })).unwrap();
        assert!(settings.copy_encrypted);
        assert_eq!(settings.copy_kms_keys["eu-west-1"], "alias/fake");
    }

    #[test]
    fn an_unknown_setting_is_an_error_that_names_it() {
        let error = settings::read::<Settings>(json!({"copy_tag": true})).unwrap_err();
        assert!(error.message.contains("copy_tag"), "{error}");
    }
}
