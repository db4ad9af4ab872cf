//! A cloud's error codes, by what the user can do about them.
//!
//! ```
//! use imgshare_sdk::codes::{Refusal, Row, find};
//! use imgshare_sdk::{Error, ErrorKind::*};
//!
//! const ROWS: &[Row] = &[
//!     ("Busy", RateLimited, ""),
//!     ("InvalidImage", ImageNotFound, "check the image id and its region"),
//!     ("InvalidImage.Encrypted", ImageNotShareable, "share a copy of the image that is not encrypted"),
//! ];
//!
//! fn error(code: &str, message: &str, request_id: &str) -> Error {
//!     let (kind, hint) = find(ROWS, code).unwrap_or((Unexpected, ""));
//!     Refusal { code, message, request_id }.error(kind, hint)
//! }
//!
//! assert_eq!(error("InvalidImage.NotFound", "No such image.", "r-1").kind, ImageNotFound);
//! ```

use crate::{Error, ErrorKind};

/// A code or its beginning, its kind, and an action that would help; empty where the kind says it all.
pub type Row = (&'static str, ErrorKind, &'static str);

/// Kind and hint of a code. Codes may have parts, as in `InvalidImage.NotFound`; of the rows that have the first ones in
/// common with it, the one with the most counts.
pub fn find(rows: &[Row], code: &str) -> Option<(ErrorKind, &'static str)> {
    let mut part = code;
    loop {
        if let Some((_, kind, hint)) = rows.iter().find(|(known, ..)| *known == part) {
            return Some((*kind, hint));
        }
        part = part.rsplit_once('.')?.0;
    }
}

/// What a cloud says when it refuses a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its sentence for people.
    pub message: &'a str,
    /// Its id of the call; empty when it gave none.
    pub request_id: &'a str,
}

impl Refusal<'_> {
    /// The error for it, of this kind. An empty hint is none.
    pub fn error(self, kind: ErrorKind, hint: &str) -> Error {
        let mut error = Error::new(kind, sentence(self.message)).with_code(self.code);
        if !self.request_id.is_empty() {
            error = error.with_request_id(self.request_id);
        }
        if hint.is_empty() { error } else { error.with_hint(hint) }
    }
}

/// The cloud's sentence as the end of one of ours: no capital, no full stop.
pub fn sentence(message: &str) -> String {
    let message = message.trim().trim_end_matches(['.', '。']);
    let mut letters = message.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if first.is_ascii_uppercase() && !second.is_ascii_uppercase() => {
            format!("{}{}", first.to_ascii_lowercase(), &message[first.len_utf8()..])
        }
        (None, _) => "the cloud gives no reason".to_owned(),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorKind::{Conflict, ImageNotFound};

    const ROWS: &[Row] = &[("Image", ImageNotFound, "check it"), ("Image.Shared", Conflict, "")];

    #[test]
    fn the_row_with_the_most_parts_in_common_counts() {
        for (code, expected) in [
            ("Image", Some((ImageNotFound, "check it"))),
            ("Image.Else", Some((ImageNotFound, "check it"))),
            ("Image.Shared", Some((Conflict, ""))),
            ("Image.Shared.Deeper", Some((Conflict, ""))),
            ("Imagery", None),
            ("Else.Image", None),
            ("", None),
        ] {
            assert_eq!(find(ROWS, code), expected, "{code}");
        }
    }

    #[test]
    fn an_error_says_what_the_cloud_said_and_leaves_out_what_it_did_not() {
        let refusal = Refusal { code: "Image", message: "No such image.", request_id: "r-1" };
        let error = refusal.error(ImageNotFound, "check it");
        assert_eq!((error.kind, error.message.as_str()), (ImageNotFound, "no such image"));
        assert_eq!((error.code.as_deref(), error.request_id.as_deref()), (Some("Image"), Some("r-1")));
        assert_eq!(error.hint.as_deref(), Some("check it"));
        let error = Refusal { request_id: "", ..refusal }.error(Conflict, "");
        assert_eq!((error.request_id, error.hint), (None, None));
    }

    #[test]
    fn a_message_reads_as_the_end_of_a_sentence() {
        for (message, expected) in [
            ("The image does not exist.", "the image does not exist"),
            ("IAM denied", "IAM denied"),
            ("镜像不存在。", "镜像不存在"),
            (" . ", "the cloud gives no reason"),
            ("", "the cloud gives no reason"),
        ] {
            assert_eq!(sentence(message), expected, "{message}");
        }
    }
}
