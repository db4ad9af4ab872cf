//! RPC 1.0, HMAC-SHA1: everything is a parameter, the signature too. For private and old endpoints.
//!
//! The steps are those of <https://help.aliyun.com/document_detail/25492.html>.

use imgshare_sdk::signing::{base64, canonical_query, hmac_sha1, percent_encode};

use super::Keys;

/// What `SignatureMethod` says.
pub const METHOD: &str = "HMAC-SHA1";

/// What `SignatureVersion` says.
pub const VERSION: &str = "1.0";

/// The method and all parameters, sorted and encoded twice; a form's fields count as parameters.
pub fn string_to_sign(method: &str, parameters: &[(String, String)]) -> String {
    let query = canonical_query(parameters.iter().map(|(name, value)| (name, value)));
    format!("{method}&%2F&{}", percent_encode(&query))
}

/// The value of the parameter `Signature`: base64.
pub fn signature(keys: &Keys, string_to_sign: &str) -> String {
    base64(hmac_sha1(format!("{}&", keys.access_key_secret.expose()), string_to_sign))
}
