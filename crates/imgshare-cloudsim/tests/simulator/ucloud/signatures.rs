//! Who is let in.

use super::client::{IMAGE, Login, OTHER_OWNER, OWNER, REGION, Sim, post, ret_code, signed, signed_json};
use crate::client::send;

const ACTION: &str = "DescribeCompShareImageShareAccounts";
const PARAMS: [(&str, &str); 2] = [("Region", REGION), ("CompShareImageId", IMAGE)];

async fn code_of(sim: &Sim, request: &[u8]) -> i64 {
    let received = send(&sim.endpoint, request).await;
    assert_eq!(received.status(), 200, "refusals are answers too");
    ret_code(&serde_json::from_slice(&received.body).expect("the answer is JSON"))
}

/// Forms and JSON are let in, and refused, alike.
async fn check(sim: &Sim, login: Login, expected: i64) {
    assert_eq!(code_of(sim, &signed(&login, ACTION, &PARAMS)).await, expected, "form");
    assert_eq!(code_of(sim, &signed_json(&login, ACTION, &PARAMS)).await, expected, "JSON");
}

#[tokio::test]
async fn each_defect_of_a_login_has_its_code() {
    let sim = Sim::small().await;
    check(&sim, OWNER, 0).await;
    check(&sim, Login { public_key: "fakenobody", ..OWNER }, 172).await;
    check(&sim, Login { private_key: "fakewrong", ..OWNER }, 171).await;
    check(&sim, Login { token: Some("FakeToken"), ..OWNER }, 174).await;
}

#[tokio::test]
async fn a_temporary_key_needs_its_token() {
    let sim = Sim::small().await;
    check(&sim, Login { token: None, ..OTHER_OWNER }, 174).await;
    check(&sim, Login { token: Some("FakeWrongToken"), ..OTHER_OWNER }, 174).await;
    check(&sim, OTHER_OWNER, 230).await;
}

#[tokio::test]
async fn a_project_must_be_the_owners_when_he_has_one() {
    let sim = Sim::small().await;
    check(&sim, Login { project: Some("org-other"), ..OWNER }, 292).await;
    check(&sim, Login { project: None, ..OWNER }, 0).await;
    let other = Login { project: Some("org-whatever"), ..OTHER_OWNER };
    let params = [("Region", REGION)];
    assert_eq!(code_of(&sim, &signed(&other, "DescribeCompShareSharingImages", &params)).await, 0);
}

#[tokio::test]
async fn a_body_without_a_signature_or_of_another_form_is_refused() {
    let sim = Sim::small().await;
    for (content_type, body, expected) in [
        ("application/x-www-form-urlencoded", "Action=DescribeImage", 170),
        ("application/json", "{\"Action\": \"DescribeImage\"}", 170),
        ("application/json", "[]", 230),
        ("application/x-www-form-urlencoded", "Action=%zz", 230),
        ("application/x-www-form-urlencoded", "Action=DescribeImage&Signature=00", 172),
    ] {
        assert_eq!(code_of(&sim, &post(content_type, body)).await, expected, "{body}");
    }
}

#[tokio::test]
async fn numbers_and_lists_of_a_json_body_are_signed_as_the_vendors_go_sdk_signs_them() {
    use sha1::{Digest, Sha1};
    let sim = Sim::small().await;
    let text = format!(
        "ActionModifyCompShareImageShareAccountAddAccounts1234555001122CompShareImageId{IMAGE}PublicKey{}Region{REGION}{}",
        OWNER.public_key, OWNER.private_key
    );
    let signature: String = Sha1::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    let body = serde_json::json!({
        "Action": "ModifyCompShareImageShareAccount",
        "AddAccounts": [12345, 55_001_122],
        "CompShareImageId": IMAGE,
        "ProjectId": null,
        "PublicKey": OWNER.public_key,
        "Region": REGION,
        "Signature": signature,
    });
    assert_eq!(code_of(&sim, &post("application/json", &body.to_string())).await, 0);
    assert_eq!(sim.shares_of(IMAGE), ["12345", "55001122"]);
}
