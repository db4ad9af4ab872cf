//! `SyncImages` and `DescribeImageQuota`.

use serde_json::{Value, json};

use crate::client::{Login, OWNER};
use crate::world::{IMAGE, OTHER_OWNER, OTHER_REGION, REGION, Sim, code, scenario, small};

async fn copy(sim: &Sim, more: Value) -> Value {
    let mut params =
        json!({"ImageIds": [IMAGE], "DestinationRegions": [OTHER_REGION], "ImageSetRequired": true});
    params.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    sim.call("SyncImages", params).await
}

async fn images_there(sim: &Sim) -> Value {
    sim.send(&OWNER, "DescribeImages", OTHER_REGION, &json!({})).await.response()["ImageSet"].clone()
}

#[tokio::test]
async fn a_copy_is_a_new_image_that_becomes_normal_after_a_while() {
    let sim = Sim::small().await;
    let answer = copy(&sim, json!({"ImageName": "镜像 copy"})).await;
    let id = answer["ImageSet"][0]["ImageId"].clone();
    assert_eq!(answer["ImageSet"], json!([{"ImageId": id, "Region": OTHER_REGION}]));
    let there = images_there(&sim).await;
    assert_eq!((&there[0]["ImageId"], &there[0]["ImageName"]), (&id, &json!("镜像 copy")));
    assert_eq!((&there[0]["ImageState"], &there[0]["SyncPercent"]), (&json!("SYNCING"), &json!(50)));
    sim.clock.advance_ms(2000);
    let there = images_there(&sim).await;
    assert_eq!((&there[0]["ImageState"], &there[0]["SyncPercent"]), (&json!("NORMAL"), &Value::Null));
}

#[tokio::test]
async fn the_new_ids_are_told_on_request_only_and_a_dry_run_makes_nothing() {
    let sim = Sim::small().await;
    copy(&sim, json!({"DryRun": true})).await;
    assert_eq!(images_there(&sim).await, json!([]));
    assert_eq!(copy(&sim, json!({"ImageSetRequired": false})).await["ImageSet"], json!([]));
    assert_eq!(images_there(&sim).await[0]["ImageName"], "golden-ubuntu");
}

#[tokio::test]
async fn a_copy_that_the_cloud_does_not_make_is_refused() {
    let sim = Sim::small().await;
    for (more, expected) in [
        (json!({"ImageIds": [IMAGE, "img-locked00"]}), "InvalidParameterValue"),
        (json!({"ImageIds": ["img-nosuch00"]}), "InvalidImageId.NotFound"),
        (json!({"ImageIds": ["img-creatin0"]}), "InvalidParameterValue.InvalidImageState"),
        (json!({"DestinationRegions": []}), "InvalidParameterValue"),
        (json!({"DestinationRegions": [REGION]}), "InvalidParameterValue"),
        (json!({"DestinationRegions": ["ap-atlantis"]}), "InvalidRegion.NotFound"),
        (json!({"ImageName": "n".repeat(61)}), "InvalidParameterValue.LimitExceeded"),
    ] {
        assert_eq!(code(&copy(&sim, more.clone()).await), expected, "{more}");
    }
    assert_eq!(images_there(&sim).await, json!([]));
}

#[tokio::test]
async fn a_shared_image_becomes_an_own_one_in_its_own_region() {
    let sim = Sim::small().await;
    sim.share(IMAGE, &["100000000008"]).await;
    let login = Login { token: Some("FakeOtherToken"), ..OTHER_OWNER };
    for (region, expected) in [(OTHER_REGION, "InvalidParameterValue"), (REGION, "")] {
        let params = json!({"ImageIds": [IMAGE], "DestinationRegions": [region]});
        let received = sim.send(&login, "SyncImages", REGION, &params).await;
        assert_eq!(code(&received.response()), expected, "{region}");
    }
}

#[tokio::test]
async fn a_full_region_takes_no_copy() {
    let mut tencent = small();
    tencent.behaviour.images_per_region_max = 1;
    let sim = Sim::start(scenario(tencent)).await;
    assert_eq!(sim.call("DescribeImageQuota", json!({})).await["ImageNumQuota"], 1);
    assert_eq!(code(&copy(&sim, json!({})).await), "");
    assert_eq!(code(&copy(&sim, json!({})).await), "ImageQuotaLimitExceeded");
}
