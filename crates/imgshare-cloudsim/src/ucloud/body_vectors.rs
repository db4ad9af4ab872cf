//! The verifier against signatures that the vendor's own SDK made.

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use super::Body;
use crate::form;
use crate::http::Request;

fn vectors() -> Vec<Value> {
    let text = include_str!("../../tests/data/ucloud-sha1.json");
    let file: Value = serde_json::from_str(text).expect("the vectors are JSON");
    file["vectors"].as_array().expect("a list of vectors").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn request(content_type: &'static str, body: String) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: String::new(),
        headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]),
        body: Bytes::from(body),
    }
}

fn form_request(vector: &Value) -> Request {
    let expect = &vector["expect"];
    let params = expect["flat_params"].as_object().expect("an object");
    let mut pairs: Vec<(String, String)> =
        params.iter().map(|(name, value)| (name.clone(), text(value).to_owned())).collect();
    pairs.push(("Signature".to_owned(), text(&expect["signature"]).to_owned()));
    request("application/x-www-form-urlencoded", form::canonical(pairs))
}

fn json_request(vector: &Value) -> Request {
    let mut params = vector["inputs"]["params"].clone();
    params["PublicKey"] = vector["inputs"]["public_key"].clone();
    params["Signature"] = vector["expect"]["signature"].clone();
    request("application/json", params.to_string())
}

fn check(vector: &Value) {
    let (inputs, expect, name) = (&vector["inputs"], &vector["expect"], &vector["name"]);
    let key = text(&inputs["private_key"]);
    let body = Body::read(&form_request(vector)).expect("a form");
    assert_eq!(body.string_to_sign(key), text(&expect["string_to_sign"]), "{name}");
    assert!(body.is_signed_with(key), "{name}");
    assert!(!body.is_signed_with("anotherfakekey"), "{name}");
    assert_eq!(body.text("PublicKey"), inputs["public_key"].as_str(), "{name}");
}

#[test]
fn every_text_of_every_vector_is_reached() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 37);
    vectors.iter().for_each(check);
}

/// Lists and objects are signed otherwise in JSON, and no vector covers that; of the others the texts are the same.
#[test]
fn flat_parameters_as_json_have_the_same_signature() {
    let flat = |vector: &&Value| {
        let params = vector["inputs"]["params"].as_object().expect("an object");
        params.values().all(|value| !value.is_array() && !value.is_object())
    };
    let vectors = vectors();
    let flat: Vec<_> = vectors.iter().filter(flat).collect();
    assert!(flat.len() >= 10, "{}", flat.len());
    for vector in flat {
        let body = Body::read(&json_request(vector)).expect("a JSON object");
        assert!(body.is_signed_with(text(&vector["inputs"]["private_key"])), "{}", vector["name"]);
    }
}

#[test]
fn json_is_flattened_as_the_vendor_flattens_it() {
    for vector in &vectors() {
        let mut flat = Body::read(&json_request(vector)).expect("a JSON object").flat();
        flat.remove("Signature");
        assert_eq!(json!(flat), vector["expect"]["flat_params"], "{}", vector["name"]);
    }
}

#[test]
fn what_is_neither_form_nor_json_is_not_read() {
    assert!(Body::read(&request("application/json", "[]".to_owned())).is_none());
    assert!(Body::read(&request("application/x-www-form-urlencoded", "a=%zz".to_owned())).is_none());
    let get = Request { method: "GET".to_owned(), ..request("text/plain", "a=b".to_owned()) };
    assert!(Body::read(&get).is_none());
}
