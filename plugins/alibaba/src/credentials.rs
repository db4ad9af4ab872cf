//! The owner's keys: where they may be, in order, and keeping what was found for all operations of a cloud.

mod cli;
pub(crate) mod environment;
mod found;
mod ini;
mod metadata;
mod program;
mod sts;
mod way;

use std::collections::BTreeMap;

use imgshare_sdk::credentials::{Configured, FoundKeys, Looked, RoleUse};
use imgshare_sdk::{Context, Error, FoundCredentials, Result};

use crate::settings::Settings;
use crate::sign::Keys;
use environment::VARIABLES;
use found::NAMES;
use metadata::Metadata;
use sts::TokenService;
use way::{Base, Way};

/// Knows where the keys may be.
#[derive(Debug)]
pub(crate) struct Finder {
    configured: Configured,
    metadata: Metadata,
    /// Whether the role of this server may be used.
    role: RoleUse,
    tokens: TokenService,
}

impl Finder {
    /// Takes `[clouds.X.credentials]` and what the settings say of the services that give temporary keys.
    ///
    /// # Errors
    ///
    /// When the fields contradict each other, or cannot be keys, or an address is none.
    pub(crate) fn new(fields: BTreeMap<String, String>, settings: &Settings) -> Result<Self> {
        Ok(Self {
            configured: NAMES.configured(fields)?,
            metadata: Metadata::new(&settings.metadata_endpoint)?,
            role: settings.role,
            tokens: TokenService::new(settings)?,
        })
    }

    /// The keys to sign with. They are looked for once per cloud, and again when they are about to expire.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when there are none, naming every place, or when what was found cannot be keys.
    pub(crate) async fn keys(&self, cx: &Context) -> Result<Keys> {
        Ok(FoundKeys::once(cx, || self.fetch(cx)).await?.into())
    }

    /// Where the keys are. Without the network, temporary keys are not asked for, and this server's role is left out.
    ///
    /// # Errors
    ///
    /// As [`Finder::keys`].
    pub(crate) async fn find(&self, cx: &Context, may_ask_network: bool) -> Result<FoundCredentials> {
        if may_ask_network {
            return Ok(FoundKeys::once(cx, || self.fetch(cx)).await?.into());
        }
        let mut looked = Looked::new();
        match self.look(cx, &mut looked).await? {
            Some(Way { base: Base::Server { .. }, place, .. }) => {
                looked.push(format!("{place} (not asked: no call may be made now)"));
                Err(self.nowhere(&looked))
            }
            Some(way) => Ok(FoundCredentials { source: way.source(), expires: None }),
            None => Err(self.nowhere(&looked)),
        }
    }

    async fn fetch(&self, cx: &Context) -> Result<FoundKeys> {
        let mut looked = Looked::new();
        let way = self.look(cx, &mut looked).await?;
        let found = match way {
            Some(way) => self.go(cx, way, &mut looked).await?,
            None => None,
        };
        let found = found.ok_or_else(|| self.nowhere(&looked))?;
        tracing::debug!(source = found.source, "credentials found");
        Ok(found)
    }

    /// Gets the keys, and then those of each role that they are to be exchanged for.
    async fn go(&self, cx: &Context, way: Way, looked: &mut Looked) -> Result<Option<FoundKeys>> {
        let source = way.source();
        let base = match way.base {
            Base::Keys(found) => Some(found),
            Base::Server { role } => self.metadata.find(cx, role.as_deref(), looked).await?,
            Base::Oidc(oidc) => Some(self.tokens.for_oidc(cx, &oidc, &source).await?),
            Base::Program(command) => Some(program::run(cx, &command, &way.place).await?),
        };
        let Some(mut found) = base else { return Ok(None) };
        found.entrust(cx);
        for role in &way.roles {
            found = self.tokens.for_keys(cx, &found.into(), role, &source).await?;
            found.entrust(cx);
        }
        Ok(Some(found))
    }

    /// Where the keys are. `None`: nowhere, and `looked` says where that is.
    async fn look(&self, cx: &Context, looked: &mut Looked) -> Result<Option<Way>> {
        let way = match &self.configured {
            Configured::Keys(found) => Some(Way::keys(found.clone())),
            // A profile that was asked for is the only place: other keys may belong to another owner.
            Configured::Profile(profile) => look_in_files(cx, Some(profile), looked).await?,
            Configured::Nothing => look_around(cx, looked).await?.or_else(|| Some(self.metadata.way())),
        };
        let is_server = way.as_ref().is_some_and(|way| matches!(way.base, Base::Server { .. }));
        if is_server && let Some(reason) = self.no_server(cx).await? {
            looked.push(format!("the metadata service ({reason})"));
            return Ok(None);
        }
        Ok(way)
    }

    /// Why this server's role may not be used, if it may not.
    async fn no_server(&self, cx: &Context) -> Result<Option<String>> {
        if self.role == RoleUse::None {
            return Ok(Some("not asked: `role` is `none`".into()));
        }
        let switch = environment::ECS_METADATA_DISABLED;
        let is_off = environment::is_true(cx, switch).await?;
        Ok(is_off.then(|| format!("switched off by {switch}")))
    }

    fn nowhere(&self, looked: &Looked) -> Error {
        match &self.configured {
            Configured::Profile(profile) => looked.no_profile(profile),
            _ => looked.nowhere(VARIABLES.hint()),
        }
    }
}

/// The environment and the files, in the order of the cloud's own tools.
async fn look_around(cx: &Context, looked: &mut Looked) -> Result<Option<Way>> {
    if let Some(found) = VARIABLES.find(cx, &NAMES).await? {
        return Ok(Some(Way::keys(found)));
    }
    looked.push(VARIABLES.place());
    if let Some(way) = environment::find_oidc(cx).await? {
        return Ok(Some(way));
    }
    looked.push(environment::OIDC_PLACE);
    let profile = cx.env(environment::PROFILE).await?;
    look_in_files(cx, profile.as_deref(), looked).await
}

async fn look_in_files(cx: &Context, profile: Option<&str>, looked: &mut Looked) -> Result<Option<Way>> {
    if environment::is_true(cx, environment::CLI_PROFILE_DISABLED).await? {
        looked.push(format!("{} (switched off by {})", cli::PATH, environment::CLI_PROFILE_DISABLED));
    } else {
        let way = cli::find(cx, profile).await?;
        if way.is_some() {
            return Ok(way);
        }
        looked.push(cli::place(profile));
    }
    ini::find(cx, profile, looked).await
}
