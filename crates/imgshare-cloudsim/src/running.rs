//! The handle to simulated clouds that are being served.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::ids::{AccountId, ImageId};
use crate::meddle::{Meddling, MeddlingError};
use crate::sim::CloudSim;
use crate::snapshot;

/// All simulated clouds of one scenario, in the order of their ports.
pub(crate) struct Hub {
    clouds: Vec<CloudSim>,
}

impl Hub {
    pub(crate) fn new(clouds: Vec<CloudSim>) -> Self {
        Self { clouds }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.clouds.iter().map(|cloud| cloud.rules().name())
    }

    /// The cloud of a listener, whose name comes from [`Hub::names`].
    pub(crate) fn cloud(&self, name: &'static str) -> &CloudSim {
        self.find(name).expect("every listener serves a cloud of the hub")
    }

    pub(crate) fn find(&self, name: &str) -> Option<&CloudSim> {
        self.clouds.iter().find(|cloud| cloud.rules().name() == name)
    }

    pub(crate) fn state(&self) -> Value {
        snapshot::all(self.clouds.iter())
    }
}

/// Simulated clouds being served. Dropping it stops them and closes their connections.
pub struct Running {
    hub: Arc<Hub>,
    endpoints: Vec<(&'static str, SocketAddr)>,
    tasks: JoinSet<()>,
}

impl Running {
    pub(crate) fn new(hub: Arc<Hub>, endpoints: Vec<(&'static str, SocketAddr)>, tasks: JoinSet<()>) -> Self {
        Self { hub, endpoints, tasks }
    }

    /// Where a cloud is served, as `http://127.0.0.1:PORT`; `None` when the scenario has no such cloud.
    pub fn endpoint(&self, cloud: &str) -> Option<String> {
        self.endpoints().find(|(name, _)| *name == cloud).map(|(_, endpoint)| endpoint)
    }

    /// Every cloud of the scenario and where it is served, in the order of [`serve`](crate::serve).
    pub fn endpoints(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.endpoints.iter().map(|(cloud, address)| (*cloud, format!("http://{address}")))
    }

    /// Everything as JSON: per cloud the owners, regions, images and shares, the counted calls, the latest calls
    /// one by one, and the armed faults. The same as `GET /_simulator/state`.
    pub fn state(&self) -> Value {
        self.hub.state()
    }

    /// Changes a simulated cloud behind its clients' backs.
    ///
    /// # Errors
    ///
    /// A cloud, owner, image or state that does not exist, or an id that is taken.
    pub fn meddle(&self, cloud: &str, meddling: Meddling) -> Result<(), MeddlingError> {
        let sim = self.hub.find(cloud).ok_or_else(|| MeddlingError::unknown("cloud", cloud))?;
        sim.meddle(meddling)
    }

    /// Shares an image with an account, as another administrator would.
    ///
    /// # Errors
    ///
    /// Those of [`Running::meddle`].
    pub fn add_share(&self, cloud: &str, image: &ImageId, account: &AccountId) -> Result<(), MeddlingError> {
        self.meddle(cloud, Meddling::AddShare { image: image.clone(), account: account.clone() })
    }

    /// Takes an image away from an account, as another administrator would.
    ///
    /// # Errors
    ///
    /// Those of [`Running::meddle`].
    pub fn remove_share(
        &self,
        cloud: &str,
        image: &ImageId,
        account: &AccountId,
    ) -> Result<(), MeddlingError> {
        self.meddle(cloud, Meddling::RemoveShare { image: image.clone(), account: account.clone() })
    }

    /// Finishes every image of a cloud that is still being made: each becomes one that can be shared.
    ///
    /// # Errors
    ///
    /// Those of [`Running::meddle`].
    pub fn finish_images(&self, cloud: &str) -> Result<(), MeddlingError> {
        self.meddle(cloud, Meddling::FinishImages)
    }

    /// Stops serving; returns when every connection is closed.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}
