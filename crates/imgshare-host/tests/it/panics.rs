//! A mistake in a plugin is an error that names plugin and source line, wherever it happens; everything else goes on.

use std::process::Command;

use imgshare_protocol::{Error, ErrorKind};
use imgshare_testkit::{Answer, Script};

use crate::stage::{Stage, act};

/// Checks that the error came of this panic in this file of the puppet.
fn check(error: &Error, message: &str, file: &str) {
    assert_eq!(error.kind, ErrorKind::Panicked, "{error}");
    assert!(error.message.contains(message), "{error}");
    let value =
        |key: &str| error.context.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
    assert_eq!(value("plugin"), Some("puppet"), "{error:?}");
    let source = value("source").expect("the error names the source line");
    let (place, line) = source.rsplit_once(file).expect("the error names the file");
    assert!(place.contains("puppet/src/") && line.starts_with(':') && line.len() > 1, "{source}");
}

#[tokio::test]
async fn while_connecting() {
    let stage = Stage::new(&Script::silent());
    let error = stage.connect_with("panic").err().expect("connect panics");
    check(&error, "connect has a bug", "lib.rs");
    assert!(stage.connect_with("").is_ok(), "the next one connects");
}

#[tokio::test]
async fn before_the_first_request() {
    let cloud = Script::silent();
    let error = act(&Stage::new(&cloud).connect(), "panic first", "").await.expect_err("it panics");
    check(&error, "index out of bounds", "panicking.rs");
    assert!(cloud.requests().is_empty());
}

#[tokio::test]
async fn after_the_first_answer() {
    let cloud = Script::capture();
    let error = act(&Stage::new(&cloud).connect(), "panic later", "").await.expect_err("it panics");
    check(&error, "the header is always there", "panicking.rs");
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn with_something_that_is_no_text() {
    let stage = Stage::new(&Script::silent());
    let error = act(&stage.connect(), "panic without a text", "").await.expect_err("it panics");
    check(&error, "a panic without a text", "lib.rs");
}

#[tokio::test]
async fn when_an_operation_lets_go_of_what_it_has() {
    let error = act(&Stage::new(&Script::capture()).connect(), "panic when dropped", "").await;
    check(&error.expect_err("it panics"), "dropping the operation has a bug", "panicking.rs");
}

#[tokio::test]
async fn while_an_exchange_is_dropped_half_way() {
    let stage = Stage::new(&Script::silent());
    let provider = stage.connect();
    let log = crate::listening::listen();
    let mut waiting = Box::pin(act(&provider, "panic when dropped", ""));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    drop(waiting);
    let told = log.only("the plugin failed while it let go of something");
    assert_eq!(told.field("plugin"), Some("puppet"));
    let error = told.field("error").expect("the record has the error");
    assert!(error.contains("plugin panicked: dropping the operation has a bug at"), "{error}");
    assert!(error.contains("puppet/src/panicking.rs:"), "{error}");
    assert_eq!(act(&provider, "alive", "").await.expect("the provider goes on"), ["1"]);
}

#[tokio::test]
async fn while_a_provider_is_dropped() {
    let stage = Stage::new(&Script::silent());
    let log = crate::listening::listen();
    drop(stage.connect_with("panic when dropped").expect("it connects"));
    let told = log.only("the plugin failed while it let go of something");
    let error = told.field("error").expect("the record has the error");
    assert!(error.contains("dropping the provider has a bug at"), "{error}");
    assert!(stage.connect_with("").is_ok(), "the next one connects");
}

#[tokio::test]
async fn other_operations_of_the_same_provider_go_on() {
    let cloud = Script::by(|request| match request.url.ends_with("/later") {
        true => Answer::ok(""),
        false => Answer::ok("fine").after_ms(1),
    });
    let provider = Stage::new(&cloud).connect();
    let (other, panicked) =
        futures_util::join!(act(&provider, "chain", "3"), act(&provider, "panic later", ""));
    assert_eq!(panicked.expect_err("it panics").kind, ErrorKind::Panicked);
    assert_eq!(other.expect("the other one goes on"), ["fine", "fine", "fine"]);
    assert_eq!(
        act(&provider, "alive", "").await.expect("the provider goes on"),
        ["1"],
        "nothing is left behind"
    );
}

/// Only a process of its own shows what is printed.
#[test]
fn nothing_is_printed_by_a_panic_in_a_plugin() {
    let this_test = std::env::current_exe().expect("the test knows where it is");
    let names = ["panics::before_the_first_request", "panics::while_connecting"];
    let output = Command::new(this_test).args(names).args(["--exact", "--nocapture"]).output();
    let output = output.expect("the test can be started again");
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(String::from_utf8_lossy(&output.stdout).contains("2 passed"), "{output:?}");
    assert!(!printed.contains("panicked"), "{printed}");
}
