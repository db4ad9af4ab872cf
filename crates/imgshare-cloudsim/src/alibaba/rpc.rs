//! RPC signature 1.0 (HMAC-SHA1), computed from the request that arrived.
//!
//! <https://help.aliyun.com/document_detail/25492.html>. Written for this crate alone.

use super::params;
use crate::form;
use crate::hash::hmac_sha1_base64;
use crate::http::Request;

/// The parameters of a request, and the signature that came with them.
#[derive(Debug)]
pub(super) struct SignedParameters {
    parameters: Vec<(String, String)>,
    signature: String,
}

impl SignedParameters {
    /// Reads query and form body; `None` when they cannot be decoded or carry no signature of this version.
    pub(super) fn read(request: &Request) -> Option<Self> {
        let (signatures, parameters): (Vec<_>, Vec<_>) =
            params::pairs(request)?.into_iter().partition(|(name, _)| name == "Signature");
        let [(_, signature)]: [(String, String); 1] = signatures.try_into().ok()?;
        let read = Self { parameters, signature };
        let version = (read.get("SignatureMethod"), read.get("SignatureVersion"));
        (version == (Some("HMAC-SHA1"), Some("1.0"))).then_some(read)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// Whether the signature is that of these parameters, sent by this method, made with this key.
    pub(super) fn is_signature_of(&self, method: &str, secret: &str) -> bool {
        signature_of(&self.string_to_sign(method), secret) == self.signature
    }

    fn canonical_query(&self) -> String {
        form::canonical(self.parameters.clone())
    }

    fn string_to_sign(&self, method: &str) -> String {
        format!("{method}&%2F&{}", form::encode(&self.canonical_query()))
    }
}

fn signature_of(string_to_sign: &str, secret: &str) -> String {
    hmac_sha1_base64(format!("{secret}&").as_bytes(), string_to_sign)
}

#[cfg(test)]
#[path = "rpc_vectors.rs"]
mod vectors;
