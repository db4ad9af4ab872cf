//! The signature against values that the vendor's SDK made: every intermediate text, not only the last.
//!
//! With `IMGSHARE_VECTORS` set to a folder, every JSON file of this scheme in it is checked too.

use std::collections::BTreeMap;
use std::path::Path;

use imgshare_sdk::{Secret, Timestamp};
use imgshare_testkit::vectors::{self, Compare};
use serde::Deserialize;
use tencent::call::Call;
use tencent::sign::{
    Keys, Payload, Scope, Signable, authorization, canonical_request, signature, signing_key, string_to_sign,
};

#[derive(Deserialize)]
struct Vector {
    inputs: Inputs,
    expect: Expect,
}

#[derive(Deserialize)]
struct Inputs {
    method: String,
    host: String,
    path: String,
    query: String,
    service: String,
    action: String,
    version: String,
    region: Option<String>,
    secret_id: String,
    secret_key: String,
    token: Option<String>,
    timestamp: i64,
    content_type: String,
    unsigned_payload: bool,
    body: String,
    signed_headers: Option<String>,
}

#[derive(Deserialize)]
struct Expect {
    payload_sha256: String,
    canonical_request: String,
    string_to_sign: String,
    signature: String,
    authorization: String,
    headers: BTreeMap<String, String>,
}

#[test]
fn every_text_on_the_way_to_the_signature_is_the_vendors() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tencent-tc3.json");
    vectors::run(&own, check);
}

fn check(Vector { inputs, expect }: &Vector, compare: &Compare) {
    let action = inputs.action.to_lowercase();
    let headers = signed(inputs, &action);
    let request = Signable {
        method: &inputs.method,
        path: &inputs.path,
        query: &inputs.query,
        headers: &headers,
        payload: if inputs.unsigned_payload {
            Payload::Unsigned
        } else {
            Payload::Signed(inputs.body.as_bytes())
        },
    };
    let keys = keys(inputs);
    let scope = Scope { service: &inputs.service, time: Timestamp::from_seconds(inputs.timestamp) };

    let canonical = canonical_request(&request);
    let to_sign = string_to_sign(&canonical, scope);
    let key = signing_key(&keys.secret_key, scope);
    compare.text("payload hash", &request.payload.hash(), &expect.payload_sha256);
    compare.text("canonical request", &canonical, &expect.canonical_request);
    compare.text("string to sign", &to_sign, &expect.string_to_sign);
    compare.text("signature", &signature(key, &to_sign), &expect.signature);
    compare.text("authorization", &authorization(&request, &keys, scope), &expect.authorization);
    compare.value("set of headers", &sent(inputs, &request, &keys), &expect.headers);
}

/// The headers that this vector signs.
fn signed<'a>(inputs: &'a Inputs, action: &'a str) -> Vec<(&'a str, &'a str)> {
    let names = inputs.signed_headers.as_deref().unwrap_or("content-type;host").split(';');
    let value = |name| match name {
        "content-type" => inputs.content_type.as_str(),
        "host" => &inputs.host,
        "x-tc-action" => action,
        other => panic!("no value is known for the signed header {other}"),
    };
    names.map(|name| (name, value(name))).collect()
}

fn keys(inputs: &Inputs) -> Keys {
    Keys {
        secret_id: Secret::new(&inputs.secret_id),
        secret_key: Secret::new(&inputs.secret_key),
        token: inputs.token.as_ref().map(Secret::new),
    }
}

/// All headers as they are sent; `Host` is the sender's.
fn sent(inputs: &Inputs, request: &Signable<'_>, keys: &Keys) -> BTreeMap<String, String> {
    let call = Call {
        service: &inputs.service,
        version: &inputs.version,
        action: &inputs.action,
        region: inputs.region.as_deref(),
        language: "zh-CN",
    };
    let headers = call.headers(request, keys, Timestamp::from_seconds(inputs.timestamp));
    let host = ("Host", inputs.host.clone());
    headers.into_iter().chain([host]).map(|(name, value)| (name.to_owned(), value)).collect()
}
