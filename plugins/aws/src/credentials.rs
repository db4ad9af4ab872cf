//! The owner's keys: where they may be, in order, and keeping what was found for all operations of a cloud.
//!
//! The order is that of the vendor's library: `create_credential_resolver` in `credentials.py` of botocore 1.44.5.

pub(crate) mod container;
pub(crate) mod environment;
mod files;
mod found;
pub(crate) mod metadata;
mod profiles;
mod program;
mod service;
mod sts;
mod way;

use std::collections::BTreeMap;

use imgshare_sdk::credentials::{Configured, FoundKeys, Looked, RoleUse};
use imgshare_sdk::{Context, Error, FoundCredentials, Result};

use crate::endpoint::Endpoints;
use crate::settings::Settings;
use crate::sign::Keys;
use environment::VARIABLES;
use files::Files;
use found::NAMES;
use metadata::Metadata;
use profiles::{Beginning, Profile, Source};
use sts::TokenService;
use way::{Base, Way};

/// The profile that is taken when nobody names one.
const DEFAULT_PROFILE: &str = "default";

/// Knows where the keys may be.
#[derive(Debug)]
pub(crate) struct Finder {
    configured: Configured,
    metadata: Metadata,
    /// Whether the role of this server may be used.
    role: RoleUse,
    endpoints: Endpoints,
}

impl Finder {
    /// Takes `[clouds.X.credentials]` and what the settings say of the services that give temporary keys.
    ///
    /// # Errors
    ///
    /// When the fields contradict each other, or cannot be keys, or an address is none.
    pub(crate) fn new(
        fields: BTreeMap<String, String>,
        settings: &Settings,
        endpoints: Endpoints,
    ) -> Result<Self> {
        Ok(Self {
            configured: NAMES.configured(fields)?,
            metadata: Metadata::new(settings.metadata_endpoint.as_deref())?,
            role: settings.role,
            endpoints,
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
            Some(Way { base: Base::Server, place, .. }) => {
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
        let tokens = TokenService { cx, endpoints: &self.endpoints, region: way.region.as_deref() };
        let base = match way.base {
            Base::Keys(found) => Some(found),
            Base::Container => match container::address(cx).await? {
                Some(address) => Some(container::keys(cx, &address).await?),
                None => None,
            },
            Base::Server => self.metadata.find(cx, looked).await?,
            Base::WebIdentity(identity) => Some(tokens.for_token(&identity, &source).await?),
            Base::Program(command) => Some(program::run(cx, &command, &way.place).await?),
        };
        let Some(mut found) = base else { return Ok(None) };
        found.entrust(cx);
        for role in &way.roles {
            found = tokens.for_keys(&found.into(), role, &source).await?;
            found.entrust(cx);
        }
        Ok(Some(found))
    }

    /// Where the keys are. `None`: nowhere, and `looked` says where that is.
    async fn look(&self, cx: &Context, looked: &mut Looked) -> Result<Option<Way>> {
        let way = match &self.configured {
            Configured::Keys(found) => Some(Way::keys(found.clone())),
            // A profile that was asked for is the only place: other keys may belong to another owner.
            Configured::Profile(name) => look_in_profile(cx, &Files::read(cx).await?, name, looked).await?,
            Configured::Nothing => look_around(cx, looked).await?,
        };
        let is_server = way.as_ref().is_some_and(|way| matches!(way.base, Base::Server));
        if is_server && let Some(reason) = self.no_server(cx).await? {
            looked.push(format!("{} ({reason})", metadata::PLACE));
            return Ok(None);
        }
        Ok(way)
    }

    /// Why this server's role may not be used, if it may not.
    async fn no_server(&self, cx: &Context) -> Result<Option<String>> {
        match self.role {
            RoleUse::None => Ok(Some("not asked: `role` is `none`".into())),
            RoleUse::Auto => self.metadata.forbidden(cx).await,
        }
    }

    fn nowhere(&self, looked: &Looked) -> Error {
        match &self.configured {
            Configured::Profile(profile) => looked.no_profile(profile),
            _ => looked.nowhere(VARIABLES.hint()),
        }
    }
}

/// All places, in the order of the cloud's own tools.
async fn look_around(cx: &Context, looked: &mut Looked) -> Result<Option<Way>> {
    if let Some(found) = VARIABLES.find(cx, &NAMES).await? {
        return Ok(Some(Way::keys(found)));
    }
    looked.push(VARIABLES.place());
    let files = Files::read(cx).await?;
    let named = environment::profile(cx).await?;
    let name = named.as_deref().unwrap_or(DEFAULT_PROFILE);
    // A role that a profile takes on counts more than an identity provider's token, and that more than keys of a profile.
    if !Profile::of(&files, name).is_some_and(|profile| profile.takes_a_role()) {
        if let Some(way) = environment::find_web_identity(cx).await? {
            return Ok(Some(way));
        }
        looked.push(environment::WEB_IDENTITY_PLACE);
    }
    let way = look_in_profile(cx, &files, name, looked).await?;
    // A name that somebody has set, and that no profile has, is no wish for another place.
    if way.is_some() || named.is_some() && Profile::of(&files, name).is_none() {
        return Ok(way);
    }
    if container::address(cx).await?.is_some() {
        return Ok(Some(Way::new(Base::Container, container::PLACE)));
    }
    looked.push(container::PLACE);
    Ok(Some(Way::new(Base::Server, metadata::PLACE)))
}

async fn look_in_profile(
    cx: &Context,
    files: &Files,
    name: &str,
    looked: &mut Looked,
) -> Result<Option<Way>> {
    let beginning = Profile::of(files, name).map_or(Ok(None), |profile| profile.beginning())?;
    let way = match beginning {
        Some(Beginning::Here(way)) => Some(way),
        Some(Beginning::At { source, roles, place, region }) => {
            let base = base_at(cx, source, looked).await?;
            base.map(|base| Way { base, roles, place, region })
        }
        None => None,
    };
    if way.is_none() {
        looked.push(files.place(name));
    }
    Ok(way)
}

/// The keys at the place that a profile names.
async fn base_at(cx: &Context, source: Source, looked: &mut Looked) -> Result<Option<Base>> {
    match source {
        Source::Server => Ok(Some(Base::Server)),
        Source::Environment => {
            let found = VARIABLES.find(cx, &NAMES).await?;
            if found.is_none() {
                looked.push(VARIABLES.place());
            }
            Ok(found.map(Base::Keys))
        }
        Source::Container => {
            let is_there = container::address(cx).await?.is_some();
            if !is_there {
                looked.push(container::PLACE);
            }
            Ok(is_there.then_some(Base::Container))
        }
    }
}
