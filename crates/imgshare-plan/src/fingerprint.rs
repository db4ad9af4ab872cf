//! Whether two plans do the same.

use std::sync::Arc;

use imgshare_protocol::AccountId;
use sha2::{Digest, Sha256};

use crate::plan::{AccountLabel, PlannedChange};

/// SHA-256, hex, over what these changes do; their order does not matter.
pub(crate) fn fingerprint<'a>(changes: impl Iterator<Item = &'a PlannedChange>) -> String {
    let mut changes: Vec<_> = changes.collect();
    changes.sort_by_key(|change| (&change.cloud, &change.region, &change.image.id));
    let mut hash = Sha256::new();
    for change in changes {
        for text in [change.cloud.as_str(), change.provider.as_str(), change.region.as_str()] {
            put(&mut hash, text);
        }
        put(&mut hash, change.image.id.as_str());
        put_accounts(&mut hash, &change.add);
        put_accounts(&mut hash, &change.remove);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The length goes first, so that no two lists of texts run together into the same bytes.
fn put(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

/// The accounts by id, whatever their order: a change's batches are made from its lists in the same way.
fn put_accounts(hash: &mut Sha256, accounts: &[Arc<AccountLabel>]) {
    let mut ids: Vec<&AccountId> = accounts.iter().map(|account| &account.id).collect();
    ids.sort_unstable();
    hash.update((ids.len() as u64).to_le_bytes());
    for id in ids {
        put(hash, id.as_str());
    }
}
