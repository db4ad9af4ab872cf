//! Who is let in.

use serde_json::{Value, json};

use crate::client::{Login, NOW, OWNER, send, signed};
use crate::world::{IMAGE, OTHER_OWNER, REGION, Sim, code};

async fn check(sim: &Sim, login: Login, expected: &str) {
    let params = json!({"ImageId": IMAGE});
    let received = sim.send(&login, "DescribeImageSharePermission", REGION, &params).await;
    assert_eq!(received.status(), 200, "refusals are answers too");
    assert_eq!(code(&received.response()), expected);
}

#[tokio::test]
async fn each_defect_of_a_login_has_its_code() {
    let sim = Sim::small().await;
    check(&sim, OWNER, "").await;
    check(&sim, Login { secret_id: "AKIDFAKENOBODY", ..OWNER }, "AuthFailure.SecretIdNotFound").await;
    check(&sim, Login { secret_key: "FakeWrongSecret", ..OWNER }, "AuthFailure.SignatureFailure").await;
    check(&sim, Login { date: "2023-11-15", ..OWNER }, "AuthFailure.SignatureFailure").await;
    check(&sim, Login { token: Some("FakeToken"), ..OWNER }, "AuthFailure.TokenFailure").await;
}

#[tokio::test]
async fn a_temporary_key_needs_its_token() {
    let sim = Sim::small().await;
    check(&sim, OTHER_OWNER, "AuthFailure.TokenFailure").await;
    check(&sim, Login { token: Some("FakeWrongToken"), ..OTHER_OWNER }, "AuthFailure.TokenFailure").await;
    let right = Login { token: Some("FakeOtherToken"), ..OTHER_OWNER };
    check(&sim, right, "UnauthorizedOperation.ImageNotBelongToAccount").await;
}

#[tokio::test]
async fn a_signature_lives_five_minutes_in_both_directions() {
    let sim = Sim::small().await;
    for (seconds, expected) in
        [(-301, "AuthFailure.SignatureExpire"), (-300, ""), (300, ""), (301, "AuthFailure.SignatureExpire")]
    {
        check(&sim, Login { timestamp: NOW + seconds, ..OWNER }, expected).await;
    }
}

#[tokio::test]
async fn the_clouds_own_clock_decides() {
    let sim = Sim::small().await;
    sim.clock.advance_ms(301_000);
    check(&sim, OWNER, "AuthFailure.SignatureExpire").await;
    check(&sim, Login { timestamp: NOW + 301, ..OWNER }, "").await;
}

#[tokio::test]
async fn the_host_is_verified_with_its_port() {
    let sim = Sim::small().await;
    let request = String::from_utf8(signed(&OWNER, "DescribeImageQuota", REGION, "{}")).expect("ASCII");
    let other_port = request.replace("Host: 127.0.0.1:18765", "Host: 127.0.0.1:18766");
    assert_eq!(response_code(&sim, &request).await, "");
    assert_eq!(response_code(&sim, &other_port).await, "AuthFailure.SignatureFailure");
}

#[tokio::test]
async fn the_list_of_signed_headers_is_the_one_that_was_sent() {
    let sim = Sim::small().await;
    let request = String::from_utf8(signed(&OWNER, "DescribeImageQuota", REGION, "{}")).expect("ASCII");
    let longer =
        request.replace("SignedHeaders=content-type;host", "SignedHeaders=content-type;host;x-tc-action");
    let without_host = request.replace("SignedHeaders=content-type;host", "SignedHeaders=content-type");
    let absent = request.replace("SignedHeaders=content-type;host", "SignedHeaders=content-type;host;x-none");
    assert_eq!(response_code(&sim, &longer).await, "AuthFailure.SignatureFailure");
    assert_eq!(response_code(&sim, &without_host).await, "AuthFailure.InvalidAuthorization");
    assert_eq!(response_code(&sim, &absent).await, "AuthFailure.SignatureFailure");
}

#[tokio::test]
async fn what_is_not_a_call_of_this_version_is_refused() {
    let sim = Sim::small().await;
    let request = String::from_utf8(signed(&OWNER, "DescribeImageQuota", REGION, "{}")).expect("ASCII");
    for (from, to, expected) in [
        ("X-TC-Action: DescribeImageQuota", "X-TC-Action: DeleteEverything", "InvalidAction"),
        ("X-TC-Version: 2017-03-12", "X-TC-Version: 2016-01-01", "NoSuchVersion"),
        ("X-TC-Region: ap-guangzhou", "X-TC-Region: ap-atlantis", "UnsupportedRegion"),
        ("X-TC-Region: ap-guangzhou\r\n", "", "MissingParameter"),
        ("X-TC-Timestamp: 1700000000\r\n", "", "MissingParameter"),
        ("TC3-HMAC-SHA256 Credential", "TC9-HMAC-SHA256 Credential", "AuthFailure.InvalidAuthorization"),
    ] {
        assert_eq!(response_code(&sim, &request.replace(from, to)).await, expected, "{to}");
    }
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own_and_the_same_one_in_every_run() {
    let (one, other) = (Sim::small().await, Sim::small().await);
    let mut seen = std::collections::BTreeSet::new();
    for action in ["DescribeImageQuota", "NoSuchAction", "DescribeImages"] {
        let response = one.call(action, json!({})).await;
        let id = response["RequestId"].as_str().expect("a request id").to_owned();
        assert_eq!(other.call(action, json!({})).await["RequestId"], Value::from(id.as_str()));
        assert_eq!(id.len(), 36);
        assert!(seen.insert(id));
    }
}

async fn response_code(sim: &Sim, request: &str) -> String {
    code(&send(&sim.endpoint, request.as_bytes()).await.response()).to_owned()
}
