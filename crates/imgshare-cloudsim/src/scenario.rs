//! What is in the simulated world, which limits hold and what goes wrong: the input of the simulator.

mod demo;
mod images;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use crate::clock::Clock;
use crate::faults::{FaultRule, Faults};
use crate::ids::{AccountId, RegionId};
use crate::sim::CloudSim;
use crate::tencent::TencentScenario;
use crate::world::Accounts;

pub use demo::{DEMO_SECRET_ID, DEMO_SECRET_KEY};
pub(crate) use images::ImageMaker;
pub use images::{ImageScenario, ImageSeries, RegionScenario};

/// A world to simulate. Deserialises from TOML or JSON; `Scenario::default()` is an empty world.
///
/// ```
/// # let file = r#"
/// seed = 42
///
/// [[faults]]                                  # the second listing is refused as too fast
/// action = "DescribeImages"
/// when   = { nth = 2 }
/// kind   = "throttle"
///
/// [tencent]
/// calls_per_s = { DescribeImages = 40, "*" = 10 }
/// accounts    = { unknown = ["100000000404"] }
/// behaviour   = { bad_account = "good-ones-applied" }
///
/// [[tencent.owners]]
/// account    = "100000000001"
/// secret_id  = "AKIDFAKE"
/// secret_key = "FakeSecret"
///
/// [tencent.owners.regions.ap-nanjing]
/// images = [{ name = "windows-2022", obstacle = "byol" }]
/// series = [{ count = 115, name = "golden-{n}-{date}", hours_apart = 12, tags = { team = "platform" } }]
/// # "#;
/// # toml::from_str::<imgshare_cloudsim::Scenario>(file).unwrap();
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// What every draw, request id and image id comes from. The same seed gives the same world and the same faults.
    pub seed: u64,
    /// Milliseconds that every call waits before the cloud looks at it.
    pub latency_ms: u64,
    /// The fault rules of every cloud.
    pub faults: Vec<FaultRule>,
    /// Tencent Cloud CVM; left out: not simulated.
    pub tencent: Option<TencentScenario>,
}

/// Which receiving accounts exist. Left out: every well-formed id does.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountsScenario {
    /// The only accounts that exist beside the owners; left out: every well-formed id.
    pub known: Option<BTreeSet<AccountId>>,
    /// Accounts that do not exist, well-formed as they are.
    pub unknown: BTreeSet<AccountId>,
    /// Users inside another account: they exist, and nothing can be shared with them.
    pub collaborators: BTreeSet<AccountId>,
}

impl Scenario {
    /// The same world with these images in place of its own: so many for each owner, spread evenly over the owner's
    /// regions, named by the pattern of [`ImageSeries::name`].
    #[must_use]
    pub fn with_images(mut self, count: u32, name: &str) -> Self {
        if let Some(tencent) = &mut self.tencent {
            tencent.owners.iter_mut().for_each(|owner| spread(&mut owner.regions, count, name));
        }
        self
    }

    /// The same world, in which each action may be called so many times a second in each region.
    #[must_use]
    pub fn with_calls_per_second(mut self, calls: u32) -> Self {
        if let Some(tencent) = &mut self.tencent {
            tencent.calls_per_s = BTreeMap::from([("*".to_owned(), calls)]);
        }
        self
    }

    /// The clouds of the scenario, ready to serve.
    pub(crate) fn clouds(self, clock: &Arc<dyn Clock>) -> Result<Vec<CloudSim>, String> {
        if let Some(problem) = self.faults.iter().find_map(FaultRule::problem) {
            return Err(problem);
        }
        let latency = Duration::from_millis(self.latency_ms);
        let mut clouds = Vec::new();
        if let Some(tencent) = self.tencent {
            let faults = Faults::new(self.seed, self.faults.clone());
            let (cloud, state) = tencent.build(self.seed, faults)?;
            clouds.push(CloudSim::new(cloud, Arc::clone(clock), latency, state));
        }
        Ok(clouds)
    }
}

fn spread(regions: &mut BTreeMap<RegionId, RegionScenario>, count: u32, name: &str) {
    let places = u32::try_from(regions.len()).unwrap_or(u32::MAX).max(1);
    for (place, region) in (0..).zip(regions.values_mut()) {
        let share = count / places + u32::from(place < count % places);
        *region = RegionScenario { images: Vec::new(), series: vec![ImageSeries::new(share, name)] };
    }
}

impl From<AccountsScenario> for Accounts {
    fn from(scenario: AccountsScenario) -> Self {
        Self { known: scenario.known, unknown: scenario.unknown, collaborators: scenario.collaborators }
    }
}
