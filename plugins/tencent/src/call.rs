//! One call of API 3.0: the headers that every action has, around the signature.

use imgshare_sdk::{Request, Timestamp};

use crate::sign::{Keys, Payload, Scope, Signable, UNSIGNED_PAYLOAD, authorization};

/// What the headers of a call say, beside the signature.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// `cvm`, for images.
    pub service: &'a str,
    /// The version of the service's API: `2017-03-12`.
    pub version: &'a str,
    /// What is called: `DescribeImages`.
    pub action: &'a str,
    /// The region that it is about, whatever host it goes to. `None`: the action has none.
    pub region: Option<&'a str>,
    /// The language of the cloud's messages: `en-US` or `zh-CN`.
    pub language: &'a str,
}

/// An action's body is JSON, and this is how it is announced; the signature covers it byte for byte.
pub const CONTENT_TYPE: &str = "application/json";

impl Call<'_> {
    /// All headers of this call, signed; `Host` is left out, since the sender sets it from the address.
    pub fn headers(
        &self,
        request: &Signable<'_>,
        keys: &Keys,
        time: Timestamp,
    ) -> Vec<(&'static str, String)> {
        let scope = Scope { service: self.service, time };
        let mut headers = vec![
            ("Authorization", authorization(request, keys, scope)),
            ("X-TC-Action", self.action.to_owned()),
            ("X-TC-Language", self.language.to_owned()),
            ("X-TC-Timestamp", time.seconds().to_string()),
            ("X-TC-Version", self.version.to_owned()),
        ];
        let content_type = request.headers.iter().find(|(name, _)| *name == "content-type");
        headers.extend(content_type.map(|(_, value)| ("Content-Type", (*value).to_owned())));
        headers.extend(self.region.map(|region| ("X-TC-Region", region.to_owned())));
        headers.extend(keys.token.as_ref().map(|token| ("X-TC-Token", token.expose().to_owned())));
        if matches!(request.payload, Payload::Unsigned) {
            headers.push(("X-TC-Content-SHA256", UNSIGNED_PAYLOAD.to_owned()));
        }
        headers
    }

    /// This call as a POST of a JSON body to the root of a host: `https://HOST[:PORT]`.
    pub fn post(&self, origin: &str, body: &str, keys: &Keys, time: Timestamp) -> Request {
        let request = Request::post(format!("{origin}/"), body).action(self.action);
        let signed = [("content-type", CONTENT_TYPE), ("host", request.host())];
        let signable = Signable {
            method: "POST",
            path: "/",
            query: "",
            headers: &signed,
            payload: Payload::Signed(body.as_bytes()),
        };
        let headers = self.headers(&signable, keys, time);
        headers.into_iter().fold(request, |request, (name, value)| request.header(name, value))
    }
}
