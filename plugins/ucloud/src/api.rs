//! The calls of the cloud, as pure functions in pairs: one builds what is asked, one reads what is answered.

mod lenient;
pub mod list;
pub mod shares;
pub mod zones;

pub use imgshare_sdk::answer::Answer;
use imgshare_sdk::{Error, ErrorKind, Region, Response, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::errors;
use crate::form::Form;
use lenient::Whole;

/// The header of an answer that has the call's id.
const REQUEST_ID: &str = "x-ucloud-request-uuid";

/// What is asked of the cloud: an action with its own parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The action's name.
    pub action: &'static str,
    /// Asking twice has the effect of asking once.
    pub idempotent: bool,
    parameters: Form,
}

impl Ask {
    fn new(action: &'static str, parameters: &impl Serialize, idempotent: bool) -> Self {
        let parameters =
            serde_json::to_value(parameters).expect("texts, numbers and lists always have a JSON form");
        Self { action, idempotent, parameters: Form::of(&parameters) }
    }

    /// All parameters but those that say who calls. The project goes with every call, once there is one.
    pub fn form(&self, region: &Region, project_id: Option<&str>) -> Form {
        let form = self.parameters.clone().with("Action", self.action).with("Region", region.as_str());
        match project_id {
            Some(project_id) => form.with("ProjectId", project_id),
            None => form,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Head {
    ret_code: Whole,
    message: Value,
}

/// Reads any answer: `{"RetCode": 0, ...}`, or with another code and a message.
///
/// # Errors
///
/// The cloud's own error, by its code. Where the code means nothing to us, or there is none, what the HTTP status
/// says: the API itself answers everything with 200, so another status comes from something on the way.
pub fn read<T: DeserializeOwned>(response: &Response) -> Result<Answer<T>> {
    let request_id = response.header(REQUEST_ID).unwrap_or_default();
    let value = content(response, request_id).and_then(|content| {
        serde_json::from_value(content).map_err(|error| not_as_documented(&error.to_string()))
    });
    match value {
        Ok(value) => Ok(Answer { value, request_id: request_id.to_owned() }),
        Err(error) if error.request_id.is_none() && !request_id.is_empty() => {
            Err(response.with_wait(error.with_request_id(request_id)))
        }
        Err(error) => Err(response.with_wait(error)),
    }
}

/// The answer's JSON, if the cloud says that all went well.
fn content(response: &Response, request_id: &str) -> Result<Value> {
    let content: Map<String, Value> =
        response.object().map_err(|error| by_status(response).unwrap_or(error))?;
    let content = Value::Object(content);
    let Head { ret_code, message } = Head::deserialize(&content).unwrap_or_default();
    match (ret_code.0, by_status(response)) {
        (Some(0), None) => Ok(content),
        (Some(0) | None, Some(error)) => Err(error),
        (Some(code), status) => {
            let error = errors::error(code, message.as_str().unwrap_or_default(), request_id);
            Err(status.filter(|_| error.kind == ErrorKind::Unexpected).unwrap_or(error))
        }
        (None, None) => Err(not_as_documented("it has no RetCode")),
    }
}

/// What the status alone says; `None` for the one that the API has.
fn by_status(response: &Response) -> Option<Error> {
    (response.status != 200).then(|| response.error_by_status())
}

fn not_as_documented(why: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the cloud's answer is not as documented: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Done {}

    fn response(status: u16, body: &str) -> Response {
        let headers = vec![(REQUEST_ID.to_owned(), "r-1".to_owned())];
        Response { status, headers, body: body.as_bytes().to_vec() }
    }

    fn error(status: u16, body: &str) -> Error {
        read::<Done>(&response(status, body)).unwrap_err()
    }

    #[test]
    fn a_code_in_a_good_status_is_an_error_with_request_id() {
        let error = error(200, r#"{"RetCode":171,"Message":"Signature VerifyAC Error"}"#);
        assert_eq!(error.kind, ErrorKind::CredentialInvalid);
        assert_eq!((error.code.as_deref(), error.request_id.as_deref()), (Some("171"), Some("r-1")));
        assert_eq!(error.message, "signature VerifyAC Error");
    }

    #[test]
    fn a_code_may_be_written_as_text() {
        assert_eq!(error(200, r#"{"RetCode":"153"}"#).kind, ErrorKind::RateLimited);
        assert_eq!(error(200, r#"{"RetCode":153,"Message":{}}"#).kind, ErrorKind::RateLimited);
        assert!(read::<Done>(&response(200, r#"{"RetCode":"0"}"#)).is_ok());
    }

    #[test]
    fn a_status_counts_where_no_code_says_more() {
        assert_eq!(error(503, "<html>").kind, ErrorKind::Unavailable);
        assert_eq!(error(429, "{}").kind, ErrorKind::RateLimited);
        assert_eq!(error(502, r#"{"RetCode":0}"#).kind, ErrorKind::Unavailable);
        assert_eq!(error(500, r#"{"RetCode":5000}"#).kind, ErrorKind::Unavailable);
        assert_eq!(error(500, r#"{"RetCode":171}"#).kind, ErrorKind::CredentialInvalid);
        assert_eq!(error(404, "not here").kind, ErrorKind::Unsupported);
        assert_eq!(error(302, "").kind, ErrorKind::Unsupported);
    }

    #[test]
    fn nonsense_in_a_good_status_is_malformed() {
        for body in
            ["", "[]", "[0]", "7", r#"{"Message":"hello"}"#, r#"{"RetCode":null}"#, r#"{"RetCode":"x"}"#]
        {
            assert_eq!(error(200, body).kind, ErrorKind::Malformed, "{body}");
        }
    }

    #[test]
    fn the_clouds_wish_to_be_left_alone_for_a_while_is_passed_on() {
        let mut response = response(200, r#"{"RetCode":153,"Message":"too fast"}"#);
        response.headers.push(("retry-after".to_owned(), "3".to_owned()));
        assert_eq!(read::<Done>(&response).unwrap_err().retry_after_ms, Some(3000));
    }
}
