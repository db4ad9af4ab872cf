//! Reading who has an image, page by page, and changing it, in batches, each past its bad accounts.

use imgshare_sdk::{AccountCalls, AccountId, Change, Changed, ImageRef, Result, Shares, change_batches};

use crate::api::Done;
use crate::api::shares::{self, SharePermissions};
use crate::client::Client;

/// Everybody who has this image; all pages.
///
/// # Errors
///
/// When a page cannot be read.
pub(crate) async fn read(client: &Client<'_>, image: &ImageRef) -> Result<Shares> {
    let mut shares = Shares::none();
    for page in 1.. {
        let answer = client.ask::<SharePermissions>(&image.region, &shares::describe(image, page)).await?;
        if !shares::gather(&mut shares, answer.value) {
            break;
        }
    }
    Ok(shares)
}

/// Makes the change; one call adds at most `per_call` accounts, and removes as many.
///
/// # Errors
///
/// An error that is not about accounts, if it came before anything was changed.
pub(crate) async fn change(client: &Client<'_>, change: &Change, per_call: usize) -> Result<Changed> {
    let calls = Calls { client, change };
    let batches: Vec<_> =
        batches(change, per_call.max(1)).into_iter().map(|accounts| (&calls, accounts)).collect();
    change_batches(&batches).await
}

/// The accounts of each call: those to add, then those to remove. No account is in both lists of a change, so it does
/// not matter which of them the cloud applies first.
fn batches(change: &Change, per_call: usize) -> Vec<Vec<AccountId>> {
    let (mut add, mut remove) = (change.add.chunks(per_call), change.remove.chunks(per_call));
    let batches = std::iter::from_fn(|| match (add.next(), remove.next()) {
        (None, None) => None,
        (add, remove) => Some([add.unwrap_or_default(), remove.unwrap_or_default()].concat()),
    });
    batches.collect()
}

/// The calls that give one image to some accounts and take it from others.
struct Calls<'a> {
    client: &'a Client<'a>,
    change: &'a Change,
}

impl Calls<'_> {
    fn is_wanted(&self, account: &AccountId) -> bool {
        self.change.add.contains(account)
    }
}

impl AccountCalls for Calls<'_> {
    async fn change(&self, accounts: &[AccountId]) -> Result<String> {
        let (add, remove): (Vec<_>, Vec<_>) =
            accounts.iter().cloned().partition(|account| self.is_wanted(account));
        let ask = shares::modify(&self.change.image, &add, &remove);
        Ok(self.client.ask::<Done>(&self.change.image.region, &ask).await?.request_id)
    }

    /// What a repeated change is answered with is not documented: reading back tells what is done.
    async fn open(&self, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
        let has = read(self.client, &self.change.image).await?.accounts;
        let is_open = |account: &&AccountId| has.contains(*account) != self.is_wanted(account);
        Ok(accounts.iter().filter(is_open).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(add: usize, remove: usize) -> Vec<usize> {
        let ids = |range: std::ops::Range<usize>| range.map(|id| id.to_string().into()).collect();
        let image = ImageRef { region: "cn-hangzhou".into(), id: "m-1".into() };
        let change =
            Change { image, add: ids(0..add), remove: ids(1000..1000 + remove), ..Change::default() };
        batches(&change, 10).iter().map(Vec::len).collect()
    }

    #[test]
    fn as_few_calls_as_the_limit_allows() {
        assert_eq!(sizes(0, 0), [0; 0]);
        assert_eq!(sizes(10, 0), [10]);
        assert_eq!(sizes(11, 0), [10, 1]);
        assert_eq!(sizes(27, 0), [10, 10, 7]);
        assert_eq!(sizes(12, 25), [20, 12, 5]);
    }
}
