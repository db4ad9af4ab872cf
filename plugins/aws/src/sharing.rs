//! Changing who has an image or a snapshot: in batches, each past its bad accounts.

use imgshare_sdk::{
    AccountCalls, AccountFailure, AccountId, Change, Changed, Error, ErrorKind, ImageRef, Result, Shares,
    SnapshotChange, SnapshotRef, change_batches,
};

use crate::api::shares;
use crate::api::snapshots::{self, Way};
use crate::client::Client;

/// Everybody who has this image.
///
/// # Errors
///
/// The cloud's own.
pub(crate) async fn read(client: &Client<'_>, image: &ImageRef) -> Result<Shares> {
    Ok(client.ask(&image.region, &shares::describe(image), shares::shares).await?.value)
}

/// Makes the change; one call adds at most `per_call` accounts, and removes as many.
///
/// # Errors
///
/// An error that is not about accounts, if it came before anything was changed.
pub(crate) async fn change(client: &Client<'_>, change: &Change, per_call: usize) -> Result<Changed> {
    let calls = ImageCalls { client, change };
    let batches = both(&change.add, &change.remove, per_call.max(1));
    change_batches(&batches.into_iter().map(|accounts| (&calls, accounts)).collect::<Vec<_>>()).await
}

/// The accounts of each call: those to add, then those to remove. No account is in both lists of a change, so it does
/// not matter which of them the cloud applies first.
fn both(add: &[AccountId], remove: &[AccountId], per_call: usize) -> Vec<Vec<AccountId>> {
    let (mut add, mut remove) = (add.chunks(per_call), remove.chunks(per_call));
    let batches = std::iter::from_fn(|| match (add.next(), remove.next()) {
        (None, None) => None,
        (add, remove) => Some([add.unwrap_or_default(), remove.unwrap_or_default()].concat()),
    });
    batches.collect()
}

/// The calls that give one image to some accounts and take it from others.
struct ImageCalls<'a> {
    client: &'a Client<'a>,
    change: &'a Change,
}

impl ImageCalls<'_> {
    fn is_wanted(&self, account: &AccountId) -> bool {
        self.change.add.contains(account)
    }
}

impl AccountCalls for ImageCalls<'_> {
    async fn change(&self, accounts: &[AccountId]) -> Result<String> {
        let (add, remove): (Vec<_>, Vec<_>) =
            accounts.iter().cloned().partition(|account| self.is_wanted(account));
        let image = &self.change.image;
        let ask = shares::modify(image, &add, &remove);
        Ok(self.client.ask(&image.region, &ask, shares::modified).await?.request_id)
    }

    async fn open(&self, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
        let has = read(self.client, &self.change.image).await?.accounts;
        let is_open = |account: &&AccountId| has.contains(*account) != self.is_wanted(account);
        Ok(accounts.iter().filter(is_open).cloned().collect())
    }
}

/// Everybody who has this snapshot.
///
/// # Errors
///
/// The cloud's own.
pub(crate) async fn read_snapshot(client: &Client<'_>, snapshot: &SnapshotRef) -> Result<Shares> {
    Ok(client.ask(&snapshot.region, &snapshots::describe(snapshot), snapshots::shares).await?.value)
}

/// Makes the change; a call adds accounts or removes them, at most `per_call`.
///
/// # Errors
///
/// An error that is not about accounts, if it came before anything was changed.
pub(crate) async fn change_snapshot(
    client: &Client<'_>,
    change: &SnapshotChange,
    per_call: usize,
) -> Result<Changed> {
    let (add, organizations) = by_kind(&change.add);
    // No organization has a snapshot, so there is nothing to take from one.
    let (remove, _) = by_kind(&change.remove);
    let calls = |way| SnapshotCalls { client, snapshot: &change.snapshot, way };
    let batches = [(Way::Add, add), (Way::Remove, remove)].into_iter().flat_map(|(way, accounts)| {
        let chunks: Vec<_> = accounts.chunks(per_call.max(1)).map(<[_]>::to_vec).collect();
        chunks.into_iter().map(move |accounts| (calls(way), accounts))
    });
    let mut changed = change_batches(&batches.collect::<Vec<_>>()).await?;
    changed.failed.extend(organizations.into_iter().map(not_for_organizations));
    Ok(changed)
}

/// Accounts, and what is not one.
fn by_kind(ids: &[AccountId]) -> (Vec<AccountId>, Vec<AccountId>) {
    ids.iter().cloned().partition(shares::is_account)
}

fn not_for_organizations(account: AccountId) -> AccountFailure {
    let error = Error::new(ErrorKind::AccountInvalid, "snapshots can be shared with single accounts only")
        .with_hint("take `with_snapshots` off the rule, or name the organization's accounts");
    AccountFailure { account, error }
}

/// The calls that give one snapshot to accounts, or take it from them.
struct SnapshotCalls<'a> {
    client: &'a Client<'a>,
    snapshot: &'a SnapshotRef,
    way: Way,
}

impl AccountCalls for SnapshotCalls<'_> {
    async fn change(&self, accounts: &[AccountId]) -> Result<String> {
        let ask = snapshots::modify(self.snapshot, self.way, accounts);
        Ok(self.client.ask(&self.snapshot.region, &ask, shares::modified).await?.request_id)
    }

    async fn open(&self, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
        let has = read_snapshot(self.client, self.snapshot).await?.accounts;
        let is_open = |account: &&AccountId| has.contains(*account) != (self.way == Way::Add);
        Ok(accounts.iter().filter(is_open).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(add: usize, remove: usize) -> Vec<usize> {
        let ids = |range: std::ops::Range<usize>| range.map(|id| id.to_string().into()).collect::<Vec<_>>();
        both(&ids(0..add), &ids(1000..1000 + remove), 10).iter().map(Vec::len).collect()
    }

    #[test]
    fn as_few_calls_as_the_limit_allows() {
        assert_eq!(sizes(0, 0), [0; 0]);
        assert_eq!(sizes(10, 0), [10]);
        assert_eq!(sizes(11, 0), [10, 1]);
        assert_eq!(sizes(12, 25), [20, 12, 5]);
    }
}
