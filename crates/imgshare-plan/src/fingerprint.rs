//! Whether two plans do the same.

use std::sync::Arc;

use imgshare_protocol::{Acceptance, AccountId};
use sha2::{Digest, Sha256};

use crate::acceptance::{AcceptanceKey, PlannedAcceptance};
use crate::copy::{CopyKey, PlannedCopy};
use crate::plan::{AccountLabel, PlannedChange};

/// SHA-256, hex, over what these changes, copies and acceptances do; their order does not matter.
pub(crate) fn fingerprint<'a>(
    changes: impl Iterator<Item = &'a PlannedChange>,
    copies: impl Iterator<Item = &'a PlannedCopy>,
    acceptances: impl Iterator<Item = &'a PlannedAcceptance>,
) -> String {
    let mut hash = Sha256::new();
    put_changes(&mut hash, changes);
    put_copies(&mut hash, copies);
    put_acceptances(&mut hash, acceptances);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn put_changes<'a>(hash: &mut Sha256, changes: impl Iterator<Item = &'a PlannedChange>) {
    let mut changes: Vec<_> = changes.collect();
    changes.sort_by_key(|change| (&change.cloud, &change.region, &change.image.id, &change.snapshot));
    hash.update((changes.len() as u64).to_le_bytes());
    for change in changes {
        let (provider, region) = (change.provider.as_str(), change.region.as_str());
        let snapshot = change.snapshot.as_ref().map_or("", |id| id.as_str());
        let prepare = change.prepare.as_deref().unwrap_or_default();
        let texts = [change.cloud.as_str(), provider, region, change.image.id.as_str(), snapshot, prepare];
        texts.into_iter().for_each(|text| put(hash, text));
        put_accounts(hash, &change.add);
        put_accounts(hash, &change.remove);
    }
}

/// A copy that has to be made is not the same as one that is on its way.
fn put_copies<'a>(hash: &mut Sha256, copies: impl Iterator<Item = &'a PlannedCopy>) {
    let mut copies: Vec<_> = copies.map(|copy| (copy.key(), copy)).collect();
    copies.sort_by(|(one, _), (other, _)| one.cmp(other));
    hash.update((copies.len() as u64).to_le_bytes());
    for (CopyKey { cloud, source_region, source, region }, copy) in copies {
        let begun = copy.begun.as_ref().map_or("", |id| id.as_str());
        let key = [cloud.as_str(), source_region.as_str(), source.as_str(), region.as_str()];
        for text in key.into_iter().chain([copy.provider.as_str(), &copy.name, begun]) {
            put(hash, text);
        }
        put_accounts(hash, &copy.add);
    }
}

/// Accepting what was refused is not the same as accepting what nobody has answered.
fn put_acceptances<'a>(hash: &mut Sha256, acceptances: impl Iterator<Item = &'a PlannedAcceptance>) {
    let mut acceptances: Vec<_> = acceptances.map(|acceptance| (acceptance.key(), acceptance)).collect();
    acceptances.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (AcceptanceKey { cloud, region, image, account }, acceptance) in acceptances {
        let found = match acceptance.found {
            None => "",
            Some(Acceptance::Pending) => "pending",
            Some(Acceptance::Accepted) => "accepted",
            Some(Acceptance::Rejected) => "rejected",
            Some(Acceptance::Unknown) => "unknown",
        };
        let key = [cloud.as_str(), region.as_str(), image.as_str(), account.as_str()];
        for text in key.into_iter().chain([acceptance.with.as_str(), found]) {
            put(hash, text);
        }
    }
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
