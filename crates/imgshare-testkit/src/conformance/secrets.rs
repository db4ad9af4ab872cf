//! No secret is told: not by the plugin itself, and not by a cloud that repeats what it was sent.

use std::fmt::Write as _;
use std::sync::Arc;

use imgshare_host::http::HttpRequest;
use imgshare_protocol::{Connect, Operation};
use serde_json::Value;

use super::records::listening;
use super::subject::Subject;
use super::verdict::{Verdict, ensure, unchecked};
use crate::{Answer, FakeWorld, Script};

pub(super) fn its_own_texts_hold_no_secret(subject: &Subject) -> Verdict {
    let config = subject.sending_config()?;
    if config.credentials.is_empty() {
        return unchecked("no credential field is needed to send a request, so there is no secret to tell");
    }
    let answers = [Answer::status(401, ""), Answer::status(429, ""), Answer::ok("{}"), Answer::lost()];
    answers.into_iter().try_for_each(|answer| {
        let cloud = || {
            let answer = answer.clone();
            Script::by(move |_| answer.clone())
        };
        holds_no_secret(subject, "log and return no key", || said(subject, config, FakeWorld::default, cloud))
    })
}

pub(super) fn secrets_that_the_cloud_repeats_are_blotted_out(subject: &Subject) -> Verdict {
    let needed: Vec<_> = subject.needed_fields().collect();
    let variables: Vec<_> = subject
        .description()
        .credentials
        .iter()
        .filter(|field| needed.contains(&field.name.as_str()))
        .filter_map(|field| Some((field.environment.first()?.clone(), subject.credential(&field.name))))
        .collect();
    if variables.is_empty() {
        return unchecked("no secret credential field names an environment variable");
    }
    let world =
        || variables.iter().fold(FakeWorld::default(), |world, (name, value)| world.with_env(name, value));
    let config = subject.config_with([].into_iter());
    let advice = "read keys with cx.env() or take them into custody with cx.secret()";
    [200, 401, 429].into_iter().try_for_each(|status| {
        let cloud = || Script::by(move |request| Answer::status(status, parrot(request)));
        holds_no_secret(subject, advice, || said(subject, &config, world, cloud))
    })
}

/// The request, in a form that many clouds have for their errors.
fn parrot(request: &HttpRequest) -> String {
    let headers: String = request.headers.iter().map(|(_, value)| format!("{value} ")).collect();
    let keys = "FAKE";
    let sent = format!("{keys} {} {headers} {}", request.url, String::from_utf8_lossy(&request.body));
    let message = Value::from(sent);
    format!(
        r#"{{"Code":{message},"Message":{message},"RetCode":{message},"Response":{{"Error":{{"Code":{message},"Message":{message}}}}}}}"#
    )
}

/// Every text that all operations let out: results, errors, records.
fn said(
    subject: &Subject,
    config: &Connect,
    world: impl Fn() -> FakeWorld,
    cloud: impl Fn() -> Arc<Script>,
) -> String {
    let mut operations = subject.operations();
    operations.push(Operation::FindCredentials { may_ask_network: true });
    let mut text = String::new();
    for operation in &operations {
        let result = subject.attempt_in(world(), config, &cloud(), operation).result;
        // Writing to a string does not fail.
        let _ = writeln!(text, "{result:?}");
    }
    text
}

fn holds_no_secret(subject: &Subject, advice: &str, say: impl FnOnce() -> String) -> Verdict {
    let (said, logged) = listening(say);
    subject.secret_fields().try_for_each(|field| {
        let secret = subject.credential(field);
        [("a result or an error", &said), ("a log record", &logged)].into_iter().try_for_each(
            |(place, text)| {
                ensure(!text.contains(&secret), || {
                    let line = text.lines().find(|line| line.contains(&secret)).unwrap_or_default();
                    let line = line.replace(&secret, &format!("[{field}]"));
                    format!("{place} holds the credential field {field}: {line:?}; {advice}")
                })
            },
        )
    })
}
