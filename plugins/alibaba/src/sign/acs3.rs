//! ACS3-HMAC-SHA256: the signature is in a header, and the secret signs as it is.
//!
//! The steps are those of
//! <https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature>. `host`, `content-type` and all
//! `x-acs-*` headers must be signed; more may be, since the server goes by the list in `SignedHeaders`.

use std::collections::BTreeMap;

use imgshare_sdk::signing::{canonical_query, hex, hmac_sha256, sha256};

use super::Keys;

/// The scheme's name, as it stands in `Authorization` and in the string to sign.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The parts of a request that the signature covers.
#[derive(Clone, Copy)]
pub struct Signable<'a> {
    /// `POST` or `GET`.
    pub method: &'a str,
    /// The path; RPC products have `/` alone.
    pub path: &'a str,
    /// The query's parameters, not encoded, in any order.
    pub parameters: &'a [(String, String)],
    /// The headers that are signed: names in lower case, values as sent.
    pub headers: &'a BTreeMap<&'a str, String>,
    /// The body, as sent.
    pub body: &'a [u8],
}

/// Lower-case hexadecimal SHA-256 of a body; also the value of `x-acs-content-sha256`.
pub fn body_hash(body: &[u8]) -> String {
    hex(&sha256(body))
}

/// Method, path, query, signed headers, their names and the body's hash, a line each.
pub fn canonical_request(request: &Signable<'_>) -> String {
    let Signable { method, path, body, .. } = request;
    let query = canonical_query(request.parameters.iter().map(|(name, value)| (name, value)));
    let headers: String = request.headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    format!("{method}\n{path}\n{query}\n{headers}\n{}\n{}", signed_names(request), body_hash(body))
}

/// Algorithm and the canonical request's hash, a line each.
pub fn string_to_sign(canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{}", hex(&sha256(canonical_request)))
}

/// The signature: lower-case hexadecimal.
pub fn signature(keys: &Keys, string_to_sign: &str) -> String {
    hex(&hmac_sha256(keys.access_key_secret.expose(), string_to_sign))
}

/// The `Authorization` header of this request.
pub fn authorization(request: &Signable<'_>, keys: &Keys) -> String {
    let signature = signature(keys, &string_to_sign(&canonical_request(request)));
    let (id, names) = (keys.access_key_id.expose(), signed_names(request));
    format!("{ALGORITHM} Credential={id},SignedHeaders={names},Signature={signature}")
}

fn signed_names(request: &Signable<'_>) -> String {
    request.headers.keys().copied().collect::<Vec<_>>().join(";")
}
