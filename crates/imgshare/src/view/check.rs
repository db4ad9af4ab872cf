//! What is in order and what is not, before anything is asked or changed.

use imgshare_config::Problem;
use imgshare_protocol::{CloudName, Error, Region};
use serde::Serialize;

use super::FORMAT;

/// What `check` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    format: u32,
    /// Whether all findings are.
    pub(crate) ok: bool,
    pub(crate) findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    pub(crate) ok: bool,
    /// What kind of thing.
    pub(crate) about: About,
    /// Which one: the config's file, the provider, the cloud.
    pub(crate) name: String,
    /// The cloud, if it is about one.
    pub(crate) cloud: Option<CloudName>,
    /// The region, if it is about one.
    pub(crate) region: Option<Region>,
    /// What was found: lower case, no full stop.
    pub(crate) message: String,
    /// Why it is not in order, when a provider or a plugin says so.
    pub(crate) error: Option<Error>,
    /// All that is wrong with the config.
    pub(crate) problems: Vec<Problem>,
    /// The same for people: each with its source line and a caret.
    #[serde(skip)]
    pub(crate) rendered: Option<String>,
}

/// What kind of thing was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum About {
    Config,
    Plugin,
    Credentials,
    Region,
}

impl About {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Plugin => "plugin",
            Self::Credentials => "credentials",
            Self::Region => "region",
        }
    }
}

impl Check {
    pub(crate) fn new(findings: Vec<Finding>) -> Self {
        Self { format: FORMAT, ok: findings.iter().all(|finding| finding.ok), findings }
    }
}

impl Finding {
    /// In order.
    pub(crate) fn fine(about: About, name: &impl ToString, message: impl Into<String>) -> Self {
        Self {
            ok: true,
            about,
            name: name.to_string(),
            cloud: None,
            region: None,
            message: message.into(),
            error: None,
            problems: Vec::new(),
            rendered: None,
        }
    }

    /// Not in order.
    pub(crate) fn bad(about: About, name: &impl ToString, message: impl Into<String>) -> Self {
        Self { ok: false, ..Self::fine(about, name, message) }
    }

    /// Not in order, for the reason that a provider gives.
    pub(crate) fn error(about: About, name: &impl ToString, error: Error) -> Self {
        let message = match error.message.as_str() {
            "" => error.kind.words().to_owned(),
            message => format!("{}: {message}", error.kind.words()),
        };
        Self { error: Some(error), ..Self::bad(about, name, message) }
    }

    pub(crate) fn at(self, cloud: &CloudName, region: Option<&Region>) -> Self {
        Self { cloud: Some(cloud.clone()), region: region.cloned(), ..self }
    }
}
