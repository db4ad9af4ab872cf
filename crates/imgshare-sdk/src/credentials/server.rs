//! The role of the server that imgshare runs on: what metadata services have in common.
//!
//! They answer at one address that every server of the cloud reaches and nobody else: the list of roles at a path, and
//! a role's temporary keys below it.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Error, ErrorKind, Request, Response, Result};

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

impl RoleUse {
    /// The setting's JSON Schema, to stand as `role` among the properties of a provider's settings.
    pub fn schema() -> Value {
        json!({
            "type": "string",
            "enum": ["auto", "none"],
            "default": "auto",
            "description": "Whether the role of the server that imgshare runs on is used when there are no other \
                            credentials; with `none` the metadata service is never asked."
        })
    }
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
pub fn role_name(response: &Response) -> std::result::Result<String, String> {
    let text = String::from_utf8_lossy(&response.body);
    let name = text.lines().map(str::trim).find(|line| !line.is_empty());
    match (response.status, name) {
        (200, Some(name)) if name.len() <= 128 && !name.contains(['<', '{']) => Ok(name.to_owned()),
        (200, None) | (404, _) => Err("this server has no role".into()),
        (200, _) => Err("what answers there is no metadata service".into()),
        (status, _) => Err(format!("answers with HTTP status {status}")),
    }
}

/// A role's keys, from an answer that has them as JSON beside the code `Success`.
///
/// # Errors
///
/// That of [`no_role_keys`], which quotes nothing of the answer but its code.
pub fn role_keys<T: DeserializeOwned>(response: &Response, role: &str) -> Result<T> {
    #[derive(Deserialize)]
    struct Answer<T> {
        #[serde(rename = "Code")]
        code: Option<String>,
        #[serde(flatten)]
        keys: T,
    }

    if response.status != 200 {
        return Err(no_role_keys(role, &format!("it answers with HTTP status {}", response.status)));
    }
    // The reader's reason may quote a key, and is not given.
    let Answer { code, keys } = serde_json::from_slice(&response.body)
        .map_err(|_| no_role_keys(role, "its answer is not as documented"))?;
    match code.as_deref() {
        Some("Success") => Ok(keys),
        code => Err(no_role_keys(role, &format!("its code is `{}`", code.unwrap_or_default()))),
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

    fn response(status: u16, body: &str) -> Response {
        Response { status, headers: vec![], body: body.as_bytes().to_vec() }
    }

    #[test]
    fn the_schema_names_every_use_of_the_role_and_the_default() {
        let schema = RoleUse::schema();
        let read = |value: &Value| serde_json::from_value(value.clone()).unwrap();
        let uses: Vec<RoleUse> = schema["enum"].as_array().unwrap().iter().map(read).collect();
        assert_eq!(uses, [RoleUse::Auto, RoleUse::None]);
        assert_eq!(read(&schema["default"]), RoleUse::default());
    }

    #[test]
    fn a_roles_keys_come_with_success_and_nothing_else_is_quoted() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Keys {
            key: String,
        }
        let keys = |status, body| role_keys::<Keys>(&response(status, body), "baker");
        assert_eq!(keys(200, r#"{"Code": "Success", "key": "a"}"#), Ok(Keys { key: "a".into() }));
        for (status, body, reason) in [
            (500, r#"{"Code": "Success", "key": "FakeKey"}"#, "HTTP status 500"),
            (200, r#"{"Code": "Failed", "key": "FakeKey"}"#, "`Failed`"),
            (200, r#"{"key": "FakeKey"}"#, "``"),
            (200, r#"{"Code": "Success", "key": ["FakeKey"]}"#, "not as documented"),
            (200, "FakeKey", "not as documented"),
        ] {
            let error = keys(status, body).unwrap_err();
            assert!(error.message.contains("`baker`") && error.message.contains(reason), "{error}");
            assert!(!format!("{error:?}").contains("FakeKey"), "{error:?}");
        }
    }

    #[test]
    fn a_server_without_a_role_is_told_from_a_stranger_that_answers() {
        let name = |status, body: &str| role_name(&response(status, body));
        assert_eq!(name(200, "baker\n"), Ok("baker".into()));
        assert_eq!(name(404, "not found"), Err("this server has no role".into()));
        assert_eq!(name(200, ""), Err("this server has no role".into()));
        assert!(name(200, "<html>log in to this hotel's network</html>").is_err());
        assert!(name(200, &"x".repeat(200)).is_err());
        assert!(name(502, "").unwrap_err().contains("502"));
    }
}
