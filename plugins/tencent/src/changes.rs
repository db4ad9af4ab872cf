//! Changing who has an image: adding first, then removing, in batches, each past its bad accounts.

use imgshare_sdk::{AccountCalls, AccountId, Change, Changed, ImageRef, Result, change_batches};

use crate::api::Done;
use crate::api::shares::{self, Permission, SharePermissions};
use crate::client::Client;

/// Makes the change, at most `per_call` accounts in a call.
///
/// # Errors
///
/// An error that is not about accounts, if it came before anything was changed.
pub(crate) async fn change(client: &Client<'_>, change: &Change, per_call: usize) -> Result<Changed> {
    let batches = |accounts: &[AccountId], permission| {
        let calls = Calls { client, image: &change.image, permission };
        let batches = accounts.chunks(per_call.max(1)).map(move |batch| (calls, batch.to_vec()));
        batches.collect::<Vec<_>>()
    };
    let (add, remove) =
        (batches(&change.add, Permission::Share), batches(&change.remove, Permission::Cancel));
    change_batches(&[add, remove].concat()).await
}

/// The calls that give one image to accounts, or take it from them.
#[derive(Clone, Copy)]
struct Calls<'a> {
    client: &'a Client<'a>,
    image: &'a ImageRef,
    permission: Permission,
}

impl AccountCalls for Calls<'_> {
    async fn change(&self, accounts: &[AccountId]) -> Result<String> {
        let ask = shares::modify(&self.image.id, accounts, self.permission);
        Ok(self.client.ask::<Done>(&self.image.region, &ask).await?.request_id)
    }

    /// Cancelling for an account that has no share may be an error or none, nobody says which: reading back tells
    /// what is gone, and that is done.
    async fn open(&self, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
        let ask = shares::describe(&self.image.id);
        let answer = self.client.ask::<SharePermissions>(&self.image.region, &ask).await?;
        let has = shares::shares(answer.value).accounts;
        let wanted = self.permission == Permission::Share;
        Ok(accounts.iter().filter(|account| has.contains(*account) != wanted).cloned().collect())
    }
}
