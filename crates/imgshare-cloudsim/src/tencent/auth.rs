//! Who calls: the checks on a signed request, each with its documented code.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::params::missing;
use super::tc3::Authorization;
use crate::cloud::Refusal;
use crate::http::Request;
use crate::ids::AccountId;
use crate::world::{Credential, World};

/// A request may be this old, or this far in the future.
const SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);

const SERVICE: &str = "cvm";

/// The account whose key signed the request.
pub(super) fn authenticate(request: &Request, world: &World, now: Timestamp) -> Result<AccountId, Refusal> {
    let header = request.header("authorization").ok_or_else(|| missing("Authorization"))?;
    let authorization = Authorization::parse(header).filter(Authorization::signs_the_required_headers);
    let authorization = authorization.ok_or_else(invalid_authorization)?;
    let timestamp = request.header("x-tc-timestamp").ok_or_else(|| missing("Timestamp"))?;
    let (account, credential) =
        world.login_of_key(authorization.secret_id).ok_or_else(secret_id_not_found)?;
    check_time(&authorization, timestamp, now)?;
    check_signature(&authorization, request, timestamp, &credential)?;
    check_token(request, &credential, now)?;
    Ok(account)
}

fn check_time(authorization: &Authorization<'_>, timestamp: &str, now: Timestamp) -> Result<(), Refusal> {
    let signed_at = timestamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let signed_at = signed_at.ok_or_else(invalid_authorization)?;
    if now.duration_since(signed_at).abs() > SKEW_MAX {
        let message = "The signature is expired: the time of the request and of the server differ too much.";
        return Err(auth_failure("SignatureExpire", message));
    }
    let day = signed_at.to_zoned(TimeZone::UTC).date().to_string();
    let right = authorization.date == day && authorization.service == SERVICE;
    right.then_some(()).ok_or_else(signature_failure)
}

fn check_signature(
    authorization: &Authorization<'_>,
    request: &Request,
    timestamp: &str,
    credential: &Credential,
) -> Result<(), Refusal> {
    let good = authorization.is_signature_of(request, timestamp, credential.secret.expose());
    good.then_some(()).ok_or_else(signature_failure)
}

/// A temporary key goes with its token and with no other, a permanent key with none. The vendor's table has one code for
/// every token that is no good; the sentences are ours.
fn check_token(request: &Request, credential: &Credential, now: Timestamp) -> Result<(), Refusal> {
    let expected = credential.token.as_ref().map(crate::Secret::expose);
    let good = request.header("x-tc-token") == expected;
    if good && credential.has_expired(now) {
        return Err(auth_failure("TokenFailure", "The token has expired."));
    }
    good.then_some(()).ok_or_else(|| auth_failure("TokenFailure", "The token is wrong."))
}

fn auth_failure(kind: &str, message: &str) -> Refusal {
    Refusal::new(format!("AuthFailure.{kind}"), message)
}

fn invalid_authorization() -> Refusal {
    auth_failure(
        "InvalidAuthorization",
        "The Authorization header does not have the form of TC3-HMAC-SHA256.",
    )
}

fn secret_id_not_found() -> Refusal {
    auth_failure("SecretIdNotFound", "The SecretId does not exist.")
}

fn signature_failure() -> Refusal {
    let message = "The provided credentials could not be validated: the signature does not match.";
    auth_failure("SignatureFailure", message)
}
