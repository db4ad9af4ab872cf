//! The owner's keys and project: where they may be, in order, and keeping what was found for all operations of a
//! cloud.

mod compshare_cli;
mod config;
pub(crate) mod environment;
mod found;
mod ucloud_cli;

use std::collections::BTreeMap;

use imgshare_sdk::{Context, Error, ErrorKind, FoundCredentials, Result};

use crate::endpoint::Host;
use config::{Configured, Origin};
use found::Found;
pub(crate) use found::Login;

/// Knows where the keys may be.
#[derive(Debug)]
pub(crate) struct Finder {
    configured: Configured,
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

/// What the places that had no keys are called, for the message when none has.
type Looked = Vec<String>;

impl Finder {
    /// Takes `[clouds.X.credentials]` and the host that the keys are for.
    ///
    /// # Errors
    ///
    /// When the fields contradict each other, or cannot be keys.
    pub(crate) fn new(fields: BTreeMap<String, String>, host: Host) -> Result<Self> {
        let tools = match host {
            Host::Compshare => [Tool::Compshare, Tool::Ucloud],
            Host::Ucloud | Host::Global => [Tool::Ucloud, Tool::Compshare],
        };
        Ok(Self { configured: config::read(fields)?, tools })
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
        Ok(FoundCredentials { source: self.look(cx).await?.source, expires: None })
    }

    async fn look(&self, cx: &Context) -> Result<Found> {
        let found = match &self.configured.origin {
            Origin::Keys(found) => found.clone(),
            Origin::Profile(profile) => self.look_in_profile(cx, profile).await?,
            Origin::Elsewhere => self.look_everywhere(cx).await?,
        };
        let found = found.in_project(self.configured.project_id.as_ref());
        found.entrust(cx);
        tracing::debug!(source = found.source, "credentials found");
        Ok(found)
    }

    /// A profile that was asked for is the only place: other keys may belong to another owner.
    async fn look_in_profile(&self, cx: &Context, profile: &str) -> Result<Found> {
        let mut looked = Looked::new();
        let found = self.look_in_files(cx, Some(profile), &mut looked).await?;
        found.ok_or_else(|| {
            nowhere(&looked)
                .with_hint(format!("make profile `{profile}` with the cloud's own tools, or name another"))
        })
    }

    async fn look_everywhere(&self, cx: &Context) -> Result<Found> {
        let mut looked = Looked::new();
        for tool in self.tools {
            let names = tool.environment();
            if let Some(found) = names.find(cx).await? {
                return Ok(found);
            }
            looked.push(names.place());
        }
        let found = self.look_in_files(cx, None, &mut looked).await?;
        let names = self.tools[0].environment();
        found.ok_or_else(|| {
            nowhere(&looked).with_hint(format!("set {} and {}", names.public_key, names.private_key))
        })
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
    fn environment(self) -> environment::Names {
        match self {
            Self::Ucloud => environment::UCLOUD,
            Self::Compshare => environment::COMPSHARE,
        }
    }
}

fn nowhere(looked: &Looked) -> Error {
    let places = looked.join("; ");
    Error::new(
        ErrorKind::CredentialInvalid,
        format!("there are no credentials in any of these places: {places}"),
    )
}
