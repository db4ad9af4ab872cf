//! A world, a simulator of it, and a client that signs for itself by both schemes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use imgshare_cloudsim::alibaba::{AlibabaOwner, AlibabaScenario, Behaviour};
use imgshare_cloudsim::{
    AccountId, ImageId, ImageScenario, ManualClock, Obstacle, RegionId, RegionScenario, Running, Scenario,
    Secret, serve_at,
};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::client::{NOW, Received, send};

pub(crate) const REGION: &str = "cn-hangzhou";
pub(crate) const OTHER_REGION: &str = "ap-southeast-1";
pub(crate) const IMAGE: &str = "m-bp1fake0001";
pub(crate) const OWNER_ACCOUNT: &str = "1000000000000001";
pub(crate) const OTHER_OWNER_ACCOUNT: &str = "1000000000000002";
pub(crate) const HOST: &str = "127.0.0.1:18765";

/// Who signs, how, and when.
#[derive(Clone, Copy)]
pub(crate) struct Login {
    pub(crate) key_id: &'static str,
    pub(crate) secret: &'static str,
    pub(crate) token: Option<&'static str>,
    pub(crate) timestamp: &'static str,
    pub(crate) version: &'static str,
    pub(crate) scheme: Scheme,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Acs3,
    Rpc,
}

pub(crate) const OWNER: Login = Login {
    key_id: "LTAIFAKEWIRE",
    secret: "FakeWireSecret",
    token: None,
    timestamp: "2023-11-14T22:13:20Z",
    version: "2014-05-26",
    scheme: Scheme::Acs3,
};

pub(crate) const OTHER_OWNER: Login =
    Login { key_id: "LTAIFAKEOTHER", secret: "FakeOtherSecret", token: Some("FakeOtherToken"), ..OWNER };

/// A simulator that is being served, and its clock.
pub(crate) struct Sim {
    pub(crate) running: Running,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) endpoint: String,
    nonces: AtomicU32,
}

impl Sim {
    pub(crate) async fn start(alibaba: AlibabaScenario) -> Self {
        Self::serve(Scenario { seed: 7, alibaba: Some(alibaba), ..Scenario::default() }).await
    }

    pub(crate) async fn serve(scenario: Scenario) -> Self {
        let clock = Arc::new(ManualClock::at_unix_seconds(NOW));
        let listen = "127.0.0.1:0".parse().expect("a socket address");
        let running = serve_at(scenario, listen, clock.clone()).await.expect("the scenario is served");
        let endpoint = running.endpoint("alibaba").expect("alibaba is served");
        Self { running, clock, endpoint, nonces: AtomicU32::new(0) }
    }

    pub(crate) async fn small() -> Self {
        Self::start(small()).await
    }

    pub(crate) async fn behaving(behaviour: Behaviour) -> Self {
        Self::start(AlibabaScenario { behaviour, ..small() }).await
    }

    pub(crate) async fn send(&self, login: &Login, action: &str, params: &[(&str, &str)]) -> Received {
        let nonce = format!("nonce-{}", self.nonces.fetch_add(1, Ordering::Relaxed));
        send(&self.endpoint, &signed(login, action, params, &nonce)).await
    }

    /// A call by the owner in the usual region: the status and the answer.
    pub(crate) async fn call(&self, action: &str, params: &[(&str, &str)]) -> (u16, Value) {
        let params: Vec<_> = [("RegionId", REGION)].iter().chain(params).copied().collect();
        let received = self.send(&OWNER, action, &params).await;
        let body = serde_json::from_slice(&received.body).expect("the answer is JSON");
        (received.status(), body)
    }

    /// Shares and unshares; status and code.
    pub(crate) async fn modify(&self, image: &str, add: &[&str], remove: &[&str]) -> (u16, String) {
        let numbered = |name: &str, accounts: &[&str]| {
            let named = (1..).zip(accounts).map(|(n, of)| (format!("{name}.{n}"), (*of).to_owned()));
            named.collect::<Vec<_>>()
        };
        let lists = [numbered("AddAccount", add), numbered("RemoveAccount", remove)].concat();
        let mut params: Vec<_> = lists.iter().map(|(name, of)| (name.as_str(), of.as_str())).collect();
        params.push(("ImageId", image));
        let (status, answer) = self.call("ModifyImageSharePermission", &params).await;
        (status, code(&answer).to_owned())
    }

    /// The accounts that have an image, as the state shows them.
    pub(crate) fn shares_of(&self, image: &str) -> Vec<String> {
        let state = self.running.state();
        let images = &state["clouds"]["alibaba"]["owners"][OWNER_ACCOUNT]["regions"][REGION]["images"];
        serde_json::from_value(images[image]["shares"].clone()).expect("the image is in the state")
    }
}

/// The code of a refusal, or "" for an answer.
pub(crate) fn code(answer: &Value) -> &str {
    answer["Code"].as_str().unwrap_or_default()
}

