//! The owner's login: where it may be, in order.

mod access;
mod environment;
mod files;
mod texts;
mod yaml;

use std::collections::BTreeMap;

use imgshare_sdk::credentials::Looked;
use imgshare_sdk::{Context, Result};

pub(crate) use access::Access;
use texts::Texts;
pub(crate) use texts::fields;

/// Knows where the login may be.
#[derive(Debug)]
pub(crate) struct Finder {
    /// What the config itself says.
    texts: Texts,
    /// The name in `clouds.yaml` that the config gives.
    cloud: Option<String>,
}

impl Finder {
    /// Takes `[clouds.X.credentials]`.
    pub(crate) fn new(mut fields: BTreeMap<String, String>) -> Self {
        let cloud = fields.remove(texts::CLOUD).filter(|name| !name.trim().is_empty());
        Self { texts: Texts::of(fields), cloud }
    }

    /// The login. Asks files and the environment, never the network.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when there is none, naming every place, or when what was found cannot be one.
    pub(crate) async fn find(&self, cx: &Context) -> Result<Access> {
        let access = match &self.cloud {
            // What is named is the only place: another login may belong to another owner.
            Some(name) => files::of_cloud(cx, name, &self.texts).await?,
            None if !self.texts.is_empty() => {
                self.texts.entrust(cx);
                Access::new(self.texts.clone(), "the config's `credentials`")?
            }
            None => look_around(cx).await?,
        };
        tracing::debug!(source = access.source, "login found");
        Ok(access)
    }
}

/// The environment and the files, in the order of the cloud's own tools.
async fn look_around(cx: &Context) -> Result<Access> {
    if let Some(name) = cx.env(environment::CLOUD).await? {
        return files::of_cloud(cx, &name, &Texts::default()).await;
    }
    let mut looked = Looked::new();
    looked.push(format!("environment variable {}", environment::CLOUD));
    let texts = environment::texts(cx).await?;
    if !texts.is_empty() {
        texts.entrust(cx);
        return Access::new(texts, "environment variables OS_*");
    }
    looked.push(environment::PLACE);
    let found = files::of_the_only_cloud(cx, &mut looked).await?;
    found.ok_or_else(|| {
        looked.nowhere("set OS_CLOUD to a cloud of your clouds.yaml, or source an openrc file")
    })
}
