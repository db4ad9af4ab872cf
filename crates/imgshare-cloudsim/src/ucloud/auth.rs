//! Who calls. There is no time and no nonce in a request: a signed one can be repeated for ever, as in the real cloud.

use jiff::Timestamp;

use super::body::Body;
use crate::cloud::Refusal;
use crate::http::Request;
use crate::ids::AccountId;
use crate::world::World;

/// The account whose key signed the request.
pub(super) fn authenticate(request: &Request, world: &World, now: Timestamp) -> Result<AccountId, Refusal> {
    let body = Body::read(request).ok_or_else(super::params::unreadable)?;
    if body.text("Signature").is_none() {
        return Err(Refusal::new("170", "Missing signature"));
    }
    let user = body.text("PublicKey").and_then(|key| world.login_of_key(key));
    let (account, credential) = user.ok_or_else(|| Refusal::new("172", "User not found"))?;
    if !body.is_signed_with(credential.secret.expose()) {
        return Err(Refusal::new("171", "Signature VerifyAC Error"));
    }
    let expected = credential.token.as_ref().map(crate::Secret::expose);
    let right = body.text("SecurityToken").filter(|token| !token.is_empty()) == expected;
    // A token whose time is over is as unknown as one that never was: the vendor's table has no other code.
    let good = right && !credential.has_expired(now);
    good.then_some(account).ok_or_else(|| Refusal::new("174", "Token not found"))
}
