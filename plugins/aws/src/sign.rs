//! Signature Version 4, as pure functions: the time is a parameter, and every text on the way to the signature has a
//! function of its own.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::collections::BTreeMap;

use imgshare_sdk::signing::{canonical_query, hex, hmac_sha256, sha256};
use imgshare_sdk::time::{compact_date, compact_seconds};
use imgshare_sdk::{Secret, Timestamp};

/// The scheme's name, as it stands in `Authorization` and in the string to sign.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The owner's keys.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Names the key; is sent as it is.
    pub access_key_id: Secret,
    /// Signs; never leaves the plugin.
    pub secret_access_key: Secret,
    /// Of temporary keys only; is sent and signed.
    pub session_token: Option<Secret>,
}

/// The parts of a request that the signature covers.
#[derive(Clone, Copy)]
pub struct Signable<'a> {
    /// `POST` or `GET`.
    pub method: &'a str,
    /// The path; the services that are called here have `/` alone.
    pub path: &'a str,
    /// The query's parameters, not encoded, in any order.
    pub query: &'a [(String, String)],
    /// The headers that are signed: names in lower case, values as sent.
    pub headers: &'a BTreeMap<&'a str, String>,
    /// The body, as sent.
    pub body: &'a [u8],
}

/// For what and when a signature is good.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The region that is called.
    pub region: &'a str,
    /// The service's name for signatures: `ec2`.
    pub service: &'a str,
    /// When the request is signed; it is sent as `X-Amz-Date`.
    pub time: Timestamp,
}

impl Scope<'_> {
    /// `20231114/us-east-1/ec2/aws4_request`.
    fn text(&self) -> String {
        let Self { region, service, time } = self;
        format!("{}/{region}/{service}/aws4_request", compact_date(*time))
    }
}

/// Lower-case hexadecimal SHA-256 of a body.
pub fn body_hash(body: &[u8]) -> String {
    hex(&sha256(body))
}

/// Method, path, query, signed headers, their names and the body's hash, a line each.
pub fn canonical_request(request: &Signable<'_>) -> String {
    let Signable { method, path, body, .. } = request;
    let query = canonical_query(request.query.iter().map(|(name, value)| (name, value)));
    let header = |(name, value): (&&str, &String)| format!("{name}:{}\n", one_spaced(value));
    let headers: String = request.headers.iter().map(header).collect();
    format!("{method}\n{path}\n{query}\n{headers}\n{}\n{}", signed_names(request), body_hash(body))
}

/// Algorithm, time, scope and the canonical request's hash, a line each.
pub fn string_to_sign(canonical_request: &str, scope: &Scope<'_>) -> String {
    let hash = hex(&sha256(canonical_request));
    format!("{ALGORITHM}\n{}\n{}\n{hash}", compact_seconds(scope.time), scope.text())
}

/// The key of this day, region and service.
pub fn signing_key(secret_access_key: &Secret, scope: &Scope<'_>) -> [u8; 32] {
    let secret = format!("AWS4{}", secret_access_key.expose());
    let parts = [&compact_date(scope.time), scope.region, scope.service, "aws4_request"];
    let first = hmac_sha256(secret, parts[0]);
    parts[1..].iter().fold(first, hmac_sha256)
}

/// The signature: lower-case hexadecimal.
pub fn signature(signing_key: [u8; 32], string_to_sign: &str) -> String {
    hex(&hmac_sha256(signing_key, string_to_sign))
}

/// The `Authorization` header of this request.
pub fn authorization(request: &Signable<'_>, keys: &Keys, scope: &Scope<'_>) -> String {
    let to_sign = string_to_sign(&canonical_request(request), scope);
    let signature = signature(signing_key(&keys.secret_access_key, scope), &to_sign);
    let (id, names) = (keys.access_key_id.expose(), signed_names(request));
    format!("{ALGORITHM} Credential={id}/{}, SignedHeaders={names}, Signature={signature}", scope.text())
}

fn signed_names(request: &Signable<'_>) -> String {
    request.headers.keys().copied().collect::<Vec<_>>().join(";")
}

/// Without white space around it, and with one space where there are more.
fn one_spaced(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}
