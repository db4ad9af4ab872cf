//! TC3-HMAC-SHA256: what a request must be signed with, computed from the request that arrived.
//!
//! <https://cloud.tencent.com/document/api/213/30654>. Written for this crate alone: a plugin's signer and the
//! simulator's verifier that shared code would agree on the same mistake.

use crate::digest::hex;
use crate::hash::{hmac_sha256 as hmac, sha256_hex as sha256};
use crate::http::Request;

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const TERMINATOR: &str = "tc3_request";
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The parts of an `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) secret_id: &'a str,
    pub(super) date: &'a str,
    pub(super) service: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads the header; `None` when it is not of this scheme and form.
    pub(super) fn parse(header: &'a str) -> Option<Self> {
        let mut parts = header.strip_prefix(ALGORITHM)?.split(',').map(str::trim);
        let credential = parts.next()?.strip_prefix("Credential=")?;
        let signed_headers = parts.next()?.strip_prefix("SignedHeaders=")?;
        let signature = parts.next()?.strip_prefix("Signature=")?;
        let mut scope = credential.split('/');
        let (secret_id, date, service) = (scope.next()?, scope.next()?, scope.next()?);
        let complete = scope.eq([TERMINATOR]) && parts.next().is_none();
        complete.then_some(Self { secret_id, date, service, signed_headers, signature })
    }

    /// Whether content type and host are signed, as they must be.
    pub(super) fn signs_the_required_headers(&self) -> bool {
        ["content-type", "host"]
            .iter()
            .all(|name| self.signed_headers.split(';').any(|signed| signed == *name))
    }

    /// Whether the signature is that of this request, made with this key at this time.
    pub(super) fn is_signature_of(&self, request: &Request, timestamp: &str, secret_key: &str) -> bool {
        let Some(canonical) = self.canonical_request(request) else { return false };
        let signature = self.signature_of(&self.string_to_sign(&canonical, timestamp), secret_key);
        signature == self.signature
    }

    /// The request as the signature covers it; `None` when a header that is said to be signed is not there.
    fn canonical_request(&self, request: &Request) -> Option<String> {
        let headers: String = self
            .signed_headers
            .split(';')
            .map(|name| Some(format!("{name}:{}\n", signed_value(name, request.header(name)?))))
            .collect::<Option<_>>()?;
        let Request { method, path, query, .. } = request;
        let (signed, payload) = (self.signed_headers, payload_sha256(request));
        Some(format!("{method}\n{path}\n{query}\n{headers}\n{signed}\n{payload}"))
    }

    fn string_to_sign(&self, canonical_request: &str, timestamp: &str) -> String {
        let Self { date, service, .. } = self;
        let digest = sha256(canonical_request.as_bytes());
        format!("{ALGORITHM}\n{timestamp}\n{date}/{service}/{TERMINATOR}\n{digest}")
    }

    fn signature_of(&self, string_to_sign: &str, secret_key: &str) -> String {
        let day = hmac(format!("TC3{secret_key}").as_bytes(), self.date);
        let service = hmac(&day, self.service);
        let key = hmac(&service, TERMINATOR);
        hex(&hmac(&key, string_to_sign))
    }
}

/// The page signs the action in lower case; the vendor's SDK signs the other values as they are sent.
fn signed_value(name: &str, value: &str) -> String {
    let value = value.trim();
    if name == "x-tc-action" { value.to_lowercase() } else { value.to_owned() }
}

fn payload_sha256(request: &Request) -> String {
    let unsigned = request.header("x-tc-content-sha256") == Some(UNSIGNED_PAYLOAD);
    sha256(if unsigned { UNSIGNED_PAYLOAD.as_bytes() } else { &request.body })
}

#[cfg(test)]
#[path = "tc3_vectors.rs"]
mod vectors;
