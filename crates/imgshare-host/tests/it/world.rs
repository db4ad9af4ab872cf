//! What a plugin knows of the world is what the host tells it.

use imgshare_host::http::HttpRequest;
use imgshare_protocol::ErrorKind;
use imgshare_testkit::{Answer, FakeWorld, Script};

use crate::stage::{Stage, act};

#[tokio::test(start_paused = true)]
async fn the_same_world_and_the_same_answers_give_the_same_requests() {
    let requests = async || {
        let cloud = Script::in_order([Answer::status(429, ""), Answer::ok(""), Answer::ok("")]);
        let provider = Stage::in_world(&cloud, FakeWorld::default().with_virtual_time()).connect();
        act(&provider, "call", "").await.expect("it is answered");
        act(&provider, "call", "").await.expect("it is answered");
        cloud.requests()
    };
    let (first, second) = (requests().await, requests().await);
    assert!(first == second && first.len() == 3);
    assert_ne!(first[1].headers, first[2].headers, "each is signed for itself");
}

#[tokio::test]
async fn no_two_nonces_are_the_same_also_within_one_step() {
    let provider = Stage::new(&Script::silent()).connect();
    let mut nonces = act(&provider, "nonces", "").await.expect("it makes some");
    nonces.extend(act(&provider, "nonces", "").await.expect("it makes some"));
    assert!(nonces.iter().all(|nonce| nonce.len() == 32));
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 6);
}

#[tokio::test]
async fn a_file_is_read_and_one_that_is_not_there_is_none() {
    let world = FakeWorld::default().with_file("~/.puppet/credentials", "strings attached");
    let provider = Stage::in_world(&Script::silent(), world).connect();
    assert_eq!(act(&provider, "file", "~/.puppet/credentials").await, Ok(vec!["strings attached".into()]));
    assert_eq!(act(&provider, "file", "/no/such/file").await, Ok(vec![]));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_an_error_and_not_a_missing_one() {
    let mut stage = Stage::new(&Script::silent());
    stage.host.world = std::sync::Arc::new(imgshare_host::System);
    let error = act(&stage.connect(), "file", "/proc").await.expect_err("it is a folder");
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    assert!(error.message.contains("/proc") && error.hint.is_some(), "{error:?}");
}

#[tokio::test]
async fn a_declared_metadata_service_is_asked_plainly_and_without_a_proxy_and_nobody_else_is() {
    let cloud = Script::capture();
    let provider = Stage::new(&cloud).connect();
    act(&provider, "metadata", "").await.expect("it is answered");
    act(&provider, "chain", "1").await.expect("it is answered");
    let marks = |request: &HttpRequest| (request.plain_http_allowed, request.without_proxy);
    assert_eq!(cloud.requests().iter().map(marks).collect::<Vec<_>>(), [(true, true), (false, false)]);
}
