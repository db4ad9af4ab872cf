//! Environment variables: those of CompShare's command line, and those that the vendor's SDK reads in its own tests;
//! other clients of the vendor read none.

use imgshare_sdk::{Context, Result, try_join};

use super::found::{Found, Raw};

/// The names of the variables of one tool.
#[derive(Clone, Copy)]
pub(crate) struct Names {
    pub(crate) public_key: &'static str,
    pub(crate) private_key: &'static str,
    /// Of the project that goes with the keys.
    project_id: Option<&'static str>,
}

/// Holds the project that goes with the keys of [`UCLOUD`].
pub(crate) const PROJECT_ID: &str = "UCLOUD_PROJECT_ID";

/// For all products.
pub(crate) const UCLOUD: Names = Names {
    public_key: "UCLOUD_PUBLIC_KEY",
    private_key: "UCLOUD_PRIVATE_KEY",
    project_id: Some(PROJECT_ID),
};

/// For CompShare.
pub(crate) const COMPSHARE: Names =
    Names { public_key: "COMPSHARE_PUBLIC_KEY", private_key: "COMPSHARE_PRIVATE_KEY", project_id: None };

impl Names {
    /// The place, for people.
    pub(super) fn place(self) -> String {
        format!("environment variables {} and {}", self.public_key, self.private_key)
    }

    /// The keys in these variables. `None`: neither is set.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when only one is set: the other half may be somebody else's.
    pub(super) async fn find(self, cx: &Context) -> Result<Option<Found>> {
        let (public_key, private_key) = try_join!(cx.env(self.public_key), cx.env(self.private_key))?;
        if public_key.is_none() && private_key.is_none() {
            return Ok(None);
        }
        let project_id = match self.project_id {
            Some(name) => cx.env(name).await?,
            None => None,
        };
        Raw { public_key, private_key, token: None, project_id }.check(self.place()).map(Some)
    }
}
