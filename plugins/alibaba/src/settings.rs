//! `[clouds.X.settings]`.

use std::collections::BTreeMap;

use imgshare_sdk::copying::CopyEncryption;
use imgshare_sdk::credentials::RoleUse;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::Scheme;

/// The settings, all of which have a default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) signature: Signature,
    pub(crate) network: Network,
    pub(crate) role: RoleUse,
    pub(crate) metadata_endpoint: String,
    /// `None`: the cloud's own.
    pub(crate) sts_endpoint: Option<String>,
    pub(crate) copy_encrypted: bool,
    /// The keys of copies, by the region of the copy.
    pub(crate) copy_kms_keys: BTreeMap<String, String>,
}

/// With which signature calls are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    /// ACS3-HMAC-SHA256.
    #[default]
    Acs3,
    /// RPC 1.0 with HMAC-SHA1.
    Rpc,
}

impl Signature {
    pub(crate) fn scheme(self) -> Scheme {
        match self {
            Self::Acs3 => Scheme::Acs3,
            Self::Rpc => Scheme::Rpc,
        }
    }
}

/// From where the cloud's hosts are reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Network {
    /// From the internet.
    #[default]
    Public,
    /// From a VPC of the region.
    Vpc,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            signature: Signature::default(),
            network: Network::default(),
            role: RoleUse::default(),
            metadata_endpoint: "http://100.100.100.200".into(),
            sts_endpoint: None,
            copy_encrypted: false,
            copy_kms_keys: BTreeMap::new(),
        }
    }
}

/// The settings' JSON Schema.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "signature": {
                "type": "string",
                "enum": ["acs3", "rpc"],
                "default": "acs3",
                "description": "How calls are signed: ACS3-HMAC-SHA256, or RPC 1.0 with HMAC-SHA1 for private and old \
                                endpoints that know nothing else."
            },
            "network": {
                "type": "string",
                "enum": ["public", "vpc"],
                "default": "public",
                "description": "From where the regions' hosts are reached: from the internet, or from a VPC."
            },
            "role": RoleUse::schema(),
            "metadata_endpoint": {
                "type": "string",
                "pattern": "^https?://[^/]+$",
                "default": "http://100.100.100.200",
                "description": "Where the metadata service is: scheme, host and port."
            },
            "sts_endpoint": {
                "type": "string",
                "pattern": "^https?://[^/]+$",
                "description": "Where roles are taken on: scheme, host and port. Left out, it is the cloud's token \
                                service."
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
        let keys = json!({ "cn-beijing": "fake-key" });
        let settings: Settings =
            settings::read(json!({ "copy_encrypted": true, "copy_kms_keys": keys })).unwrap();
        assert!(settings.copy_encrypted);
        assert_eq!(settings.copy_kms_keys["cn-beijing"], "fake-key");
    }

    #[test]
    fn an_unknown_setting_is_an_error_that_names_it() {
        let error = settings::read::<Settings>(json!({"signatur": "x"})).unwrap_err();
        assert!(error.message.contains("signatur"), "{error}");
    }
}
