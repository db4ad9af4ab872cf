//! Who calls: the checks on a signed request, whatever it was signed with.
//!
//! The codes are known from the vendor's SDKs and error pages; the page of these calls does not list them.

use jiff::{SignedDuration, Timestamp};

use super::acs3::{self, Authorization};
use super::params::missing;
use super::rpc::SignedParameters;
use crate::cloud::Refusal;
use crate::http::Request;
use crate::ids::AccountId;
use crate::world::{Credential, World};

/// A request may be this old, or this far in the future. The bound is ours: the pages of these calls give none, and
/// fifteen minutes are what people report of the vendor's other products.
const SKEW_MAX: SignedDuration = SignedDuration::from_mins(15);

/// For how long a nonce is remembered: as long as a request that was signed early could be repeated.
const NONCE_MEMORY: SignedDuration = SignedDuration::from_mins(30);

/// A request by the scheme that it was signed with.
enum Signed<'r> {
    Acs3(Authorization<'r>),
    Rpc(SignedParameters),
}

/// What a caller says about himself.
struct Claim<'r> {
    key_id: &'r str,
    timestamp: &'r str,
    nonce: &'r str,
    token: Option<&'r str>,
}

/// The account whose key signed the request.
pub(super) fn authenticate(
    request: &Request,
    world: &mut World,
    now: Timestamp,
) -> Result<AccountId, Refusal> {
    let signed = Signed::read(request)?;
    let claim = signed.claim(request)?;
    let (account, credential) = world.login_of_key(claim.key_id).ok_or_else(key_not_found)?;
    check_time(claim.timestamp, now)?;
    if !signed.is_signature_of(request, credential.secret.expose()) {
        return Err(does_not_match());
    }
    check_token(claim.token, &credential, now)?;
    let fresh = world.nonces.spend(claim.key_id, claim.nonce, now, NONCE_MEMORY);
    fresh.then_some(account).ok_or_else(nonce_used)
}

impl<'r> Signed<'r> {
    fn read(request: &'r Request) -> Result<Self, Refusal> {
        let read = if acs3::is_acs3(request) {
            let authorization = request.header("authorization").and_then(Authorization::parse);
            authorization.filter(|of| of.signs_the_required_headers(request)).map(Self::Acs3)
        } else {
            SignedParameters::read(request).map(Self::Rpc)
        };
        read.ok_or_else(incomplete)
    }

    fn claim<'s>(&'s self, request: &'s Request) -> Result<Claim<'s>, Refusal> {
        let header = |name| request.header(name).ok_or_else(|| missing(name));
        match self {
            Self::Acs3(authorization) => Ok(Claim {
                key_id: authorization.key_id,
                timestamp: header("x-acs-date")?,
                nonce: header("x-acs-signature-nonce")?,
                token: request.header("x-acs-security-token"),
            }),
            Self::Rpc(parameters) => {
                let parameter = |name| parameters.get(name).ok_or_else(|| missing(name));
                Ok(Claim {
                    key_id: parameter("AccessKeyId")?,
                    timestamp: parameter("Timestamp")?,
                    nonce: parameter("SignatureNonce")?,
                    token: parameters.get("SecurityToken"),
                })
            }
        }
    }

    fn is_signature_of(&self, request: &Request, secret: &str) -> bool {
        match self {
            Self::Acs3(authorization) => authorization.is_signature_of(request, secret),
            Self::Rpc(parameters) => parameters.is_signature_of(&request.method, secret),
        }
    }
}

fn check_time(timestamp: &str, now: Timestamp) -> Result<(), Refusal> {
    let read = timestamp.parse::<Timestamp>().ok();
    // Seconds, in UTC, said with a Z: whatever else RFC 3339 allows is not this API's form.
    let signed_at = read.filter(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string() == timestamp);
    let malformed = || Refusal::new("InvalidTimeStamp.Format", "Specified time stamp is not well formatted.");
    let signed_at = signed_at.ok_or_else(malformed)?;
    let expired =
        || Refusal::new("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
    (now.duration_since(signed_at).abs() <= SKEW_MAX).then_some(()).ok_or_else(expired)
}

/// A temporary key goes with its token and with no other, a permanent key with none.
fn check_token(token: Option<&str>, credential: &Credential, now: Timestamp) -> Result<(), Refusal> {
    let expected = credential.token.as_ref().map(crate::Secret::expose);
    let (code, message) = match token.filter(|token| !token.is_empty()) {
        token if token == expected && !credential.has_expired(now) => return Ok(()),
        token if token == expected => {
            ("InvalidSecurityToken.Expired", "The specified SecurityToken is expired.")
        }
        None => ("MissingSecurityToken", "SecurityToken is mandatory for this action."),
        Some(_) => (
            "InvalidSecurityToken.MismatchWithAccessKey",
            "The SecurityToken does not match the AccessKeyId.",
        ),
    };
    Err(Refusal::new(code, message))
}

fn incomplete() -> Refusal {
    let message =
        "The request signature does not conform to the scheme: a part of it is missing or not signed.";
    Refusal::new("IncompleteSignature", message)
}

fn key_not_found() -> Refusal {
    Refusal::new("InvalidAccessKeyId.NotFound", "Specified access key is not found.")
}

fn does_not_match() -> Refusal {
    Refusal::new("SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
}

fn nonce_used() -> Refusal {
    Refusal::new("SignatureNonceUsed", "Specified signature nonce was used already.")
}
