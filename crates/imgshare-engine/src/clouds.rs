//! The clouds of the config, each connected to its provider or with the reason why it is not.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_host::{CredentialProblem, Host, Plugin, Provider, resolve_credentials};
use imgshare_protocol::{
    Cloud, CloudName, Connect, Description, Desired, Error, ErrorKind, ProviderName, Result,
};

/// The clouds of a run.
pub struct Clouds {
    clouds: BTreeMap<CloudName, Result<Provider>>,
    descriptions: BTreeMap<ProviderName, Description>,
    /// Operations of one cloud and region that go on at the same time.
    pub(crate) concurrency: usize,
}

impl Clouds {
    /// Connects these clouds of the config. Sends nothing. A cloud that cannot be connected keeps the reason, and the
    /// others go on.
    pub async fn connect(
        desired: &Desired,
        named: &BTreeSet<CloudName>,
        host: &Host,
        plugins: &BTreeMap<ProviderName, Plugin>,
    ) -> Self {
        let mut clouds = BTreeMap::new();
        for cloud in desired.clouds.values().filter(|cloud| named.contains(&cloud.name)) {
            clouds.insert(cloud.name.clone(), connect(cloud, host, plugins).await);
        }
        let descriptions =
            plugins.iter().map(|(name, plugin)| (name.clone(), plugin.description.clone())).collect();
        Self { clouds, descriptions, concurrency: host.requests_in_flight_max.max(1) }
    }

    /// The provider of this cloud, or why there is none.
    ///
    /// # Errors
    ///
    /// Why it could not be connected.
    pub fn provider(&self, cloud: &CloudName) -> Result<&Provider> {
        match self.clouds.get(cloud) {
            Some(Ok(provider)) => Ok(provider),
            Some(Err(error)) => Err(error.clone()),
            None => Err(Error::new(ErrorKind::Unexpected, format!("cloud {cloud} is not part of this run"))),
        }
    }

    /// The clouds of this run.
    pub fn names(&self) -> impl Iterator<Item = &CloudName> {
        self.clouds.keys()
    }

    /// What the providers are and can do.
    pub fn descriptions(&self) -> &BTreeMap<ProviderName, Description> {
        &self.descriptions
    }
}

async fn connect(cloud: &Cloud, host: &Host, plugins: &BTreeMap<ProviderName, Plugin>) -> Result<Provider> {
    let plugin = plugins.get(&cloud.provider).ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, format!("there is no plugin for provider {}", cloud.provider))
    })?;
    let credentials = resolve_credentials(cloud, &*host.world, &host.redactor)
        .await
        .map_err(|problems| of_credentials(cloud, &problems))?;
    let connect = Connect {
        cloud: cloud.name.clone(),
        endpoint: cloud.endpoint.clone(),
        credentials,
        settings: cloud.settings.clone(),
        limits: cloud.limits.clone(),
    };
    host.connect(plugin, &connect, cloud.allow_plain_http)
        .map_err(|error| error.with_context("config", cloud.place.to_string()))
}

fn of_credentials(cloud: &Cloud, problems: &[CredentialProblem]) -> Error {
    let texts: Vec<_> =
        problems.iter().map(|problem| format!("{}: {}", problem.field, problem.error.message)).collect();
    let mut error = Error::new(ErrorKind::CredentialInvalid, texts.join("; "))
        .with_context("config", cloud.place.to_string());
    error.hint = problems.iter().find_map(|problem| problem.error.hint.clone());
    error
}
