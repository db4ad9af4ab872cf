//! The one HTTP client: connection reuse, TLS, time-outs, proxies, bounded bodies.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_protocol::{Error, ErrorKind};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::plain::is_loopback;
use super::{HttpRequest, HttpResponse, SendError, Transport};

/// How the client behaves.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// How long making a connection may take, TLS included.
    pub connect_timeout: Duration,
    /// How long a whole call may take, from the first byte sent to the last one received.
    pub whole_timeout: Duration,
    /// The longest body that is taken in, in bytes.
    pub body_bytes_max: usize,
    /// PEM text of certificates to trust besides the system's.
    pub extra_ca_pem: Option<Vec<u8>>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            whole_timeout: Duration::from_secs(60),
            body_bytes_max: 32 << 20,
            extra_ca_pem: None,
        }
    }
}

/// The client. Connections are kept and used again.
///
/// Proxies are taken from the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`); calls to loopback and
/// to metadata services go without.
pub struct Client {
    options: ClientOptions,
    // Each is made when it is first needed: reading the system's certificates takes a while.
    proxied: OnceLock<Result<reqwest::Client, Error>>,
    direct: OnceLock<Result<reqwest::Client, Error>>,
    direct_without_tls: OnceLock<Result<reqwest::Client, Error>>,
    /// The address of the last request, as it was written and taken apart: most requests go to the one before.
    last_address: Mutex<Option<(String, Url)>>,
}

impl Client {
    /// A client that has not connected anywhere yet.
    pub fn new(options: ClientOptions) -> Self {
        Self {
            options,
            proxied: OnceLock::new(),
            direct: OnceLock::new(),
            direct_without_tls: OnceLock::new(),
            last_address: Mutex::default(),
        }
    }

