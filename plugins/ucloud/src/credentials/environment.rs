//! Environment variables: those of CompShare's command line, and those that the vendor's SDK reads in its own tests;
//! other clients of the vendor read none.

use imgshare_sdk::credentials::KeyVariables;

/// Holds the project that goes with the keys of [`UCLOUD`].
pub(crate) const PROJECT_ID: &str = "UCLOUD_PROJECT_ID";

/// For all products.
pub(crate) const UCLOUD: KeyVariables =
    KeyVariables { id: "UCLOUD_PUBLIC_KEY", secret: "UCLOUD_PRIVATE_KEY", token: None };

/// For CompShare.
pub(crate) const COMPSHARE: KeyVariables =
    KeyVariables { id: "COMPSHARE_PUBLIC_KEY", secret: "COMPSHARE_PRIVATE_KEY", token: None };
