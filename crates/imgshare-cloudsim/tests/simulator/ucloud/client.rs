//! A world, a simulator of it, and a client that signs for itself, in forms and in JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imgshare_cloudsim::ucloud::{Behaviour, UcloudOwner, UcloudScenario};
use imgshare_cloudsim::{
    AccountId, ImageId, ImageScenario, ManualClock, Obstacle, RegionId, RegionScenario, Running, Scenario,
    Secret, serve_at,
};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::client::{NOW, Received, send};

pub(crate) const REGION: &str = "cn-wlcb";
pub(crate) const UHOST_REGION: &str = "cn-bj2";
pub(crate) const ZONE: &str = "cn-wlcb-01";
pub(crate) const IMAGE: &str = "compshareImage-fake01";
pub(crate) const UHOST_IMAGE: &str = "uimage-fake01";
pub(crate) const OWNER_ACCOUNT: &str = "50000009";
pub(crate) const OTHER_OWNER_ACCOUNT: &str = "50000008";

/// Who signs, and for which project.
#[derive(Clone, Copy)]
pub(crate) struct Login {
    pub(crate) public_key: &'static str,
    pub(crate) private_key: &'static str,
    pub(crate) token: Option<&'static str>,
    pub(crate) project: Option<&'static str>,
}

pub(crate) const OWNER: Login = Login {
    public_key: "fakepublic+/=",
    private_key: "fakeprivate0123",
    token: None,
    project: Some("org-fake01"),
};

pub(crate) const OTHER_OWNER: Login = Login {
    public_key: "fakeotherpublic",
    private_key: "fakeotherprivate",
    token: Some("FakeOtherToken"),
    project: None,
};

/// A simulator that is being served, and its clock.
pub(crate) struct Sim {
    pub(crate) running: Running,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) endpoint: String,
}

impl Sim {
    pub(crate) async fn start(ucloud: UcloudScenario) -> Self {
        Self::serve(Scenario { seed: 7, ucloud: Some(ucloud), ..Scenario::default() }).await
    }

    pub(crate) async fn serve(scenario: Scenario) -> Self {
        let clock = Arc::new(ManualClock::at_unix_seconds(NOW));
        let listen = "127.0.0.1:0".parse().expect("a socket address");
        let running = serve_at(scenario, listen, clock.clone()).await.expect("the scenario is served");
        let endpoint = running.endpoint("ucloud").expect("ucloud is served");
        Self { running, clock, endpoint }
    }

    pub(crate) async fn small() -> Self {
        Self::start(small()).await
    }

    pub(crate) async fn behaving(behaviour: Behaviour) -> Self {
        Self::start(UcloudScenario { behaviour, ..small() }).await
    }

    pub(crate) async fn send(&self, login: &Login, action: &str, params: &[(&str, &str)]) -> Received {
        send(&self.endpoint, &signed(login, action, params)).await
    }

    /// A call by somebody; refusals have the status 200 as well.
    pub(crate) async fn call_as(&self, login: &Login, action: &str, params: &[(&str, &str)]) -> Value {
        let received = self.send(login, action, params).await;
        assert_eq!(received.status(), 200);
        let answer: Value = serde_json::from_slice(&received.body).expect("the answer is JSON");
        assert_eq!(answer["Action"], format!("{action}Response"));
        answer
    }

    /// A call by the owner in the usual region.
    pub(crate) async fn call(&self, action: &str, params: &[(&str, &str)]) -> Value {
        let params: Vec<_> = [("Region", REGION)].iter().chain(params).copied().collect();
        self.call_as(&OWNER, action, &params).await
    }

    pub(crate) async fn modify(&self, image: &str, add: &[&str], remove: &[&str]) -> Value {
        let numbered = |name: &str, accounts: &[&str]| {
            let named = (0..).zip(accounts).map(|(n, of)| (format!("{name}.{n}"), (*of).to_owned()));
            named.collect::<Vec<_>>()
        };
        let lists = [numbered("AddAccounts", add), numbered("RemoveAccounts", remove)].concat();
        let mut params: Vec<_> = lists.iter().map(|(name, of)| (name.as_str(), of.as_str())).collect();
        params.push(("CompShareImageId", image));
        self.call("ModifyCompShareImageShareAccount", &params).await
    }

    /// The accounts that have an image, as the state shows them.
    pub(crate) fn shares_of(&self, image: &str) -> Vec<String> {
        let state = self.running.state();
        let images = &state["clouds"]["ucloud"]["owners"][OWNER_ACCOUNT]["regions"][REGION]["images"];
        serde_json::from_value(images[image]["shares"].clone()).expect("the image is in the state")
    }
}

