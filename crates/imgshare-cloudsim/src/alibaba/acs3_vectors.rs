//! The verifier against signatures that the vendor's own SDK made.

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;

use super::{Authorization, signature_of, string_to_sign};
use crate::form;
use crate::http::Request;

fn vectors() -> Vec<Value> {
    let text = include_str!("../../tests/data/alibaba-acs3.json");
    let file: Value = serde_json::from_str(text).expect("the vectors are JSON");
    file["vectors"].as_array().expect("a list of vectors").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &str)> {
    value.as_object().expect("an object").iter().map(|(name, value)| (name, text(value)))
}

/// The request of a vector as it would arrive; its query in an order that is not the sorted one.
fn request(vector: &Value) -> Request {
    let inputs = &vector["inputs"];
    let mut headers = HeaderMap::new();
    let authorization = [(&"authorization".to_owned(), text(&vector["expect"]["authorization"]))]
        .map(|(name, value)| (name.clone(), value));
    let given = members(&inputs["headers"]).map(|(name, value)| (name.clone(), value));
    for (name, value) in given.chain(authorization) {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        headers.insert(name, HeaderValue::from_str(value).expect("a header value"));
    }
    let mut query: Vec<String> = members(&inputs["query"])
        .map(|(name, value)| format!("{}={}", form::encode(name), form::encode(value)))
        .collect();
    query.reverse();
    Request {
        method: text(&inputs["method"]).to_owned(),
        path: text(&inputs["path"]).to_owned(),
        query: query.join("&"),
        headers,
        body: Bytes::copy_from_slice(text(&inputs["body"]).as_bytes()),
    }
}

fn authorization(request: &Request) -> Authorization<'_> {
    let header = request.header("authorization").expect("an authorization header");
    Authorization::parse(header).expect("an ACS3 authorization header")
}

fn check(vector: &Value) {
    let (inputs, expect, name) = (&vector["inputs"], &vector["expect"], &vector["name"]);
    let request = request(vector);
    let authorization = authorization(&request);
    let canonical = authorization.canonical_request(&request).expect("all signed headers are there");
    assert_eq!(canonical, text(&expect["canonical_request"]), "{name}");
    let to_sign = string_to_sign(&canonical);
    assert_eq!(to_sign, text(&expect["string_to_sign"]), "{name}");
    let secret = text(&inputs["access_key_secret"]);
    assert_eq!(signature_of(&to_sign, secret), text(&expect["signature"]), "{name}");
    assert_eq!(authorization.key_id, text(&inputs["access_key_id"]), "{name}");
    assert!(authorization.signs_the_required_headers(&request), "{name}");
    assert!(authorization.is_signature_of(&request, secret), "{name}");
    assert!(!authorization.is_signature_of(&request, "AnotherFakeSecret"), "{name}");
}

#[test]
fn every_text_of_every_vector_is_reached() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 35);
    vectors.iter().for_each(check);
}

#[test]
fn a_changed_body_or_query_has_another_signature() {
    for vector in &vectors() {
        let secret = text(&vector["inputs"]["access_key_secret"]);
        let mut longer = request(vector);
        longer.query.push_str("&DryRun=true");
        assert!(!authorization(&longer).is_signature_of(&longer, secret), "{}", vector["name"]);
        let mut fuller = request(vector);
        fuller.body = [&fuller.body[..], b" "].concat().into();
        assert!(!authorization(&fuller).is_signature_of(&fuller, secret), "{}", vector["name"]);
    }
}

#[test]
fn the_header_must_have_the_hash_of_the_body_that_came() {
    let vector = &vectors()[0];
    let mut request = request(vector);
    request.headers.insert("x-acs-content-sha256", HeaderValue::from_static("00"));
    let secret = text(&vector["inputs"]["access_key_secret"]);
    let to_sign = string_to_sign(&authorization(&request).canonical_request(&request).expect("all headers"));
    let signature = signature_of(&to_sign, secret);
    let consistent = Authorization { signature: &signature, ..authorization(&request) };
    assert!(!consistent.is_signature_of(&request, secret));
}

#[test]
fn a_space_may_be_sent_as_a_plus() {
    let vectors = vectors();
    let copy = vectors.iter().find(|vector| vector["name"] == "odd-characters").expect("this vector");
    let mut request = request(copy);
    request.query = request.query.replace("%20", "+");
    let secret = text(&copy["inputs"]["access_key_secret"]);
    assert!(authorization(&request).is_signature_of(&request, secret));
}

#[test]
fn an_authorization_header_that_is_not_complete_is_not_read() {
    let whole = "ACS3-HMAC-SHA256 Credential=LTAIFAKE,SignedHeaders=host,Signature=00";
    assert!(Authorization::parse(whole).is_some());
    for broken in [
        "",
        "ACS3-HMAC-SHA256",
        "Basic dXNlcg==",
        "ACS3-HMAC-SHA256 Credential=LTAIFAKE,Signature=00",
        "ACS3-HMAC-SHA256 Credential=LTAIFAKE,SignedHeaders=host",
        "ACS3-HMAC-SHA256 Credential=LTAIFAKE,SignedHeaders=host,Signature=00,More=1",
    ] {
        assert_eq!(Authorization::parse(broken), None, "{broken}");
    }
}
