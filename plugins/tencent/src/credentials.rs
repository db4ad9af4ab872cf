//! The owner's keys: where they may be, in order, and keeping what was found for all operations of a cloud.

mod cli;
pub(crate) mod environment;
mod found;
mod profile;
mod role;

use std::collections::BTreeMap;

use imgshare_sdk::credentials::{Configured, FoundKeys, Looked, RoleUse, not_a_profile};
use imgshare_sdk::{Context, FoundCredentials, Result};

use crate::sign::Keys;
use environment::VARIABLES;
use found::NAMES;
use role::Metadata;

/// The profile that is looked for when the config names none.
const DEFAULT_PROFILE: &str = "default";

/// Knows where the keys may be.
#[derive(Debug)]
pub(crate) struct Finder {
    configured: Configured,
    /// `None`: the role of this server is not to be used.
    metadata: Option<Metadata>,
}

impl Finder {
    /// Takes `[clouds.X.credentials]` and what the settings say of the metadata service.
    ///
    /// # Errors
    ///
    /// When the fields contradict each other, or cannot be keys.
    pub(crate) fn new(
        fields: BTreeMap<String, String>,
        role: RoleUse,
        metadata_endpoint: &str,
    ) -> Result<Self> {
        let metadata = match role {
            RoleUse::Auto => Some(Metadata::new(metadata_endpoint)?),
            RoleUse::None => None,
        };
        Ok(Self { configured: configured(fields)?, metadata })
    }

    /// The keys to sign with. They are looked for once per cloud, and again when they are about to expire.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when there are none, naming every place, or when what was found cannot be keys.
    pub(crate) async fn keys(&self, cx: &Context) -> Result<Keys> {
        Ok(self.once(cx).await?.into())
    }

    /// Where the keys are. Without the network, this server's role is left out.
    ///
    /// # Errors
    ///
    /// As [`Finder::keys`].
    pub(crate) async fn find(&self, cx: &Context, may_ask_network: bool) -> Result<FoundCredentials> {
        let found = if may_ask_network { self.once(cx).await? } else { self.look(cx, false).await? };
        Ok(found.into())
    }

    async fn once(&self, cx: &Context) -> Result<FoundKeys> {
        FoundKeys::once(cx, || self.look(cx, true)).await
    }

    async fn look(&self, cx: &Context, may_ask_network: bool) -> Result<FoundKeys> {
        let found = match &self.configured {
            Configured::Keys(found) => found.clone(),
            Configured::Profile(profile) => self.look_in_profile(cx, profile).await?,
            Configured::Nothing => self.look_everywhere(cx, may_ask_network).await?,
        };
        found.entrust(cx);
        tracing::debug!(source = found.source, "credentials found");
        Ok(found)
    }

    /// A profile that was asked for is the only place: other keys may belong to another owner.
    async fn look_in_profile(&self, cx: &Context, profile: &str) -> Result<FoundKeys> {
        let mut looked = Looked::new();
        let found = look_in_files(cx, profile, &mut looked).await?;
        found.ok_or_else(|| looked.no_profile(profile))
    }

    async fn look_everywhere(&self, cx: &Context, may_ask_network: bool) -> Result<FoundKeys> {
        if let Some(found) = VARIABLES.find(cx, &NAMES).await? {
            return Ok(found);
        }
        let mut looked = Looked::new();
        looked.push(VARIABLES.place());
        if let Some(found) = look_in_files(cx, DEFAULT_PROFILE, &mut looked).await? {
            return Ok(found);
        }
        let role = match &self.metadata {
            Some(metadata) if may_ask_network => metadata.find(cx, &mut looked).await?,
            Some(_) => skip(&mut looked, "the metadata service (not asked: no call may be made now)"),
            None => skip(&mut looked, "the metadata service (not asked: `role` is `none`)"),
        };
        role.ok_or_else(|| looked.nowhere(VARIABLES.hint()))
    }
}

/// What the config says; a profile's name becomes part of a file's, and so must not lead to another folder.
fn configured(fields: BTreeMap<String, String>) -> Result<Configured> {
    match NAMES.configured(fields)? {
        Configured::Profile(name) if name.contains(['/', '\\']) => Err(not_a_profile()),
        configured => Ok(configured),
    }
}

async fn look_in_files(cx: &Context, profile: &str, looked: &mut Looked) -> Result<Option<FoundKeys>> {
    for path in profile::PATHS {
        if let Some(found) = profile::find(cx, path, profile).await? {
            return Ok(Some(found));
        }
        looked.push(profile::place(path, profile));
    }
    let found = cli::find(cx, profile).await?;
    if found.is_none() {
        looked.push(cli::path(profile));
    }
    Ok(found)
}

fn skip(looked: &mut Looked, place: &str) -> Option<FoundKeys> {
    looked.push(place);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_cannot_lead_to_another_folder() {
        let profile = |name: &str| configured([("profile".to_owned(), name.to_owned())].into());
        assert_eq!(profile("prod"), Ok(Configured::Profile("prod".into())));
        for name in ["", "../../etc/x", "a/b", "a\\b"] {
            assert_eq!(profile(name), Err(not_a_profile()), "{name:?}");
        }
    }
}
