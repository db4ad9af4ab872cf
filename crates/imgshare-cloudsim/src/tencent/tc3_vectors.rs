//! The verifier against signatures that the vendor's own SDK made.

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;

use super::{Authorization, payload_sha256};
use crate::http::Request;

fn vectors() -> Vec<Value> {
    let text = include_str!("../../tests/data/tencent-tc3.json");
    let file: Value = serde_json::from_str(text).expect("the vectors are JSON");
    file["vectors"].as_array().expect("a list of vectors").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The request of a vector as it would arrive.
fn request(vector: &Value) -> Request {
    let inputs = &vector["inputs"];
    let mut headers = HeaderMap::new();
    for (name, value) in vector["expect"]["headers"].as_object().expect("headers by name") {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        headers.insert(name, HeaderValue::from_str(text(value)).expect("a header value"));
    }
    Request {
        method: text(&inputs["method"]).to_owned(),
        path: text(&inputs["path"]).to_owned(),
        query: text(&inputs["query"]).to_owned(),
        headers,
        body: Bytes::copy_from_slice(text(&inputs["body"]).as_bytes()),
    }
}

fn check(vector: &Value) {
    let (inputs, expect, name) = (&vector["inputs"], &vector["expect"], &vector["name"]);
    let request = request(vector);
    let timestamp = inputs["timestamp"].to_string();
    let header = request.header("authorization").expect("an authorization header");
    let authorization = Authorization::parse(header).expect("a TC3 authorization header");

    let canonical = authorization.canonical_request(&request).expect("all signed headers are there");
    assert_eq!(payload_sha256(&request), text(&expect["payload_sha256"]), "{name}");
    assert_eq!(canonical, text(&expect["canonical_request"]), "{name}");
    let string_to_sign = authorization.string_to_sign(&canonical, &timestamp);
    assert_eq!(string_to_sign, text(&expect["string_to_sign"]), "{name}");
    let key = text(&inputs["secret_key"]);
    assert_eq!(authorization.signature_of(&string_to_sign, key), text(&expect["signature"]), "{name}");
    assert!(authorization.is_signature_of(&request, &timestamp, key), "{name}");
    assert!(!authorization.is_signature_of(&request, &timestamp, "AnotherFakeSecret"), "{name}");
}

#[test]
fn every_text_of_every_vector_is_reached() {
    let vectors = vectors();
    assert!(vectors.len() >= 39, "{} vectors", vectors.len());
    vectors.iter().for_each(check);
}

#[test]
fn a_changed_body_has_another_signature() {
    for vector in vectors().iter().filter(|vector| vector["inputs"]["unsigned_payload"] == false) {
        let mut request = request(vector);
        let mut body = request.body.to_vec();
        body.push(b' ');
        request.body = body.into();
        let header = request.header("authorization").expect("an authorization header");
        let authorization = Authorization::parse(header).expect("a TC3 authorization header");
        let (key, timestamp) = (&vector["inputs"]["secret_key"], vector["inputs"]["timestamp"].to_string());
        assert!(!authorization.is_signature_of(&request, &timestamp, text(key)), "{}", vector["name"]);
    }
}

#[test]
fn an_authorization_header_that_is_not_complete_is_not_read() {
    let whole = "TC3-HMAC-SHA256 Credential=AKIDFAKE/2023-11-14/cvm/tc3_request, SignedHeaders=content-type;host, Signature=00";
    assert!(Authorization::parse(whole).is_some());
    for broken in [
        "",
        "TC3-HMAC-SHA256",
        "Basic dXNlcg==",
        "TC3-HMAC-SHA256 Credential=AKIDFAKE/2023-11-14/cvm, SignedHeaders=host, Signature=00",
        "TC3-HMAC-SHA256 Credential=AKIDFAKE/2023-11-14/cvm/aws4_request, SignedHeaders=host, Signature=00",
        "TC3-HMAC-SHA256 Credential=AKIDFAKE/2023-11-14/cvm/tc3_request, Signature=00",
        "TC3-HMAC-SHA256 Credential=AKIDFAKE/2023-11-14/cvm/tc3_request, SignedHeaders=host",
    ] {
        assert_eq!(Authorization::parse(broken), None, "{broken}");
    }
}
