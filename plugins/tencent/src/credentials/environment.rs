//! The environment variables that the cloud's own tools read.

use imgshare_sdk::{Context, Result, try_join};

use super::found::{Found, Raw};

/// Holds the API key's id.
pub(crate) const SECRET_ID: &str = "TENCENTCLOUD_SECRET_ID";
/// Holds the API key.
pub(crate) const SECRET_KEY: &str = "TENCENTCLOUD_SECRET_KEY";
/// Holds the session token of a temporary key.
pub(crate) const TOKEN: &str = "TENCENTCLOUD_TOKEN";

/// The place, for people.
pub(super) const PLACE: &str = "environment variables TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY";

/// The keys in the environment. `None`: neither id nor key is set; a token alone is left over from something.
///
/// # Errors
///
/// `CredentialInvalid` when only one is set: the other half may be somebody else's.
pub(super) async fn find(cx: &Context) -> Result<Option<Found>> {
    let (secret_id, secret_key, token) = try_join!(cx.env(SECRET_ID), cx.env(SECRET_KEY), cx.env(TOKEN))?;
    if secret_id.is_none() && secret_key.is_none() {
        return Ok(None);
    }
    Raw { secret_id, secret_key, token }.check(PLACE).map(Some)
}
