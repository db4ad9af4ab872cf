//! What the vendor's own SDK sent is understood, and answered in the shape that it reads.

use imgshare_cloudsim::ucloud::UcloudScenario;
use imgshare_cloudsim::{AccountId, ImageScenario, ImageSeries, RegionScenario};
use serde_json::Value;

use super::client::{IMAGE, Sim, UHOST_IMAGE, image, owner, ret_code};
use crate::captures::{Exchange, exchanges};
use crate::client::send;

/// The world that the captured session sees: 130 images of either service.
fn captured_world() -> UcloudScenario {
    let region =
        |first| RegionScenario { images: vec![first], series: vec![ImageSeries::new(129, "name {n}")] };
    let shared = ImageScenario { shares: vec![AccountId::from("3")], ..image(IMAGE, "name 0") };
    let owner = owner(region(shared), region(image(UHOST_IMAGE, "name 0")));
    UcloudScenario { owners: vec![owner], ..UcloudScenario::default() }
}

fn captured() -> Vec<Exchange> {
    exchanges(include_str!("../../data/wire-ucloud.json"))
}

/// For a copy to several regions the stub answers as for one; the documentation has a list of copies, and so have we.
const ANSWERED_OTHERWISE: &str = "uhost-copy-to-region-list";

#[tokio::test]
async fn every_captured_exchange_is_accepted_and_answered_in_the_captured_shape() {
    let sim = Sim::start(captured_world()).await;
    let exchanges = captured();
    assert_eq!(exchanges.len(), 12);
    let mut copied = 0;
    for exchange in exchanges.iter().filter(|exchange| exchange.name() != ANSWERED_OTHERWISE) {
        let (captured, ours) = exchange.replay(&sim.endpoint).await;
        assert_eq!((&captured["Action"], &captured["RetCode"]), (&ours["Action"], &ours["RetCode"]));
        if exchange.name().contains("-list-") {
            let images = |answer: &Value| answer["ImageSet"].as_array().map_or(0, Vec::len);
            // The one without a zone comes after the copy.
            assert_eq!(ours["TotalCount"], 130 + copied, "{}", exchange.name());
            assert_eq!(images(&captured), images(&ours), "{}", exchange.name());
        }
        copied = i32::from(exchange.name() == "compshare-copy");
    }
    assert_eq!(sim.shares_of(IMAGE), ["1", "2", "50000001", "67890"]);
}

#[tokio::test]
async fn a_captured_copy_to_several_regions_is_answered_as_documented() {
    let sim = Sim::start(captured_world()).await;
    let exchanges = captured();
    let exchange = exchanges.iter().find(|exchange| exchange.name() == ANSWERED_OTHERWISE);
    let received = send(&sim.endpoint, &exchange.expect("it was captured").bytes()).await;
    let answer: Value = serde_json::from_slice(&received.body).expect("the answer is JSON");
    let copies = answer["Infos"].as_array().expect("copies");
    let regions: Vec<_> = copies.iter().map(|copy| copy["TargetRegion"].as_str()).collect();
    assert_eq!((ret_code(&answer), regions), (0, vec![Some("hk"), Some("sg")]));
}

#[tokio::test]
async fn one_flipped_byte_of_a_captured_body_breaks_the_signature() {
    let sim = Sim::start(captured_world()).await;
    for exchange in &captured() {
        let mut bytes = exchange.bytes();
        let project = bytes.windows(10).position(|part| part == b"org-fake01").expect("the project");
        bytes[project + 9] ^= 1;
        let received = send(&sim.endpoint, &bytes).await;
        let answer = serde_json::from_slice(&received.body).expect("the answer is JSON");
        assert_eq!((received.status(), ret_code(&answer)), (200, 171), "{}", exchange.name());
    }
    assert_eq!(sim.shares_of(IMAGE), ["3"]);
}

/// There is no time and no nonce in a request of this cloud.
#[tokio::test]
async fn a_captured_request_is_accepted_as_often_as_it_comes() {
    let sim = Sim::start(captured_world()).await;
    for _ in 0..2 {
        captured()[0].replay(&sim.endpoint).await;
    }
}
