//! The HTTP client over real sockets on loopback.

mod body;
mod connection;
mod head;
mod proxy;
mod server;
mod tls;

use imgshare_host::http::{Client, ClientOptions, HttpRequest, HttpResponse, SendError, Transport as _};

/// A GET of this address.
fn get(url: impl Into<String>) -> HttpRequest {
    HttpRequest {
        method: "GET".into(),
        url: url.into(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms: None,
        plain_http_allowed: false,
        without_proxy: false,
    }
}

fn client() -> Client {
    Client::new(ClientOptions::default())
}

async fn send(request: HttpRequest) -> Result<HttpResponse, SendError> {
    client().send(request).await
}

/// The error of a request that fails.
async fn failure(request: HttpRequest) -> SendError {
    send(request).await.expect_err("it fails")
}
