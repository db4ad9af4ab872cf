//! The handle to simulated clouds that are being served.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::clouds::Clouds;
use crate::ids::{AccountId, ImageId};
use crate::meddle::{Meddling, MeddlingError};

/// Simulated clouds being served. Dropping it stops them and closes their connections.
pub struct Running {
    clouds: Clouds,
    endpoints: Vec<(&'static str, SocketAddr)>,
    tasks: JoinSet<()>,
}

impl Running {
    pub(crate) fn new(
        clouds: Clouds,
        endpoints: Vec<(&'static str, SocketAddr)>,
        tasks: JoinSet<()>,
    ) -> Self {
        Self { clouds, endpoints, tasks }
    }

    /// The clouds that are being served.
    pub fn clouds(&self) -> &Clouds {
        &self.clouds
    }

    /// Where a cloud is served, as `http://127.0.0.1:PORT`; `None` when the scenario has no such cloud.
    pub fn endpoint(&self, cloud: &str) -> Option<String> {
        self.endpoints().find(|(name, _)| *name == cloud).map(|(_, endpoint)| endpoint)
    }

    /// Every cloud of the scenario and where it is served, in the order of [`serve`](crate::serve).
    pub fn endpoints(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.endpoints.iter().map(|(cloud, address)| (*cloud, format!("http://{address}")))
    }

    /// [`Clouds::state`].
    pub fn state(&self) -> Value {
        self.clouds.state()
    }

    /// [`Clouds::meddle`].
    ///
    /// # Errors
    ///
    /// Those of [`Clouds::meddle`].
    pub fn meddle(&self, cloud: &str, meddling: Meddling) -> Result<(), MeddlingError> {
        self.clouds.meddle(cloud, meddling)
    }

    /// [`Clouds::add_share`].
    ///
    /// # Errors
    ///
    /// Those of [`Clouds::meddle`].
    pub fn add_share(&self, cloud: &str, image: &ImageId, account: &AccountId) -> Result<(), MeddlingError> {
        self.clouds.add_share(cloud, image, account)
    }

    /// [`Clouds::remove_share`].
    ///
    /// # Errors
    ///
    /// Those of [`Clouds::meddle`].
    pub fn remove_share(
        &self,
        cloud: &str,
        image: &ImageId,
        account: &AccountId,
    ) -> Result<(), MeddlingError> {
        self.clouds.remove_share(cloud, image, account)
    }

    /// [`Clouds::finish_images`].
    ///
    /// # Errors
    ///
    /// Those of [`Clouds::meddle`].
    pub fn finish_images(&self, cloud: &str) -> Result<(), MeddlingError> {
        self.clouds.finish_images(cloud)
    }

    /// Stops serving; returns when every connection is closed.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}