    fn client_for(&self, url: &Url, request: &HttpRequest) -> Result<&reqwest::Client, Error> {
        let host = url.host_str().unwrap_or_default();
        let loopback = is_loopback(host);
        match url.scheme() {
            "https" => {}
            "http" if loopback || request.plain_http_allowed => {}
            "http" => return Err(plain_http(host)),
            other => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    format!("addresses with {other}:// are not known"),
                ));
            }
        }
        let client = match (loopback || request.without_proxy, url.scheme()) {
            (false, _) => self.proxied.get_or_init(|| self.build(self.builder())),
            (true, "https") => self.direct.get_or_init(|| self.build(self.builder().no_proxy())),
            (true, _) => self.direct_without_tls.get_or_init(|| self.build_without_tls()),
        };
        client.as_ref().map_err(Clone::clone)
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        // Several versions of the provider may be linked by tests; whichever came first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .user_agent(concat!("imgshare/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.options.connect_timeout)
            .timeout(self.options.whole_timeout)
            .pool_idle_timeout(Duration::from_secs(60))
            .tcp_nodelay(true)
            // A redirect would carry a signature to a place that it was not made for.
            .redirect(reqwest::redirect::Policy::none())
            // Whether a call is tried again is decided elsewhere; so no copy of it is kept for that.
            .retry(reqwest::retry::never().max_retries_per_request(0))
    }

    fn build_without_tls(&self) -> Result<reqwest::Client, Error> {
        let builder = self.builder().no_proxy().tls_certs_only(Vec::new());
        builder.build().map_err(|error| unusable(&error))
    }

    fn build(&self, builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Error> {
        let Some(pem) = &self.options.extra_ca_pem else {
            return builder.build().map_err(|error| unusable(&error));
        };
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| unusable_ca(&error))?;
        if certificates.is_empty() {
            return Err(unusable_ca(&std::io::Error::other("it has no certificate")));
        }
        builder.tls_certs_merge(certificates).build().map_err(|error| unusable_ca(&error))
    }

    async fn send_once(&self, request: HttpRequest) -> Result<HttpResponse, SendError> {
        let (client, request) =
            self.prepare(request).map_err(|error| SendError { error, may_have_been_done: false })?;
        let response = client.execute(request).await.map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        let headers = lower_case(response.headers());
        let body = self.body_of(response).await?;
        Ok(HttpResponse { status, headers, body })
    }

    fn prepare(&self, request: HttpRequest) -> Result<(&reqwest::Client, reqwest::Request), Error> {
        let malformed = |what: &str| Error::new(ErrorKind::Malformed, format!("the plugin asks for {what}"));
        let url = self.address(&request.url).ok_or_else(|| malformed("an address that is none"))?;
        let client = self.client_for(&url, &request)?;
        let method = request.method.parse().map_err(|_| malformed("an unknown HTTP method"))?;
        let headers =
            headers_of(&request.headers).ok_or_else(|| malformed("a header that HTTP does not allow"))?;
        let mut prepared = reqwest::Request::new(method, url);
        *prepared.headers_mut() = headers;
        *prepared.body_mut() = Some(request.body.into());
        *prepared.timeout_mut() = request
            .timeout_ms
            .map(|timeout_ms| Duration::from_millis(timeout_ms).min(self.options.whole_timeout));
        Ok((client, prepared))
    }

    fn address(&self, text: &str) -> Option<Url> {
        let mut last = self.last_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, url)) = &*last
            && known == text
        {
            return Some(url.clone());
        }
        let url = Url::parse(text).ok()?;
        *last = Some((text.to_owned(), url.clone()));
        Some(url)
    }

    async fn body_of(&self, mut response: reqwest::Response) -> Result<Vec<u8>, SendError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
            if body.len() + chunk.len() > self.options.body_bytes_max {
                let message = format!("the answer is longer than {} bytes", self.options.body_bytes_max);
                return Err(SendError {
                    error: Error::new(ErrorKind::Malformed, message),
                    may_have_been_done: true,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl Transport for Client {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        self.send_once(request).boxed()
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        (**self).send(request)
    }
}

fn headers_of(pairs: &[(String, String)]) -> Option<HeaderMap> {
    // What the HTTP library adds has room too.
    let mut headers = HeaderMap::with_capacity(pairs.len() + 4);
    // It copies the headers twice; values that are parts of one text are copied without asking for memory.
    let mut values = Bytes::from(pairs.iter().map(|(_, value)| value.as_str()).collect::<String>());
    for (name, value) in pairs {
        let value = HeaderValue::from_maybe_shared(values.split_to(value.len())).ok()?;
        headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
    }
    Some(headers)
}

fn lower_case(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect()
}

/// Only a connection that was never made is sure to have done nothing.
fn failed(error: &reqwest::Error) -> SendError {
    let what = if error.is_connect() {
        "no connection"
    } else if error.is_timeout() {
        "no answer in time"
    } else if error.is_body() || error.is_decode() {
        "the answer was cut off"
    } else {
        "the connection broke"
    };
    let error_kind = ErrorKind::Unavailable;
    let may_have_been_done = !error.is_connect();
    let host = error.url().and_then(Url::host_str).unwrap_or("the cloud").to_owned();
    let message = format!("{what} with {host}: {}", innermost(error));
    let error =
        Error::new(error_kind, message).with_hint("check network, proxy and endpoint, then run again");
    SendError { error, may_have_been_done }
}

/// The cause that says most: the outer ones repeat the address, with its query.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

fn plain_http(host: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("http:// to {host} would send everything in clear"))
        .with_hint("use https://, or set allow_plain_http = true for this cloud")
}

fn unusable_ca(error: &dyn std::error::Error) -> Error {
    let message = format!("the extra CA file cannot be used: {}", innermost(error));
    Error::new(ErrorKind::Unexpected, message).with_hint("give a PEM file with one or more certificates")
}

fn unusable(error: &reqwest::Error) -> Error {
    Error::new(ErrorKind::Unavailable, format!("TLS cannot be set up: {}", innermost(error)))
        .with_hint("install the system's CA certificates, or give a CA file")
}
