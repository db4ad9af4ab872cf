//! `[clouds.X.settings]`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The settings, all of which have a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// `None`: what the login's place says, else the public one.
    pub(crate) interface: Option<Interface>,
    pub(crate) hidden_images: HiddenImages,
}

/// Which of a service's addresses in the catalogue is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Interface {
    /// For everybody.
    #[default]
    Public,
    /// For those within the cloud's own network.
    Internal,
    /// For those who run the cloud.
    Admin,
}

impl Interface {
    const ALL: [Self; 3] = [Self::Public, Self::Internal, Self::Admin];

    /// As the catalogue calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Admin => "admin",
        }
    }

    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interface| interface.name() == name)
    }
}

/// What becomes of images that their owner has hidden from lists (`os_hidden`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HiddenImages {
    /// They are images like all others.
    #[default]
    Include,
    /// They are not seen, and nobody's right to them is changed.
    LeaveOut,
}

/// The settings' JSON Schema.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "interface": {
                "type": "string",
                "enum": Interface::ALL.map(Interface::name),
                "description": "Which of the image service's addresses in the catalogue is taken. Left out, it is the \
                                one that clouds.yaml or OS_INTERFACE names, else the public one."
            },
            "hidden_images": {
                "type": "string",
                "enum": ["include", "leave_out"],
                "default": "include",
                "description": "Whether images that are hidden from lists (os_hidden) are images like all others, or \
                                are left alone."
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
        let error = settings::read::<Settings>(json!({"interfaces": "x"})).unwrap_err();
        assert!(error.message.contains("interfaces"), "{error}");
    }
}
