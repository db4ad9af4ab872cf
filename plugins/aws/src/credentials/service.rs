//! Keys as the services of containers and servers write them: JSON.

use imgshare_sdk::Response;
use imgshare_sdk::credentials::FoundKeys;
use serde::Deserialize;

use crate::api::sts::Temporary;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Written {
    code: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    token: Option<String>,
    expiration: Option<String>,
}

/// The keys in this answer; or, for people, why there are none.
///
/// # Errors
///
/// The reason, as it goes on after `the service gives no keys:`. It quotes none.
pub(super) fn keys(response: &Response, source: &str) -> Result<FoundKeys, String> {
    if response.status != 200 {
        return Err(format!("it answers with HTTP status {}", response.status));
    }
    // The reader's reason may quote a key, and is not given.
    let written: Written =
        serde_json::from_slice(&response.body).map_err(|_| "its answer is not as documented".to_owned())?;
    if let Some(code) = written.code.filter(|code| code != "Success") {
        return Err(format!("its code is `{code}`"));
    }
    let keys = Temporary {
        access_key_id: written.access_key_id,
        secret_access_key: written.secret_access_key,
        session_token: written.token,
        expiration: written.expiration,
    };
    let found = keys.found(source).map_err(|error| error.message)?;
    found.ok_or_else(|| "it does not say when they expire".to_owned())
}
