//! `SyncImages` and `DescribeImageQuota`.

use imgshare_cloudsim::tencent::TencentScenario;
use imgshare_cloudsim::{CopyRule, Meddling};
use serde_json::{Value, json};

use crate::client::{Login, OWNER};
use crate::world::{IMAGE, OTHER_OWNER, OTHER_REGION, OWNER_ACCOUNT, REGION, Sim, code, scenario, small};

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
    assert_eq!((&there[0]["ImageState"], &there[0]["SyncPercent"]), (&json!("SYNCING"), &json!(0)));
    sim.clock.advance_ms(500);
    assert_eq!(images_there(&sim).await[0]["SyncPercent"], 25);
    sim.clock.advance_ms(1500);
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

async fn sim_with(copies: Vec<CopyRule>) -> Sim {
    Sim::start(scenario(TencentScenario { copies, ..small() })).await
}

/// The states of the copies, in the order of their names.
async fn states_there(sim: &Sim) -> Vec<String> {
    let there = images_there(sim).await;
    let mut states: Vec<String> = there
        .as_array()
        .expect("a list")
        .iter()
        .map(|image| format!("{} {}", image["ImageName"], image["ImageState"]).replace('"', ""))
        .collect();
    states.sort_unstable();
    states
}

#[tokio::test]
async fn a_copy_that_fails_says_so_in_the_end_and_the_second_attempt_may_succeed() {
    let rule =
        CopyRule { image: Some("golden-*".to_owned()), times: Some(1), fails: true, ..CopyRule::default() };
    let sim = sim_with(vec![rule]).await;
    for name in ["first", "second"] {
        assert_eq!(code(&copy(&sim, json!({"ImageName": name})).await), "");
    }
    assert_eq!(states_there(&sim).await, ["first SYNCING", "second SYNCING"]);
    sim.clock.advance_ms(2000);
    assert_eq!(states_there(&sim).await, ["first CREATEFAILED", "second NORMAL"]);
    assert_eq!(images_there(&sim).await[0]["SyncPercent"], Value::Null);
}

#[tokio::test]
async fn the_first_rule_that_concerns_a_copy_holds() {
    let rule = |image: &str, region: &str, takes_s| CopyRule {
        image: Some(image.to_owned()),
        region: Some(region.into()),
        takes_s: Some(takes_s),
        ..CopyRule::default()
    };
    let sim = sim_with(vec![
        rule(IMAGE, REGION, 1),
        rule("silver-*", OTHER_REGION, 1),
        rule(IMAGE, OTHER_REGION, 250),
    ])
    .await;
    copy(&sim, json!({})).await;
    sim.clock.advance_ms(249_999);
    assert_eq!(images_there(&sim).await[0]["SyncPercent"], 99);
    sim.clock.advance_ms(1);
    assert_eq!(states_there(&sim).await, ["golden-ubuntu NORMAL"]);
}

#[tokio::test]
async fn a_copy_is_found_by_id_and_filters_whatever_its_state() {
    let sim = Sim::small().await;
    let id = copy(&sim, json!({})).await["ImageSet"][0]["ImageId"].clone();
    let queries = [
        json!({"ImageIds": [id]}),
        json!({"Filters": [{"Name": "image-name", "Values": ["golden-ubuntu"]}]}),
        json!({"Filters": [{"Name": "image-type", "Values": ["PRIVATE_IMAGE"]}, {"Name": "image-id", "Values": [id]}]}),
    ];
    for state in ["SYNCING", "CREATEFAILED"] {
        for query in &queries {
            let found = sim.send(&OWNER, "DescribeImages", OTHER_REGION, query).await.response();
            assert_eq!(
                (&found["ImageSet"][0]["ImageId"], &found["ImageSet"][0]["ImageState"]),
                (&id, &json!(state))
            );
            assert_eq!(found["TotalCount"], 1, "{query}");
        }
        let image = id.as_str().expect("a text").into();
        let failed = sim.running.meddle("tencent", Meddling::FailCopy { image });
        assert_eq!(failed.is_ok(), state == "SYNCING", "what has failed cannot fail again");
    }
}

#[tokio::test]
async fn the_state_tells_what_is_a_copy_of_what() {
    let sim = Sim::small().await;
    let id = copy(&sim, json!({})).await["ImageSet"][0]["ImageId"].clone();
    let tencent = sim.running.state()["clouds"]["tencent"].take();
    let regions = &tencent["owners"][OWNER_ACCOUNT]["regions"];
    let made = &regions[OTHER_REGION]["images"][id.as_str().expect("a text")];
    assert_eq!((&made["copy_of"], &made["percent"]), (&json!({"image": IMAGE, "region": REGION}), &json!(0)));
    assert_eq!(regions[REGION]["images"][IMAGE]["copy_of"], Value::Null);
    let effect = json!({"copied": {"image": id, "of": IMAGE, "region": OTHER_REGION}});
    assert_eq!(tencent["log"][0]["effects"], json!([effect]));
}

#[tokio::test]
async fn an_encrypted_copy_stays_in_its_region_and_cannot_be_shared() {
    let sim = Sim::small().await;
    let encrypted = |region| json!({"DestinationRegions": [region], "Encrypt": true, "KmsKeyId": "fake-key"});
    assert_eq!(code(&copy(&sim, encrypted(OTHER_REGION)).await), "InvalidParameterValue");
    let made = copy(&sim, encrypted(REGION)).await;
    sim.clock.advance_ms(2000);
    let id = made["ImageSet"][0]["ImageId"].as_str().expect("an id");
    assert_eq!(
        code(&sim.share(id, &["100012345678"]).await),
        "UnsupportedOperation.EncryptedImagesNotSupported"
    );
}
