//! What the vendor's own SDK sent is understood, and answered in the shape that it reads.

use std::collections::BTreeMap;

use imgshare_cloudsim::{AccountId, ImageScenario, ImageSeries, RegionId, RegionScenario, Scenario, Secret};
use serde_json::Value;

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

fn exchanges() -> Vec<Value> {
    let file: Value =
        serde_json::from_str(include_str!("../data/wire-tencent.json")).expect("the captures are JSON");
    file["exchanges"].as_array().expect("a list of exchanges").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The captured request, byte for byte.
fn bytes(exchange: &Value) -> Vec<u8> {
    let request = &exchange["request"];
    let mut head = format!("{} {} HTTP/1.1\r\n", text(&request["method"]), text(&request["path"]));
    for header in request["headers"].as_array().expect("a list of headers") {
        head += &format!("{}: {}\r\n", text(&header[0]), text(&header[1]));
    }
    format!("{head}\r\n{}", text(&request["body"])).into_bytes()
}

fn has_token(exchange: &Value) -> bool {
    exchange["request"]["headers"].as_array().expect("headers").iter().any(|header| header[0] == "X-TC-Token")
}

/// Every key of the captured answer is in ours, with a value of the same type.
fn assert_same_shape(captured: &Value, ours: &Value, at: &str) {
    match (captured, ours) {
        (Value::Object(captured), Value::Object(ours)) => {
            for (key, value) in captured {
                let of_ours = ours.get(key).unwrap_or_else(|| panic!("{at}.{key} is missing"));
                assert_same_shape(value, of_ours, &format!("{at}.{key}"));
            }
        }
        (Value::Array(captured), Value::Array(ours)) if captured.is_empty() => {
            assert!(ours.is_empty(), "{at}");
        }
        (Value::Array(captured), Value::Array(ours)) => {
            let first = captured.first().expect("captured lists have members");
            assert!(!ours.is_empty(), "{at} is empty");
            ours.iter().for_each(|one| assert_same_shape(first, one, at));
        }
        _ => assert_eq!(std::mem::discriminant(captured), std::mem::discriminant(ours), "{at}: {ours}"),
    }
}

#[tokio::test]
async fn every_captured_exchange_is_accepted_and_answered_in_the_captured_shape() {
    let plain = Sim::start(captured_world(None)).await;
    let with_token = Sim::start(captured_world(Some("FAKETOKENWIRE"))).await;
    let exchanges = exchanges();
    assert_eq!(exchanges.len(), 7);
    for exchange in &exchanges {
        let sim = if has_token(exchange) { &with_token } else { &plain };
        let received = send(&sim.endpoint, &bytes(exchange)).await;
        let reply = &exchange["reply"];
        assert_eq!(u64::from(received.status()), reply["status"], "{}", exchange["name"]);
        assert!(received.head.contains("content-type: application/json"), "{}", received.head);
        let captured: Value = serde_json::from_str(text(&reply["body"])).expect("the reply is JSON");
        let ours = received.response();
        assert_same_shape(&captured["Response"], &ours, text(&exchange["name"]));
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
        let mut bytes = bytes(exchange);
        let brace = bytes.iter().rposition(|byte| *byte == b'}').expect("a JSON object");
        bytes[brace - 1] ^= 1;
        let response = send(&sim.endpoint, &bytes).await.response();
        assert_eq!(code(&response), "AuthFailure.SignatureFailure", "{}", exchange["name"]);
    }
    assert_eq!(sim.shares_of(IMAGE), ["101104350000"]);
}
