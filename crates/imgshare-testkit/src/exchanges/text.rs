//! One request and its answer, as lines.

use imgshare_host::http::{HttpRequest, HttpResponse, SendError};
use imgshare_protocol::{Error, ErrorKind};

use super::Scrub;

/// Headers that belong to the connection or change with the day.
const LEFT_OUT: [&str; 4] = ["date", "content-length", "connection", "transfer-encoding"];

const NO_ANSWER: &str = "no answer: ";

/// A request as it is recorded and compared.
pub(super) fn request(request: &HttpRequest, scrub: &Scrub) -> String {
    let mut text = format!("{} {}\n", request.method, scrub.text(&request.url));
    text.push_str(&headers(&request.headers, scrub));
    format!("{text}\n{}", scrub.text(&String::from_utf8_lossy(&request.body)))
}

/// An answer as it is recorded.
pub(super) fn answer(answer: &Result<HttpResponse, SendError>, scrub: &Scrub) -> String {
    match answer {
        Ok(HttpResponse { status, headers: all, body }) => {
            let kept: Vec<_> =
                all.iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str())).cloned().collect();
            let body = scrub.text(&String::from_utf8_lossy(body));
            format!("{status}\n{}\n{body}", headers(&kept, scrub))
        }
        Err(SendError { error, .. }) => format!("{NO_ANSWER}{}", error.message),
    }
}

fn headers(headers: &[(String, String)], scrub: &Scrub) -> String {
    headers.iter().map(|(name, value)| format!("{name}: {}\n", scrub.header(name, value))).collect()
}

/// Reads what [`answer`] wrote. `None`: it is something else.
pub(super) fn read_answer(text: &str) -> Option<Result<HttpResponse, SendError>> {
    if let Some(message) = text.strip_prefix(NO_ANSWER) {
        let error = Error::new(ErrorKind::Unavailable, message);
        return Some(Err(SendError { error, may_have_been_done: true }));
    }
    let (status, rest) = text.split_once('\n')?;
    let (head, body) = match rest.strip_prefix('\n') {
        Some(body) => ("", body),
        None => rest.split_once("\n\n")?,
    };
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(Ok(HttpResponse {
        status: status.parse().ok()?,
        headers: head.lines().map(header).collect::<Option<_>>()?,
        body: body.as_bytes().to_vec(),
    }))
}

/// The text with a mark before each line.
pub(super) fn marked(mark: char, text: &str) -> String {
    let line = |line: &str| if line.is_empty() { format!("{mark}\n") } else { format!("{mark} {line}\n") };
    text.split('\n').map(line).collect()
}
