//! The signature against values that the vendor's library made: every intermediate text, not only the last.
//!
//! With `IMGSHARE_VECTORS` set to a folder, every JSON file of this scheme in it is checked too.

use std::collections::BTreeMap;
use std::path::Path;

use aws::sign::{
    Keys, Scope, Signable, authorization, body_hash, canonical_request, signature, signing_key,
    string_to_sign,
};
use imgshare_sdk::{Secret, Timestamp};
use imgshare_testkit::vectors::{self, Compare};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    inputs: Inputs,
    expect: Expect,
}

#[derive(Deserialize)]
struct Inputs {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: String,
    service: String,
    region: String,
    timestamp: i64,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

#[derive(Deserialize)]
struct Expect {
    payload_sha256: String,
    canonical_request: String,
    string_to_sign: String,
    signature: String,
    authorization: String,
    /// Names in lower case, `host` and the time among them.
    signed_headers: BTreeMap<String, String>,
}

#[test]
fn every_text_on_the_way_to_the_signature_is_the_vendors() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/aws-sigv4.json");
    vectors::run(&own, check);
}

fn check(Vector { inputs, expect }: &Vector, compare: &Compare) {
    let headers = expect.signed_headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone()));
    let headers: BTreeMap<String, String> = headers.collect();
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let request = Signable {
        method: &inputs.method,
        path: &inputs.path,
        query: &inputs.query,
        headers: &headers,
        body: inputs.body.as_bytes(),
    };
    let time = Timestamp::from_seconds(inputs.timestamp);
    let scope = Scope { region: &inputs.region, service: &inputs.service, time };
    let keys = keys(inputs);

    let canonical = canonical_request(&request);
    let to_sign = string_to_sign(&canonical, &scope);
    let key = signing_key(&keys.secret_access_key, &scope);
    compare.text("payload hash", &body_hash(request.body), &expect.payload_sha256);
    compare.text("canonical request", &canonical, &expect.canonical_request);
    compare.text("string to sign", &to_sign, &expect.string_to_sign);
    compare.text("signature", &signature(key, &to_sign), &expect.signature);
    compare.text("authorization", &authorization(&request, &keys, &scope), &expect.authorization);
}

fn keys(inputs: &Inputs) -> Keys {
    Keys {
        access_key_id: Secret::new(&inputs.access_key_id),
        secret_access_key: Secret::new(&inputs.secret_access_key),
        session_token: inputs.session_token.as_ref().map(Secret::new),
    }
}
