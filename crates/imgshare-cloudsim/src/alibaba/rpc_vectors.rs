//! The verifier against signatures that the vendor's own SDKs made.

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::HeaderValue;
use serde_json::Value;

use super::{SignedParameters, signature_of};
use crate::form;
use crate::http::Request;

fn vectors() -> Vec<Value> {
    let text = include_str!("../../tests/data/alibaba-rpc-v1.json");
    let file: Value = serde_json::from_str(text).expect("the vectors are JSON");
    file["vectors"].as_array().expect("a list of vectors").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn encoded(params: &Value) -> Vec<String> {
    let params = params.as_object().expect("an object");
    params
        .iter()
        .map(|(name, value)| format!("{}={}", form::encode(name), form::encode(text(value))))
        .collect()
}

/// The request of a vector as it would arrive; as the SDK sent it, where that is known.
fn request(vector: &Value) -> Request {
    let (inputs, expect) = (&vector["inputs"], &vector["expect"]);
    let mut query = encoded(&inputs["query_params"]);
    query.push(format!("Signature={}", text(&expect["signature_percent_encoded"])));
    query.reverse();
    let sent = expect["request_target_as_sent_by_sdk"].as_str().and_then(|target| target.split_once('?'));
    let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    Request {
        method: text(&inputs["method"]).to_owned(),
        path: text(&inputs["path"]).to_owned(),
        query: sent.map_or_else(|| query.join("&"), |(_, query)| query.to_owned()),
        headers: HeaderMap::from_iter([(hyper::header::CONTENT_TYPE, form_type)]),
        body: Bytes::from(encoded(&inputs["body_params"]).join("&")),
    }
}

fn check(vector: &Value) {
    let (inputs, expect, name) = (&vector["inputs"], &vector["expect"], &vector["name"]);
    let request = request(vector);
    let signed = SignedParameters::read(&request).expect("signed parameters");
    if inputs["body_params"] == serde_json::json!({}) {
        assert_eq!(signed.canonical_query(), text(&expect["canonical_query"]), "{name}");
    }
    let to_sign = signed.string_to_sign(&request.method);
    assert_eq!(to_sign, text(&expect["string_to_sign"]), "{name}");
    let secret = text(&inputs["access_key_secret"]);
    assert_eq!(signature_of(&to_sign, secret), text(&expect["signature"]), "{name}");
    assert_eq!(signed.get("AccessKeyId"), inputs["access_key_id"].as_str(), "{name}");
    assert!(signed.is_signature_of(&request.method, secret), "{name}");
    assert!(!signed.is_signature_of(&request.method, "AnotherFakeSecret"), "{name}");
    assert!(!signed.is_signature_of("DELETE", secret), "{name}");
}

#[test]
fn every_text_of_every_vector_is_reached() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 33);
    vectors.iter().for_each(check);
}

#[test]
fn a_request_without_one_signature_of_this_version_is_not_read() {
    let vectors = vectors();
    let good = request(&vectors[0]);
    for (from, to) in [("Signature=", "Seal="), ("HMAC-SHA1", "HMAC-SHA256"), ("SignatureVersion=1.0", "a=b")]
    {
        let query = good.query.replace(from, to);
        let broken = Request {
            query,
            method: "GET".into(),
            path: "/".into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        assert!(SignedParameters::read(&broken).is_none(), "{to}");
    }
}
