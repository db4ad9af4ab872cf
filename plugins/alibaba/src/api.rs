//! The calls of the cloud, as pure functions in pairs: one builds what is asked, one reads what is answered.

pub mod copy;
pub mod list;
pub mod shares;
pub(crate) mod sts;

use std::fmt::Display;

pub use imgshare_sdk::answer::Answer;
use imgshare_sdk::{Error, ErrorKind, Response, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::errors;

/// The version of the API of the product that images belong to.
pub const VERSION: &str = "2014-05-26";

/// What is asked of the cloud: an action with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The action's name.
    pub action: &'static str,
    /// Its parameters, not encoded.
    pub parameters: Vec<(String, String)>,
    /// Asking twice has the effect of asking once.
    pub idempotent: bool,
}

impl Ask {
    fn new(action: &'static str, idempotent: bool) -> Self {
        Self { action, parameters: Vec::new(), idempotent }
    }

    fn with(mut self, name: impl Into<String>, value: &(impl Display + ?Sized)) -> Self {
        self.parameters.push((name.into(), value.to_string()));
        self
    }

    /// The parameter, if there is a value.
    fn with_some(self, name: &str, value: Option<&impl Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

/// An answer that says nothing but that the call was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Done {}

/// What is in every answer; older services write the names in lower case.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Head {
    #[serde(alias = "code")]
    code: Option<String>,
    #[serde(alias = "message")]
    message: Option<String>,
    #[serde(alias = "requestId")]
    request_id: Option<String>,
}

/// Reads any answer: JSON, the action's own with status 2xx, `{"Code", "Message", "RequestId"}` otherwise.
///
/// # Errors
///
/// The cloud's own error, by its code; without a code, what the HTTP status says.
pub fn read<T: DeserializeOwned>(response: &Response) -> Result<Answer<T>> {
    if !(200..300).contains(&response.status) {
        return Err(refusal(response));
    }
    let content: Map<String, Value> = response.object()?;
    let request_id = content.get("RequestId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let value = serde_json::from_value(content.into()).map_err(|error| {
        Error::new(ErrorKind::Malformed, format!("the cloud's answer is not as documented: {error}"))
            .with_request_id(request_id.clone())
    })?;
    Ok(Answer { value, request_id })
}

fn refusal(response: &Response) -> Error {
    let head: Head = response.object().unwrap_or_default();
    let request_id = head.request_id.unwrap_or_default();
    let error = match head.code.filter(|code| !code.is_empty()) {
        Some(code) => errors::error(response.status, &code, &head.message.unwrap_or_default(), &request_id),
        None => response.error_by_status(),
    };
    response.with_wait(slowed(response, error))
}

/// The vendor's SDK takes any refusal with this header for throttling, whatever its code.
///
/// The header's unit is not documented; the SDK takes it for milliseconds. What is shorter than a second is left to the
/// host's own waits, which are longer.
fn slowed(response: &Response, error: Error) -> Error {
    let wait = response.header("x-acs-retry-after").and_then(|wait| wait.trim().parse::<u64>().ok());
    match wait {
        None | Some(0) => error,
        Some(wait_ms) => Error {
            kind: ErrorKind::RateLimited,
            hint: None,
            retry_after_ms: Some(wait_ms).filter(|wait_ms| *wait_ms >= 1000),
            ..error
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: vec![], body: body.as_bytes().to_vec() }
    }

    fn error(status: u16, body: &str) -> Error {
        read::<Done>(&response(status, body)).unwrap_err()
    }

    fn slowed_by(header: &str) -> Error {
        let headers = vec![("x-acs-retry-after".to_owned(), header.to_owned())];
        let body = r#"{"Code":"NeverHeardOf","Message":"Wait."}"#;
        read::<Done>(&Response { headers, ..response(400, body) }).unwrap_err()
    }

    #[test]
    fn a_refusal_has_its_code_and_request_id_in_either_spelling() {
        for body in [
            r#"{"Code":"InvalidImageId.NotFound","Message":"No such image.","RequestId":"r-1","HostId":"x"}"#,
            r#"{"code":"InvalidImageId.NotFound","message":"No such image.","requestId":"r-1"}"#,
        ] {
            let error = error(404, body);
            assert_eq!(error.kind, ErrorKind::ImageNotFound);
            assert_eq!(error.code.as_deref(), Some("InvalidImageId.NotFound"));
            assert_eq!(error.message, "no such image");
            assert_eq!(error.request_id.as_deref(), Some("r-1"));
        }
    }

    #[test]
    fn a_status_counts_where_the_cloud_gives_no_code() {
        assert_eq!(error(503, "<html>").kind, ErrorKind::Unavailable);
        assert_eq!(error(429, "{}").kind, ErrorKind::RateLimited);
        assert_eq!(error(403, "<html>").kind, ErrorKind::PermissionDenied);
        assert_eq!(error(404, "not here").kind, ErrorKind::Unsupported);
        assert_eq!(error(302, "").kind, ErrorKind::Unsupported);
        assert_eq!(error(400, "<html>").kind, ErrorKind::Malformed);
        assert_eq!(error(400, r#"["InvalidAccount","a list"]"#).code, None);
    }

    #[test]
    fn nonsense_in_a_good_status_is_malformed() {
        for body in ["", "[]", "7", "<xml/>"] {
            assert_eq!(error(200, body).kind, ErrorKind::Malformed, "{body}");
        }
    }

    #[test]
    fn any_refusal_that_asks_to_wait_is_throttling() {
        assert_eq!(slowed_by("2500").kind, ErrorKind::RateLimited);
        assert_eq!(slowed_by("2500").retry_after_ms, Some(2500));
        for no_wish in ["0", "-1", "soon", ""] {
            assert_eq!(slowed_by(no_wish).kind, ErrorKind::Unexpected, "{no_wish}");
        }
    }

    #[test]
    fn a_wait_that_may_be_meant_in_seconds_does_not_shorten_the_hosts_own() {
        let error = slowed_by("3");
        assert_eq!((error.kind, error.retry_after_ms), (ErrorKind::RateLimited, None));
    }
}
