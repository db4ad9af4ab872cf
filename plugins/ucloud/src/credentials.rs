//! The owner's keys and project: where they may be, in order, and keeping what was found for all operations of a
//! cloud.

mod compshare_cli;
pub(crate) mod environment;
mod found;
mod ucloud_cli;

use std::collections::BTreeMap;

use imgshare_sdk::credentials::{Configured, KeyVariables, Looked};
use imgshare_sdk::{Context, FoundCredentials, Result};

use crate::endpoint::Host;
pub(crate) use found::Login;
use found::{Found, NAMES};

/// Knows where the keys may be.
#[derive(Debug)]
pub(crate) struct Finder {
    configured: Configured,
    /// Counts more than any project that is found with the keys.
    project_id: Option<String>,
    /// The tools whose keys may be used, first one first.
    tools: [Tool; 2],
}

/// The cloud's own tools, each with variables and files of its own. That the keys of one are good for the other's host
/// is not documented, so those that belong to the host are looked for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tool {
    Ucloud,
    Compshare,
}

impl Finder {
    /// Takes `[clouds.X.credentials]` and the host that the keys are for.
    ///
    /// # Errors
    ///
    /// When the fields contradict each other, or cannot be keys.
    pub(crate) fn new(mut fields: BTreeMap<String, String>, host: Host) -> Result<Self> {
        let tools = match host {
            Host::Compshare => [Tool::Compshare, Tool::Ucloud],
            Host::Ucloud | Host::Global => [Tool::Ucloud, Tool::Compshare],
        };
        let project_id = fields.remove("project_id").filter(|id| !id.is_empty());
        Ok(Self { configured: NAMES.configured(fields)?, project_id, tools })
    }

    /// The keys to sign with and the project. They are looked for once per cloud.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when there are none, naming every place, or when what was found cannot be keys.
    pub(crate) async fn login(&self, cx: &Context) -> Result<Login> {
        let make = || async { Ok((self.look(cx).await?, None)) };
        Ok(cx.once("credentials", make).await?.login())
    }

    /// Where the keys are. The network is never asked.
    ///
    /// # Errors
    ///
    /// As [`Finder::login`].
    pub(crate) async fn find(&self, cx: &Context) -> Result<FoundCredentials> {
        Ok(self.look(cx).await?.keys.into())
    }

    async fn look(&self, cx: &Context) -> Result<Found> {
        let found = match &self.configured {
            Configured::Keys(keys) => Found::new(keys.clone(), None),
            Configured::Profile(profile) => self.look_in_profile(cx, profile).await?,
            Configured::Nothing => self.look_everywhere(cx).await?,
        };
        let found = found.in_project(self.project_id.as_ref());
        found.keys.entrust(cx);
        tracing::debug!(source = found.keys.source, "credentials found");
        Ok(found)
    }

    /// A profile that was asked for is the only place: other keys may belong to another owner.
    async fn look_in_profile(&self, cx: &Context, profile: &str) -> Result<Found> {
        let mut looked = Looked::new();
        let found = self.look_in_files(cx, Some(profile), &mut looked).await?;
        found.ok_or_else(|| looked.no_profile(profile))
    }

    async fn look_everywhere(&self, cx: &Context) -> Result<Found> {
        let mut looked = Looked::new();
        for tool in self.tools {
            let variables = tool.variables();
            if let Some(keys) = variables.find(cx, &NAMES).await? {
                return Ok(Found::new(keys, tool.project_id(cx).await?));
            }
            looked.push(variables.place());
        }
        let found = self.look_in_files(cx, None, &mut looked).await?;
        found.ok_or_else(|| looked.nowhere(self.tools[0].variables().hint()))
    }

    /// Looks for this profile, or for the one that the tool itself would take.
    async fn look_in_files(
        &self,
        cx: &Context,
        profile: Option<&str>,
        looked: &mut Looked,
    ) -> Result<Option<Found>> {
        for tool in self.tools {
            let found = match tool {
                Tool::Ucloud => ucloud_cli::find(cx, profile, looked).await?,
                Tool::Compshare => compshare_cli::find(cx, profile, looked).await?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

impl Tool {
    fn variables(self) -> KeyVariables {
        match self {
            Self::Ucloud => environment::UCLOUD,
            Self::Compshare => environment::COMPSHARE,
        }
    }

    /// The project that goes with the keys in these variables.
    async fn project_id(self, cx: &Context) -> Result<Option<String>> {
        match self {
            Self::Ucloud => cx.env(environment::PROJECT_ID).await,
            Self::Compshare => Ok(None),
        }
    }
}
