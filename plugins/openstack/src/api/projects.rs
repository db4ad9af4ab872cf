//! `GET /v3/projects/ID`: whether a project exists, for those who may know.

use imgshare_sdk::{AccountId, Object, Response, Result};
use serde::{Deserialize, Serialize};

use super::{Ask, Service, segment};
use crate::errors;

/// What can be known of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Existence {
    /// It exists.
    Exists,
    /// No project has this id.
    Missing,
    /// The login may not know, as most may not.
    Untold,
}

/// Asks for a project. `None`: an id that no project has.
pub fn show(id: &AccountId) -> Option<Ask> {
    Some(Ask::get("GET projects/ID", Service::Identity, format!("/projects/{}", segment(id.as_str())?)))
}

/// Reads whether it exists. Only Keystone's own word counts: a gateway that does not let the call through may say 404 too.
///
/// # Errors
///
/// When the token is refused, or Keystone is busy.
pub fn existence(response: &Response) -> Result<Existence> {
    match response.status {
        200..=299 => Ok(Existence::Exists),
        404 if is_keystones(response) => Ok(Existence::Missing),
        401 | 429 | 500..=599 => Err(errors::of_call(response)),
        _ => Ok(Existence::Untold),
    }
}

fn is_keystones(response: &Response) -> bool {
    #[derive(Deserialize)]
    struct Refusal {
        error: Object<Code>,
    }
    #[derive(Deserialize)]
    struct Code {
        code: u16,
    }
    response.object::<Refusal>().is_ok_and(|refusal| refusal.error.0.code == response.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Result<Existence> {
        existence(&Response { status, headers: vec![], body: body.as_bytes().to_vec() })
    }

    #[test]
    fn only_keystones_own_word_makes_a_project_missing() {
        let refusal =
            |code: u16| format!(r#"{{"error": {{"code": {code}, "message": "no", "title": "No"}}}}"#);
        assert_eq!(read(200, r#"{"project": {}}"#), Ok(Existence::Exists));
        assert_eq!(read(404, &refusal(404)), Ok(Existence::Missing));
        for (status, body) in
            [(404, "<html>"), (404, "{}"), (404, "[]"), (403, &refusal(403)), (405, ""), (302, "")]
        {
            assert_eq!(read(status, body), Ok(Existence::Untold), "{status} {body}");
        }
        for status in [401, 429, 503] {
            assert!(read(status, "").is_err(), "{status}");
        }
    }
}
