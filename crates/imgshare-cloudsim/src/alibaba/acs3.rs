//! ACS3-HMAC-SHA256: what a request must be signed with, computed from the request that arrived.
//!
//! <https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature>. Written for this crate alone: a
//! plugin's signer and the simulator's verifier that shared code would agree on the same mistake.

use crate::digest::hex;
use crate::form;
use crate::hash::{hmac_sha256, sha256_hex};
use crate::http::Request;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The parts of an `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) key_id: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// Whether a request wants to be verified by this scheme.
pub(super) fn is_acs3(request: &Request) -> bool {
    request.header("authorization").is_some_and(|header| header.starts_with(ALGORITHM))
}

impl<'a> Authorization<'a> {
    /// Reads the header; `None` when it is not of this scheme and form.
    pub(super) fn parse(header: &'a str) -> Option<Self> {
        let mut parts = header.strip_prefix(ALGORITHM)?.strip_prefix(' ')?.split(',').map(str::trim);
        let key_id = parts.next()?.strip_prefix("Credential=")?;
        let signed_headers = parts.next()?.strip_prefix("SignedHeaders=")?;
        let signature = parts.next()?.strip_prefix("Signature=")?;
        parts.next().is_none().then_some(Self { key_id, signed_headers, signature })
    }

    /// Whether everything is signed that must be: host, content type when there is one, every header of the vendor.
    pub(super) fn signs_the_required_headers(&self, request: &Request) -> bool {
        let required = |name: &str| name == "host" || name == "content-type" || name.starts_with("x-acs-");
        let names = request.headers.keys().map(hyper::header::HeaderName::as_str);
        names.filter(|name| required(name)).all(|name| self.signs(name)) && self.signs("host")
    }

    fn signs(&self, name: &str) -> bool {
        self.signed_headers.split(';').any(|signed| signed == name)
    }

    /// Whether the signature is that of this request, made with this key, and the body the one that was hashed.
    pub(super) fn is_signature_of(&self, request: &Request, secret: &str) -> bool {
        let hashed = request.header("x-acs-content-sha256") == Some(&sha256_hex(&request.body));
        let canonical = self.canonical_request(request);
        hashed
            && canonical
                .is_some_and(|canonical| signature_of(&string_to_sign(&canonical), secret) == self.signature)
    }

    /// The request as the signature covers it; `None` when the query cannot be read or a header that is said to be
    /// signed is not there.
    fn canonical_request(&self, request: &Request) -> Option<String> {
        let header = |name: &str| Some(format!("{name}:{}\n", request.header(name)?.trim()));
        let headers: String = self.signed_headers.split(';').map(header).collect::<Option<_>>()?;
        let query = form::canonical(form::decode(&request.query)?);
        let (signed, payload) = (self.signed_headers, sha256_hex(&request.body));
        Some(format!("{}\n{}\n{query}\n{headers}\n{signed}\n{payload}", request.method, request.path))
    }
}

fn string_to_sign(canonical_request: &str) -> String {
    format!("{ALGORITHM}\n{}", sha256_hex(canonical_request.as_bytes()))
}

fn signature_of(string_to_sign: &str, secret: &str) -> String {
    hex(&hmac_sha256(secret.as_bytes(), string_to_sign))
}

#[cfg(test)]
#[path = "acs3_vectors.rs"]
mod vectors;
