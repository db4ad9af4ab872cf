//! `[clouds.X.settings]`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::endpoint::Host;

/// The settings, all of which have a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) product: Product,
    site: Site,
    pub(crate) zone: Zone,
}

/// Whose images a cloud of the config is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// Custom images of CompShare, the GPU platform. They can be shared.
    #[default]
    Compshare,
    /// Custom images of UHost. They cannot.
    Uhost,
}

/// Which of the cloud's hosts is talked to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Site {
    /// The product's own.
    #[default]
    Product,
    Compshare,
    Ucloud,
    Global,
}

/// Which zone a listing names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(crate) enum Zone {
    /// Each zone of the region that the cloud names.
    #[default]
    All,
    /// None, as the cloud's own command line does it.
    None,
    /// This one.
    Named(String),
}

impl Zone {
    /// The zone that is named, if one is.
    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Named(zone) => Some(zone.clone()),
            Self::All | Self::None => None,
        }
    }
}

impl From<String> for Zone {
    fn from(text: String) -> Self {
        match text.as_str() {
            "" | "all" => Self::All,
            "none" => Self::None,
            _ => Self::Named(text),
        }
    }
}

impl Settings {
    /// The host that calls go to when the config has no endpoint.
    pub(crate) fn host(&self) -> Host {
        match (self.site, self.product) {
            (Site::Compshare, _) | (Site::Product, Product::Compshare) => Host::Compshare,
            (Site::Ucloud, _) | (Site::Product, Product::Uhost) => Host::Ucloud,
            (Site::Global, _) => Host::Global,
        }
    }
}

/// The settings' JSON Schema.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "product": {
                "type": "string",
                "enum": ["compshare", "uhost"],
                "default": "compshare",
                "description": "Whose custom images: those of CompShare can be shared; those of UHost can only be \
                                listed, since the cloud has no action that shares them."
            },
            "site": {
                "type": "string",
                "enum": ["product", "compshare", "ucloud", "global"],
                "default": "product",
                "description": "Which host is talked to: the product's own, api.compshare.cn, api.ucloud.cn or \
                                api.ucloud-global.com."
            },
            "zone": {
                "type": "string",
                "pattern": "^[a-z0-9-]+$",
                "default": "all",
                "description": "Which zone a listing names: `all` lists each zone that the cloud has in the region, \
                                `none` names no zone, and a zone such as `cn-wlcb-01` lists this one in every region."
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

    #[test]
    fn each_product_has_its_host_unless_the_site_says_otherwise() {
        for (settings, host) in [
            (json!({}), Host::Compshare),
            (json!({"product": "uhost"}), Host::Ucloud),
            (json!({"site": "ucloud"}), Host::Ucloud),
            (json!({"product": "uhost", "site": "global"}), Host::Global),
        ] {
            assert_eq!(settings::read::<Settings>(settings.clone()).unwrap().host(), host, "{settings}");
        }
    }

    #[test]
    fn a_zone_is_all_none_or_its_name() {
        let zone = |text: &str| settings::read::<Settings>(json!({ "zone": text })).unwrap().zone;
        assert_eq!(zone("all"), Zone::All);
        assert_eq!(zone("none"), Zone::None);
        assert_eq!(zone("cn-wlcb-01"), Zone::Named("cn-wlcb-01".into()));
    }
}
