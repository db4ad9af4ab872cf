//! `CopyImage`.

use serde_json::{Value, json};

use imgshare_cloudsim::CopyRule;
use imgshare_cloudsim::alibaba::{AlibabaScenario, Behaviour};

use super::client::{IMAGE, OTHER_REGION, OWNER, OWNER_ACCOUNT, REGION, Sim, code, small};

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
    let progress = |image: &Value| format!("{} {}", image["Status"], image["Progress"]).replace('"', "");
    assert_eq!((progress(&there[0]).as_str(), &there[0]["IsCopied"]), ("Creating 0%", &json!(true)));
    sim.clock.advance_ms(1500);
    assert_eq!(progress(&images_there(&sim).await[0]), "Creating 75%");
    sim.clock.advance_ms(500);
    assert_eq!(progress(&images_there(&sim).await[0]), "Available 100%");
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
        (IMAGE, OTHER_REGION, &[("Encrypted", "perhaps")], (400, "InvalidParameter")),
        (IMAGE, OTHER_REGION, &[("ClientToken", "nicht-ä")], (400, "InvalidParameter")),
        (IMAGE, OTHER_REGION, &[("DryRun", "true")], (400, "DryRunOperation")),
    ] {
        let (status, answer) = copy(&sim, image, region, more).await;
        assert_eq!((status, code(&answer)), expected, "{image} {region} {more:?}");
    }
    assert_eq!(images_there(&sim).await, json!([]));
}

#[tokio::test]
async fn a_copy_that_is_being_made_is_listed_on_request_only() {
    let sim = Sim::small().await;
    copy(&sim, IMAGE, OTHER_REGION, &[]).await;
    let count = async |status: &[(&str, &str)]| {
        let params = [&[("RegionId", OTHER_REGION)], status].concat();
        let received = sim.send(&OWNER, "DescribeImages", &params).await;
        serde_json::from_slice::<Value>(&received.body).expect("JSON")["TotalCount"].clone()
    };
    assert_eq!(count(&[]).await, 0);
    assert_eq!(count(&[("Status", "Creating,Available")]).await, 1);
    sim.clock.advance_ms(2000);
    assert_eq!(count(&[]).await, 1);
}

#[tokio::test]
async fn a_repeated_client_token_makes_one_copy() {
    let sim = Sim::small().await;
    let token = ("ClientToken", "fake-token-1");
    let (_, first) = copy(&sim, IMAGE, OTHER_REGION, &[token]).await;
    sim.clock.advance_ms(60_000);
    let (status, again) = copy(&sim, IMAGE, OTHER_REGION, &[token]).await;
    assert_eq!((status, &again["ImageId"]), (200, &first["ImageId"]));
    let other = [token, ("DestinationImageName", "another")];
    let refused = copy(&sim, IMAGE, OTHER_REGION, &other).await;
    assert_eq!((refused.0, code(&refused.1)), (400, "IdempotentParameterMismatch"));
    assert_eq!(images_there(&sim).await.as_array().map(Vec::len), Some(1));

    let (_, second) = copy(&sim, IMAGE, OTHER_REGION, &[("ClientToken", "fake-token-2")]).await;
    assert_ne!(second["ImageId"], first["ImageId"]);
    copy(&sim, IMAGE, OTHER_REGION, &[]).await;
    assert_eq!(images_there(&sim).await.as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_copy_that_fails_stays_in_the_listing_as_failed() {
    let copies = vec![CopyRule { fails: true, takes_s: Some(600), ..CopyRule::default() }];
    let sim = Sim::start(AlibabaScenario { copies, ..small() }).await;
    copy(&sim, IMAGE, OTHER_REGION, &[]).await;
    sim.clock.advance_ms(300_000);
    assert_eq!(images_there(&sim).await[0]["Progress"], "50%");
    sim.clock.advance_ms(300_000);
    assert_eq!(images_there(&sim).await[0]["Status"], "CreateFailed");
}

/// Whether an encrypted copy can be shared, as the refusal has it, with its record and its state.
async fn encrypted(more: &[(&str, &str)]) -> (String, Value, Value) {
    let sim = Sim::small().await;
    let params = [&[("Encrypted", "true")], more].concat();
    let (_, answer) = copy(&sim, IMAGE, OTHER_REGION, &params).await;
    sim.clock.advance_ms(2000);
    let id = answer["ImageId"].as_str().expect("an id");
    let share = [("RegionId", OTHER_REGION), ("ImageId", id), ("AddAccount.1", "1234567890123456")];
    let shared = sim.send(&OWNER, "ModifyImageSharePermission", &share).await;
    let shared: Value = serde_json::from_slice(&shared.body).expect("JSON");
    let record = images_there(&sim).await[0]["DiskDeviceMappings"].clone();
    let state = &sim.running.state()["clouds"]["alibaba"]["owners"][OWNER_ACCOUNT]["regions"][OTHER_REGION];
    (code(&shared).to_owned(), record, state["images"][id]["encryption"].clone())
}

#[tokio::test]
async fn an_encrypted_copy_can_be_shared_when_the_key_is_the_owners() {
    let record = json!({"DiskDeviceMapping": [{"Encrypted": true}]});
    let own = encrypted(&[("KMSKeyId", "fake-key")]).await;
    assert_eq!(own, (String::new(), record.clone(), json!({"kms_key": "fake-key"})));
    let services = encrypted(&[]).await;
    let refusal = "InvalidOperation.ServiceKeyEncryptedImageUnsupported".to_owned();
    assert_eq!(services, (refusal, record, json!({"kms_key": null})));
}

#[tokio::test]
async fn a_cancelled_copy_is_gone_and_a_ready_one_cannot_be_cancelled() {
    let sim = Sim::small().await;
    let cancel = async |id: &Value| {
        let params = [("RegionId", OTHER_REGION), ("ImageId", id.as_str().expect("an id"))];
        let received = sim.send(&OWNER, "CancelCopyImage", &params).await;
        code(&serde_json::from_slice(&received.body).expect("JSON")).to_owned()
    };
    let (_, first) = copy(&sim, IMAGE, OTHER_REGION, &[]).await;
    assert_eq!(cancel(&first["ImageId"]).await, "");
    assert_eq!(images_there(&sim).await, json!([]));
    assert_eq!(cancel(&first["ImageId"]).await, "InvalidImageId.NotFound");
    let (_, second) = copy(&sim, IMAGE, OTHER_REGION, &[]).await;
    sim.clock.advance_ms(2000);
    assert_eq!(cancel(&second["ImageId"]).await, "IncorrectImageStatus");
}

#[tokio::test]
async fn a_full_region_takes_no_copy() {
    let sim = Sim::behaving(Behaviour { images_per_region_max: Some(1), ..Behaviour::default() }).await;
    assert_eq!(copy(&sim, IMAGE, OTHER_REGION, &[]).await.0, 200);
    let (status, answer) = copy(&sim, IMAGE, OTHER_REGION, &[]).await;
    assert_eq!((status, code(&answer)), (403, "QuotaExceed.Image"));
}
