//! The two signatures of the cloud's RPC products, as pure functions: time, nonce and secret are parameters, and every
//! text on the way to the signature has a function of its own.

pub mod acs3;
pub mod rpc;

use imgshare_sdk::Secret;

/// The owner's keys.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Names the key; is sent as it is.
    pub access_key_id: Secret,
    /// Signs; never leaves the plugin.
    pub access_key_secret: Secret,
    /// Of temporary keys only; is sent and signed.
    pub security_token: Option<Secret>,
}
