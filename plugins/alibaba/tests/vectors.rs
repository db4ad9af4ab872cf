//! Both signatures against values that the vendor's SDKs made: every intermediate text, not only the last.
//!
//! With `IMGSHARE_VECTORS` set to a folder, every JSON file of these schemes in it is checked too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use alibaba::sign::acs3::{self, Signable};
use alibaba::sign::{Keys, rpc};
use imgshare_sdk::Secret;
use imgshare_sdk::signing::{canonical_query, percent_encode};
use imgshare_testkit::vectors::{self, Compare};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector<I, E> {
    inputs: I,
    expect: E,
}

#[derive(Deserialize)]
struct KeyTexts {
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
}

impl KeyTexts {
    fn keys(&self) -> Keys {
        Keys {
            access_key_id: Secret::new(&self.access_key_id),
            access_key_secret: Secret::new(&self.access_key_secret),
            security_token: self.security_token.as_ref().map(Secret::new),
        }
    }
}

type Texts = BTreeMap<String, String>;

#[derive(Deserialize)]
struct Acs3Inputs {
    method: String,
    path: String,
    query: Texts,
    headers: Texts,
    body: String,
    #[serde(flatten)]
    keys: KeyTexts,
}

#[derive(Deserialize)]
struct Acs3Expect {
    canonical_request: String,
    string_to_sign: String,
    signature: String,
    authorization: String,
}

#[derive(Deserialize)]
struct RpcInputs {
    method: String,
    query_params: Texts,
    body_params: Texts,
    #[serde(flatten)]
    keys: KeyTexts,
}

#[derive(Deserialize)]
struct RpcExpect {
    canonical_query: String,
    string_to_sign: String,
    signature: String,
    signature_percent_encoded: String,
}

#[test]
fn every_text_on_the_way_to_the_newer_signature_is_the_vendors() {
    vectors::run(&own("alibaba-acs3.json"), check_acs3);
}

#[test]
fn every_text_on_the_way_to_the_older_signature_is_the_vendors() {
    vectors::run(&own("alibaba-rpc-v1.json"), check_rpc);
}

fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn check_acs3(Vector { inputs, expect }: &Vector<Acs3Inputs, Acs3Expect>, compare: &Compare) {
    let keys = inputs.keys.keys();
    let parameters: Vec<_> = inputs.query.clone().into_iter().collect();
    let headers = inputs.headers.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let request = Signable {
        method: &inputs.method,
        path: &inputs.path,
        parameters: &parameters,
        headers: &headers,
        body: inputs.body.as_bytes(),
    };
    let canonical = acs3::canonical_request(&request);
    let to_sign = acs3::string_to_sign(&canonical);
    compare.text("body hash", &acs3::body_hash(request.body), &inputs.headers["x-acs-content-sha256"]);
    compare.text("canonical request", &canonical, &expect.canonical_request);
    compare.text("string to sign", &to_sign, &expect.string_to_sign);
    compare.text("signature", &acs3::signature(&keys, &to_sign), &expect.signature);
    compare.text("authorization", &acs3::authorization(&request, &keys), &expect.authorization);
}

fn check_rpc(Vector { inputs, expect }: &Vector<RpcInputs, RpcExpect>, compare: &Compare) {
    let parameters: Vec<_> =
        inputs.query_params.clone().into_iter().chain(inputs.body_params.clone()).collect();
    let query = canonical_query(parameters.iter().map(|(name, value)| (name, value)));
    let to_sign = rpc::string_to_sign(&inputs.method, &parameters);
    let signature = rpc::signature(&inputs.keys.keys(), &to_sign);
    compare.text("canonical query", &query, &expect.canonical_query);
    compare.text("string to sign", &to_sign, &expect.string_to_sign);
    compare.text("signature", &signature, &expect.signature);
    compare.text("as it is sent", &percent_encode(&signature), &expect.signature_percent_encoded);
}
