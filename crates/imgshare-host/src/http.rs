//! HTTP for plugins: one client for all of them.

mod client;
mod plain;

pub use client::{Client, ClientOptions};

use futures_util::future::BoxFuture;
use imgshare_protocol::Error;

/// A request, as the transport gets it.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Headers in order, without `Host` and `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the whole call may take, in milliseconds, if the plugin bounds it.
    pub timeout_ms: Option<u64>,
    /// `http://` is allowed to this host, although it is not loopback.
    pub plain_http_allowed: bool,
    /// Goes straight to its host, whatever proxy the environment names.
    pub without_proxy: bool,
}

impl std::fmt::Debug for HttpRequest {
    /// Leaves headers, query and body out: they carry signatures, tokens and sometimes keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let address = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &address)
            .finish_non_exhaustive()
    }
}

/// A whole response.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for HttpResponse {
    /// Leaves headers and body out: a body may hold temporary keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why no whole response came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendError {
    /// What to tell.
    pub error: Error,
    /// The cloud may have got the request and acted on it.
    pub may_have_been_done: bool,
}

/// Sends requests. A trait, so that tests can script the answers.
pub trait Transport: Send + Sync {
    /// Sends one request, once.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>>;
}
