//! Whether a receiver can be one. Glance takes any text for a project's id, and a mistyped one goes unseen.

use imgshare_sdk::{AccountId, Error, ErrorKind, Result};

use crate::api::projects::{self, Existence};
use crate::client::Client;

/// Refuses what cannot be shared with: the owner itself, and a project of which Keystone says that it does not exist.
/// Where Keystone says nothing to this login, the id is taken as it is. Each project is asked for once.
///
/// # Errors
///
/// `AccountInvalid`.
pub(crate) async fn check(client: &Client<'_>, project: &AccountId, owner: &str) -> Result<()> {
    if project.as_str() == owner {
        return Err(Error::new(
            ErrorKind::AccountInvalid,
            format!("`{project}` is the image's owner itself"),
        )
        .with_hint("take the account out of the rule"));
    }
    let Some(ask) = projects::show(project) else { return Err(missing(project)) };
    let look = || async {
        // Sharing does not depend on it: a Keystone that is busy has nothing against the id.
        let existence = client.ask_as(&ask, projects::existence).await;
        Ok((existence.unwrap_or(Existence::Untold), None))
    };
    match client.cx.once(&format!("project {project}"), look).await? {
        Existence::Exists | Existence::Untold => Ok(()),
        Existence::Missing => Err(missing(project)),
    }
}

fn missing(project: &AccountId) -> Error {
    Error::new(ErrorKind::AccountInvalid, format!("there is no project `{project}`"))
        .with_hint("use the project's id, as `openstack project show` gives it, and not its name")
}
