//! A server that reads whole requests and reacts to each as it is told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What a server does when it has read a request.
#[derive(Clone)]
pub(super) enum Reaction {
    /// Writes this and keeps the connection.
    Write(String),
    /// Writes this and closes the connection.
    WriteAndClose(String),
    /// Writes nothing, and keeps the connection.
    Silence,
}

/// A response with this status line and body, and a header more if there is one: `x: y\r\n`.
pub(super) fn response(status: &str, header: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{header}content-length: {}\r\n\r\n{body}", body.len())
}

pub(super) struct Server {
    address: String,
    seen: Arc<Seen>,
    serving: tokio::task::JoinHandle<()>,
}

struct Seen {
    reaction: Reaction,
    accepted: AtomicUsize,
    requests: Mutex<Vec<String>>,
}

impl Server {
    pub(super) async fn start(reaction: Reaction) -> Self {
        Self::start_with_tls(reaction, None).await
    }

    pub(super) async fn start_with_tls(reaction: Reaction, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address").to_string();
        let seen = Arc::new(Seen { reaction, accepted: AtomicUsize::new(0), requests: Mutex::default() });
        let serving = tokio::spawn(serve(listener, tls, seen.clone()));
        Self { address, seen, serving }
    }

    /// `127.0.0.1:PORT`.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Connections accepted so far.
    pub(super) fn accepted(&self) -> usize {
        self.seen.accepted.load(Ordering::SeqCst)
    }

    /// The requests read so far, as they came.
    pub(super) fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, seen: Arc<Seen>) {
    while let Ok((socket, _)) = listener.accept().await {
        seen.accepted.fetch_add(1, Ordering::SeqCst);
        let (tls, seen) = (tls.clone(), seen.clone());
        tokio::spawn(async move {
            match tls {
                None => converse(socket, &seen).await,
                // A client that does not trust the certificate hangs up.
                Some(tls) => {
                    if let Ok(socket) = tls.accept(socket).await {
                        converse(socket, &seen).await;
                    }
                }
            }
        });
    }
}

async fn converse(mut socket: impl AsyncRead + AsyncWrite + Unpin, seen: &Seen) {
    while let Some(request) = read_request(&mut socket).await {
        seen.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        match &seen.reaction {
            Reaction::Write(text) => _ = socket.write_all(text.as_bytes()).await,
            Reaction::WriteAndClose(text) => {
                _ = socket.write_all(text.as_bytes()).await;
                _ = socket.shutdown().await;
                return;
            }
            Reaction::Silence => {}
        }
    }
}

/// One request, head and body. `None`: the connection has ended.
async fn read_request(socket: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return Some(text);
        }
        let mut part = [0; 4096];
        match socket.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(length) => bytes.extend_from_slice(&part[..length]),
        }
    }
}

fn content_length(head: &str) -> usize {
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    line.map_or(0, |length| length.parse().expect("a length is a number"))
}
