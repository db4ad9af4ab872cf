//! The world of `imgshare demo`: small, and with something of everything.

mod others;

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{AccountId, RegionId};
use crate::scenario::{AccountsScenario, ImageScenario, ImageSeries, RegionScenario, Scenario};
use crate::secret::Secret;
use crate::tencent::{TencentOwner, TencentScenario};
use crate::world::Obstacle;

/// The key id of the demo's first owner. Fake, like everything here.
pub const DEMO_SECRET_ID: &str = "AKIDFAKEDEMO";
/// The key of the demo's first owner.
pub const DEMO_SECRET_KEY: &str = "FakeDemoSecret";

const DATA_TEAM: &str = "100012345678";
const PARTNER: &str = "100099998888";
/// Nobody whom a demo config knows: its share is a foreign one.
const STRANGER: &str = "100055554444";

/// One credential field of an owner in the demo's world. Fake, like everything here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoCredential {
    /// The cloud, as the scenario names it.
    pub cloud: &'static str,
    /// The environment variable that the demo's configs read it from.
    pub env: &'static str,
    /// What it holds.
    pub value: &'static str,
}

/// What the owners of [`Scenario::demo`] sign with, in the order of the clouds.
pub fn demo_credentials() -> &'static [DemoCredential] {
    const fn of(cloud: &'static str, env: &'static str, value: &'static str) -> DemoCredential {
        DemoCredential { cloud, env, value }
    }
    const ALL: [DemoCredential; 6] = [
        of("tencent", "IMGSHARE_DEMO_ID", DEMO_SECRET_ID),
        of("tencent", "IMGSHARE_DEMO_KEY", DEMO_SECRET_KEY),
        of("alibaba", "IMGSHARE_DEMO_ALIBABA_ID", others::ALIBABA_KEY_ID),
        of("alibaba", "IMGSHARE_DEMO_ALIBABA_SECRET", others::ALIBABA_KEY_SECRET),
        of("ucloud", "IMGSHARE_DEMO_UCLOUD_PUBLIC_KEY", others::UCLOUD_PUBLIC_KEY),
        of("ucloud", "IMGSHARE_DEMO_UCLOUD_PRIVATE_KEY", others::UCLOUD_PRIVATE_KEY),
    ];
    &ALL
}

impl Scenario {
    /// A pleasant small world of three clouds, each with one owner, whose keys are the [`demo_credentials`].
    ///
    /// Tencent: the owner `100000000001` (key `AKIDFAKEDEMO`, `FakeDemoSecret`) with nine images each
    /// in `ap-nanjing` and `ap-shanghai`. The newest golden image of each region is still being made, one image
    /// carries a licence that forbids sharing; the oldest golden images are shared with the data team
    /// (`100012345678`), in Nanjing with a stranger (`100055554444`) as well, in Shanghai one of them is not shared
    /// any more. Of the well-formed accounts only `100000009999` does not exist.
    ///
    /// Alibaba: the owner `1000000000000001` with golden images in `cn-hangzhou` and `cn-shanghai`, told apart in the same
    /// ways, the data team being `1234567890123456`. One image has twelve shares, more than a page holds by default; one
    /// has a share group, one is encrypted. The account `1000000000009999` does not exist.
    ///
    /// UCloud: the owner `50000001` with CompShare images in `cn-wlcb` (two zones) and `cn-sh2`, told apart in the same
    /// ways, the data team being `55001122`, and UHost images, which cannot be shared, in `cn-wlcb`. The account
    /// `55009999` does not exist.
    pub fn demo() -> Self {
        Self {
            seed: 1,
            latency_ms: 15,
            tencent: Some(tencent()),
            alibaba: Some(others::alibaba()),
            ucloud: Some(others::ucloud()),
            ..Self::default()
        }
    }
}

fn tencent() -> TencentScenario {
    let owner = TencentOwner {
        account: AccountId::from("100000000001"),
        secret_id: DEMO_SECRET_ID.to_owned(),
        secret_key: Secret::from(DEMO_SECRET_KEY),
        token: None,
        regions: BTreeMap::from([
            (RegionId::from("ap-nanjing"), nanjing()),
            (RegionId::from("ap-shanghai"), shanghai()),
        ]),
    };
    TencentScenario { owners: vec![owner], accounts: all_but("100000009999"), ..TencentScenario::default() }
}

fn nanjing() -> RegionScenario {
    let mut images = golden_images("CREATING", &[DATA_TEAM, STRANGER], &[DATA_TEAM, PARTNER]);
    images.push(ImageScenario {
        obstacle: Some(Obstacle::Byol),
        ..image("windows-byol-2022", "2026-08-20", "windows")
    });
    RegionScenario { images, series: vec![gpu_series()] }
}

fn shanghai() -> RegionScenario {
    let mut images = golden_images("CREATING", &[DATA_TEAM], &[]);
    images.push(image("scratch-do-not-share", "2026-09-30", "scratch"));
    RegionScenario { images, series: vec![gpu_series()] }
}

/// Four golden images, of which the two oldest have shares and the newest is still being made, and two base images.
fn golden_images(unfinished: &str, oldest: &[&str], second: &[&str]) -> Vec<ImageScenario> {
    vec![
        shared(image("golden-ubuntu-2404-20260801", "2026-08-01", "golden-ubuntu"), oldest),
        shared(image("golden-ubuntu-2404-20260901", "2026-09-01", "golden-ubuntu"), second),
        image("golden-ubuntu-2404-20261001", "2026-10-01", "golden-ubuntu"),
        ImageScenario {
            state: Some(unfinished.to_owned()),
            ..image("golden-ubuntu-2404-20261101", "2026-11-01", "golden-ubuntu")
        },
        image("base-debian-13-20260915", "2026-09-15", "base-debian"),
        image("base-debian-13-20261015", "2026-10-15", "base-debian"),
    ]
}

fn shared(image: ImageScenario, with: &[&str]) -> ImageScenario {
    ImageScenario { shares: with.iter().copied().map(AccountId::from).collect(), ..image }
}

/// Every account exists but one.
fn all_but(unknown: &str) -> AccountsScenario {
    AccountsScenario { unknown: BTreeSet::from([AccountId::from(unknown)]), ..AccountsScenario::default() }
}

fn gpu_series() -> ImageSeries {
    ImageSeries {
        first_created: Some("2026-09-05T00:00:00Z".to_owned()),
        hours_apart: 30 * 24,
        tags: BTreeMap::from([("team".to_owned(), "gpu".to_owned())]),
        family: Some("gpu".to_owned()),
        ..ImageSeries::new(2, "gpu-cuda-13-{date}")
    }
}

fn image(name: &str, day: &str, family: &str) -> ImageScenario {
    ImageScenario {
        name: name.to_owned(),
        created: Some(format!("{day}T00:00:00Z")),
        family: Some(family.to_owned()),
        tags: BTreeMap::from([("team".to_owned(), "platform".to_owned())]),
        ..ImageScenario::default()
    }
}
