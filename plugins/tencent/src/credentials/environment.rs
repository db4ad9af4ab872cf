//! The environment variables that the cloud's own tools read.

use imgshare_sdk::credentials::KeyVariables;

/// Holds the session token of a temporary key.
pub(crate) const TOKEN: &str = "TENCENTCLOUD_TOKEN";

/// Hold the API key.
pub(crate) const VARIABLES: KeyVariables =
    KeyVariables { id: "TENCENTCLOUD_SECRET_ID", secret: "TENCENTCLOUD_SECRET_KEY", token: Some(TOKEN) };
