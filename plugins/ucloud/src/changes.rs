//! Changing who has an image, past the accounts that the cloud calls invalid.
//!
//! A call with an invalid account does nothing at all and names the bad ones, so the good ones are sent once more.

mod batch;

use imgshare_sdk::{AccountFailure, AccountId, Change, Changed, Error, ErrorKind, ImageRef, Result, Shares};

use crate::api::Answer;
use crate::api::shares::{self, Modified};
use crate::client::Client;
use batch::{Batch, batches};

/// Makes the change, in calls that add at most `per_call` accounts and remove as many.
///
/// # Errors
///
/// An error that is not about accounts, if it came before anything was changed or found out.
pub(crate) async fn change(client: &Client<'_>, change: &Change, per_call: usize) -> Result<Changed> {
    let mut work = Work { client, image: &change.image, changed: Changed::default(), open: Vec::new() };
    // Taken from the end.
    work.open.extend(batches(change, per_call).into_iter().rev());
    while let Some(batch) = work.open.pop() {
        work.make(batch).await?;
    }
    work.changed.request_ids.retain(|id| !id.is_empty());
    Ok(work.changed)
}

/// A change in progress.
struct Work<'a> {
    client: &'a Client<'a>,
    image: &'a ImageRef,
    changed: Changed,
    /// What is still to be sent, the next one last.
    open: Vec<Batch>,
}

impl Work<'_> {
    async fn make(&mut self, batch: Batch) -> Result<()> {
        let ask = shares::modify(&self.image.id, &batch.add, &batch.remove);
        match self.client.ask_counting::<Modified>(&self.image.region, &ask).await {
            Ok((answer, sends)) => self.answered(batch, answer, sends > 1).await,
            Err(error) if !may_concern_accounts(error.kind) => return self.give_up(&batch, error),
            Err(error) if batch.is_second_try => self.fail(batch.accounts(), &error),
            Err(error) => self.look_again(batch, &error).await,
        }
        Ok(())
    }

    async fn answered(&mut self, batch: Batch, answer: Answer<Modified>, is_repeated: bool) {
        let invalid = shares::invalid(answer.value);
        if invalid.is_empty() {
            return self.changed.request_ids.push(answer.request_id);
        }
        let (bad, good) = batch.split(&invalid);
        if bad.is_empty() {
            return self.fail(good.accounts(), &refused(ErrorKind::Malformed, STRANGERS, &answer.request_id));
        }
        let bad = if is_repeated || !bad.remove.is_empty() { self.not_done(bad).await } else { bad };
        self.fail(bad.accounts(), &account_invalid(&answer.request_id));
        if !good.is_empty() {
            self.open.push(good);
        }
    }

    /// Those that are not as they shall be. Whether an account counts as invalid that has the image already, or has
    /// none to lose, is not documented; it can come to that when a call was repeated, or a share went meanwhile.
    async fn not_done(&self, batch: Batch) -> Batch {
        match self.shares().await {
            Ok(shares) => batch.still_open(&shares),
            Err(_) => batch,
        }
    }

    /// The call failed as a whole, and it may be because of an account. What turns out to be done is done; what is
    /// left is sent once more if that differs from what failed, accounts to add and to remove apart.
    async fn look_again(&mut self, batch: Batch, error: &Error) {
        let Ok(shares) = self.shares().await else { return self.fail(batch.accounts(), error) };
        let parts = batch.still_open(&shares).parts();
        if parts.iter().any(|part| part.accounts().count() == batch.accounts().count()) {
            return self.fail(batch.accounts(), error);
        }
        self.open.extend(parts.into_iter().rev());
    }

    async fn shares(&self) -> Result<Shares> {
        let ask = shares::describe(&self.image.id);
        Ok(shares::shares(self.client.ask(&self.image.region, &ask).await?.value))
    }

    /// Nothing more can be done for any account.
    fn give_up(&mut self, batch: &Batch, error: Error) -> Result<()> {
        if self.changed == Changed::default() {
            return Err(error);
        }
        self.fail(batch.accounts(), &error);
        for batch in std::mem::take(&mut self.open).into_iter().rev() {
            self.fail(batch.accounts(), &error);
        }
        Ok(())
    }

    fn fail<'b>(&mut self, accounts: impl Iterator<Item = &'b AccountId>, error: &Error) {
        let failure = |account: &AccountId| AccountFailure { account: account.clone(), error: error.clone() };
        self.changed.failed.extend(accounts.map(failure));
    }
}

/// Kinds after which other accounts may fare better.
fn may_concern_accounts(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Unexpected)
}

fn account_invalid(request_id: &str) -> Error {
    refused(ErrorKind::AccountInvalid, "the cloud does not take this account", request_id)
        .with_hint("use the account id that the receiver's console shows")
}

const STRANGERS: &str = "the cloud refuses the call for accounts that are not in it";

/// The error behind a return code of 0.
fn refused(kind: ErrorKind, message: &str, request_id: &str) -> Error {
    let error = Error::new(kind, message).with_code("InvalidAccounts");
    if request_id.is_empty() { error } else { error.with_request_id(request_id) }
}
