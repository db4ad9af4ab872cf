//! Errors of providers in words.

use imgshare_protocol::{Error, ErrorKind};

use super::label::plain;

/// `account is invalid: the account id was not found`
pub(crate) fn title(error: &Error) -> String {
    if error.message.is_empty() {
        return error.kind.words().to_owned();
    }
    format!("{}: {}", error.kind.words(), plain(&error.message))
}

/// The title after `cannot ...:`, where some kinds' words would only say once more that it cannot be done.
pub(crate) fn reason(error: &Error) -> String {
    let echoes = [ErrorKind::ImageNotShareable, ErrorKind::Unsupported, ErrorKind::Unexpected];
    if echoes.contains(&error.kind) && !error.message.is_empty() {
        return plain(&error.message);
    }
    title(error)
}

/// The cloud's code and request id, if it gave any.
pub(crate) fn code(error: &Error) -> Option<String> {
    match (&error.code, &error.request_id) {
        (Some(code), Some(request)) => Some(format!("{code}, request {request}")),
        (Some(code), None) => Some(code.to_string()),
        (None, Some(request)) => Some(format!("request {request}")),
        (None, None) => None,
    }
}

/// Where in the config it comes from, if the error says so.
pub(crate) fn config(error: &Error) -> Option<String> {
    error.context.iter().find(|(key, _)| key == "config").map(|(_, place)| place.clone())
}

/// The error's own hint, or else what its kind suggests.
pub(crate) fn hint(error: &Error) -> Option<String> {
    let of_kind = || {
        let words = match error.kind {
            ErrorKind::Unavailable => "run again later",
            ErrorKind::RateLimited => "run again later, or with a lower --concurrency",
            ErrorKind::Conflict => "run again",
            ErrorKind::Malformed | ErrorKind::Panicked => "report this to the plugin's author",
            ErrorKind::Unsupported => "update the plugin, or do without",
            _ => return None,
        };
        Some(words.to_owned())
    };
    error.hint.as_deref().map(str::to_owned).or_else(of_kind)
}
