//! The signature, as pure functions: a SHA-1 over all parameters and the private key behind them.
//!
//! <https://docs.ucloud.cn/api/summary/signature>. It holds neither time nor nonce, so whoever reads a signed request
//! can send it again: only TLS keeps it.

use imgshare_sdk::Secret;
use imgshare_sdk::signing::{hex, sha1};

use crate::form::Form;

/// The owner's keys.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Names the pair; goes with every call as `PublicKey`.
    pub public_key: Secret,
    /// Signs; never leaves the plugin.
    pub private_key: Secret,
    /// Of temporary keys only: goes as `SecurityToken`, and is signed like any parameter.
    pub token: Option<Secret>,
}

/// The parameters with those that say who calls, still without a signature.
pub fn with_caller(form: Form, keys: &Keys) -> Form {
    let form = form.with("PublicKey", keys.public_key.expose());
    match &keys.token {
        Some(token) => form.with("SecurityToken", token.expose()),
        None => form,
    }
}

/// Names and values, sorted by name, without anything between them; then the private key, for which it is a secret.
pub fn string_to_sign(form: &Form, private_key: &Secret) -> Secret {
    let text: String = form.pairs().iter().flat_map(|(name, value)| [name.as_str(), value]).collect();
    Secret::new(text + private_key.expose())
}

/// The signature: lower-case hexadecimal.
pub fn signature(string_to_sign: &Secret) -> String {
    hex(&sha1(string_to_sign.expose()))
}

/// The parameters as they are sent.
pub fn signed(form: Form, keys: &Keys) -> Form {
    let form = with_caller(form, keys);
    let signature = signature(&string_to_sign(&form, &keys.private_key));
    form.with("Signature", signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_token_is_sent_and_signed_like_any_parameter() {
        let keys = Keys {
            public_key: Secret::new("fakepublic"),
            private_key: Secret::new("fakeprivate"),
            token: Some(Secret::new("FAKETOKEN")),
        };
        let form = with_caller(Form::default().with("Action", "X").with("Zone", "z"), &keys);
        let text = string_to_sign(&form, &keys.private_key);
        assert_eq!(text.expose(), "ActionXPublicKeyfakepublicSecurityTokenFAKETOKENZonezfakeprivate");
    }

    #[test]
    fn nothing_that_is_signed_shows_in_debug() {
        let text = string_to_sign(&Form::default().with("Action", "X"), &Secret::new("fakeprivate"));
        assert_eq!(format!("{text:?}"), "Secret(..)");
    }
}
