//! What is signed must be what is sent.

use imgshare_host::http::HttpRequest;
use imgshare_protocol::ErrorKind;

use super::server::{Reaction, Server, response};
use super::{failure, get, send};

fn pairs(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn method_address_and_body_are_sent_as_they_are() {
    let server = Server::start(Reaction::Write(response("200 OK", "", ""))).await;
    let path = "/a%2Fb?Action=List&x=%2A&y=~-._&z=a%20b&empty=";
    let request =
        HttpRequest { method: "POST".into(), body: b"{\"k\": 1}".to_vec(), ..get(server.url(path)) };
    send(request).await.expect("it is answered");
    let sent = &server.requests()[0];
    assert!(sent.starts_with(&format!("POST {path} HTTP/1.1\r\n")), "{sent}");
    assert!(sent.ends_with("\r\n\r\n{\"k\": 1}"), "{sent}");
    assert!(sent.contains("\r\ncontent-length: 8\r\n"), "{sent}");
}

#[tokio::test]
async fn the_host_header_names_host_and_port() {
    let server = Server::start(Reaction::Write(response("200 OK", "", ""))).await;
    send(get(server.url("/"))).await.expect("it is answered");
    let sent = &server.requests()[0];
    assert!(sent.contains(&format!("\r\nhost: {}\r\n", server.address())), "{sent}");
    assert_eq!(sent.matches("host: ").count(), 1, "{sent}");
}

#[tokio::test]
async fn headers_keep_their_order_and_those_of_one_name_their_number() {
    let server = Server::start(Reaction::Write(response("200 OK", "", ""))).await;
    let headers = pairs(&[("x-b", "1"), ("x-a", "2"), ("Authorization", "TC3 a, b"), ("x-b", "3")]);
    send(HttpRequest { headers, ..get(server.url("/")) }).await.expect("it is answered");
    let sent = server.requests()[0].to_lowercase();
    let ours = ["x-b: 1", "x-b: 3", "x-a: 2", "authorization: tc3 a, b"];
    let places: Vec<_> = ours.iter().map(|header| sent.find(header)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{sent}");
}

#[tokio::test]
async fn names_of_response_headers_are_in_lower_case() {
    let header = "X-Request-ID: r-1\r\nRetry-After: 7\r\n";
    let server = Server::start(Reaction::Write(response("429 Too Many Requests", header, "slow"))).await;
    let answer = send(get(server.url("/"))).await.expect("it is answered");
    assert_eq!((answer.status, answer.body.as_slice()), (429, &b"slow"[..]));
    for wanted in pairs(&[("x-request-id", "r-1"), ("retry-after", "7")]) {
        assert!(answer.headers.contains(&wanted), "{:?}", answer.headers);
    }
}

#[tokio::test]
async fn what_http_does_not_allow_is_never_sent() {
    let server = Server::start(Reaction::Silence).await;
    for request in [
        get("no address"),
        HttpRequest { method: "G T".into(), ..get(server.url("/")) },
        HttpRequest { headers: pairs(&[("x", "a\r\nb: c")]), ..get(server.url("/")) },
        HttpRequest { headers: pairs(&[("x y", "a")]), ..get(server.url("/")) },
    ] {
        let failure = failure(request).await;
        assert_eq!((failure.error.kind, failure.may_have_been_done), (ErrorKind::Malformed, false));
    }
    assert_eq!(server.accepted(), 0);
}

#[test]
fn a_debug_print_shows_no_header_query_or_body() {
    let request = HttpRequest {
        headers: pairs(&[("authorization", "FAKE-SIGNATURE")]),
        body: b"FAKE-BODY".to_vec(),
        ..get("https://api.acme.example/path?Signature=FAKE-QUERY")
    };
    let shown = format!("{request:?}");
    assert!(shown.contains("https://api.acme.example/path") && !shown.contains("FAKE"), "{shown}");
}
