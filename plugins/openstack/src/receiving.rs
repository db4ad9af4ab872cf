//! The receiver's side: accepting what is shared with it, and seeing it.

use std::collections::BTreeMap;

use imgshare_sdk::{
    AcceptRequest, Accepted, AccountId, Error, ErrorKind, ImageId, ReceivedImage, ReceivedQuery, Result,
    try_join_all,
};

use crate::api::images::received;
use crate::api::members;
use crate::client::Client;
use crate::errors;

/// Accepts a share with the receiver's login. One that is accepted already is accepted again, which changes nothing.
///
/// # Errors
///
/// `AccountInvalid` when the login is another project's; else the cloud's own.
pub(crate) async fn accept(client: &Client<'_>, share: &AcceptRequest) -> Result<Accepted> {
    check_login(client, &share.account).await?;
    let response =
        client.ask(&members::accept(&share.image.id, &share.account)?).await.map_err(of_accepting)?;
    Ok(Accepted { request_ids: errors::request_id(&response).map(str::to_owned).into_iter().collect() })
}

/// Which of these images the receiver sees because they are shared with it. Glance lists them by what the receiver has
/// made of the share, so there is one call for each answer, and as many again for images that are hidden from lists.
///
/// # Errors
///
/// `AccountInvalid` when the login is another project's; else the cloud's own.
pub(crate) async fn read(client: &Client<'_>, query: &ReceivedQuery) -> Result<Vec<ReceivedImage>> {
    check_login(client, &query.account).await?;
    let wanted: Vec<_> = query.images.iter().filter(|id| received::is_listable(id)).cloned().collect();
    let mut found = listed(client, &wanted, &query.account, false).await?;
    let missing: Vec<_> = wanted.iter().filter(|id| !found.contains_key(*id)).cloned().collect();
    found.extend(listed(client, &missing, &query.account, true).await?);
    found.retain(|id, _| wanted.contains(id));
    Ok(found.into_values().collect())
}

async fn listed(
    client: &Client<'_>,
    ids: &[ImageId],
    receiver: &AccountId,
    hidden: bool,
) -> Result<BTreeMap<ImageId, ReceivedImage>> {
    let calls = ids.chunks(received::IDS_PER_CALL).flat_map(|ids| {
        received::ANSWERS.map(|(answer, acceptance)| async move {
            let response = client.ask(&received::list(ids, answer, hidden)).await?;
            received::images(&response, receiver.as_str(), acceptance)
        })
    });
    Ok(try_join_all(calls).await?.into_iter().flatten().collect())
}

async fn check_login(client: &Client<'_>, account: &AccountId) -> Result<()> {
    let project = client.login().await?.project_id;
    if project == account.as_str() {
        return Ok(());
    }
    let message = format!("the login is for the project `{project}`, and not for `{account}`");
    Err(Error::new(ErrorKind::AccountInvalid, message)
        .with_hint("name a cloud whose login is the receiver's own"))
}

fn of_accepting(error: Error) -> Error {
    match error.kind {
        ErrorKind::ImageNotFound => {
            Error { message: "the image is not shared with this project".into(), ..error }
                .with_hint("share it first, in the region that the image is in")
        }
        _ => error,
    }
}
