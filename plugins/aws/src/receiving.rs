//! What the receiver of shares sees.

use imgshare_sdk::{
    AccountId, Error, ErrorKind, ImageId, ReceivedImage, ReceivedQuery, Region, Result, try_join_all,
};

use crate::api::{FILTER_VALUES_MAX, received, shares, sts};
use crate::client::Client;
use crate::xml::Element;

/// Which of these images the login's account has because somebody shares them with it.
///
/// # Errors
///
/// `AccountInvalid` when the login is another account's; otherwise the cloud's own.
pub(crate) async fn read(client: &Client<'_>, query: &ReceivedQuery) -> Result<Vec<ReceivedImage>> {
    // An organization has no login: whichever of its accounts asks, asks for all.
    if shares::is_account(&query.account) {
        check_caller(client, &query.region, &query.account).await?;
    }
    let batches =
        query.images.chunks(FILTER_VALUES_MAX).map(|batch| read_batch(client, &query.region, batch));
    Ok(try_join_all(batches).await?.concat())
}

async fn read_batch(client: &Client<'_>, region: &Region, batch: &[ImageId]) -> Result<Vec<ReceivedImage>> {
    let read = |answer: Element<'_>| received::received(answer, batch);
    client.ask_all(region, |page| received::describe(batch, page), read).await
}

async fn check_caller(client: &Client<'_>, region: &Region, expected: &AccountId) -> Result<()> {
    let make = || async { Ok((client.ask(region, &sts::caller(), sts::caller_account).await?.value, None)) };
    let caller = client.cx.once("caller", make).await?;
    if caller == *expected {
        return Ok(());
    }
    let message = format!("the login is that of account {caller}, and not of {expected}");
    Err(Error::new(ErrorKind::AccountInvalid, message)
        .with_hint(format!("give the cloud credentials of account {expected}, or mend the account's id")))
}
