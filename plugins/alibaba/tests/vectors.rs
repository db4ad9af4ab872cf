//! Both signatures against values that the vendor's SDKs made: every intermediate text, not only the last.
//!
//! With `IMGSHARE_VECTORS` set to a folder, every JSON file of these schemes in it is checked too.

use std::collections::BTreeMap;
use std::path::Path;

use alibaba::sign::acs3::{self, Signable};
use alibaba::sign::{Keys, rpc};
use imgshare_sdk::Secret;
use imgshare_sdk::signing::{canonical_query, percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Deserialize)]
struct Vector<I, E> {
    name: String,
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
fn every_text_on_the_way_to_both_signatures_is_the_vendors() {
    for name in ["alibaba-acs3.json", "alibaba-rpc-v1.json"] {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
        assert!(check_file(&own), "{} is of another scheme", own.display());
    }
}

#[test]
fn vectors_that_anybody_brings_are_checked_too() {
    let Some(folder) = std::env::var_os("IMGSHARE_VECTORS") else { return };
    let entries = std::fs::read_dir(&folder).expect("IMGSHARE_VECTORS names a folder");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let json = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.for_each(|path| _ = check_file(&path));
}

/// Checks all vectors of this file. `false`: it is of another scheme, and for another provider.
fn check_file(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    match file["scheme"].as_str() {
        Some("ACS3-HMAC-SHA256") => check_all(path, &file, check_acs3),
        Some("Alibaba RPC 1.0 HMAC-SHA1") => check_all(path, &file, check_rpc),
        _ => return false,
    }
    true
}

fn check_all<I, E>(path: &Path, file: &Value, check: impl Fn(&Vector<I, E>))
where
    Vector<I, E>: DeserializeOwned,
{
    let vectors: Vec<Vector<I, E>> = serde_json::from_value(file["vectors"].clone())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!vectors.is_empty(), "{} holds no vector", path.display());
    vectors.iter().for_each(check);
}

fn check_acs3(Vector { name, inputs, expect }: &Vector<Acs3Inputs, Acs3Expect>) {
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
    assert_eq!(acs3::body_hash(request.body), inputs.headers["x-acs-content-sha256"], "{name}: body hash");
    assert_eq!(canonical, expect.canonical_request, "{name}: canonical request");
    assert_eq!(to_sign, expect.string_to_sign, "{name}: string to sign");
    assert_eq!(acs3::signature(&keys, &to_sign), expect.signature, "{name}: signature");
    assert_eq!(acs3::authorization(&request, &keys), expect.authorization, "{name}: authorization");
}

fn check_rpc(Vector { name, inputs, expect }: &Vector<RpcInputs, RpcExpect>) {
    let parameters: Vec<_> =
        inputs.query_params.clone().into_iter().chain(inputs.body_params.clone()).collect();
    let query = canonical_query(parameters.iter().map(|(name, value)| (name, value)));
    let to_sign = rpc::string_to_sign(&inputs.method, &parameters);
    let signature = rpc::signature(&inputs.keys.keys(), &to_sign);
    assert_eq!(query, expect.canonical_query, "{name}: canonical query");
    assert_eq!(to_sign, expect.string_to_sign, "{name}: string to sign");
    assert_eq!(signature, expect.signature, "{name}: signature");
    assert_eq!(percent_encode(&signature), expect.signature_percent_encoded, "{name}: as it is sent");
}
