//! Reading and changing who has an image. Each account is a call of its own, and all of them go at the same time.

use imgshare_sdk::{
    AccountFailure, AccountId, Change, Changed, Error, ErrorKind, ImageId, Result, Shares, join_all,
};

use crate::api::images::{self, Standing, Visibility};
use crate::api::{Ask, members};
use crate::client::Client;
use crate::{errors, receivers};

/// Everybody who has this image.
///
/// # Errors
///
/// The cloud's own.
pub(crate) async fn read(client: &Client<'_>, image: &ImageId) -> Result<Shares> {
    let login = client.login().await?;
    match client.ask(&members::list(image)?).await {
        Ok(response) => members::shares(&response, &login.project_id),
        // What is said of all images but `shared` ones; then nobody has it as a member.
        Err(refused) if refused.kind == ErrorKind::PermissionDenied => {
            let standing = standing(client, image).await?;
            if standing.visibility == Visibility::Shared || !standing.belongs_to(&login.project_id) {
                return Err(refused);
            }
            let other_grants = standing.visibility.other_grant().into_iter().collect();
            Ok(Shares { other_grants, ..Shares::none() })
        }
        Err(error) => Err(error),
    }
}

/// Makes the change: additions first, then removals. A member is never taken out to be put in again, since what it has
/// accepted would be lost.
///
/// # Errors
///
/// One that is not about accounts, if it came before anything was changed.
pub(crate) async fn change(client: &Client<'_>, change: &Change) -> Result<Changed> {
    let Change { image, add, remove, prepare } = change;
    if add.is_empty() && remove.is_empty() {
        return Ok(Changed::default());
    }
    let owner = client.login().await?.project_id;
    let mut changed = Changed::default();
    if *prepare && !add.is_empty() {
        changed.request_ids.extend(make_shareable(client, &image.id).await?);
    }
    let added = join_all(add.iter().map(|account| self::add(client, &image.id, account, &owner))).await;
    let removed = join_all(remove.iter().map(|account| self::remove(client, &image.id, account))).await;
    let outcomes = add.iter().chain(remove).zip(added.into_iter().chain(removed));
    let mut done = !changed.request_ids.is_empty();
    for (account, outcome) in outcomes {
        match outcome {
            Ok(request_id) => {
                done = true;
                changed.request_ids.extend(request_id);
            }
            Err(error) => changed.failed.push(AccountFailure { account: account.clone(), error }),
        }
    }
    explain(client, &image.id, &owner, &mut changed.failed).await;
    as_a_whole(changed, done)
}

/// Sets a private image's visibility to `shared`. Of any other nothing is changed: it may be everybody's on purpose.
async fn make_shareable(client: &Client<'_>, image: &ImageId) -> Result<Option<String>> {
    match standing(client, image).await?.visibility {
        Visibility::Private => done(client, &images::make_shareable(image)?).await,
        Visibility::Shared => Ok(None),
        other => Err(not_shareable(&other)),
    }
}

async fn add(
    client: &Client<'_>,
    image: &ImageId,
    account: &AccountId,
    owner: &str,
) -> Result<Option<String>> {
    receivers::check(client, account, owner).await?;
    match done(client, &members::add(image, account)?).await {
        Err(error) if error.kind == ErrorKind::Conflict => Ok(None),
        Err(error) if error.kind == ErrorKind::Unexpected => {
            Err(Error { kind: ErrorKind::AccountInvalid, ..error }
                .with_hint("use the project's id, as `openstack project show` gives it"))
        }
        outcome => outcome,
    }
}

async fn remove(client: &Client<'_>, image: &ImageId, account: &AccountId) -> Result<Option<String>> {
    match done(client, &members::remove(image, account)?).await {
        Err(error) if error.kind == ErrorKind::ImageNotFound => Ok(None),
        outcome => outcome,
    }
}

/// Has the cloud do something; its id of the call.
async fn done(client: &Client<'_>, ask: &Ask) -> Result<Option<String>> {
    let response = client.ask(ask).await?;
    Ok(errors::request_id(&response).map(str::to_owned))
}

async fn standing(client: &Client<'_>, image: &ImageId) -> Result<Standing> {
    images::standing(&client.ask(&images::show(image)?).await?)
}

impl Standing {
    fn belongs_to(&self, project: &str) -> bool {
        self.owner.as_deref() == Some(project)
    }
}

/// A 403 may be about rights, about the image's visibility or about its owner. Looking at the image once tells which.
async fn explain(client: &Client<'_>, image: &ImageId, project: &str, failed: &mut [AccountFailure]) {
    let mut denied: Vec<_> =
        failed.iter_mut().filter(|failure| failure.error.kind == ErrorKind::PermissionDenied).collect();
    if denied.is_empty() {
        return;
    }
    let Ok(standing) = standing(client, image).await else { return };
    for failure in &mut denied {
        failure.error = explained(failure.error.clone(), &standing, project);
    }
}

fn explained(refused: Error, standing: &Standing, project: &str) -> Error {
    let reason = match &standing.owner {
        _ if standing.visibility != Visibility::Shared => not_shareable(&standing.visibility),
        Some(owner) if owner != project => {
            Error::new(ErrorKind::PermissionDenied, format!("the image belongs to the project `{owner}`"))
                .with_hint("share it with that project's login")
        }
        _ => return refused,
    };
    Error { kind: reason.kind, message: reason.message, hint: reason.hint, ..refused }
}

fn not_shareable(visibility: &Visibility) -> Error {
    let message = format!("its visibility is `{}`, and only `shared` images take members", visibility.word());
    let hint = match visibility {
        Visibility::Private => "plan again: the plan then has the change of its visibility",
        _ => "take the image out of the rule, or set its visibility to `shared` with the cloud's own tools",
    };
    Error::new(ErrorKind::ImageNotShareable, message).with_hint(hint)
}

/// When nothing was done and no failure is an account's own, the change has failed as a whole.
fn as_a_whole(mut changed: Changed, done: bool) -> Result<Changed> {
    use ErrorKind::{AccountInvalid, QuotaExceeded};
    let is_own = |failure: &AccountFailure| matches!(failure.error.kind, AccountInvalid | QuotaExceeded);
    match changed.failed.is_empty() || done || changed.failed.iter().any(is_own) {
        true => Ok(changed),
        false => Err(changed.failed.swap_remove(0).error),
    }
}
