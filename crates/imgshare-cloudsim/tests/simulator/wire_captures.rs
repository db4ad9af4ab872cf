//! What the vendor's own SDK sent is understood, and answered in the shape that it reads.

use std::collections::BTreeMap;

use imgshare_cloudsim::{AccountId, ImageScenario, ImageSeries, RegionId, RegionScenario, Scenario, Secret};
use serde_json::Value;

use crate::captures::{self, Exchange};
use crate::client::send;
use crate::world::{IMAGE, OTHER_REGION, REGION, Sim, code, image, owner, scenario};

/// The world that the captured session sees: 130 images, one of them shared.
fn captured_world(token: Option<&str>) -> Scenario {
    let shared = ImageScenario { shares: vec![AccountId::from("101104350000")], ..image(IMAGE, "name 0") };
    let images = RegionScenario { images: vec![shared], series: vec![ImageSeries::new(129, "name {n}")] };
    let mut owner = owner(BTreeMap::from([
        (RegionId::from(REGION), images),
        (RegionId::from(OTHER_REGION), RegionScenario::default()),
    ]));
    owner.token = token.map(Secret::from);
    scenario(imgshare_cloudsim::tencent::TencentScenario { owners: vec![owner], ..Default::default() })
}

fn exchanges() -> Vec<Exchange> {
    captures::exchanges(include_str!("../data/wire-tencent.json"))
}

fn has_token(exchange: &Exchange) -> bool {
    exchange.has_header("X-TC-Token")
}

#[tokio::test]
async fn every_captured_exchange_is_accepted_and_answered_in_the_captured_shape() {
    let plain = Sim::start(captured_world(None)).await;
    let with_token = Sim::start(captured_world(Some("FAKETOKENWIRE"))).await;
    let exchanges = exchanges();
    assert_eq!(exchanges.len(), 7);
    for exchange in &exchanges {
        let sim = if has_token(exchange) { &with_token } else { &plain };
        let (captured, ours) = exchange.replay(&sim.endpoint).await;
        let ours = ours["Response"].clone();
        assert_eq!(captured["Response"]["TotalCount"], ours["TotalCount"]);
        let images = |answer: &Value| answer["ImageSet"].as_array().map(Vec::len);
        assert_eq!(images(&captured["Response"]), images(&ours));
    }
    assert_eq!(plain.shares_of(IMAGE), ["100000000001", "100000000002", "101104350000"]);
}

#[tokio::test]
async fn one_flipped_byte_of_a_captured_body_breaks_the_signature() {
    let sim = Sim::start(captured_world(None)).await;
    for exchange in exchanges().iter().filter(|exchange| !has_token(exchange)) {
        let mut bytes = exchange.bytes();
        let brace = bytes.iter().rposition(|byte| *byte == b'}').expect("a JSON object");
        bytes[brace - 1] ^= 1;
        let response = send(&sim.endpoint, &bytes).await.response();
        assert_eq!(code(&response), "AuthFailure.SignatureFailure", "{}", exchange.name());
    }
    assert_eq!(sim.shares_of(IMAGE), ["101104350000"]);
}
