//! The world of most tests, and a served simulator of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imgshare_cloudsim::tencent::{TencentOwner, TencentScenario};
use imgshare_cloudsim::{
    AccountId, FaultRule, ImageId, ImageScenario, ManualClock, Obstacle, RegionId, RegionScenario, Running,
    Scenario, Secret, serve_at,
};
use serde_json::{Value, json};

use crate::client::{Login, NOW, OWNER, Received, send, signed};

pub(crate) const REGION: &str = "ap-guangzhou";
pub(crate) const OTHER_REGION: &str = "ap-shanghai";
pub(crate) const OWNER_ACCOUNT: &str = "100000000009";
pub(crate) const OTHER_OWNER_ACCOUNT: &str = "100000000008";
pub(crate) const IMAGE: &str = "img-6pb6lrmy";

pub(crate) const OTHER_OWNER: Login =
    Login { secret_id: "AKIDFAKEOTHER", secret_key: "FakeOtherSecret", ..OWNER };

/// A simulator that is being served, and its clock.
pub(crate) struct Sim {
    pub(crate) running: Running,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) endpoint: String,
}

impl Sim {
    pub(crate) async fn start(scenario: Scenario) -> Self {
        let clock = Arc::new(ManualClock::at_unix_seconds(NOW));
        let listen = "127.0.0.1:0".parse().expect("a socket address");
        let running = serve_at(scenario, listen, clock.clone()).await.expect("the scenario is served");
        let endpoint = running.endpoint("tencent").expect("tencent is served");
        Self { running, clock, endpoint }
    }

    pub(crate) async fn small() -> Self {
        Self::start(scenario(small())).await
    }

    pub(crate) async fn with_fault(rule: FaultRule) -> Self {
        Self::start(Scenario { faults: vec![rule], ..scenario(small()) }).await
    }

    pub(crate) async fn send(&self, login: &Login, action: &str, region: &str, params: &Value) -> Received {
        send(&self.endpoint, &signed(login, action, region, &params.to_string())).await
    }

    /// The `Response` object of a call by the owner in the usual region.
    pub(crate) async fn call(&self, action: &str, params: Value) -> Value {
        self.send(&OWNER, action, REGION, &params).await.response()
    }

    pub(crate) async fn share(&self, image: &str, accounts: &[&str]) -> Value {
        let params = json!({"ImageId": image, "AccountIds": accounts, "Permission": "SHARE"});
        self.call("ModifyImageSharePermission", params).await
    }

    pub(crate) async fn cancel(&self, image: &str, accounts: &[&str]) -> Value {
        let params = json!({"ImageId": image, "AccountIds": accounts, "Permission": "CANCEL"});
        self.call("ModifyImageSharePermission", params).await
    }

    /// The accounts that have an image, as the state shows them.
    pub(crate) fn shares_of(&self, image: &str) -> Vec<String> {
        let state = self.running.state();
        let shares = &state["clouds"]["tencent"]["owners"][OWNER_ACCOUNT]["regions"][REGION]["images"][image]
            ["shares"];
        serde_json::from_value(shares.clone()).expect("the image is in the state")
    }

    /// The counts of an action in the usual region.
    pub(crate) fn calls(&self, action: &str) -> Value {
        self.running.state()["clouds"]["tencent"]["calls"][action][REGION].clone()
    }
}

/// The code of a refusal, or "" for an answer.
pub(crate) fn code(response: &Value) -> &str {
    response["Error"]["Code"].as_str().unwrap_or_default()
}

pub(crate) fn scenario(tencent: TencentScenario) -> Scenario {
    Scenario { seed: 7, tencent: Some(tencent), ..Scenario::default() }
}

pub(crate) fn owner(regions: BTreeMap<RegionId, RegionScenario>) -> TencentOwner {
    TencentOwner {
        account: AccountId::from(OWNER_ACCOUNT),
        secret_id: "AKIDFAKEWIRE".to_owned(),
        secret_key: Secret::from("FakeWireSecret"),
        token: None,
        regions,
    }
}

/// Two owners, two regions, and an image for every reason not to be shared.
pub(crate) fn small() -> TencentScenario {
    let images = vec![
        image(IMAGE, "golden-ubuntu"),
        ImageScenario { state: Some("CREATING".to_owned()), ..image("img-creatin0", "busy") },
        ImageScenario { obstacle: Some(Obstacle::Byol), ..image("img-byol0000", "licensed") },
        ImageScenario { obstacle: Some(Obstacle::Locked), ..image("img-locked00", "locked") },
        ImageScenario { obstacle: Some(Obstacle::Encrypted), ..image("img-secret00", "encrypted") },
        ImageScenario { public: true, ..image("img-public00", "public-ubuntu") },
    ];
    let regions = BTreeMap::from([
        (RegionId::from(REGION), RegionScenario { images, series: Vec::new() }),
        (RegionId::from(OTHER_REGION), RegionScenario::default()),
    ]);
    let other = TencentOwner {
        account: AccountId::from(OTHER_OWNER_ACCOUNT),
        secret_id: "AKIDFAKEOTHER".to_owned(),
        secret_key: Secret::from("FakeOtherSecret"),
        token: Some(Secret::from("FakeOtherToken")),
        regions: BTreeMap::from([(
            RegionId::from(REGION),
            RegionScenario { images: vec![image("img-other000", "of-another-owner")], series: Vec::new() },
        )]),
    };
    let mut tencent = TencentScenario { owners: vec![owner(regions), other], ..TencentScenario::default() };
    tencent.accounts.unknown = BTreeSet::from([AccountId::from("100000000404")]);
    tencent.accounts.collaborators = BTreeSet::from([AccountId::from("200000000001")]);
    tencent
}

pub(crate) fn image(id: &str, name: &str) -> ImageScenario {
    ImageScenario { id: Some(ImageId::from(id)), name: name.to_owned(), ..ImageScenario::default() }
}
