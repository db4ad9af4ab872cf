//! A received request and an answer, as plain data: all that a simulated cloud sees of HTTP.

use bytes::Bytes;
use hyper::HeaderMap;

/// One request, exactly as it was received.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The query as sent, without the question mark; empty when there is none.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Request {
    /// The first header of this name (case does not matter), when it is readable text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// One complete answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// Further headers: names in lower case, values in ASCII.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn json(status: u16, value: &serde_json::Value) -> Self {
        let body = Bytes::from(value.to_string());
        Self { status, content_type: "application/json", headers: Vec::new(), body }
    }

    pub(crate) fn text(status: u16, body: impl Into<Bytes>) -> Self {
        let headers = Vec::new();
        Self { status, content_type: "text/plain; charset=utf-8", headers, body: body.into() }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// How an answer travels; everything but `Whole` is an injected fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole(Reply),
    /// Half of the body that the length announces, then the end of the connection.
    Cut(Reply),
    /// A body of this many blanks.
    Flood {
        bytes: u64,
    },
    /// No answer: the connection is reset.
    Reset,
}
