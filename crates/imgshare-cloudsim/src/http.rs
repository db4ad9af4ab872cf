//! A request and an answer as plain data: all that a simulated cloud and its caller see of HTTP.

use std::error::Error;
use std::fmt;

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};

/// One request, exactly as it was received.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The query as sent, without the question mark; empty when there is none.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why something cannot be a request: a header that HTTP does not allow. Its value is not told, it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedRequest {
    header: String,
}

impl fmt::Display for MalformedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot send the header {}: name or value is not allowed in HTTP", self.header)
    }
}

impl Error for MalformedRequest {}

impl Request {
    /// A request as a client would send it.
    ///
    /// `target` is what stands in the request line: path and query, percent-encoded. The headers are all that a
    /// simulated cloud gets to see, so `Host` belongs to them: signatures cover it.
    ///
    /// # Errors
    ///
    /// A header that HTTP does not allow.
    pub fn new<'h>(
        method: &str,
        target: &str,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
        body: impl Into<Bytes>,
    ) -> Result<Self, MalformedRequest> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = if path.is_empty() { "/" } else { path };
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            let malformed = || MalformedRequest { header: name.to_owned() };
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed())?;
            let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| malformed())?;
            all.append(key, value);
        }
        let (method, path, query) = (method.to_owned(), path.to_owned(), query.to_owned());
        Ok(Self { method, path, query, headers: all, body: body.into() })
    }

    /// The first header of this name (case does not matter), when it is readable text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// One complete answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// Further headers: names in lower case, values in ASCII.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

impl Reply {
    /// The HTTP status, 200 to 599.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers that the cloud sets, names in lower case. Those of the connection (`content-length`, `date`) are
    /// added by whoever puts the reply on a socket.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let further = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        [("content-type", self.content_type)].into_iter().chain(further)
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

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

/// What a client gets for a request; everything but `Whole` is an injected fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// An answer.
    Whole(Reply),
    /// An answer whose body ends too early, with the connection.
    Cut {
        /// The head, and as much of the body as arrives.
        reply: Reply,
        /// How many bytes of body the head announced.
        announced: u64,
    },
    /// Status 200 and a body of blanks, to be made as it is read: it need not fit in memory.
    Flood {
        /// Length of the body.
        bytes: u64,
    },
    /// No answer: the connection is reset. Whether the call was done before, a client cannot see; the cloud's log can.
    Reset,
}

impl Delivery {
    /// Half of the body that the length announces.
    pub(crate) fn cut(mut reply: Reply) -> Self {
        let announced = reply.body.len() as u64;
        reply.body.truncate(reply.body.len() / 2);
        Self::Cut { reply, announced }
    }
}
