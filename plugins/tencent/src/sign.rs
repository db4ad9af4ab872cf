//! TC3-HMAC-SHA256, the signature of API 3.0, as pure functions: time and secret are parameters, and every text on the
//! way to the signature has a function of its own.
//!
//! The steps are those of <https://cloud.tencent.com/document/api/213/30654>. Which headers are signed is the
//! caller's choice: the server goes by the list in `SignedHeaders`.

use imgshare_sdk::signing::{hex, hmac_sha256, sha256};
use imgshare_sdk::{Secret, Timestamp, time};

/// The scheme's name, as it stands in `Authorization` and in the string to sign.
pub const ALGORITHM: &str = "TC3-HMAC-SHA256";

/// The last part of every credential scope.
const TERMINATOR: &str = "tc3_request";

/// What is hashed, and sent as `X-TC-Content-SHA256`, in place of a body that is not signed.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The owner's keys.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Names the key; goes into `Authorization` as it is.
    pub secret_id: Secret,
    /// Signs; never leaves the plugin.
    pub secret_key: Secret,
    /// Of temporary keys only: goes into `X-TC-Token`, which is not signed.
    pub token: Option<Secret>,
}

/// The parts of a request that the signature covers.
#[derive(Clone, Copy)]
pub struct Signable<'a> {
    /// `POST` or `GET`.
    pub method: &'a str,
    /// The path; API 3.0 has `/` alone.
    pub path: &'a str,
    /// The query, exactly as it is sent; empty for POST.
    pub query: &'a str,
    /// The headers that are signed: names in lower case and sorted, values as sent, except that
    /// `x-tc-action`, when it is signed, is in lower case.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub payload: Payload<'a>,
}

/// A body, as the signature sees it.
#[derive(Clone, Copy)]
pub enum Payload<'a> {
    /// These bytes are sent and signed.
    Signed(&'a [u8]),
    /// The body is left out of the signature.
    Unsigned,
}

impl Payload<'_> {
    /// Lower-case hexadecimal SHA-256 of the body, or of the word that stands in its place.
    pub fn hash(self) -> String {
        match self {
            Self::Signed(bytes) => hex(&sha256(bytes)),
            Self::Unsigned => hex(&sha256(UNSIGNED_PAYLOAD)),
        }
    }
}

/// For which service and when a signature is good. Its day is the UTC day of the moment.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The first label of the service's own host: `cvm`.
    pub service: &'a str,
    /// When the request is signed; also the value of `X-TC-Timestamp`, in seconds.
    pub time: Timestamp,
}

impl Scope<'_> {
    /// `2023-11-14/cvm/tc3_request`.
    fn text(self) -> String {
        [&time::date(self.time), self.service, TERMINATOR].join("/")
    }
}

/// Method, path, query, signed headers, their names and the payload's hash, a line each.
pub fn canonical_request(request: &Signable<'_>) -> String {
    let headers: String = request.headers.iter().flat_map(|(name, value)| [name, ":", value, "\n"]).collect();
    let Signable { method, path, query, payload, .. } = *request;
    [method, path, query, &headers, &signed_names(request), &payload.hash()].join("\n")
}

/// Algorithm, seconds, scope and the canonical request's hash, a line each.
pub fn string_to_sign(canonical_request: &str, scope: Scope<'_>) -> String {
    let hash = hex(&sha256(canonical_request));
    [ALGORITHM, &scope.time.seconds().to_string(), &scope.text(), &hash].join("\n")
}

/// The secret key, bound to day and service.
pub fn signing_key(secret_key: &Secret, scope: Scope<'_>) -> [u8; 32] {
    let day = hmac_sha256(["TC3", secret_key.expose()].concat(), time::date(scope.time));
    hmac_sha256(hmac_sha256(day, scope.service), TERMINATOR)
}

/// The signature: lower-case hexadecimal.
pub fn signature(signing_key: [u8; 32], string_to_sign: &str) -> String {
    hex(&hmac_sha256(signing_key, string_to_sign))
}

/// The `Authorization` header of this request.
pub fn authorization(request: &Signable<'_>, keys: &Keys, scope: Scope<'_>) -> String {
    let text = string_to_sign(&canonical_request(request), scope);
    let signature = signature(signing_key(&keys.secret_key, scope), &text);
    format!(
        "{ALGORITHM} Credential={}/{}, SignedHeaders={}, Signature={signature}",
        keys.secret_id.expose(),
        scope.text(),
        signed_names(request),
    )
}

fn signed_names(request: &Signable<'_>) -> String {
    request.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";")
}
