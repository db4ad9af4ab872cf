//! The credential fields that a provider describes.

use crate::CredentialField;

/// A field whose values are kept out of all output. `about` says what it is, and `environment` names the variables in
/// which the cloud's own tools look for it.
pub fn secret_field(name: &str, about: &str, environment: &[&str]) -> CredentialField {
    CredentialField { secret: true, ..plain_field(name, about, environment) }
}

/// A field that is no secret, such as the name of a profile.
pub fn plain_field(name: &str, about: &str, environment: &[&str]) -> CredentialField {
    CredentialField {
        name: name.to_owned(),
        about: about.to_owned(),
        secret: false,
        environment: environment.iter().map(|name| (*name).to_owned()).collect(),
    }
}
