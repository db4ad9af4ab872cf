//! Who is let in, by both schemes.

use super::client::{IMAGE, Login, OTHER_OWNER, OWNER, REGION, Scheme, Sim, code, signed};
use crate::client::send;

const PARAMS: [(&str, &str); 2] = [("RegionId", REGION), ("ImageId", IMAGE)];

async fn check(sim: &Sim, login: Login, expected: (u16, &str)) {
    for scheme in [Scheme::Acs3, Scheme::Rpc] {
        let login = Login { scheme, ..login };
        let received = sim.send(&login, "DescribeImageSharePermission", &PARAMS).await;
        let answer: serde_json::Value = serde_json::from_slice(&received.body).expect("JSON");
        assert_eq!((received.status(), code(&answer)), expected, "{scheme:?}: {answer}");
    }
}

#[tokio::test]
async fn each_defect_of_a_login_has_its_code() {
    let sim = Sim::small().await;
    check(&sim, OWNER, (200, "")).await;
    check(&sim, Login { key_id: "LTAIFAKENOBODY", ..OWNER }, (404, "InvalidAccessKeyId.NotFound")).await;
    check(&sim, Login { secret: "FakeWrongSecret", ..OWNER }, (400, "SignatureDoesNotMatch")).await;
    let mismatch = (400, "InvalidSecurityToken.MismatchWithAccessKey");
    check(&sim, Login { token: Some("FakeToken"), ..OWNER }, mismatch).await;
    for malformed in ["2023-11-14T22:13:20", "2023-11-14T22:13:20.5Z", "2023-11-14T23:13:20+01:00", "now"] {
        let login = Login { timestamp: malformed, ..OWNER };
        check(&sim, login, (400, "InvalidTimeStamp.Format")).await;
    }
}

#[tokio::test]
async fn a_temporary_key_needs_its_token() {
    let sim = Sim::small().await;
    check(&sim, Login { token: None, ..OTHER_OWNER }, (400, "MissingSecurityToken")).await;
    let wrong = Login { token: Some("FakeWrongToken"), ..OTHER_OWNER };
    check(&sim, wrong, (400, "InvalidSecurityToken.MismatchWithAccessKey")).await;
    check(&sim, OTHER_OWNER, (404, "InvalidImageId.NotFound")).await;
}

#[tokio::test]
async fn a_signature_lives_a_quarter_of_an_hour_in_both_directions() {
    let sim = Sim::small().await;
    let expired = (400, "InvalidTimeStamp.Expired");
    for (timestamp, expected) in [
        ("2023-11-14T21:58:19Z", expired),
        ("2023-11-14T21:58:20Z", (200, "")),
        ("2023-11-14T22:28:20Z", (200, "")),
        ("2023-11-14T22:28:21Z", expired),
    ] {
        check(&sim, Login { timestamp, ..OWNER }, expected).await;
    }
}

#[tokio::test]
async fn a_nonce_is_used_once_by_each_key_and_a_refused_one_is_not_used() {
    let sim = Sim::small().await;
    let code_of = async |login: &Login| {
        let request = signed(login, "DescribeImageSharePermission", &PARAMS, "the-same");
        let answer = send(&sim.endpoint, &request).await;
        let answer: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
        code(&answer).to_owned()
    };
    let wrong = Login { secret: "FakeWrongSecret", ..OWNER };
    assert_eq!(code_of(&wrong).await, "SignatureDoesNotMatch");
    assert_eq!(code_of(&OWNER).await, "");
    assert_eq!(code_of(&OTHER_OWNER).await, "InvalidImageId.NotFound");
    assert_eq!(code_of(&OWNER).await, "SignatureNonceUsed");
    assert_eq!(code_of(&Login { scheme: Scheme::Rpc, ..OWNER }).await, "SignatureNonceUsed");
    sim.clock.advance_ms(30 * 60 * 1000 + 1);
    assert_eq!(code_of(&Login { timestamp: "2023-11-14T22:43:20Z", ..OWNER }).await, "");
}

/// The code that a good request gets after a change to its text.
async fn tampered(sim: &Sim, scheme: Scheme, nonce: &str, from: &str, to: &str) -> String {
    let login = Login { scheme, ..OWNER };
    let request = signed(&login, "DescribeImageSharePermission", &PARAMS, nonce);
    let request = String::from_utf8(request).expect("ASCII");
    assert!(request.contains(from), "{from} in {request}");
    let received = send(&sim.endpoint, request.replacen(from, to, 1).as_bytes()).await;
    let answer: serde_json::Value = serde_json::from_slice(&received.body).expect("JSON");
    code(&answer).to_owned()
}

#[tokio::test]
async fn an_acs3_signature_covers_host_query_body_and_every_header_of_the_vendor() {
    let sim = Sim::small().await;
    for (number, (from, to, expected)) in [
        ("Host: 127.0.0.1:18765", "Host: 127.0.0.1:18766", "SignatureDoesNotMatch"),
        ("Host: 127.0.0.1:18765", "Host: 127.0.0.1", "SignatureDoesNotMatch"),
        ("RegionId=", "regionId=", "SignatureDoesNotMatch"),
        ("Content-Length: 0", "X-Other: 1\r\nContent-Length: 0", ""),
        ("Content-Length: 0", "X-Acs-Other: 1\r\nContent-Length: 0", "IncompleteSignature"),
        ("Content-Length: 0", "Content-Type: text/plain\r\nContent-Length: 0", "IncompleteSignature"),
        ("SignedHeaders=host;", "SignedHeaders=", "IncompleteSignature"),
        ("SignedHeaders=host;", "SignedHeaders=host;absent;", "SignatureDoesNotMatch"),
        (
            "Content-Length: 0\r\nConnection: close\r\n\r\n",
            "Content-Length: 1\r\n\r\n ",
            "SignatureDoesNotMatch",
        ),
        ("ACS3-HMAC-SHA256 Cred", "ACS3-HMAC-SHA256 Ced", "IncompleteSignature"),
        ("ACS3-HMAC-SHA256 Cred", "ACS9-HMAC-SHA256 Cred", "IncompleteSignature"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = tampered(&sim, Scheme::Acs3, &format!("acs3-{number}"), from, to).await;
        assert_eq!(code, expected, "{to}");
    }
}

#[tokio::test]
async fn an_rpc_signature_covers_method_and_parameters() {
    let sim = Sim::small().await;
    for (number, (from, to, expected)) in [
        ("POST /", "GET /", "SignatureDoesNotMatch"),
        ("Action=", "Action=X", "SignatureDoesNotMatch"),
        ("SignatureMethod=HMAC-SHA1", "SignatureMethod=HMAC-SHA256", "IncompleteSignature"),
        ("&Signature=", "&Seal=", "IncompleteSignature"),
        ("Host: 127.0.0.1:18765", "Host: example.com", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let code = tampered(&sim, Scheme::Rpc, &format!("rpc-{number}"), from, to).await;
        assert_eq!(code, expected, "{to}");
    }
}
