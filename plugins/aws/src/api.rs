//! The calls of the cloud, as pure functions in pairs: one builds what is asked, one reads what is answered.

pub mod copy;
pub mod keys;
pub mod list;
pub mod received;
pub mod shares;
pub mod snapshots;
pub mod sts;

use std::fmt::Display;

pub use imgshare_sdk::answer::Answer;
use imgshare_sdk::{Error, ErrorKind, Response, Result, signing};
use serde_json::{Map, Value};

use crate::call::Service;
use crate::errors::{self, Refused};
use crate::xml::{self, Element};

/// Values that one filter takes, where the cloud's guide sets a bound.
pub(crate) const FILTER_VALUES_MAX: usize = 200;

/// What is asked of a service: an action with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Whom it is asked of.
    pub service: Service,
    /// The action's name.
    pub action: &'static str,
    /// Its parameters, not encoded.
    pub parameters: Vec<(String, String)>,
    /// Asking twice has the effect of asking once.
    pub idempotent: bool,
}

impl Ask {
    fn new(service: Service, action: &'static str, idempotent: bool) -> Self {
        Self { service, action, parameters: Vec::new(), idempotent }
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

    /// A list: `NAME.1`, `NAME.2` and so on.
    fn with_list<V: Display>(self, name: &str, values: impl IntoIterator<Item = V>) -> Self {
        let numbered = (1..).zip(values);
        numbered.fold(self, |ask, (n, value)| ask.with(format!("{name}.{n}"), &value))
    }

    /// The filter of this number: only what has one of these values.
    fn with_filter<V: Display>(self, n: usize, name: &str, values: impl IntoIterator<Item = V>) -> Self {
        self.with(format!("Filter.{n}.Name"), name).with_list(&format!("Filter.{n}.Value"), values)
    }

    /// The headers that say what the body is.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        match self.service {
            Service::Ec2 | Service::Sts => {
                vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())]
            }
            Service::Kms => vec![
                ("content-type", "application/x-amz-json-1.1".to_owned()),
                ("x-amz-target", format!("TrentService.{}", self.action)),
            ],
        }
    }

    /// The body: a form, or of the service that speaks JSON an object.
    pub fn body(&self) -> String {
        let own = self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let version = match self.service {
            Service::Ec2 => "2016-11-15",
            Service::Sts => "2011-06-15",
            Service::Kms => {
                let own = own.map(|(name, value)| (name.to_owned(), Value::from(value)));
                return Value::Object(own.collect::<Map<_, _>>()).to_string();
            }
        };
        signing::query([("Action", self.action), ("Version", version)].into_iter().chain(own))
    }
}

/// A page of a list, and the cloud's name of the one behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part<T> {
    /// What the page holds.
    pub items: Vec<T>,
    /// `None`: it is the last one.
    pub next: Option<String>,
}

