//! The owner's keys: what makes a text a key, where keys may be, and what is said when there are none.
//!
//! Keys have an id, a secret and, when they are temporary, a token; each cloud has its own names for them
//! ([`KeyNames`]). They stand in the config ([`KeyNames::configured`]), in the environment ([`KeyVariables`]) or in
//! files of the cloud's own tools; or the server's role has them, in a metadata service ([`role_name`]). [`Looked`] keeps the places that had none. What was found is [`FoundKeys`], in a form
//! that [`crate::Context::once`] can keep for all operations of a cloud.

mod configured;
mod found;
mod looked;
mod names;
mod server;

pub use configured::{Configured, not_a_profile};
pub use found::FoundKeys;
pub use looked::{Looked, read_json};
pub use names::{KeyName, KeyNames, KeyTexts, KeyVariables};
pub use server::{RoleUse, metadata_request, no_role_keys, role_name};

#[cfg(test)]
const NAMES: KeyNames = KeyNames {
    id: KeyName { field: "key_id", words: "key id" },
    secret: KeyName { field: "key_secret", words: "key secret" },
    token: KeyName { field: "token", words: "session token" },
};
