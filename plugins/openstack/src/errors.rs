//! What a refusal means. The status alone decides: bodies are text, HTML or JSON, by the mood of whatever answers.

use imgshare_sdk::{Error, ErrorKind, Object, Response, codes};
use serde::Deserialize;

/// The header by which the cloud knows a call.
const REQUEST_ID: &str = "x-openstack-request-id";

/// Characters of the cloud's own sentence that are passed on.
const SENTENCE_MAX: usize = 200;

/// The cloud's id of the call.
pub(crate) fn request_id(response: &Response) -> Option<&str> {
    response.header(REQUEST_ID).filter(|id| !id.is_empty())
}

/// The error for a refusal of Glance, or of Keystone after the login.
pub(crate) fn of_call(response: &Response) -> Error {
    let kind = match response.status {
        413 => ErrorKind::QuotaExceeded,
        // Redirects are not followed: the address is not the service's own.
        300..=399 => ErrorKind::Unsupported,
        _ => response.kind_by_status().unwrap_or(ErrorKind::Malformed),
    };
    let error = refusal(response, kind);
    match hint(kind) {
        "" => error,
        hint => error.with_hint(hint),
    }
}

fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::CredentialInvalid => {
            "the cloud does not take its own new token: check the login's project and roles"
        }
        ErrorKind::PermissionDenied => "give the login the role `member` on the project",
        ErrorKind::ImageNotFound => "check the image id and its region",
        ErrorKind::QuotaExceeded => "have `image_member_quota` raised, or share with fewer",
        ErrorKind::Unsupported => "check the image service's address in the catalogue",
        ErrorKind::Conflict => "run again",
        _ => "",
    }
}

/// The error for a refusal of Keystone to give a token.
pub(crate) fn of_login(response: &Response) -> Error {
    let kind = response.kind_by_status().unwrap_or(ErrorKind::Malformed);
    let (kind, hint) = match kind {
        // Of a login without a scope Keystone says 401, of an address that is not its own 404.
        ErrorKind::CredentialInvalid | ErrorKind::PermissionDenied => {
            (kind, "check user, password, project and their domains, or make a new application credential")
        }
        ErrorKind::RateLimited | ErrorKind::Unavailable => (kind, ""),
        ErrorKind::ImageNotFound => {
            (ErrorKind::Unsupported, "check `auth_url`: there is no Keystone v3 at that address")
        }
        _ => (ErrorKind::Unsupported, "check `auth_url` and what is on the way to it"),
    };
    let error = refusal(response, kind);
    if hint.is_empty() { error } else { error.with_hint(hint) }
}

fn refusal(response: &Response, kind: ErrorKind) -> Error {
    let status = response.status;
    let message =
        sentence(response).unwrap_or_else(|| format!("the cloud answers with HTTP status {status}"));
    let error = response.with_wait(Error::new(kind, message).with_code(status.to_string()));
    match request_id(response) {
        Some(id) => error.with_request_id(id),
        None => error,
    }
}

#[derive(Deserialize)]
struct Told {
    message: String,
}

#[derive(Deserialize)]
struct Wrapped {
    error: Object<Told>,
}

/// The cloud's own sentence, where it is in one of the JSON forms of Keystone and Glance.
fn sentence(response: &Response) -> Option<String> {
    let wrapped = response.object::<Wrapped>().map(|Wrapped { error: Object(told) }| told);
    let Told { message } = wrapped.or_else(|_| response.object()).ok()?;
    let plain = message.replace("<br />", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let is_text = !plain.is_empty() && !plain.contains(['<', '>']);
    is_text.then(|| codes::sentence(&plain.chars().take(SENTENCE_MAX).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorKind::*;

    fn response(status: u16, body: &str) -> Response {
        let headers = vec![(REQUEST_ID.to_owned(), "req-fake".to_owned())];
        Response { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn the_status_alone_decides() {
        for (status, kind) in [
            (302, Unsupported),
            (400, Unexpected),
            (401, CredentialInvalid),
            (403, PermissionDenied),
            (404, ImageNotFound),
            (409, Conflict),
            (413, QuotaExceeded),
            (429, RateLimited),
            (500, Unavailable),
            (503, Unavailable),
        ] {
            for body in ["", "<html><body>no</body></html>", "403 Forbidden\n\nno\n", r#"{"message": "no"}"#]
            {
                let error = of_call(&response(status, body));
                assert_eq!(
                    (error.kind, error.code.as_deref()),
                    (kind, Some(status.to_string().as_str())),
                    "{body}"
                );
                assert_eq!(error.request_id.as_deref(), Some("req-fake"));
            }
        }
    }

    #[test]
    fn a_refused_login_is_never_an_images_fault() {
        for (status, kind) in [
            (200, Unsupported),
            (300, Unsupported),
            (400, Unsupported),
            (401, CredentialInvalid),
            (403, PermissionDenied),
            (404, Unsupported),
            (409, Unsupported),
            (429, RateLimited),
            (500, Unavailable),
        ] {
            assert_eq!(of_login(&response(status, "")).kind, kind, "{status}");
        }
    }

    #[test]
    fn the_clouds_own_sentence_is_told_where_it_is_one() {
        for (body, expected) in [
            (
                r#"{"error": {"code": 401, "message": "The request you have made requires authentication.", "title": "Unauthorized"}}"#,
                "the request you have made requires authentication",
            ),
            (r#"{"message": "Image not\n found.<br /><br />", "code": "404 Not Found"}"#, "image not found"),
            (r#"{"message": "You are not permitted.", "code": "403 Forbidden"}"#, "you are not permitted"),
            ("<html>no", "the cloud answers with HTTP status 403"),
        ] {
            assert_eq!(of_call(&response(403, body)).message, expected, "{body}");
        }
    }

    #[test]
    fn what_a_user_can_mend_comes_with_a_hint() {
        for status in [302, 401, 403, 404, 409, 413] {
            assert!(of_call(&response(status, "")).hint.is_some(), "{status}");
        }
        for status in [300, 400, 401, 403, 404] {
            assert!(of_login(&response(status, "")).hint.is_some(), "{status}");
        }
    }

    #[test]
    fn the_clouds_wish_to_be_left_alone_for_a_while_is_passed_on() {
        let mut busy = response(429, "");
        busy.headers.push(("retry-after".into(), "3".into()));
        assert_eq!((of_call(&busy).retry_after_ms, of_login(&busy).retry_after_ms), (Some(3000), Some(3000)));
    }
}
