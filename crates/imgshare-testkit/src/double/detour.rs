//! Leads requests for a cloud's own hosts to a cloud on loopback.

use futures_util::future::BoxFuture;
use imgshare_host::http::{Client, ClientOptions, HttpRequest, HttpResponse, SendError, Transport};

/// Sends every request to one address. The `Host` header stays that of the address that was asked for, since it is
/// signed.
pub(super) struct Detour {
    client: Client,
    origin: String,
}

impl Detour {
    pub(super) fn to(origin: String) -> Self {
        Self { client: Client::new(ClientOptions::default()), origin }
    }
}

impl Transport for Detour {
    fn send(&self, mut request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let (host, rest) = host_and_rest(&request.url);
        request.headers.push(("host".to_owned(), host.to_owned()));
        request.url = format!("{}{rest}", self.origin);
        self.client.send(request)
    }
}

/// The host with its port, and what comes after it.
fn host_and_rest(url: &str) -> (&str, &str) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    after_scheme.split_at(after_scheme.find(['/', '?']).unwrap_or(after_scheme.len()))
}

#[cfg(test)]
mod tests {
    use super::host_and_rest;

    #[test]
    fn host_and_path_of_addresses() {
        assert_eq!(host_and_rest("https://a.example/x?y=1"), ("a.example", "/x?y=1"));
        assert_eq!(host_and_rest("http://127.0.0.1:70?y=/"), ("127.0.0.1:70", "?y=/"));
        assert_eq!(host_and_rest("https://a.example"), ("a.example", ""));
    }
}
