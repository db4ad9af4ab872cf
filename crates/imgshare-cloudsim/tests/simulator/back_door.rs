//! Looking and meddling: over HTTP and through the handle.

use imgshare_cloudsim::{AccountId, FaultKind, FaultRule, ImageId, ImageScenario, Meddling};
use serde_json::{Value, json};

use crate::client::{Login, NOW, OWNER, Received, send};
use crate::world::{IMAGE, OTHER_OWNER_ACCOUNT, OWNER_ACCOUNT, REGION, Sim, code};

const FRIEND: &str = "100012345678";

async fn post(sim: &Sim, name: &str, body: &Value) -> Received {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = format!(
        "POST /_simulator/{name} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    send(&sim.endpoint, request.as_bytes()).await
}

async fn state(sim: &Sim) -> Value {
    let received = send(&sim.endpoint, b"GET /_simulator/state HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert_eq!(received.status(), 200);
    serde_json::from_slice(&received.body).expect("the state is JSON")
}

#[tokio::test]
async fn the_state_shows_owners_regions_images_shares_and_calls() {
    let sim = Sim::small().await;
    sim.share(IMAGE, &[FRIEND]).await;
    sim.share("img-locked00", &[FRIEND]).await;
    let state = state(&sim).await;
    assert_eq!(state, sim.running.state());
    let cloud = &state["clouds"]["tencent"];
    let image = &cloud["owners"][OWNER_ACCOUNT]["regions"][REGION]["images"][IMAGE];
    assert_eq!((&image["name"], &image["state"]), (&json!("golden-ubuntu"), &json!("NORMAL")));
    assert_eq!(image["shares"], json!([FRIEND]));
    assert!(cloud["owners"][OTHER_OWNER_ACCOUNT]["regions"][REGION]["images"]["img-other000"].is_object());
    let counts = &cloud["calls"]["ModifyImageSharePermission"][REGION];
    assert_eq!((&counts["calls"], &counts["done"]), (&json!(2), &json!(1)));
    assert_eq!(counts["refused"], json!({"FailedOperation.QImageShareFailed": 1}));
    assert_eq!(cloud["log"][0]["caller"], OWNER_ACCOUNT);
    assert_eq!(cloud["log"][1]["refused"], "FailedOperation.QImageShareFailed");
}

#[tokio::test]
async fn the_log_tells_what_each_call_has_changed_also_when_its_answer_was_lost() {
    let sim = Sim::with_fault(FaultRule::always(FaultKind::ResetAfter)).await;
    let params = json!({"ImageId": IMAGE, "AccountIds": [FRIEND], "Permission": "SHARE"});
    for _ in 0..2 {
        sim.send(&OWNER, "ModifyImageSharePermission", REGION, &params).await;
    }
    let log = sim.running.state()["clouds"]["tencent"]["log"].take();
    assert_eq!(log[0]["effects"], json!([{"shared": {"image": IMAGE, "account": FRIEND}}]));
    assert_eq!(log[1]["effects"], json!([]), "the second call found it done");
}

#[tokio::test]
async fn the_state_holds_no_secret() {
    let sim = Sim::small().await;
    sim.call("DescribeImages", json!({})).await;
    let state = sim.running.state().to_string();
    for secret in ["FakeWireSecret", "FakeOtherSecret", "FakeOtherToken"] {
        assert!(!state.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn shares_come_and_go_behind_the_clients_back() {
    let sim = Sim::small().await;
    let share = json!({"image": IMAGE, "account": FRIEND});
    assert_eq!(post(&sim, "add-share", &share).await.status(), 200);
    assert_eq!(sim.shares_of(IMAGE), [FRIEND]);
    assert_eq!(post(&sim, "remove-share", &share).await.status(), 200);
    assert!(sim.shares_of(IMAGE).is_empty());

    let (image, friend) = (ImageId::from(IMAGE), AccountId::from(FRIEND));
    sim.running.add_share("tencent", &image, &friend).expect("the image exists");
    assert_eq!(sim.shares_of(IMAGE), [FRIEND]);
    sim.running.remove_share("tencent", &image, &friend).expect("it is shared");
    assert!(sim.shares_of(IMAGE).is_empty());
    assert_eq!(sim.calls("ModifyImageSharePermission"), Value::Null, "meddling is no call");
}

#[tokio::test]
async fn images_change_state_come_and_go() {
    let sim = Sim::small().await;
    post(&sim, "set-state", &json!({"image": IMAGE, "state": "IMPORTING"})).await;
    assert_eq!(code(&sim.share(IMAGE, &[FRIEND]).await), "InvalidParameterValue.InvalidImageState");

    post(&sim, "delete-image", &json!({"image": IMAGE})).await;
    assert_eq!(code(&sim.share(IMAGE, &[FRIEND]).await), "InvalidImageId.NotFound");

    let image = json!({"id": "img-brandnew", "name": "new"});
    let refused =
        post(&sim, "add-image", &json!({"owner": OWNER_ACCOUNT, "region": REGION, "image": image})).await;
    assert_eq!(refused.status(), 200);
    assert_eq!(code(&sim.share("img-brandnew", &[FRIEND]).await), "");
}

#[tokio::test]
async fn an_added_image_without_an_id_gets_one() {
    let sim = Sim::small().await;
    let image = ImageScenario { name: "nameless".to_owned(), ..ImageScenario::default() };
    let add = Meddling::AddImage { owner: OWNER_ACCOUNT.into(), region: REGION.into(), image };
    sim.running.meddle("tencent", add).expect("the owner exists");
    let filter = json!({"Filters": [{"Name": "image-name", "Values": ["nameless"]}]});
    assert_eq!(sim.call("DescribeImages", filter).await["TotalCount"], 1);
}

#[tokio::test]
async fn faults_are_armed_and_disarmed_on_the_run() {
    let sim = Sim::small().await;
    let fault = json!({"kind": {"status": {"status": 503}}, "region": REGION, "when": "always"});
    assert_eq!(post(&sim, "arm-fault", &json!({"fault": fault})).await.status(), 200);
    assert_eq!(sim.send(&OWNER, "DescribeImages", REGION, &json!({})).await.status(), 503);
    assert_eq!(state(&sim).await["clouds"]["tencent"]["faults"][0]["struck"], 1);
    assert_eq!(post(&sim, "disarm-faults", &Value::Null).await.status(), 200);
    assert_eq!(sim.send(&OWNER, "DescribeImages", REGION, &json!({})).await.status(), 200);
}

#[tokio::test]
async fn the_clouds_clock_moves_away_from_the_real_one() {
    let sim = Sim::small().await;
    post(&sim, "advance-clock", &json!({"seconds": 301})).await;
    assert_eq!(code(&sim.call("DescribeImageQuota", json!({})).await), "AuthFailure.SignatureExpire");
    let late = Login { timestamp: NOW + 301, ..OWNER };
    let received = sim.send(&late, "DescribeImageQuota", REGION, &json!({})).await;
    assert_eq!(code(&received.response()), "");
}

#[tokio::test]
async fn counters_start_again() {
    let sim = Sim::small().await;
    sim.call("DescribeImages", json!({})).await;
    assert_eq!(sim.calls("DescribeImages")["calls"], 1);
    post(&sim, "reset-counters", &json!({})).await;
    assert_eq!(sim.calls("DescribeImages"), Value::Null);
}

#[tokio::test]
async fn what_cannot_be_done_is_said() {
    let sim = Sim::small().await;
    for (name, body, expected) in [
        ("add-share", json!({"image": "img-nosuch00", "account": FRIEND}), "no image img-nosuch00"),
        ("remove-share", json!({"image": IMAGE, "account": FRIEND}), "is not shared with account"),
        ("set-state", json!({"image": IMAGE, "state": "Available"}), "no image state Available"),
        ("add-image", json!({"owner": "1", "region": REGION, "image": {"name": "x"}}), "no owner 1"),
        ("add-image", json!({"owner": OWNER_ACCOUNT, "region": REGION, "image": {"id": IMAGE}}), "is taken"),
        ("arm-fault", json!({"fault": {"kind": "throttle", "when": {"chance": 2.0}}}), "not within 0 to 1"),
        ("explode", json!({}), "unknown variant `explode`"),
        ("add-share", json!({"image": IMAGE}), "missing field `account`"),
    ] {
        let received = post(&sim, name, &body).await;
        let text = String::from_utf8(received.body.clone()).expect("UTF-8");
        assert_eq!(received.status(), 400, "{name} {body}");
        assert!(text.contains(expected), "{text}");
    }
    let fault = FaultRule::always(FaultKind::Throttle);
    let error = sim.running.meddle("alibaba", Meddling::ArmFault { fault }).expect_err("no such cloud");
    assert_eq!(error.to_string(), "the simulated world has no cloud alibaba");
}
