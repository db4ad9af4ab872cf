//! What this cloud calls its keys.

use imgshare_sdk::credentials::{FoundKeys, KeyName, KeyNames};
use imgshare_sdk::{Error, ErrorKind};

use crate::sign::Keys;

pub(super) const NAMES: KeyNames = KeyNames {
    id: KeyName { field: "secret_id", words: "secret id" },
    secret: KeyName { field: "secret_key", words: "secret key" },
    token: KeyName { field: "token", words: "session token" },
};

impl From<FoundKeys> for Keys {
    fn from(found: FoundKeys) -> Self {
        Self { secret_id: found.id(), secret_key: found.secret(), token: found.token() }
    }
}

/// The error for a place that wants its keys exchanged for those of a role first: without that they are another
/// owner's.
pub(super) fn takes_a_role(place: &str) -> Error {
    Error::new(
        ErrorKind::CredentialInvalid,
        format!("taking on a role (`role_arn`) is not supported: {place}"),
    )
    .with_hint("take on the role with the cloud's own tools and give its keys and token in `credentials`")
}
