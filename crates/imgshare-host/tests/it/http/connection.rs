//! Connections: used again, refused, broken, bounded in time.

use std::time::Duration;

use imgshare_host::http::{Client, ClientOptions, HttpRequest, Transport as _};
use imgshare_protocol::ErrorKind;

use super::server::{Reaction, Server, response};
use super::{client, failure, get, send};

#[tokio::test]
async fn one_connection_serves_one_request_after_the_other() {
    let server = Server::start(Reaction::Write(response("200 OK", "", "fine"))).await;
    let client = client();
    for _ in 0..5 {
        assert_eq!(client.send(get(server.url("/"))).await.expect("it is answered").body, b"fine");
    }
    assert_eq!((server.requests().len(), server.accepted()), (5, 1));
}

#[tokio::test]
async fn a_request_that_reached_nobody_was_not_done() {
    let server = Server::start(Reaction::Silence).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    drop((listener, server));
    let failure = failure(get(format!("http://{address}/?key=FAKE-SECRET"))).await;
    assert!(!failure.may_have_been_done);
    assert_eq!(failure.error.kind, ErrorKind::Unavailable);
    assert!(failure.error.message.contains("no connection with 127.0.0.1"), "{}", failure.error);
    assert!(failure.error.hint.is_some() && !format!("{failure:?}").contains("FAKE"), "{failure:?}");
}

#[tokio::test]
async fn a_request_whose_connection_broke_may_have_been_done() {
    let server = Server::start(Reaction::WriteAndClose(String::new())).await;
    let failure =
        failure(HttpRequest { method: "POST".into(), ..get(server.url("/?key=FAKE-SECRET")) }).await;
    assert!(failure.may_have_been_done);
    assert_eq!(failure.error.kind, ErrorKind::Unavailable);
    assert!(!format!("{failure:?}").contains("FAKE"), "{failure:?}");
    assert_eq!(server.requests().len(), 1, "it is not sent again behind the host's back");
}

#[tokio::test]
async fn a_request_that_is_not_answered_in_the_plugins_time_may_have_been_done() {
    let server = Server::start(Reaction::Silence).await;
    let failure = failure(HttpRequest { timeout_ms: Some(50), ..get(server.url("/")) }).await;
    assert!(failure.may_have_been_done);
    assert_eq!(failure.error.kind, ErrorKind::Unavailable);
    assert!(failure.error.message.contains("no answer in time"), "{}", failure.error);
}

#[tokio::test]
async fn no_plugin_can_wait_longer_than_the_host() {
    let server = Server::start(Reaction::Silence).await;
    let options = ClientOptions { whole_timeout: Duration::from_millis(50), ..ClientOptions::default() };
    let request = HttpRequest { timeout_ms: Some(3_600_000), ..get(server.url("/")) };
    let failure = Client::new(options).send(request).await.expect_err("it is not answered");
    assert!(failure.error.message.contains("no answer in time"), "{}", failure.error);
}

#[tokio::test]
async fn plain_http_goes_to_this_machine_only() {
    let failure = failure(get("http://192.0.2.1/?key=FAKE-SECRET")).await;
    assert!(!failure.may_have_been_done);
    assert_eq!(failure.error.kind, ErrorKind::Unsupported);
    assert!(failure.error.message.contains("192.0.2.1 would send everything in clear"), "{}", failure.error);
    assert!(failure.error.hint.is_some_and(|hint| hint.contains("allow_plain_http = true")));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_nothing_to_follow() {
    let location = "location: http://127.0.0.1:1/elsewhere\r\n";
    let server = Server::start(Reaction::Write(response("302 Found", location, ""))).await;
    let answer = send(get(server.url("/"))).await.expect("it is answered");
    assert_eq!(answer.status, 302);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn other_schemes_are_not_known() {
    for url in ["ftp://127.0.0.1/", "file:///etc/hostname"] {
        let failure = failure(get(url)).await;
        assert_eq!(
            (failure.error.kind, failure.may_have_been_done),
            (ErrorKind::Unsupported, false),
            "{url}"
        );
    }
}
