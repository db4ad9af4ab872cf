//! What this cloud calls its keys, and the temporary ones that its services give.

use imgshare_sdk::credentials::{FoundKeys, KeyName, KeyNames, KeyTexts};
use imgshare_sdk::{Result, time};

use crate::api::sts::Temporary;
use crate::sign::Keys;

pub(super) const NAMES: KeyNames = KeyNames {
    id: KeyName { field: "access_key_id", words: "access key id" },
    secret: KeyName { field: "secret_access_key", words: "secret access key" },
    token: KeyName { field: "session_token", words: "session token" },
};

impl From<FoundKeys> for Keys {
    fn from(found: FoundKeys) -> Self {
        Self { access_key_id: found.id(), secret_access_key: found.secret(), session_token: found.token() }
    }
}

impl Temporary {
    /// The keys. `None`: the service does not say when they expire, or writes it in a form of its own.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when they cannot be keys, of which each must have a token.
    pub(super) fn found(self, source: &str) -> Result<Option<FoundKeys>> {
        let Self { access_key_id: id, secret_access_key: secret, session_token, expiration } = self;
        let token = Some(NAMES.token.check(session_token, source)?);
        let found = NAMES.check(KeyTexts { id, secret, token }, source)?;
        let expires = expiration.as_deref().and_then(time::parse_rfc3339);
        Ok(expires.map(|expires| found.until(Some(expires))))
    }
}
