//! Logins of those whom images are shared with.

use super::{Credential, World};
use crate::ids::AccountId;
use crate::secret::Secret;

const KEY_ID: &str = "FAKE-KEY-OF-";
const KEY: &str = "FAKE-SECRET-OF-";

/// What an account signs with that is no owner of the scenario: each account that exists in a simulated cloud can log in
/// there and see what is shared with it.
///
/// ```
/// use imgshare_cloudsim::{AccountId, ReceiverKey};
///
/// let key = ReceiverKey::of(&AccountId::from("100012345678"));
/// assert_eq!((key.id.as_str(), key.secret.as_str()), ("FAKE-KEY-OF-100012345678", "FAKE-SECRET-OF-100012345678"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverKey {
    /// The key's id, or the public key. Fake, like everything here.
    pub id: String,
    /// The key itself. Fake as well.
    pub secret: String,
}

impl ReceiverKey {
    /// The key of this account.
    pub fn of(account: &AccountId) -> Self {
        Self { id: format!("{KEY_ID}{account}"), secret: format!("{KEY}{account}") }
    }
}

impl World {
    /// The account that this key is derived from, and what it signs with. Owners have keys of their own, and users
    /// inside another account have none here.
    pub(super) fn receiver_of_key(&self, key_id: &str) -> Option<(AccountId, Credential)> {
        let account = AccountId::from(key_id.strip_prefix(KEY_ID)?);
        let receives = self.accounts.knows(&account) && !self.accounts.is_collaborator(&account);
        if !receives || self.has_owner(&account) {
            return None;
        }
        let ReceiverKey { id, secret } = ReceiverKey::of(&account);
        Some((
            account,
            Credential { key_id: id, secret: Secret::from(secret.as_str()), token: None, expires: None },
        ))
    }
}
