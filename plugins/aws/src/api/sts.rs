//! The token service: temporary keys of roles, and who somebody is.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>,
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use imgshare_sdk::{AccountId, Result};

use super::{Ask, not_as_documented};
use crate::call::Service;
use crate::xml::Element;

/// Who takes a role on, where nobody says.
const SESSION_NAME: &str = "imgshare";

/// A role to take on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Its name in the cloud: `arn:aws:iam::123456789012:role/baker`.
    pub arn: String,
    /// Under which name; shows in the cloud's audit log.
    pub session_name: Option<String>,
    /// For how long, in seconds. `None`: the cloud's choice, an hour.
    pub duration_seconds: Option<u32>,
    /// What the role's owner wants to hear.
    pub external_id: Option<String>,
}

/// Temporary keys, as the cloud's services give them.
#[derive(Default)]
pub struct Temporary {
    /// Names the key.
    pub access_key_id: Option<String>,
    /// Signs.
    pub secret_access_key: Option<String>,
    /// Belongs to the two.
    pub session_token: Option<String>,
    /// When they expire, as text.
    pub expiration: Option<String>,
}

/// Asks for keys of this role; signed with the keys that may take it on.
pub fn assume(role: &Role) -> Ask {
    session("AssumeRole", role).with_some("ExternalId", role.external_id.as_ref())
}

/// Asks for keys of this role, for the token of an identity provider; not signed.
pub fn assume_with_token(role: &Role, token: &str) -> Ask {
    session("AssumeRoleWithWebIdentity", role).with("WebIdentityToken", token)
}

fn session(action: &'static str, role: &Role) -> Ask {
    Ask::new(Service::Sts, action, true)
        .with("RoleArn", &role.arn)
        .with("RoleSessionName", role.session_name.as_deref().unwrap_or(SESSION_NAME))
        .with_some("DurationSeconds", role.duration_seconds.as_ref())
}

/// Reads the keys of a role.
///
/// # Errors
///
/// `Malformed` when there are none in the answer.
pub fn assumed(answer: Element<'_>) -> Result<Temporary> {
    let results = ["AssumeRoleResult", "AssumeRoleWithWebIdentityResult"];
    let result = results.into_iter().find_map(|name| answer.child(name));
    let keys = result.and_then(|result| result.child("Credentials")).ok_or_else(not_as_documented)?;
    Ok(Temporary {
        access_key_id: keys.owned("AccessKeyId"),
        secret_access_key: keys.owned("SecretAccessKey"),
        session_token: keys.owned("SessionToken"),
        expiration: keys.owned("Expiration"),
    })
}

/// Asks which account the keys belong to. Nobody needs a right for that.
pub fn caller() -> Ask {
    Ask::new(Service::Sts, "GetCallerIdentity", true)
}

/// Reads the account.
///
/// # Errors
///
/// `Malformed` when there is none in the answer.
pub fn caller_account(answer: Element<'_>) -> Result<AccountId> {
    let account = answer.child("GetCallerIdentityResult").and_then(|result| result.text("Account"));
    account.map(AccountId::from).ok_or_else(not_as_documented)
}
