//! Getting the good accounts through when a bad one spoils the call.

use std::future::Future;

use crate::{AccountFailure, AccountId, Changed, Error, ErrorKind, Result};

/// The two calls that [`change_isolating`] is made of: for adding, or for removing.
pub trait AccountCalls: Sync {
    /// Changes these accounts in one call; gives the request's id.
    fn change(&self, accounts: &[AccountId]) -> impl Future<Output = Result<String>> + Send;

    /// Reads back which of these accounts are not yet as they shall be.
    fn open(&self, accounts: &[AccountId]) -> impl Future<Output = Result<Vec<AccountId>>> + Send;
}

impl<C: AccountCalls> AccountCalls for &C {
    fn change(&self, accounts: &[AccountId]) -> impl Future<Output = Result<String>> + Send {
        C::change(self, accounts)
    }

    fn open(&self, accounts: &[AccountId]) -> impl Future<Output = Result<Vec<AccountId>>> + Send {
        C::open(self, accounts)
    }
}

/// Changes these accounts; when a call fails because of an account, finds out which by halving, and gets all others
/// through.
///
/// It relies neither on a failed call having changed nothing nor on it having changed the good ones: after the first
/// failure the state is read back.
///
/// # Errors
///
/// An error that is not about accounts, if it came before anything was changed. Later ones are put down to the
/// accounts that were left.
pub async fn change_isolating(calls: &impl AccountCalls, accounts: &[AccountId]) -> Result<Changed> {
    let mut changed = Changed::default();
    let mut batches = vec![accounts.to_vec()];
    let mut read_back = false;
    while let Some(batch) = batches.pop() {
        if batch.is_empty() {
            continue;
        }
        match calls.change(&batch).await {
            Ok(request_id) => changed.request_ids.push(request_id),
            Err(error) if !concerns_accounts(error.kind) => {
                batches.push(batch);
                return stopped(changed, batches, error, accounts.len());
            }
            Err(error) => {
                let open = open_after(calls, &batch, &error, read_back).await;
                read_back = true;
                settle(&mut changed, &mut batches, &batch, open, error);
            }
        }
    }
    Ok(changed)
}

/// Changes the accounts of these batches, one after the other, each past its bad accounts. A batch comes with the calls
/// that change its accounts: those to add and those to remove may have different ones.
///
/// # Errors
///
/// An error that is not about accounts, if it came before anything was changed. Later ones are put down to the accounts
/// that were left, of this batch and of those behind it.
pub async fn change_batches<C: AccountCalls>(batches: &[(C, Vec<AccountId>)]) -> Result<Changed> {
    let mut changed = Changed::default();
    for (at, (calls, accounts)) in batches.iter().enumerate() {
        match change_isolating(calls, accounts).await {
            Ok(part) => {
                changed.failed.extend(part.failed);
                changed.request_ids.extend(part.request_ids);
            }
            Err(error) if at == 0 => return Err(error),
            Err(error) => {
                let left = batches[at..].iter().flat_map(|(_, accounts)| accounts.clone());
                changed.failed.extend(failures(left, &error));
                break;
            }
        }
    }
    changed.request_ids.retain(|id| !id.is_empty());
    Ok(changed)
}

fn failures(
    accounts: impl IntoIterator<Item = AccountId>,
    error: &Error,
) -> impl Iterator<Item = AccountFailure> {
    accounts.into_iter().map(|account| AccountFailure { account, error: error.clone() })
}

/// Kinds after which another set of accounts may fare better.
fn concerns_accounts(kind: ErrorKind) -> bool {
    use ErrorKind::{AccountInvalid, AlreadyDone, QuotaExceeded, Unexpected};
    matches!(kind, AccountInvalid | AlreadyDone | QuotaExceeded | Unexpected)
}

/// Which of the batch are still to do. One read shows whether a failed call does anything at all; after that only an
/// answer of "already so" is worth another.
async fn open_after(
    calls: &impl AccountCalls,
    batch: &[AccountId],
    error: &Error,
    read_back: bool,
) -> Vec<AccountId> {
    let already = error.kind == ErrorKind::AlreadyDone;
    if already && batch.len() == 1 {
        return Vec::new();
    }
    if read_back && !already {
        return batch.to_vec();
    }
    // When even reading fails, nothing is known to be done, and all of them are tried again.
    calls.open(batch).await.unwrap_or_else(|_| batch.to_vec())
}

fn settle(
    changed: &mut Changed,
    batches: &mut Vec<Vec<AccountId>>,
    batch: &[AccountId],
    mut open: Vec<AccountId>,
    error: Error,
) {
    match (batch.len(), open.len()) {
        (_, 0) => {}
        (1, _) => changed.failed.push(AccountFailure { account: open.remove(0), error }),
        _ => {
            // Popped from the end: the first half goes first.
            let second = open.split_off(open.len().div_ceil(2));
            batches.push(second);
            batches.push(open);
        }
    }
}

fn stopped(
    mut changed: Changed,
    batches: Vec<Vec<AccountId>>,
    error: Error,
    asked: usize,
) -> Result<Changed> {
    let left: Vec<_> = batches.into_iter().flatten().collect();
    if left.len() == asked {
        return Err(error);
    }
    changed.failed.extend(failures(left, &error));
    Ok(changed)
}
