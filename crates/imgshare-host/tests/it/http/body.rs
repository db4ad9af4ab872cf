//! Bodies: whole, or none.

use imgshare_host::http::{Client, ClientOptions, SendError, Transport as _};
use imgshare_protocol::ErrorKind;

use super::server::{Reaction, Server, response};
use super::{failure, get};

async fn with_limit(body: &str, body_bytes_max: usize) -> Result<usize, SendError> {
    let server = Server::start(Reaction::Write(response("200 OK", "", body))).await;
    let client = Client::new(ClientOptions { body_bytes_max, ..ClientOptions::default() });
    client.send(get(server.url("/"))).await.map(|response| response.body.len())
}

#[tokio::test]
async fn one_that_is_longer_than_the_limit_is_refused() {
    assert_eq!(with_limit("0123456789", 10).await, Ok(10));
    let failure = with_limit("0123456789a", 10).await.expect_err("it is too long");
    assert_eq!(failure.error.kind, ErrorKind::Malformed);
    assert_eq!(failure.error.message, "the answer is longer than 10 bytes");
    assert!(failure.may_have_been_done);
}

#[tokio::test]
async fn one_that_is_cut_off_is_no_answer() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[\"img-1\"".to_owned();
    let server = Server::start(Reaction::WriteAndClose(cut)).await;
    let failure = failure(get(server.url("/"))).await;
    assert!(failure.may_have_been_done);
    assert_eq!(failure.error.kind, ErrorKind::Unavailable);
    assert!(failure.error.message.contains("the answer was cut off"), "{}", failure.error);
}

#[tokio::test]
async fn one_that_is_no_http_is_no_answer() {
    let server = Server::start(Reaction::WriteAndClose("SSH-2.0-OpenSSH\r\n\r\n".to_owned())).await;
    let failure = failure(get(server.url("/"))).await;
    assert!(failure.may_have_been_done);
    assert_eq!(failure.error.kind, ErrorKind::Unavailable);
}
