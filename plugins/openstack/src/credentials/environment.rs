//! The variables that an `openrc` file sets.

use imgshare_sdk::{Context, Result, try_join_all};

use super::texts::{self, Texts};

/// Names a cloud in `clouds.yaml`.
pub(super) const CLOUD: &str = "OS_CLOUD";

/// The place, for people.
pub(super) const PLACE: &str =
    "environment variables OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and others of openrc";

/// What the variables say of a login.
///
/// # Errors
///
/// When the host does not tell.
pub(super) async fn texts(cx: &Context) -> Result<Texts> {
    let values = try_join_all(texts::names().map(|(name, _)| async move {
        let value = cx.env(&format!("OS_{}", name.to_ascii_uppercase())).await?;
        Ok((name, value.unwrap_or_default()))
    }));
    Ok(Texts::of(values.await?))
}
