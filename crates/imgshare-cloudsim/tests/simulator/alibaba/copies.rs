//! `CopyImage`.

use serde_json::{Value, json};

use super::client::{IMAGE, OTHER_REGION, OWNER, REGION, Sim, code};

async fn copy(sim: &Sim, image: &str, region: &str, more: &[(&str, &str)]) -> (u16, Value) {
    let params = [&[("ImageId", image), ("DestinationRegionId", region)], more].concat();
    sim.call("CopyImage", &params).await
}

async fn images_there(sim: &Sim) -> Value {
    let params = [("RegionId", OTHER_REGION), ("Status", "ALL")];
    let received = sim.send(&OWNER, "DescribeImages", &params).await;
    let answer: Value = serde_json::from_slice(&received.body).expect("JSON");
    answer["Images"]["Image"].clone()
}

#[tokio::test]
async fn a_copy_is_a_new_image_that_becomes_available_after_a_while() {
    let sim = Sim::small().await;
    let more = [("DestinationImageName", "镜像 copy"), ("Tag.1.Key", "team"), ("Tag.1.Value", "gpu")];
    let (_, answer) = copy(&sim, IMAGE, OTHER_REGION, &more).await;
    let there = images_there(&sim).await;
    assert_eq!((&there[0]["ImageId"], &there[0]["ImageName"]), (&answer["ImageId"], &json!("镜像 copy")));
    assert_eq!(there[0]["Tags"], json!({"Tag": [{"TagKey": "team", "TagValue": "gpu"}]}));
    assert_eq!(there[0]["Status"], "Creating");
    sim.clock.advance_ms(2000);
    assert_eq!(images_there(&sim).await[0]["Status"], "Available");
}

#[tokio::test]
async fn a_copy_that_the_cloud_does_not_make_is_refused() {
    let sim = Sim::small().await;
    for (image, region, more, expected) in [
        ("m-nosuch", OTHER_REGION, &[][..], (404, "InvalidImageId.NotFound")),
        ("m-other", OTHER_REGION, &[], (404, "InvalidImageId.NotFound")),
        ("m-creating", OTHER_REGION, &[], (400, "IncorrectImageStatus")),
        (IMAGE, "cn-atlantis", &[], (404, "InvalidRegionId.NotFound")),
        (IMAGE, REGION, &[], (400, "InvalidParameter")),
        (IMAGE, OTHER_REGION, &[("DestinationImageName", "x")], (400, "InvalidParameter")),
        (IMAGE, OTHER_REGION, &[("Encrypted", "true")], (400, "UnsupportedOperation")),
        (IMAGE, OTHER_REGION, &[("DryRun", "true")], (400, "DryRunOperation")),
    ] {
        let (status, answer) = copy(&sim, image, region, more).await;
        assert_eq!((status, code(&answer)), expected, "{image} {region} {more:?}");
    }
    assert_eq!(images_there(&sim).await, json!([]));
}