/// A signed request as bytes.
pub(crate) fn signed(login: &Login, action: &str, params: &[(&str, &str)], nonce: &str) -> Vec<u8> {
    let (query, headers) = match login.scheme {
        Scheme::Acs3 => acs3(login, action, params, nonce),
        Scheme::Rpc => (rpc(login, action, params, nonce), String::new()),
    };
    format!(
        "POST /?{query} HTTP/1.1\r\nHost: {HOST}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
    .into_bytes()
}

fn acs3(login: &Login, action: &str, params: &[(&str, &str)], nonce: &str) -> (String, String) {
    let empty = hex(&Sha256::digest(b""));
    let mut headers = vec![
        ("host", HOST),
        ("x-acs-action", action),
        ("x-acs-content-sha256", &empty),
        ("x-acs-date", login.timestamp),
        ("x-acs-signature-nonce", nonce),
        ("x-acs-version", login.version),
    ];
    headers.extend(login.token.map(|token| ("x-acs-security-token", token)));
    headers.sort_unstable();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let query = query(params);
    let canonical = format!("POST\n/\n{query}\n{lines}\n{names}\n{empty}");
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical)));
    let mut mac = Hmac::<Sha256>::new_from_slice(login.secret.as_bytes()).expect("any key length");
    mac.update(to_sign.as_bytes());
    let signature = hex(&mac.finalize().into_bytes());
    let sent: String = headers.iter().skip(1).map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let credential = format!("Credential={},SignedHeaders={names},Signature={signature}", login.key_id);
    (query, format!("{sent}Authorization: ACS3-HMAC-SHA256 {credential}\r\n"))
}

fn rpc(login: &Login, action: &str, params: &[(&str, &str)], nonce: &str) -> String {
    let mut params = params.to_vec();
    params.extend([
        ("AccessKeyId", login.key_id),
        ("Action", action),
        ("Format", "JSON"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", nonce),
        ("SignatureVersion", "1.0"),
        ("Timestamp", login.timestamp),
        ("Version", login.version),
    ]);
    params.extend(login.token.map(|token| ("SecurityToken", token)));
    let query = query(&params);
    let key = format!("{}&", login.secret);
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).expect("any key length");
    mac.update(format!("POST&%2F&{}", encode(&query)).as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    format!("{query}&Signature={}", encode(&signature))
}

/// The parameters as a query, encoded and sorted.
fn query(params: &[(&str, &str)]) -> String {
    let mut sorted = params.to_vec();
    sorted.sort_unstable();
    sorted.iter().map(|(name, of)| format!("{}={}", encode(name), encode(of))).collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    let keeps = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if keeps(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Two owners, two regions, and an image for every reason not to be shared.
pub(crate) fn small() -> AlibabaScenario {
    let stated =
        |id, state: &str| ImageScenario { state: Some(state.to_owned()), ..image(id, "in another state") };
    let hindered = |id, obstacle| ImageScenario { obstacle: Some(obstacle), ..image(id, "hindered") };
    let images = vec![
        image(IMAGE, "golden-ubuntu"),
        stated("m-creating", "Creating"),
        stated("m-deprecated", "Deprecated"),
        hindered("m-encrypted", Obstacle::Encrypted),
        hindered("m-locked", Obstacle::Locked),
        ImageScenario { public: true, ..image("m-public", "public-ubuntu") },
    ];
    let other = AlibabaOwner {
        account: AccountId::from(OTHER_OWNER_ACCOUNT),
        access_key_id: OTHER_OWNER.key_id.to_owned(),
        access_key_secret: Secret::from(OTHER_OWNER.secret),
        security_token: OTHER_OWNER.token.map(Secret::from),
        regions: BTreeMap::from([(RegionId::from(REGION), region(vec![image("m-other", "of another")]))]),
    };
    let mut alibaba = AlibabaScenario { owners: vec![owner(images), other], ..AlibabaScenario::default() };
    alibaba.accounts.unknown = BTreeSet::from([AccountId::from("1000000000000404")]);
    alibaba.accounts.collaborators = BTreeSet::from([AccountId::from("2000000000000001")]);
    alibaba
}

/// The owner of these images in the usual region, and of nothing in the other.
pub(crate) fn owner(images: Vec<ImageScenario>) -> AlibabaOwner {
    AlibabaOwner {
        account: AccountId::from(OWNER_ACCOUNT),
        access_key_id: OWNER.key_id.to_owned(),
        access_key_secret: Secret::from(OWNER.secret),
        security_token: None,
        regions: BTreeMap::from([
            (RegionId::from(REGION), region(images)),
            (RegionId::from(OTHER_REGION), RegionScenario::default()),
        ]),
    }
}

pub(crate) fn region(images: Vec<ImageScenario>) -> RegionScenario {
    RegionScenario { images, series: Vec::new() }
}

pub(crate) fn image(id: &str, name: &str) -> ImageScenario {
    ImageScenario { id: Some(ImageId::from(id)), name: name.to_owned(), ..ImageScenario::default() }
}
