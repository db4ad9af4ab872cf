//! Errors of providers, in many lines.

use std::fmt::Write as _;

use imgshare_protocol::Error;

use super::style::{ERROR, HINT};

/// `account is invalid: ...`
pub(crate) fn title(error: &Error) -> String {
    if error.message.is_empty() {
        return error.kind.words().to_owned();
    }
    format!("{}: {}", error.kind.words(), error.message)
}

/// Whom it concerns, with the cloud's code and request id.
pub(crate) fn context(error: &Error) -> Vec<(String, String)> {
    let mut lines = error.context.clone();
    match (&error.code, &error.request_id) {
        (Some(code), Some(request)) => lines.push(("code".into(), format!("{code}, request {request}"))),
        (Some(code), None) => lines.push(("code".into(), code.clone())),
        (None, Some(request)) => lines.push(("request".into(), request.clone())),
        (None, None) => {}
    }
    lines
}

/// Title and hint below one another, indented; the context stands around it already.
pub(crate) fn indented(error: &Error, indent: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{:indent$}{ERROR}{}{ERROR:#}", "", title(error));
    match (&error.code, &error.request_id) {
        (Some(code), Some(request)) => drop(writeln!(text, "{:indent$}cloud: {code}, request {request}", "")),
        (Some(code), None) => drop(writeln!(text, "{:indent$}cloud: {code}", "")),
        (None, Some(request)) => drop(writeln!(text, "{:indent$}request: {request}", "")),
        (None, None) => {}
    }
    if let Some(hint) = &error.hint {
        let _ = writeln!(text, "{:indent$}{HINT}hint:{HINT:#} {hint}", "");
    }
    text
}
