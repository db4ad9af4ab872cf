//! Requests and responses, as an author handles them.

use crate::object::Object;
use crate::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

/// An HTTP request that the host shall send.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) idempotent: bool,
    pub(crate) action: String,
    pub(crate) timeout_ms: Option<u64>,
}

impl Request {
    /// A request of this method. It counts as one that must not be sent twice; see [`Request::idempotent`].
    pub fn new(method: &'static str, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            idempotent: false,
            action: String::new(),
            timeout_ms: None,
        }
    }

    /// A GET, which may be sent twice.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url).idempotent(true)
    }

    /// A POST with this body, which must not be sent twice; see [`Request::idempotent`].
    pub fn post(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", url).body(body)
    }

    /// A PUT with this body, which may be sent twice.
    pub fn put(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new("PUT", url).body(body).idempotent(true)
    }

    /// Says whether sending it twice has the effect of sending it once. Only then is it sent again when nobody knows
    /// whether the cloud did it.
    #[must_use]
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Adds a header. `Host` and `Content-Length` are the host's to set.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Names the call as the cloud names it, for logs and quotas.
    #[must_use]
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = action.into();
        self
    }

    /// Bounds the whole call. The host has a bound of its own, and the shorter one holds.
    #[must_use]
    pub fn timeout_ms(mut self, timeout_ms: u64) -> Self {
        self.timeout_ms = Some(timeout_ms);
        self
    }

    /// The `Host` header that the host will send: with the port, unless it is the scheme's own.
    pub fn host(&self) -> &str {
        host_of(&self.url)
    }

    /// The body's bytes.
    pub fn body_bytes(&self) -> &[u8] {
        &self.body
    }
}

impl std::fmt::Debug for Request {
    /// Leaves headers and body out: they carry signatures, tokens and sometimes keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

fn host_of(url: &str) -> &str {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let own_port = match scheme {
        "https" => ":443",
        _ => ":80",
    };
    authority.strip_suffix(own_port).unwrap_or(authority)
}

/// What came back.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, at most as long as the host allows.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name, written in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// This response, if its status says that the call went well.
    ///
    /// # Errors
    ///
    /// Of the kind that the status says, with the wait that the response asks for. For clouds that tell more in the
    /// body, read that instead.
    pub fn success(&self) -> Result<&Self> {
        match self.kind_by_status() {
            None => Ok(self),
            Some(kind) => {
                Err(self.with_wait(Error::new(kind, format!("answer with status {}", self.status))))
            }
        }
    }

    /// The body as JSON. For a struct take [`Response::object`], which tells an object from a list.
    ///
    /// # Errors
    ///
    /// `Malformed` when the body is not JSON of this shape; `Unavailable` when it looks as if a proxy or a gateway
    /// had answered in the cloud's place (status 429 or 5xx).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        imgshare_protocol::read_json(&self.body).map_err(|error| self.not_as_documented(&error))
    }

    /// The body as a JSON object, read as `T`.
    ///
    /// For structs: serde takes a *list* for a struct too, field by field, so `[]` would pass for an answer whose fields
    /// may all be missing. A struct within the answer whose fields may all be missing needs the same care: read it as
    /// an [`Object`].
    ///
    /// # Errors
    ///
    /// As [`Response::json`].
    pub fn object<T: DeserializeOwned>(&self) -> Result<T> {
        self.json().map(|Object(read)| read)
    }

    fn not_as_documented(&self, error: &serde_json::Error) -> Error {
        let kind = self.kind_by_status().filter(|kind| kind.may_pass()).unwrap_or(ErrorKind::Malformed);
        let message = format!("answer with status {} is not as documented: {error}", self.status);
        self.with_wait(Error::new(kind, message))
    }

    /// What the status alone says; `None` for 2xx and 3xx.
    pub fn kind_by_status(&self) -> Option<ErrorKind> {
        match self.status {
            200..=399 => None,
            401 => Some(ErrorKind::CredentialInvalid),
            403 => Some(ErrorKind::PermissionDenied),
            404 => Some(ErrorKind::ImageNotFound),
            409 => Some(ErrorKind::Conflict),
            429 => Some(ErrorKind::RateLimited),
            408 | 500..=599 => Some(ErrorKind::Unavailable),
            _ => Some(ErrorKind::Unexpected),
        }
    }

    /// The error for an answer that tells nothing but its status: something on the way gave it, or the host is the wrong
    /// one. For clouds with one address for everything, whose own refusals have a code in the body.
    pub fn error_by_status(&self) -> Error {
        let kind = match self.kind_by_status() {
            // It is the address that is not there, not an image.
            None | Some(ErrorKind::ImageNotFound) => ErrorKind::Unsupported,
            // No other account would fare better.
            Some(ErrorKind::Unexpected) => ErrorKind::Malformed,
            Some(kind) => kind,
        };
        let error =
            self.with_wait(Error::new(kind, format!("the host answered with HTTP status {}", self.status)));
        if kind.may_pass() { error } else { error.with_hint("check `endpoint` and what is on the way to it") }
    }

    /// How long the `Retry-After` header asks to wait, in milliseconds; only its form in seconds is read here.
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.header("retry-after")?.trim().parse::<u64>().ok()?.checked_mul(1000)
    }

    /// This error with the wait that the response's header asks for, if the error has none of its own.
    pub fn with_wait(&self, mut error: Error) -> Error {
        error.retry_after_ms = error.retry_after_ms.or_else(|| self.retry_after_ms());
        error
    }
}

