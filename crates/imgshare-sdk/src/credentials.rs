//! The owner's keys: what makes a text a key, where keys may be, and what is said when there are none.
//!
//! Keys have an id, a secret and, when they are temporary, a token; each cloud has its own names for them
//! ([`KeyNames`]), and describes them ([`secret_field`], [`plain_field`]). They stand in the config ([`KeyNames::configured`]), in the environment ([`KeyVariables`]) or in
//! files of the cloud's own tools, which may name a program that prints them ([`KeyProgram`]); or the server's role has
//! them, in a metadata service ([`role_name`], [`role_keys`]). Some are good for nothing but taking on a role at a token
//! service ([`identity_token`], [`role_refused`]). [`Looked`] keeps the places that had none. What was found is
//! [`FoundKeys`], and [`FoundKeys::once`] keeps it for all operations of a cloud.

mod configured;
mod fields;
mod found;
mod looked;
mod names;
mod program;
mod roles;
mod server;

pub use configured::{Configured, not_a_profile};
pub use fields::{plain_field, secret_field};
pub use found::FoundKeys;
pub use looked::{Looked, read_json};
pub use names::{KeyName, KeyNames, KeyTexts, KeyVariables};
pub use program::KeyProgram;
pub use roles::{identity_token, role_refused};
pub use server::{RoleUse, metadata_request, no_role_keys, role_keys, role_name};

#[cfg(test)]
const NAMES: KeyNames = KeyNames {
    id: KeyName { field: "key_id", words: "key id" },
    secret: KeyName { field: "key_secret", words: "key secret" },
    token: KeyName { field: "token", words: "session token" },
};
