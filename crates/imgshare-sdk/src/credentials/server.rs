//! The role of the server that imgshare runs on: what metadata services have in common.
//!
//! They answer at one address that every server of the cloud reaches and nobody else: the list of roles at a path, and
//! a role's temporary keys below it.

use serde::Deserialize;

use crate::{Error, ErrorKind, Request, Response};

/// The service answers at once where there is one, and never where there is none.
const TIMEOUT_MS: u64 = 2000;

/// Whether the role of the server that imgshare runs on is used; a provider's setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleUse {
    /// When there are no other credentials.
    #[default]
    Auto,
    /// Never: the metadata service is not asked.
    None,
}

/// This request, for a metadata service. Send it once and not again: on a laptop every try would wait for nothing.
pub fn metadata_request(request: Request) -> Request {
    request.action("metadata").timeout_ms(TIMEOUT_MS)
}

/// The role's name, from the list of roles; or, for people, why there is none. Nobody is to blame for that: there is no
/// role, or what answers is no metadata service.
///
/// # Errors
///
/// The reason, as it goes on after `the metadata service`.
pub fn role_name(response: &Response) -> Result<String, String> {
    let text = String::from_utf8_lossy(&response.body);
    let name = text.lines().map(str::trim).find(|line| !line.is_empty());
    match (response.status, name) {
        (200, Some(name)) if name.len() <= 128 && !name.contains(['<', '{']) => Ok(name.to_owned()),
        (200, None) | (404, _) => Err("this server has no role".into()),
        (200, _) => Err("what answers there is no metadata service".into()),
        (status, _) => Err(format!("answers with HTTP status {status}")),
    }
}

/// The error for a role whose keys cannot be used, for this reason.
pub fn no_role_keys(role: &str, reason: &str) -> Error {
    let message = format!("the metadata service gives no keys for role `{role}`: {reason}");
    Error::new(ErrorKind::CredentialInvalid, message)
        .with_hint("check the server's role in the cloud's console, or set other credentials")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_without_a_role_is_told_from_a_stranger_that_answers() {
        let name = |status, body: &str| {
            role_name(&Response { status, headers: vec![], body: body.as_bytes().to_vec() })
        };
        assert_eq!(name(200, "baker\n"), Ok("baker".into()));
        assert_eq!(name(404, "not found"), Err("this server has no role".into()));
        assert_eq!(name(200, ""), Err("this server has no role".into()));
        assert!(name(200, "<html>log in to this hotel's network</html>").is_err());
        assert!(name(200, &"x".repeat(200)).is_err());
        assert!(name(502, "").unwrap_err().contains("502"));
    }
}
