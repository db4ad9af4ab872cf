//! What a vendor's own SDK sent, and the answers that it got: what a provider's requests are held against.
//!
//! A file is JSON:
//!
//! ```json
//! {"exchanges": [{"name": "share-two",
//!                 "request": {"method": "POST", "path": "/", "headers": [["Host", "127.0.0.1"]], "body": "Action=Share"},
//!                 "reply": {"status": 200, "body": "{}"}}]}
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;
use url::form_urlencoded;

#[derive(Deserialize)]
struct File {
    exchanges: Vec<Exchange>,
}

/// One captured request and its answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Exchange {
    /// What the file calls it.
    pub name: String,
    /// What the SDK sent.
    pub request: Sent,
    /// What it got.
    pub reply: Got,
}

/// A captured request.
#[derive(Clone, Debug, Deserialize)]
pub struct Sent {
    /// The method, in capital letters.
    pub method: String,
    /// The path, and the query if there is one.
    pub path: String,
    /// Names and values as they were sent, in their order.
    pub headers: Vec<(String, String)>,
    /// The body; empty when there is none.
    pub body: String,
}

/// A captured answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Got {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// The exchange of this name in a file's text.
///
/// # Panics
///
/// When the text is no such file, or has no exchange of this name.
#[track_caller]
pub fn exchange(file: &str, name: &str) -> Exchange {
    let file: File =
        serde_json::from_str(file).unwrap_or_else(|error| panic!("these are no captures: {error}"));
    let mut exchanges = file.exchanges.into_iter();
    exchanges.find(|exchange| exchange.name == name).unwrap_or_else(|| panic!("no exchange is named {name}"))
}

/// Names and values in the text of a query or a form, decoded: in whichever order, and however a space is written.
pub fn parameters(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"exchanges": [
        {"name": "list", "request": {"method": "GET", "path": "/?a=b", "headers": [["Host", "here"]], "body": ""},
         "reply": {"status": 404, "content_type": "text/plain", "body": "no"}}]}"#;

    #[test]
    fn an_exchange_is_found_by_its_name() {
        let Exchange { request, reply, .. } = exchange(FILE, "list");
        assert_eq!((request.path.as_str(), reply.status), ("/?a=b", 404));
        assert_eq!(request.headers, [("Host".to_owned(), "here".to_owned())]);
    }

    #[test]
    #[should_panic(expected = "no exchange is named share")]
    fn a_name_that_no_exchange_has_is_no_success() {
        exchange(FILE, "share");
    }

    #[test]
    fn parameters_are_the_same_however_they_are_written() {
        let expected =
            BTreeMap::from([("a".to_owned(), "x y".to_owned()), ("b+".to_owned(), "é".to_owned())]);
        assert_eq!(parameters("a=x+y&b%2B=%C3%A9"), expected);
        assert_eq!(parameters("b%2b=é&a=x%20y"), expected);
    }
}
