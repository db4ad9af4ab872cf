//! Values that a signature may use once.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// The nonces that were used lately, by key id.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    used: HashMap<(String, String), Timestamp>,
}

impl Nonces {
    /// Whether the key uses the nonce for the first time within so long; from now on it has used it.
    pub(crate) fn spend(
        &mut self,
        key_id: &str,
        nonce: &str,
        now: Timestamp,
        memory: SignedDuration,
    ) -> bool {
        self.used.retain(|_, at| now.duration_since(*at).abs() <= memory);
        self.used.insert((key_id.to_owned(), nonce.to_owned()), now).is_none()
    }
}