impl std::fmt::Debug for Response {
    /// Leaves headers and body out: a body may hold temporary keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_header_leaves_out_the_port_that_the_scheme_has_anyway() {
        for (url, host) in [
            ("https://api.acme.example/", "api.acme.example"),
            ("https://api.acme.example:443/x", "api.acme.example"),
            ("http://127.0.0.1:80", "127.0.0.1"),
            ("http://127.0.0.1:7070/?a=b", "127.0.0.1:7070"),
            ("https://api.acme.example:80/", "api.acme.example:80"),
            ("http://[::1]:7070/", "[::1]:7070"),
        ] {
            assert_eq!(Request::get(url).host(), host, "{url}");
        }
    }

    #[test]
    fn a_gateways_page_in_place_of_an_answer_may_pass_and_nonsense_from_the_cloud_may_not() {
        let response = |status| Response { status, headers: vec![], body: b"<html>".to_vec() };
        assert_eq!(response(502).json::<u8>().unwrap_err().kind, ErrorKind::Unavailable);
        assert_eq!(response(429).json::<u8>().unwrap_err().kind, ErrorKind::RateLimited);
        assert_eq!(response(200).json::<u8>().unwrap_err().kind, ErrorKind::Malformed);
    }

    #[test]
    fn an_answer_that_is_not_the_clouds_is_never_an_images_or_an_accounts_fault() {
        let error = |status| {
            let headers = vec![("retry-after".to_owned(), "3".to_owned())];
            Response { status, headers, body: vec![] }.error_by_status()
        };
        for (status, kind) in [
            (302, ErrorKind::Unsupported),
            (404, ErrorKind::Unsupported),
            (400, ErrorKind::Malformed),
            (403, ErrorKind::PermissionDenied),
            (429, ErrorKind::RateLimited),
            (503, ErrorKind::Unavailable),
        ] {
            assert_eq!(
                (error(status).kind, error(status).hint.is_some()),
                (kind, !kind.may_pass()),
                "{status}"
            );
        }
        assert_eq!(error(503).retry_after_ms, Some(3000));
    }

    #[test]
    fn a_list_does_not_pass_for_an_answer_whose_fields_may_all_be_missing() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Answer {
            #[serde(default)]
            count: u8,
        }
        let read = |body: &str| {
            Response { status: 200, headers: vec![], body: body.as_bytes().to_vec() }.object::<Answer>()
        };
        assert_eq!(read(r#"{"count":7}"#), Ok(Answer { count: 7 }));
        assert_eq!(read("{}"), Ok(Answer { count: 0 }));
        for body in ["[]", "[7]", "7", "null", r#"{"count":"7"}"#, "{} {}"] {
            assert_eq!(read(body).unwrap_err().kind, ErrorKind::Malformed, "{body}");
        }
    }
}
