//! The calls of the cloud, as pure functions in pairs: one builds what is asked, one reads what is answered.

mod content;
pub mod copy;
pub mod list;
pub mod shares;

pub use imgshare_sdk::answer::Answer;
use imgshare_sdk::{Object, Response, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::errors;
use content::{Content, Head, Refusal};

/// The service that images belong to.
pub const SERVICE: &str = "cvm";

/// The version of its API.
pub const VERSION: &str = "2017-03-12";

/// What is asked of the cloud: an action with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The action's name.
    pub action: &'static str,
    /// Its parameters: JSON, compact, as it is hashed and sent.
    pub body: String,
    /// Asking twice has the effect of asking once.
    pub idempotent: bool,
}

impl Ask {
    fn new(action: &'static str, parameters: &impl Serialize, idempotent: bool) -> Self {
        let body =
            serde_json::to_string(parameters).expect("texts, numbers and lists always have a JSON form");
        Self { action, body, idempotent }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<T> {
    response: Object<T>,
}

/// An answer that says nothing but that the call was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Done {}

/// Reads any answer of API 3.0: `{"Response": {"RequestId", ...}}`, or with an `Error` in it.
///
/// # Errors
///
/// The cloud's own error, by its code; without a code, what the HTTP status says: the API itself answers
/// everything with 200, so another status comes from something on the way.
pub fn read<T: DeserializeOwned>(response: &Response) -> Result<Answer<T>> {
    let (head, value) = match response.object::<Envelope<Content<T>>>() {
        Ok(Envelope { response: Object(Content { head, value }) }) => (head, Ok(value)),
        // What every answer has may be there all the same.
        Err(error) => (head(response)?, Err(error)),
    };
    let request_id = head.request_id.unwrap_or_default();
    if let Some(Refusal { code, message }) = head.error {
        let (code, message) = (code.unwrap_or_default(), message.unwrap_or_default());
        return Err(response.with_wait(errors::error(&code, &message, &request_id)));
    }
    if response.status != 200 {
        return Err(response.error_by_status().with_request_id(request_id));
    }
    match value {
        Ok(value) => Ok(Answer { value, request_id }),
        Err(error) => Err(error.with_request_id(request_id)),
    }
}

fn head(response: &Response) -> Result<Head> {
    match response.object() {
        Ok(Envelope { response: Object(head) }) => Ok(head),
        Err(_) if response.status != 200 => Err(response.error_by_status()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use imgshare_sdk::{Error, ErrorKind};

    use super::*;

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: vec![], body: body.as_bytes().to_vec() }
    }

    fn error(status: u16, body: &str) -> Error {
        read::<Done>(&response(status, body)).unwrap_err()
    }

    #[test]
    fn an_error_in_a_good_status_is_an_error_with_code_and_request_id() {
        let body = r#"{"Response":{"Error":{"Code":"InvalidImageId.NotFound","Message":"No such image."},"RequestId":"r-1"}}"#;
        let error = error(200, body);
        assert_eq!(error.kind, ErrorKind::ImageNotFound);
        assert_eq!(error.code.as_deref(), Some("InvalidImageId.NotFound"));
        assert_eq!(error.request_id.as_deref(), Some("r-1"));
    }

    #[test]
    fn a_status_counts_where_the_cloud_gives_no_code() {
        assert_eq!(error(503, "<html>").kind, ErrorKind::Unavailable);
        assert_eq!(error(429, r#"{"Response":{}}"#).kind, ErrorKind::RateLimited);
        assert_eq!(error(404, "not here").kind, ErrorKind::Unsupported);
        assert_eq!(error(302, "").kind, ErrorKind::Unsupported);
    }

    #[test]
    fn a_code_counts_more_than_the_status() {
        let body =
            r#"{"Response":{"Error":{"Code":"RequestLimitExceeded","Message":"slow"},"RequestId":"r"}}"#;
        assert_eq!(error(500, body).kind, ErrorKind::RateLimited);
    }

    #[test]
    fn nonsense_in_a_good_status_is_malformed() {
        for body in [
            "",
            "[]",
            "[{}]",
            r#"{"Response":7}"#,
            r#"{"Response":[]}"#,
            r#"{"Response":[null,"r"]}"#,
            r#"{"Answer":{}}"#,
        ] {
            assert_eq!(error(200, body).kind, ErrorKind::Malformed, "{body}");
        }
    }

    #[test]
    fn a_refusal_counts_though_the_rest_is_not_as_documented() {
        let body = r#"{"Response":{"ImageSet":7,"Error":{"Code":"RequestLimitExceeded"},"RequestId":"r"}}"#;
        let refused = read::<list::ImageSet>(&response(200, body)).unwrap_err();
        assert_eq!((refused.kind, refused.request_id.as_deref()), (ErrorKind::RateLimited, Some("r")));
        let body = r#"{"Response":{"ImageSet":7,"RequestId":"r"}}"#;
        let odd = read::<list::ImageSet>(&response(200, body)).unwrap_err();
        assert_eq!((odd.kind, odd.request_id.as_deref()), (ErrorKind::Malformed, Some("r")));
    }

    #[test]
    fn the_clouds_wish_to_be_left_alone_for_a_while_is_passed_on() {
        let headers = vec![("retry-after".to_owned(), "3".to_owned())];
        let response = Response { headers, ..response(503, "") };
        assert_eq!(read::<Done>(&response).unwrap_err().retry_after_ms, Some(3000));
    }
}
