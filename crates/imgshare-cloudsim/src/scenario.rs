//! What is in the simulated world, which limits hold and what goes wrong: the input of the simulator.

mod demo;
mod images;
mod owners;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::alibaba::AlibabaScenario;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::copying::{CopyRule, CopyRules};
use crate::faults::{FaultRule, Faults};
use crate::ids::{AccountId, RegionId};
use crate::rates::Rates;
use crate::sim::{CloudSim, State};
use crate::tencent::TencentScenario;
use crate::ucloud::UcloudScenario;
use crate::world::{Accounts, MEMORY, World, after};

pub use demo::{DEMO_SECRET_ID, DEMO_SECRET_KEY, DemoCredential, demo_credentials};
pub(crate) use images::ImageMaker;
pub use images::{ImageScenario, ImageSeries, RegionScenario};
pub(crate) use owners::Owners;

/// A world to simulate. Deserialises from TOML or JSON; `Scenario::default()` is an empty world.
///
/// ```
/// # let file = r#"
/// seed = 42
///
/// [[faults]]                                  # the second listing is refused as too fast
/// cloud  = "tencent"
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
///
/// [[alibaba.owners]]
/// account           = "1000000000000001"
/// access_key_id     = "LTAIFAKE"
/// access_key_secret = "FakeSecret"
///
/// [alibaba.owners.regions.cn-hangzhou]
/// images = [{ name = "golden", share_groups = ["all"] }]
///
/// [[ucloud.owners]]
/// account     = "50000001"
/// public_key  = "FakePublicKey"
/// private_key = "FakePrivateKey"
///
/// [ucloud.owners.regions.cn-wlcb]
/// images = [{ name = "golden", zone = "cn-wlcb-01" }]
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
    /// The fault rules; each concerns every cloud unless it names one.
    pub faults: Vec<FaultRule>,
    /// Tencent Cloud CVM; left out: not simulated.
    pub tencent: Option<TencentScenario>,
    /// Alibaba Cloud ECS; left out: not simulated.
    pub alibaba: Option<AlibabaScenario>,
    /// UCloud CompShare and UHost; left out: not simulated.
    pub ucloud: Option<UcloudScenario>,
}

/// One cloud's part of a scenario.
pub(crate) trait Section {
    /// The name of the cloud.
    fn cloud(&self) -> &'static str;

    /// The regions of each owner, those without sharing left out.
    fn regions_mut(&mut self) -> Vec<&mut BTreeMap<RegionId, RegionScenario>>;

    /// Its clock, its keys, its copies and its receivers.
    fn conditions(&self) -> Conditions;

    /// Calls a second by action.
    fn calls_per_s_mut(&mut self) -> &mut BTreeMap<String, u32>;

    /// The cloud and its first world.
    fn build(&self, seed: u64) -> Result<(Box<dyn Cloud>, World), String>;
}

/// What every cloud's section says about its clock, its keys, its copies and its receivers.
pub(crate) struct Conditions {
    pub(crate) clock_skew_s: i64,
    pub(crate) token_lifetime_s: Option<u32>,
    pub(crate) copies: Vec<CopyRule>,
    pub(crate) receivers_lag_s: u32,
}

impl Conditions {
    fn receivers_lag(&self) -> SignedDuration {
        SignedDuration::from_secs(self.receivers_lag_s.into())
    }

    /// The past is not remembered for ever.
    fn check(&self) -> Result<(), String> {
        let most = MEMORY.as_secs();
        let remembered = self.receivers_lag() <= MEMORY;
        remembered
            .then_some(())
            .ok_or_else(|| format!("receivers_lag_s is {} and at most {most}", self.receivers_lag_s))
    }

    /// Lets them hold in a world that begins now. Keys expire by the cloud's own clock.
    fn hold_in(&self, world: &mut World, now: Timestamp) {
        world.receivers_lag = self.receivers_lag();
        world.copy_rules = CopyRules::new(self.copies.clone());
        if let Some(seconds) = self.token_lifetime_s {
            world.expire_tokens(after(now, seconds));
        }
    }
}

/// What a call is told that adds what is there already, or takes away what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Redundant {
    /// Nothing: it is done.
    #[default]
    Ok,
    /// That the account is wrong; it counts as a bad account.
    Refused,
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
    /// The same world with these images in place of its own: so many for each owner in each cloud, spread evenly over
    /// the owner's regions, named by the pattern of [`ImageSeries::name`]. Images of a kind that cannot be shared stay.
    #[must_use]
    pub fn with_images(mut self, count: u32, name: &str) -> Self {
        for section in self.sections_mut() {
            section.regions_mut().into_iter().for_each(|regions| spread(regions, count, name));
        }
        self
    }

    /// The same world, in which each action may be called so many times a second in each region of each cloud.
    #[must_use]
    pub fn with_calls_per_second(mut self, calls: u32) -> Self {
        for section in self.sections_mut() {
            *section.calls_per_s_mut() = BTreeMap::from([("*".to_owned(), calls)]);
        }
        self
    }

    /// The clouds that are simulated, in the order of their ports.
    fn sections_mut(&mut self) -> Vec<&mut dyn Section> {
        let tencent = self.tencent.as_mut().map(|section| section as &mut dyn Section);
        let alibaba = self.alibaba.as_mut().map(|section| section as &mut dyn Section);
        let ucloud = self.ucloud.as_mut().map(|section| section as &mut dyn Section);
        [tencent, alibaba, ucloud].into_iter().flatten().collect()
    }

    /// The clouds of the scenario, ready to serve.
    pub(crate) fn clouds(mut self, clock: &Arc<dyn Clock>) -> Result<Vec<CloudSim>, String> {
        let (seed, latency) = (self.seed, Duration::from_millis(self.latency_ms));
        let rules = std::mem::take(&mut self.faults);
        let sections = self.sections_mut();
        check_faults(&rules, &sections)?;
        let cloud = |section: &mut dyn Section| {
            let (cloud, mut world) = section.build(seed)?;
            let conditions = section.conditions();
            conditions.check()?;
            let skew = SignedDuration::from_secs(conditions.clock_skew_s);
            let now = clock.now();
            conditions.hold_in(&mut world, now.checked_add(skew).unwrap_or(now));
            let rules = rules.iter().filter(|rule| rule.is_for(section.cloud())).cloned().collect();
            let rates = Rates::new(section.calls_per_s_mut().clone());
            let state = State::new(world, Faults::new(seed, rules), rates, skew);
            Ok(CloudSim::new(cloud, Arc::clone(clock), latency, state))
        };
        sections.into_iter().map(cloud).collect()
    }
}

fn check_faults(rules: &[FaultRule], sections: &[&mut dyn Section]) -> Result<(), String> {
    if let Some(problem) = rules.iter().find_map(FaultRule::problem) {
        return Err(problem);
    }
    let lost = |rule: &&FaultRule| !sections.iter().any(|section| rule.is_for(section.cloud()));
    match rules.iter().find(lost).and_then(|rule| rule.cloud.as_ref()) {
        None => Ok(()),
        Some(cloud) => Err(format!("a fault is for the cloud {cloud}, which is not simulated")),
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
