//! Recording and replaying.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt as _;
use imgshare_testkit::exchanges::{Recorder, Replay, Scrub};
use imgshare_testkit::http::{HttpRequest, Transport as _};
use imgshare_testkit::{Answer, Script};

fn request(body: &str) -> HttpRequest {
    HttpRequest {
        method: "POST".into(),
        url: "https://api.acme.example/?key=FAKEKEY".into(),
        headers: vec![("Authorization".into(), "signed FAKEKEY".into())],
        body: body.into(),
        timeout_ms: None,
        plain_http_allowed: false,
        without_proxy: false,
    }
}

fn scrub() -> Scrub {
    Scrub::of(&BTreeMap::from([("key".to_owned(), "FAKEKEY".to_owned())]))
}

fn recorded() -> String {
    let answers = [Answer::ok("{\n\n}").header("x-id", "7"), Answer::status(404, ""), Answer::lost()];
    let recorder = Recorder::new(Script::in_order(answers), scrub());
    for body in ["first\n\nline", "second", "third"] {
        recorder.send(request(body)).now_or_never().expect("a script answers at once").ok();
    }
    recorder.text(Some("https://proxy.example"))
}

fn replay(text: &str) -> Arc<Replay> {
    Arc::new(Replay::new("case.txt", text, scrub()).expect("it is a recording"))
}

#[test]
fn a_recording_reads_like_the_wire_and_holds_no_secret() {
    let text = recorded();
    let first = "> POST https://api.acme.example/?key=<key>\n> Authorization: <authorization>\n>\n> first\n>\n> line\n\
                 < 200\n< x-id: 7\n<\n< {\n<\n< }\n";
    assert!(text.contains(first), "{text}");
    assert!(!text.contains("FAKEKEY"), "{text}");
}

#[test]
#[expect(clippy::result_large_err, reason = "the transport's own form")]
fn what_was_recorded_is_answered_again() {
    let replay = replay(&recorded());
    assert_eq!(replay.endpoint(), Some("https://proxy.example"));
    let mut answers =
        ["first\n\nline", "second", "third"].map(|body| replay.send(request(body)).now_or_never().unwrap());
    let first = answers[0].as_mut().expect("it is answered");
    assert_eq!((first.status, first.body.as_slice()), (200, b"{\n\n}".as_slice()));
    assert_eq!(first.headers, [("x-id".to_owned(), "7".to_owned())]);
    assert_eq!(answers[1].as_ref().map(|answer| answer.status).ok(), Some(404));
    assert!(answers[2].is_err());
    assert_eq!(replay.finish(), Ok(()));
}

#[test]
fn the_first_line_that_differs_is_told() {
    let replay = replay(&recorded());
    let answer = replay.send(request("first\n\nLINE")).now_or_never().unwrap();
    assert!(answer.is_err());
    let said = replay.finish().unwrap_err();
    assert_eq!(said, "case.txt: request 1: line 6 differs\n  sent:     \"LINE\"\n  recorded: \"line\"");
}

#[test]
fn a_request_that_is_not_sent_is_told() {
    let said = replay(&recorded()).finish().unwrap_err();
    assert!(said.starts_with("case.txt: 0 requests were sent, and the next one is recorded: POST"), "{said}");
}

#[test]
fn a_file_that_is_no_recording_is_refused_with_its_line() {
    let said = Replay::new("case.txt", "# a comment\nhello", scrub()).err();
    assert_eq!(said.as_deref(), Some("case.txt:2: this line has no mark"));
}
