//! One call of an RPC product: the parameters and headers that every action has, around the signature.

use std::collections::BTreeMap;

use imgshare_sdk::signing::canonical_query;
use imgshare_sdk::time::iso_seconds;
use imgshare_sdk::{Context, Request, Timestamp};

use crate::sign::acs3::{Signable, authorization, body_hash};
use crate::sign::{Keys, rpc};

/// What is called, and with what.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The version of the product's API: `2014-05-26`.
    pub version: &'a str,
    /// What is called: `DescribeImages`.
    pub action: &'a str,
    /// The action's own parameters, not encoded.
    pub parameters: &'a [(String, String)],
}

/// How a call is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ACS3-HMAC-SHA256, in headers.
    Acs3,
    /// RPC 1.0 with HMAC-SHA1, in parameters.
    Rpc,
}

/// What makes a signature good once only.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// When the call is signed.
    pub time: Timestamp,
    /// Any text that no other call has.
    pub nonce: String,
}

impl Stamp {
    /// A stamp for a call that is made now.
    pub(crate) fn now(cx: &Context) -> Self {
        Self { time: cx.now(), nonce: cx.nonce() }
    }
}

/// The form of answers that is asked for; without that it is XML.
const JSON: &str = "application/json";

impl Call<'_> {
    /// This call to the root of a host: `scheme://host[:port]`.
    pub fn signed(&self, scheme: Scheme, origin: &str, keys: &Keys, stamp: &Stamp) -> Request {
        match scheme {
            Scheme::Acs3 => {
                let request = self.request("POST", origin, self.parameters);
                let headers = self.headers(request.host(), keys, stamp);
                headers.into_iter().fold(request, |request, (name, value)| request.header(name, value))
            }
            Scheme::Rpc => self.request("POST", origin, &self.all_parameters(keys, stamp)),
        }
    }

    /// This call without a signature: the token service takes a stranger's token in place of keys. Its parameters are
    /// a form, so that the token stands in no address.
    pub(crate) fn unsigned(&self, origin: &str, time: Timestamp) -> Request {
        self.request("POST", origin, &self.common_parameters(time))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(canonical_query(self.parameters.iter().map(|(name, value)| (name, value))))
    }

    /// The headers of this call under ACS3, signed; `Host` is signed and left out, since the sender sets it.
    pub fn headers(&self, host: &str, keys: &Keys, stamp: &Stamp) -> BTreeMap<&'static str, String> {
        let mut headers = BTreeMap::from([
            ("accept", JSON.to_owned()),
            ("host", host.to_owned()),
            ("x-acs-action", self.action.to_owned()),
            ("x-acs-content-sha256", body_hash(b"")),
            ("x-acs-date", iso_seconds(stamp.time)),
            ("x-acs-signature-nonce", stamp.nonce.clone()),
            ("x-acs-version", self.version.to_owned()),
        ]);
        if let Some(token) = &keys.security_token {
            headers.insert("x-acs-accesskey-id", keys.access_key_id.expose().to_owned());
            headers.insert("x-acs-security-token", token.expose().to_owned());
        }
        let Self { parameters, .. } = self;
        let signable = Signable { method: "POST", path: "/", parameters, headers: &headers, body: b"" };
        let authorization = authorization(&signable, keys);
        headers.remove("host");
        headers.insert("Authorization", authorization);
        headers
    }

    /// The parameters of this call under RPC 1.0, the signature last.
    pub fn all_parameters(&self, keys: &Keys, stamp: &Stamp) -> Vec<(String, String)> {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut all = self.parameters.to_vec();
        all.extend(self.common_parameters(stamp.time));
        all.extend(
            [
                ("AccessKeyId", keys.access_key_id.expose()),
                ("SignatureMethod", rpc::METHOD),
                ("SignatureNonce", &stamp.nonce),
                ("SignatureVersion", rpc::VERSION),
            ]
            .map(own),
        );
        all.extend(keys.security_token.as_ref().map(|token| own(("SecurityToken", token.expose()))));
        let signature = rpc::signature(keys, &rpc::string_to_sign("POST", &all));
        all.push(("Signature".to_owned(), signature));
        all
    }

    fn common_parameters(&self, time: Timestamp) -> [(String, String); 4] {
        [
            ("Action", self.action.to_owned()),
            ("Format", "JSON".to_owned()),
            ("Timestamp", iso_seconds(time)),
            ("Version", self.version.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    }

    fn request(&self, method: &'static str, origin: &str, parameters: &[(String, String)]) -> Request {
        let query = canonical_query(parameters.iter().map(|(name, value)| (name, value)));
        Request::new(method, format!("{origin}/?{query}")).action(self.action)
    }
}