/// Reads the answer to an action, with status 2xx an element of the action's name.
///
/// # Errors
///
/// The cloud's own error, by its code; without a code, what the HTTP status says. `Malformed` when it is no answer to this
/// action, or `read` does not understand it.
pub fn read<T>(
    response: &Response,
    ask: &Ask,
    read: impl FnOnce(Element<'_>) -> Result<T>,
) -> Result<Answer<T>> {
    if !(200..300).contains(&response.status) {
        return Err(refusal(response, ask));
    }
    let expected = format!("{}Response", ask.action);
    let answer = xml::with_root(&response.body, |root| {
        let request_id =
            root.owned("requestId").or_else(|| root.child("ResponseMetadata")?.owned("RequestId"));
        let request_id = request_id.unwrap_or_default();
        let value = if root.name() == expected { read(root) } else { Err(not_as_documented()) };
        value
            .map_err(|error| error.with_request_id(request_id.as_str()))
            .map(|value| Answer { value, request_id })
    });
    answer.unwrap_or_else(|| Err(not_as_documented()))
}

/// The same for the service that speaks JSON.
///
/// # Errors
///
/// As [`read`].
pub fn read_json(response: &Response, ask: &Ask) -> Result<Answer<Value>> {
    if !(200..300).contains(&response.status) {
        return Err(refusal(response, ask));
    }
    let value: Map<String, Value> = response.object()?;
    let request_id = response.header(REQUEST_ID).unwrap_or_default().to_owned();
    Ok(Answer { value: value.into(), request_id })
}

const REQUEST_ID: &str = "x-amzn-requestid";

/// An answer that is not as documented.
pub(crate) fn not_as_documented() -> Error {
    Error::new(ErrorKind::Malformed, "the cloud's answer is not as documented")
        .with_hint("report it, and check `endpoint` and what is on the way to it")
}

fn refusal(response: &Response, ask: &Ask) -> Error {
    let refused = xml::with_root(&response.body, refused).flatten().or_else(|| refused_json(response));
    response.with_wait(match refused {
        Some(refused) => errors::error(response.status, &refused, ask),
        None => response.error_by_status(),
    })
}

/// `<Response><Errors><Error>...`, or `<ErrorResponse><Error>...` of the token service.
fn refused(root: Element<'_>) -> Option<Refused> {
    let error = root.child("Errors").unwrap_or(root).child("Error")?;
    let request_id = root.owned("RequestID").or_else(|| root.owned("RequestId")).unwrap_or_default();
    let message = error.owned("Message").unwrap_or_default();
    Some(Refused { code: error.owned("Code")?, message, request_id })
}

/// `{"__type": "prefix#Code", "message": "..."}`.
fn refused_json(response: &Response) -> Option<Refused> {
    let body: Map<String, Value> = response.object().ok()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let code = text("__type")?.rsplit('#').next().filter(|code| !code.is_empty())?.to_owned();
    let message = text("message").or_else(|| text("Message")).unwrap_or_default().to_owned();
    let request_id = response.header(REQUEST_ID).unwrap_or_default().to_owned();
    Some(Refused { code, message, request_id })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: vec![], body: body.as_bytes().to_vec() }
    }

    fn ask() -> Ask {
        Ask::new(Service::Ec2, "DescribeThings", true)
    }

    fn error(status: u16, body: &str) -> Error {
        read(&response(status, body), &ask(), |_| Ok(())).unwrap_err()
    }

    #[test]
    fn each_service_has_its_form() {
        let ask = ask().with_filter(1, "name", ["a b", "c"]);
        assert_eq!(
            ask.body(),
            "Action=DescribeThings&Version=2016-11-15&Filter.1.Name=name&Filter.1.Value.1=a%20b&Filter.1.Value.2=c"
        );
        let key = Ask::new(Service::Kms, "DescribeKey", true).with("KeyId", "k\"");
        assert_eq!(key.body(), r#"{"KeyId":"k\""}"#);
        assert_eq!(key.headers()[1].1, "TrentService.DescribeKey");
    }

    #[test]
    fn a_refusal_has_its_code_and_request_id_in_each_services_form() {
        for body in [
            "<Response><Errors><Error><Code>InvalidAMIID.NotFound</Code><Message>No such image.</Message></Error>\
             </Errors><RequestID>r-1</RequestID></Response>",
            "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAMIID.NotFound</Code>\
             <Message>No such image.</Message></Error><RequestId>r-1</RequestId></ErrorResponse>",
        ] {
            let error = error(400, body);
            assert_eq!((error.kind, error.message.as_str()), (ErrorKind::ImageNotFound, "no such image"));
            assert_eq!(error.code.as_deref(), Some("InvalidAMIID.NotFound"));
            assert_eq!(error.request_id.as_deref(), Some("r-1"));
        }
        let json = response(400, r#"{"__type":"com.x#NotFoundException","message":"No such key."}"#);
        let error = read_json(&json, &ask()).unwrap_err();
        assert_eq!(
            (error.code.as_deref(), error.message.as_str()),
            (Some("NotFoundException"), "no such key")
        );
    }

    #[test]
    fn a_status_counts_where_the_cloud_gives_no_code() {
        assert_eq!(error(503, "<html>").kind, ErrorKind::Unavailable);
        assert_eq!(error(429, "{}").kind, ErrorKind::RateLimited);
        assert_eq!(error(403, "<html></html>").kind, ErrorKind::PermissionDenied);
        assert_eq!(error(404, "not here").kind, ErrorKind::Unsupported);
        assert_eq!(error(400, r#"["InvalidAMIID","a list"]"#).code, None);
    }

    #[test]
    fn an_answer_to_something_else_is_malformed() {
        for body in ["", "{}", "<html/>", "<DescribeOtherThingsResponse/>"] {
            assert_eq!(error(200, body).kind, ErrorKind::Malformed, "{body}");
        }
        let good = "<DescribeThingsResponse><requestId>r-2</requestId></DescribeThingsResponse>";
        assert_eq!(read(&response(200, good), &ask(), |_| Ok(())).unwrap().request_id, "r-2");
    }

    #[test]
    fn a_gateway_that_asks_to_wait_is_obeyed() {
        let headers = vec![("retry-after".to_owned(), "3".to_owned())];
        let error = read(&Response { headers, ..response(503, "busy") }, &ask(), |_| Ok(())).unwrap_err();
        assert_eq!(error.retry_after_ms, Some(3000));
    }
}