/// The RetCode and the invalid accounts of an answer.
pub(crate) fn outcome(answer: &Value) -> (i64, Vec<i64>) {
    let invalid = answer["InvalidAccounts"].as_array().into_iter().flatten();
    let invalid = invalid.map(|account| account.as_i64().expect("a number"));
    (ret_code(answer), invalid.collect())
}

pub(crate) fn ret_code(answer: &Value) -> i64 {
    answer["RetCode"].as_i64().expect("a RetCode")
}

/// A signed form as bytes.
pub(crate) fn signed(login: &Login, action: &str, params: &[(&str, &str)]) -> Vec<u8> {
    let pairs = pairs(login, action, params);
    let form: Vec<_> = pairs.iter().map(|(name, of)| format!("{}={}", encode(name), encode(of))).collect();
    post("application/x-www-form-urlencoded", &form.join("&"))
}

/// The same as JSON, every value a text.
pub(crate) fn signed_json(login: &Login, action: &str, params: &[(&str, &str)]) -> Vec<u8> {
    let pairs = pairs(login, action, params);
    let body: BTreeMap<&str, Value> = pairs.iter().map(|(name, of)| (*name, json!(of))).collect();
    post("application/json", &json!(body).to_string())
}

pub(crate) fn post(content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:18765\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

fn pairs<'a>(login: &Login, action: &'a str, params: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
    let mut pairs: Vec<_> = params.iter().map(|(name, of)| (*name, (*of).to_owned())).collect();
    pairs.push(("Action", action.to_owned()));
    pairs.push(("PublicKey", login.public_key.to_owned()));
    pairs.extend(login.project.map(|project| ("ProjectId", project.to_owned())));
    pairs.extend(login.token.map(|token| ("SecurityToken", token.to_owned())));
    pairs.sort_unstable();
    let text: String = pairs.iter().map(|(name, of)| format!("{name}{of}")).collect();
    let digest = Sha1::digest(format!("{text}{}", login.private_key));
    pairs.push(("Signature", digest.iter().map(|byte| format!("{byte:02x}")).collect()));
    pairs
}

fn encode(text: &str) -> String {
    let keeps = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if keeps(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Two owners, two regions, images of both services.
pub(crate) fn small() -> UcloudScenario {
    let making = ImageScenario { state: Some("Making".to_owned()), ..image("compshareImage-making", "busy") };
    let locked = ImageScenario { obstacle: Some(Obstacle::Locked), ..image("compshareImage-locked", "no") };
    let other = UcloudOwner {
        account: AccountId::from(OTHER_OWNER_ACCOUNT),
        public_key: OTHER_OWNER.public_key.to_owned(),
        private_key: Secret::from(OTHER_OWNER.private_key),
        security_token: OTHER_OWNER.token.map(Secret::from),
        project_id: None,
        regions: BTreeMap::from([(
            RegionId::from(REGION),
            region(vec![image("compshareImage-other", "other")]),
        )]),
        uhost_regions: BTreeMap::new(),
    };
    let owner = owner(
        region(vec![image(IMAGE, "golden-ubuntu"), making, locked]),
        region(vec![image(UHOST_IMAGE, "web")]),
    );
    let mut ucloud = UcloudScenario { owners: vec![owner, other], ..UcloudScenario::default() };
    ucloud.accounts.unknown = BTreeSet::from([AccountId::from("404"), AccountId::from("405")]);
    ucloud.accounts.collaborators = BTreeSet::from([AccountId::from("20000001")]);
    ucloud
}

/// The owner of these images, CompShare's in one region and UHost's in another.
pub(crate) fn owner(compshare: RegionScenario, uhost: RegionScenario) -> UcloudOwner {
    let empty = RegionScenario::default();
    UcloudOwner {
        account: AccountId::from(OWNER_ACCOUNT),
        public_key: OWNER.public_key.to_owned(),
        private_key: Secret::from(OWNER.private_key),
        security_token: None,
        project_id: Some("org-fake01".to_owned()),
        regions: BTreeMap::from([(RegionId::from(REGION), compshare)]),
        uhost_regions: BTreeMap::from([
            (RegionId::from(UHOST_REGION), uhost),
            (RegionId::from("hk"), empty.clone()),
            (RegionId::from("sg"), empty),
        ]),
    }
}

pub(crate) fn region(images: Vec<ImageScenario>) -> RegionScenario {
    RegionScenario { images, series: Vec::new() }
}

pub(crate) fn image(id: &str, name: &str) -> ImageScenario {
    ImageScenario { id: Some(ImageId::from(id)), name: name.to_owned(), ..ImageScenario::default() }
}
