//! The environment variables that the cloud's own tools read.

use imgshare_sdk::credentials::KeyVariables;
use imgshare_sdk::{Context, Error, ErrorKind, Result, try_join};

use super::way::{Base, Way, WebIdentity};
use crate::api::sts::Role;

/// Holds the token of a temporary key.
pub(crate) const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";

/// Hold the access key.
pub(crate) const VARIABLES: KeyVariables =
    KeyVariables { id: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY", token: Some(SESSION_TOKEN) };

/// Name the profile in the tools' files; the first one counts more.
const PROFILES: [&str; 2] = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"];
/// Name the region whose token service is asked.
const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE_ARN: &str = "AWS_ROLE_ARN";
const ROLE_SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";

/// The place of an identity provider's token, for people.
pub(super) const WEB_IDENTITY_PLACE: &str =
    "environment variables AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN";

/// A role to take on with an identity provider's token. `None`: no file with one is named.
///
/// # Errors
///
/// When a file is named and no role, or the host does not tell.
pub(super) async fn find_web_identity(cx: &Context) -> Result<Option<Way>> {
    let (token_file, arn, session_name) =
        try_join!(cx.env(TOKEN_FILE), cx.env(ROLE_ARN), cx.env(ROLE_SESSION_NAME))?;
    let Some(token_file) = token_file else { return Ok(None) };
    let arn = arn.ok_or_else(|| {
        let message = format!("{TOKEN_FILE} is set, and {ROLE_ARN} is not");
        Error::new(ErrorKind::CredentialInvalid, message)
            .with_hint(format!("set {ROLE_ARN} to the role's ARN"))
    })?;
    let role = Role { arn, session_name, ..Role::default() };
    Ok(Some(Way::new(Base::WebIdentity(WebIdentity { token_file, role }), WEB_IDENTITY_PLACE)))
}

/// The profile that is to be taken, if a variable names one.
///
/// # Errors
///
/// When the host does not tell.
pub(super) async fn profile(cx: &Context) -> Result<Option<String>> {
    first(cx, PROFILES).await
}

/// The region that the tools work in, if a variable names one.
///
/// # Errors
///
/// When the host does not tell.
pub(super) async fn region(cx: &Context) -> Result<Option<String>> {
    first(cx, REGIONS).await
}

async fn first(cx: &Context, names: [&str; 2]) -> Result<Option<String>> {
    let (first, second) = try_join!(cx.env(names[0]), cx.env(names[1]))?;
    Ok(first.or(second))
}

/// Whether a switch is on.
///
/// # Errors
///
/// When the host does not tell.
pub(super) async fn is_true(cx: &Context, name: &str) -> Result<bool> {
    Ok(cx.env(name).await?.is_some_and(|value| value.eq_ignore_ascii_case("true")))
}
