//! A client of the simulated Tencent cloud that signs for itself and shows what happened on the wire.

use std::io;

use hmac::{Hmac, KeyInit, Mac};
use imgshare_cloudsim::Request;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The instant of the test clock and of the wire captures: 2023-11-14T22:13:20Z.
pub(crate) const NOW: i64 = 1_700_000_000;

/// Who signs, and when.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) secret_id: &'static str,
    pub(crate) secret_key: &'static str,
    pub(crate) token: Option<&'static str>,
    pub(crate) timestamp: i64,
    /// The credential date; always the day of [`NOW`] unless a test wants it wrong.
    pub(crate) date: &'static str,
}

pub(crate) const OWNER: Login = Login {
    secret_id: "AKIDFAKEWIRE",
    secret_key: "FakeWireSecret",
    token: None,
    timestamp: NOW,
    date: "2023-11-14",
};

/// What came back before the connection or the body ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// How many bytes of body the head announced.
    pub(crate) announced: usize,
    /// Whether the connection was reset rather than closed.
    pub(crate) reset: bool,
}

impl Received {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line")
    }

    /// The `Response` object of the cloud's answer.
    pub(crate) fn response(&self) -> Value {
        let body: Value = serde_json::from_slice(&self.body).expect("the answer is JSON");
        body["Response"].clone()
    }
}

/// A signed request as bytes.
pub(crate) fn signed(login: &Login, action: &str, region: &str, body: &str) -> Vec<u8> {
    let host = "127.0.0.1:18765";
    let canonical = format!(
        "POST\n/\n\ncontent-type:application/json\nhost:{host}\n\ncontent-type;host\n{}",
        sha256(body)
    );
    let scope = format!("{}/cvm/tc3_request", login.date);
    let to_sign = format!("TC3-HMAC-SHA256\n{}\n{scope}\n{}", login.timestamp, sha256(&canonical));
    let key = [login.date, "cvm", "tc3_request"]
        .iter()
        .fold(format!("TC3{}", login.secret_key).into_bytes(), |key, part| hmac(&key, part));
    let signature = hex(&hmac(&key, &to_sign));
    let token = login.token.map(|token| format!("X-TC-Token: {token}\r\n")).unwrap_or_default();
    format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nX-TC-Action: {action}\r\n\
         X-TC-Version: 2017-03-12\r\nX-TC-Region: {region}\r\nX-TC-Timestamp: {}\r\n{token}\
         Authorization: TC3-HMAC-SHA256 Credential={}/{scope}, SignedHeaders=content-type;host, \
         Signature={signature}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        login.timestamp,
        login.secret_id,
        body.len()
    )
    .into_bytes()
}

/// The request that these bytes are on the wire.
pub(crate) fn parsed(bytes: &[u8]) -> Request {
    let text = std::str::from_utf8(bytes).expect("the tests send texts");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.lines();
    let mut first = lines.next().expect("a request line").split(' ');
    let (method, target) = (first.next().expect("a method"), first.next().expect("a target"));
    let headers = lines.map(|line| line.split_once(": ").expect("a header"));
    Request::new(method, target, headers, body.to_owned()).expect("a good request")
}

/// Sends bytes to an endpoint (`http://ADDRESS`) and takes in one answer.
pub(crate) async fn send(endpoint: &str, request: &[u8]) -> Received {
    let address = endpoint.strip_prefix("http://").expect("a plain http endpoint");
    let mut stream = TcpStream::connect(address).await.expect("the simulator listens");
    stream.write_all(request).await.expect("the request is taken");
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut chunk).await {
            Ok(0) => return received(&bytes, false),
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(error) => return received(&bytes, error.kind() == io::ErrorKind::ConnectionReset),
        }
        let so_far = received(&bytes, false);
        if !so_far.head.is_empty() && so_far.body.len() == so_far.announced {
            return so_far;
        }
    }
}

fn received(bytes: &[u8], reset: bool) -> Received {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = end.map_or((&[][..], &[][..]), |end| (&bytes[..end], &bytes[end + 4..]));
    let head = String::from_utf8(head.to_vec()).expect("heads are ASCII").to_lowercase();
    let announced = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    Received { head, body: body.to_vec(), announced: announced.unwrap_or(0), reset }
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
