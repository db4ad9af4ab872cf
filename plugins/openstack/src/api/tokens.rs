//! `POST /v3/auth/tokens`: logging in, and the catalogue that comes with it.

use imgshare_sdk::{Error, ErrorKind, Object, Request, Response, Result, Timestamp, time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::errors;

/// The call's name, for logs and for keeping pace.
pub const ACTION: &str = "POST auth/tokens";

/// The request for a token. `identity` is Keystone's address, version included.
pub fn request(identity: &str, login: &Value) -> Request {
    Request::post(format!("{identity}/auth/tokens"), login.to_string())
        .header("Accept", "application/json")
        .header("Content-Type", "application/json")
        .action(ACTION)
        .idempotent(true)
}

/// What a login gives.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The token itself, which is a secret.
    pub id: String,
    /// How long it lives from now on, in seconds, by the cloud's own clock; where the cloud tells.
    pub life_seconds: Option<i64>,
    /// The project that it is for.
    pub project_id: String,
    /// The cloud's services.
    pub catalog: Vec<Entry>,
}

/// A service in the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// What it does: `image`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it is.
    pub endpoints: Vec<Endpoint>,
}

/// An address of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    /// For whom it is: `public`.
    pub interface: String,
    /// The region that it is in.
    pub region_id: Option<String>,
    /// The same under its older name.
    pub region: Option<String>,
    /// The address.
    pub url: String,
}

#[derive(Deserialize)]
struct Answer {
    token: Object<Body>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    issued_at: Option<String>,
    #[serde(default)]
    expires_at: Option<String>,
    #[serde(default)]
    project: Option<Project>,
    #[serde(default)]
    catalog: Vec<Entry>,
}

#[derive(Deserialize)]
struct Project {
    id: String,
}

/// Reads the answer: the token is a header.
///
/// # Errors
///
/// What the status says; `CredentialInvalid` when the login is for no project.
pub fn token(response: &Response) -> Result<Token> {
    if response.status != 201 {
        return Err(errors::of_login(response));
    }
    let Answer { token: Object(body) } = response.object()?;
    let id = response.header("x-subject-token").filter(|id| !id.is_empty()).ok_or_else(without_token)?;
    let project = body.project.filter(|project| !project.id.is_empty()).ok_or_else(without_project)?;
    let moment = |text: &Option<String>| time::parse_rfc3339(text.as_deref()?);
    let life = |issued: Timestamp, expires: Timestamp| expires.seconds() - issued.seconds();
    Ok(Token {
        id: id.to_owned(),
        life_seconds: moment(&body.issued_at)
            .zip(moment(&body.expires_at))
            .map(|(issued, expires)| life(issued, expires)),
        project_id: project.id,
        catalog: body.catalog,
    })
}

fn without_token() -> Error {
    Error::new(ErrorKind::Malformed, "Keystone's answer has no token in the header X-Subject-Token")
        .with_hint("check `auth_url` and what is on the way to it")
}

fn without_project() -> Error {
    Error::new(ErrorKind::CredentialInvalid, "the login is for no project, and images belong to one")
        .with_hint("set project_id, or project_name and its domain")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn response(status: u16, body: &Value) -> Response {
        let headers = vec![("x-subject-token".into(), "FAKE-TOKEN".into())];
        Response { status, headers, body: body.to_string().into_bytes() }
    }

    fn body() -> Value {
        json!({"token": {
            "issued_at": "2026-11-22T19:00:00.000000Z",
            "expires_at": "2026-11-22T20:00:00.000000Z",
            "project": {"id": "p-1", "name": "images"},
            "catalog": [{"type": "image", "name": "glance", "endpoints": [
                {"interface": "public", "region_id": "R1", "region": "R1", "url": "http://127.0.0.1:9292"}]}],
        }})
    }

    #[test]
    fn a_token_lives_as_long_as_the_clouds_own_clock_says() {
        let token = token(&response(201, &body())).ok().unwrap();
        assert_eq!((token.id.as_str(), token.project_id.as_str()), ("FAKE-TOKEN", "p-1"));
        assert_eq!(token.life_seconds, Some(3600));
        assert_eq!(token.catalog[0].endpoints[0].url, "http://127.0.0.1:9292");
    }

    #[test]
    fn a_login_without_a_project_says_what_to_set() {
        let mut unscoped = body();
        unscoped["token"].as_object_mut().unwrap().remove("project");
        let error = token(&response(201, &unscoped)).err().unwrap();
        assert_eq!(error.kind, ErrorKind::CredentialInvalid);
        assert!(error.hint.unwrap().contains("project_name"));
    }

    #[test]
    fn nonsense_is_malformed() {
        for body in [json!([]), json!({}), json!({"token": []}), json!({"token": {"project": {"id": 7}}})] {
            assert_eq!(token(&response(201, &body)).err().unwrap().kind, ErrorKind::Malformed, "{body}");
        }
        let headless = Response { headers: vec![], ..response(201, &body()) };
        assert_eq!(token(&headless).err().unwrap().kind, ErrorKind::Malformed);
    }
}
