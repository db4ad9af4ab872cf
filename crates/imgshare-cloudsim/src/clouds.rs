//! The simulated clouds of one scenario, ready to be asked: without a socket, or by [`serve`](crate::serve).

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::admin;
use crate::clock::Clock;
use crate::http::{Delivery, Request};
use crate::ids::{AccountId, ImageId};
use crate::meddle::{Meddling, MeddlingError};
use crate::scenario::Scenario;
use crate::sim::CloudSim;
use crate::snapshot;

/// The simulated clouds of one scenario. A clone is another handle to the same clouds.
///
/// [`Clouds::exchange`] hands one request to a cloud and tells what a client would get over a socket, so that tests
/// need none and can run in tokio's paused time: all waiting (latency, slow answers) is `tokio::time::sleep`. With a
/// [`TokioClock`](crate::TokioClock) the clouds' own clock keeps step with it.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use imgshare_cloudsim::{Clouds, Delivery, Request, Scenario, TokioClock};
///
/// let clock = TokioClock::starting_at_unix_seconds(1_700_000_000);
/// let clouds = Clouds::new(Scenario::demo(), Arc::new(clock))?;
/// let unsigned = Request::new("POST", "/", [("host", "cvm.tencentcloudapi.com")], "{}")?;
/// let Some(Delivery::Whole(reply)) = clouds.exchange("tencent", &unsigned).await else { panic!("no fault") };
/// assert!(std::str::from_utf8(reply.body())?.contains("MissingParameter"));
/// # Ok(())
/// # }
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
/// # runtime.unwrap().block_on(example()).unwrap();
/// ```
#[derive(Clone)]
pub struct Clouds {
    clouds: Arc<[CloudSim]>,
}

/// A scenario that contradicts itself; the sentence says where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioError(String);

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot use the scenario: {}", self.0)
    }
}

impl Error for ScenarioError {}

impl Clouds {
    /// Makes the clouds of a scenario, by a clock.
    ///
    /// # Errors
    ///
    /// A scenario that contradicts itself.
    #[expect(clippy::needless_pass_by_value, reason = "the clouds keep it; callers need not know how")]
    pub fn new(scenario: Scenario, clock: Arc<dyn Clock>) -> Result<Self, ScenarioError> {
        let clouds = scenario.clouds(&clock).map_err(ScenarioError)?;
        Ok(Self { clouds: clouds.into() })
    }

    /// The clouds by name, in the order tencent, alibaba, ucloud.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.clouds.iter().map(|cloud| cloud.rules().name())
    }

    /// What a client gets that sends this request to this cloud, when it gets it; `None` when the scenario has no such
    /// cloud. The back door (`/_simulator/`) answers here too.
    ///
    /// A client that gives up waiting drops the future. What the cloud has done until then stays done: a slow answer
    /// is slow after the work, latency comes before it.
    pub async fn exchange(&self, cloud: &str, request: &Request) -> Option<Delivery> {
        let sim = self.find(cloud)?;
        Some(match admin::answer(self, sim, request) {
            Some(reply) => Delivery::Whole(reply),
            None => sim.serve(request).await,
        })
    }

    /// Everything as JSON: per cloud the owners, regions, images and shares, the counted calls, the latest calls
    /// one by one, and the armed faults. The same as `GET /_simulator/state`.
    pub fn state(&self) -> Value {
        snapshot::all(self.clouds.iter())
    }

    /// Changes a simulated cloud behind its clients' backs.
    ///
    /// # Errors
    ///
    /// A cloud, owner, image or state that does not exist, or an id that is taken.
    pub fn meddle(&self, cloud: &str, meddling: Meddling) -> Result<(), MeddlingError> {
        let sim = self.find(cloud).ok_or_else(|| MeddlingError::unknown("cloud", cloud))?;
        sim.meddle(meddling)
    }

    /// Shares an image with an account, as another administrator would.
    ///
    /// # Errors
    ///
    /// Those of [`Clouds::meddle`].
    pub fn add_share(&self, cloud: &str, image: &ImageId, account: &AccountId) -> Result<(), MeddlingError> {
        self.meddle(cloud, Meddling::AddShare { image: image.clone(), account: account.clone() })
    }

    /// Takes an image away from an account, as another administrator would.
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
        self.meddle(cloud, Meddling::RemoveShare { image: image.clone(), account: account.clone() })
    }

    /// Finishes every image of a cloud that is still being made: each becomes one that can be shared.
    ///
    /// # Errors
    ///
    /// Those of [`Clouds::meddle`].
    pub fn finish_images(&self, cloud: &str) -> Result<(), MeddlingError> {
        self.meddle(cloud, Meddling::FinishImages)
    }

    fn find(&self, name: &str) -> Option<&CloudSim> {
        self.clouds.iter().find(|cloud| cloud.rules().name() == name)
    }
}
