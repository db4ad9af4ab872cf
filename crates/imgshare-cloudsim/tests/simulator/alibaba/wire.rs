//! What the vendor's own SDKs sent, by both schemes, is understood and answered in the shape that they read.

use imgshare_cloudsim::alibaba::AlibabaScenario;
use imgshare_cloudsim::{AccountId, ImageScenario, ImageSeries, RegionId, Secret};

use super::client::{IMAGE, REGION, Scheme, Sim, code, image, owner};
use crate::captures::{Exchange, exchanges};
use crate::client::send;

/// The world that the captured session sees: 130 images, one of them shared.
fn captured_world(token: Option<&str>) -> AlibabaScenario {
    let shares = vec![AccountId::from("1234567890129999")];
    let mut owner = owner(vec![ImageScenario { shares, ..image(IMAGE, "name 0") }]);
    let region = owner.regions.get_mut(&RegionId::from(REGION)).expect("the region");
    region.series = vec![ImageSeries::new(129, "name {n}")];
    owner.security_token = token.map(Secret::from);
    AlibabaScenario { owners: vec![owner], ..AlibabaScenario::default() }
}

fn captured(scheme: Scheme) -> Vec<Exchange> {
    exchanges(match scheme {
        Scheme::Acs3 => include_str!("../../data/wire-alibaba-acs3.json"),
        Scheme::Rpc => include_str!("../../data/wire-alibaba-rpc.json"),
    })
}

fn has_token(exchange: &Exchange) -> bool {
    exchange.has_header("x-acs-security-token") || exchange.target().contains("SecurityToken=")
}

#[tokio::test]
async fn every_captured_exchange_is_accepted_and_answered_in_the_captured_shape() {
    for scheme in [Scheme::Acs3, Scheme::Rpc] {
        let plain = Sim::start(captured_world(None)).await;
        let with_token = Sim::start(captured_world(Some("FAKETOKENWIRE"))).await;
        let exchanges = captured(scheme);
        assert_eq!((exchanges.len(), exchanges.iter().filter(|of| has_token(of)).count()), (8, 1));
        for exchange in &exchanges {
            let sim = if has_token(exchange) { &with_token } else { &plain };
            let (captured, ours) = exchange.replay(&sim.endpoint).await;
            if exchange.name().starts_with("list-") {
                assert_eq!(captured["TotalCount"], ours["TotalCount"]);
                assert_eq!(captured["PageNumber"], ours["PageNumber"]);
                let images = |answer: &serde_json::Value| answer["Images"]["Image"].as_array().map(Vec::len);
                assert_eq!(images(&captured), images(&ours));
            }
        }
        assert_eq!(plain.shares_of(IMAGE), ["1234567890123456", "1234567890123457", "1234567890129999"]);
    }
}

#[tokio::test]
async fn one_flipped_byte_of_a_captured_query_breaks_the_signature() {
    for scheme in [Scheme::Acs3, Scheme::Rpc] {
        let sim = Sim::start(captured_world(None)).await;
        for exchange in &captured(scheme) {
            let mut bytes = exchange.bytes();
            let region = bytes.windows(11).position(|part| part == b"cn-hangzhou").expect("the region");
            bytes[region + 10] ^= 1;
            let received = send(&sim.endpoint, &bytes).await;
            let answer = serde_json::from_slice(&received.body).expect("the answer is JSON");
            assert_eq!(
                (received.status(), code(&answer)),
                (400, "SignatureDoesNotMatch"),
                "{}",
                exchange.name()
            );
        }
        assert_eq!(sim.shares_of(IMAGE), ["1234567890129999"]);
    }
}

#[tokio::test]
async fn a_captured_request_is_not_accepted_twice() {
    for scheme in [Scheme::Acs3, Scheme::Rpc] {
        let sim = Sim::start(captured_world(None)).await;
        let exchange = &captured(scheme)[0];
        exchange.replay(&sim.endpoint).await;
        let again = send(&sim.endpoint, &exchange.bytes()).await;
        let answer = serde_json::from_slice(&again.body).expect("the answer is JSON");
        assert_eq!((again.status(), code(&answer)), (400, "SignatureNonceUsed"));
    }
}
