//! Proxies are taken from the environment. Each test runs once more, in a process with the environment that it is about.

use std::process::Command;

use imgshare_host::http::HttpRequest;
use tokio::net::TcpListener;

use super::server::{Reaction, Server, response};
use super::{get, send};

/// Set in the processes with another environment; its value is the address to ask for.
const ASK: &str = "IMGSHARE_TEST_ASK";

/// Starts this test again with these variables, to ask for this address.
async fn again(test: &'static str, address: &str, variables: &[(&str, String)]) {
    let mut command = Command::new(std::env::current_exe().expect("the test knows where it is"));
    command.args([test, "--exact"]).env(ASK, address);
    for name in
        ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]
    {
        command.env_remove(name);
    }
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("the test is started");
    let output = output.expect("the test can be started again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The address to ask for, in the second process.
fn asked() -> Option<HttpRequest> {
    let url = std::env::var(ASK).ok()?;
    Some(HttpRequest { plain_http_allowed: true, ..get(url) })
}

fn fine() -> Reaction {
    Reaction::Write(response("200 OK", "", ""))
}

#[tokio::test]
async fn a_cloud_is_asked_through_the_proxy() {
    if let Some(request) = asked() {
        assert_eq!(send(request).await.expect("the proxy answers").status, 200);
        return;
    }
    let proxy = Server::start(fine()).await;
    let variables = [("HTTP_PROXY", proxy.url(""))];
    again("http::proxy::a_cloud_is_asked_through_the_proxy", "http://api.acme.example/x", &variables).await;
    assert!(proxy.requests()[0].starts_with("GET http://api.acme.example/x HTTP/1.1\r\n"));
}

#[tokio::test]
async fn a_cloud_with_tls_is_asked_through_a_tunnel() {
    if let Some(request) = asked() {
        assert!(!send(request).await.expect_err("this proxy digs no tunnel").may_have_been_done);
        return;
    }
    let proxy = Server::start(Reaction::WriteAndClose(response("403 Forbidden", "", ""))).await;
    let variables = [("HTTPS_PROXY", proxy.url(""))];
    again("http::proxy::a_cloud_with_tls_is_asked_through_a_tunnel", "https://api.acme.example/", &variables)
        .await;
    assert!(proxy.requests()[0].starts_with("CONNECT api.acme.example:443 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn this_machine_is_asked_without() {
    if let Some(request) = asked() {
        assert_eq!(send(request).await.expect("the server answers").status, 200);
        return;
    }
    let (proxy, server) = (Server::start(fine()).await, Server::start(fine()).await);
    let variables = [("HTTP_PROXY", proxy.url(""))];
    again("http::proxy::this_machine_is_asked_without", &server.url("/"), &variables).await;
    assert_eq!((proxy.accepted(), server.accepted()), (0, 1));
}

#[tokio::test]
async fn this_machine_is_asked_without_also_with_tls() {
    if let Some(request) = asked() {
        assert!(!send(request).await.expect_err("this server speaks no TLS").may_have_been_done);
        return;
    }
    let proxy = Server::start(fine()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = format!("https://{}/", listener.local_addr().expect("a listener has an address"));
    // It hangs up at once.
    let asked = tokio::spawn(async move { listener.accept().await.is_ok() });
    let variables = [("HTTPS_PROXY", proxy.url(""))];
    again("http::proxy::this_machine_is_asked_without_also_with_tls", &address, &variables).await;
    assert!(asked.await.expect("it does not panic"));
    assert_eq!(proxy.accepted(), 0);
}
