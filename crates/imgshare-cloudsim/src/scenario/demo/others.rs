//! The demo's second and third cloud.

use std::collections::BTreeMap;

use super::{all_but, golden_images, gpu_series, image, shared};
use crate::alibaba::{AlibabaOwner, AlibabaScenario};
use crate::ids::{AccountId, RegionId};
use crate::scenario::{ImageScenario, RegionScenario};
use crate::secret::Secret;
use crate::ucloud::{UcloudOwner, UcloudScenario};
use crate::world::Obstacle;

pub(super) const ALIBABA_KEY_ID: &str = "LTAIFAKEDEMO";
pub(super) const ALIBABA_KEY_SECRET: &str = "FakeDemoAccessKeySecret";
pub(super) const UCLOUD_PUBLIC_KEY: &str = "FakeDemoPublicKey";
pub(super) const UCLOUD_PRIVATE_KEY: &str = "FakeDemoPrivateKey";

const ALIBABA_DATA_TEAM: &str = "1234567890123456";
/// Nobody whom a demo config knows.
const ALIBABA_STRANGER: &str = "1000000000005544";
const UCLOUD_DATA_TEAM: &str = "55001122";
/// Nobody whom a demo config knows.
const UCLOUD_STRANGER: &str = "55005544";

pub(super) fn alibaba() -> AlibabaScenario {
    let owner = AlibabaOwner {
        account: AccountId::from("1000000000000001"),
        access_key_id: ALIBABA_KEY_ID.to_owned(),
        access_key_secret: Secret::from(ALIBABA_KEY_SECRET),
        security_token: None,
        regions: BTreeMap::from([
            (RegionId::from("cn-hangzhou"), hangzhou()),
            (RegionId::from("cn-shanghai"), alibaba_shanghai()),
        ]),
    };
    AlibabaScenario {
        owners: vec![owner],
        accounts: all_but("1000000000009999"),
        ..AlibabaScenario::default()
    }
}

fn hangzhou() -> RegionScenario {
    let oldest = [ALIBABA_DATA_TEAM, ALIBABA_STRANGER];
    let mut images = golden_images("Creating", &oldest, &[ALIBABA_DATA_TEAM]);
    images.push(ImageScenario {
        obstacle: Some(Obstacle::Encrypted),
        ..image("vault-encrypted-2026", "2026-08-20", "vault")
    });
    images.push(ImageScenario {
        shares: (101..=112).map(|number| AccountId::from(format!("1000000000000{number}"))).collect(),
        ..image("public-relations-kiosk", "2026-07-15", "kiosk")
    });
    RegionScenario { images, series: vec![gpu_series()] }
}

fn alibaba_shanghai() -> RegionScenario {
    let mut images = golden_images("Creating", &[ALIBABA_DATA_TEAM], &[]);
    images.push(ImageScenario {
        share_groups: vec!["partners".to_owned()],
        ..image("partner-desktop-2026", "2026-08-25", "desktop")
    });
    RegionScenario { images, series: vec![gpu_series()] }
}

pub(super) fn ucloud() -> UcloudScenario {
    let owner = UcloudOwner {
        account: AccountId::from("50000001"),
        public_key: UCLOUD_PUBLIC_KEY.to_owned(),
        private_key: Secret::from(UCLOUD_PRIVATE_KEY),
        security_token: None,
        project_id: None,
        regions: BTreeMap::from([(RegionId::from("cn-wlcb"), wlcb()), (RegionId::from("cn-sh2"), sh2())]),
        uhost_regions: BTreeMap::from([(RegionId::from("cn-wlcb"), uhost())]),
    };
    let zones = |names: &[&str]| names.iter().copied().map(str::to_owned).collect();
    UcloudScenario {
        owners: vec![owner],
        accounts: all_but("55009999"),
        zones: BTreeMap::from([
            (RegionId::from("cn-wlcb"), zones(&["cn-wlcb-01", "cn-wlcb-02"])),
            (RegionId::from("cn-sh2"), zones(&["cn-sh2-02"])),
        ]),
        ..UcloudScenario::default()
    }
}

fn wlcb() -> RegionScenario {
    let mut images = golden_images("Making", &[UCLOUD_DATA_TEAM, UCLOUD_STRANGER], &[UCLOUD_DATA_TEAM]);
    images.push(ImageScenario {
        zone: Some("cn-wlcb-02".to_owned()),
        ..image("comfyui-flux-20260910", "2026-09-10", "comfyui")
    });
    RegionScenario { images, series: vec![gpu_series()] }
}

fn sh2() -> RegionScenario {
    let images = vec![
        shared(image("golden-ubuntu-2404-20260801", "2026-08-01", "golden-ubuntu"), &[UCLOUD_DATA_TEAM]),
        image("golden-ubuntu-2404-20261001", "2026-10-01", "golden-ubuntu"),
    ];
    RegionScenario { images, series: vec![gpu_series()] }
}

fn uhost() -> RegionScenario {
    let images = vec![
        image("uhost-web-20260901", "2026-09-01", "web"),
        image("uhost-web-20261001", "2026-10-01", "web"),
    ];
    RegionScenario { images, series: Vec::new() }
}
