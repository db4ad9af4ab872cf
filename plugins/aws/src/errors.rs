//! The cloud's error codes, by what the user can do about them.
//!
//! Codes have parts, as in `InvalidAMIID.NotFound`; the row with the most parts in common counts. A code that is not here
//! is final, and may be an account's fault.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>; those that ask to slow down or to try
//! again are the ones that the vendor's library (botocore 1.44.5, `retries/standard.py`) tries again.

use imgshare_sdk::codes::{self, Refusal, Row, find};
use imgshare_sdk::{Error, ErrorKind};

use crate::api::Ask;

/// What a service says when it refuses a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) request_id: String,
}

const CLOCK: &str = "set this machine's clock";
const KEY_PAIR: &str = "check that the secret access key belongs to the access key id";
const NEW_TOKEN: &str = "get a new session token with its keys";
const REGION: &str = "check the region, and that it is enabled for the account";

#[rustfmt::skip]
const ROWS: &[Row] = {
    use ErrorKind::*;
    &[
        ("Throttling", RateLimited, ""),
        ("ThrottlingException", RateLimited, ""),
        ("ThrottledException", RateLimited, ""),
        ("RequestThrottledException", RateLimited, ""),
        ("RequestThrottled", RateLimited, ""),
        ("TooManyRequestsException", RateLimited, ""),
        ("RequestLimitExceeded", RateLimited, ""),
        ("BandwidthLimitExceeded", RateLimited, ""),
        ("LimitExceededException", RateLimited, ""),
        ("SlowDown", RateLimited, ""),
        ("PriorRequestNotComplete", RateLimited, ""),
        ("EC2ThrottledException", RateLimited, ""),

        ("InternalError", Unavailable, ""),
        ("InternalFailure", Unavailable, ""),
        ("ServerInternal", Unavailable, ""),
        ("ServiceUnavailable", Unavailable, ""),
        ("Unavailable", Unavailable, ""),
        ("RequestTimeout", Unavailable, ""),
        ("RequestTimeoutException", Unavailable, ""),

        ("InvalidAMIID", ImageNotFound, "check the image id and its region"),
        ("InvalidAMIID.Unavailable", ImageNotShareable, "share another image; this one was deregistered"),
        ("InvalidSnapshot", ImageNotFound, "check the image's snapshots and their region"),

        ("InvalidAMIAttributeItemValue", AccountInvalid, "check the account's id: 12 digits, or the ARN of an organization or unit"),
        ("InvalidUserID", AccountInvalid, "check the account's id: 12 digits"),

        ("IncorrectState", Conflict, "run again when the image is in state available"),
        ("InvalidState", Conflict, "run again when the image is in state available"),
        ("IdempotentParameterMismatch", Conflict, "run again: the cloud remembers an earlier call for this copy"),
        ("OperationNotPermitted", ImageNotShareable, "check what the account's own settings forbid about images"),

        ("UnsupportedOperation", Unsupported, "check what the cloud can do in this region"),
        ("InvalidRegion", Unsupported, REGION),
        ("OptInRequired", PermissionDenied, "subscribe to the service, and enable the region for the account"),
        ("MissingParameter", Malformed, "report it: the plugin left something out"),

        ("AuthFailure", CredentialInvalid, "check the keys, and that the region is enabled for the account"),
        ("InvalidClientTokenId", CredentialInvalid, "check the access key id: it is unknown, deleted or disabled"),
        ("UnrecognizedClientException", CredentialInvalid, "check the access key id and its session token"),
        ("SignatureDoesNotMatch", CredentialInvalid, KEY_PAIR),
        ("InvalidSignatureException", CredentialInvalid, KEY_PAIR),
        ("IncompleteSignature", CredentialInvalid, "check the access key for stray characters"),
        ("MissingAuthenticationToken", CredentialInvalid, "check what is on the way to the cloud: the signature is lost"),
        // Also what temporary keys that have expired are answered with.
        ("RequestExpired", CredentialInvalid, "set this machine's clock, or get new temporary keys"),
        ("ExpiredToken", CredentialInvalid, NEW_TOKEN),
        ("ExpiredTokenException", CredentialInvalid, NEW_TOKEN),
        ("Blocked", CredentialInvalid, "ask the cloud's support: the account is blocked"),
        ("PendingVerification", CredentialInvalid, "wait until the cloud has verified the account"),
        ("UnauthorizedOperation", PermissionDenied, ""),
        ("AccessDenied", PermissionDenied, ""),
        ("AccessDeniedException", PermissionDenied, ""),
    ]
};

/// The error for what a service answered with this status to this.
pub(crate) fn error(status: u16, refused: &Refused, ask: &Ask) -> Error {
    let Refused { code, message, request_id } = refused;
    let message = without_appendix(message);
    let (kind, hint) = classify(status, code, message);
    let error = Refusal { code, message, request_id }.error(kind, hint);
    match kind {
        ErrorKind::PermissionDenied if hint.is_empty() => {
            error.with_hint(format!("give the credentials' owner the right {}", right(ask)))
        }
        _ => error,
    }
}

fn classify(status: u16, code: &str, message: &str) -> (ErrorKind, &'static str) {
    if code == "AuthFailure" && message.contains("Not authorized for") {
        return (
            ErrorKind::PermissionDenied,
            "share only images and snapshots of the credentials' own account",
        );
    }
    // "Signature expired: ..." and "Signature not yet current: ...".
    if code.contains("Signature") && (message.contains("expired") || message.contains("not yet current")) {
        return (ErrorKind::CredentialInvalid, CLOCK);
    }
    find(ROWS, code).unwrap_or_else(|| unknown(status, code))
}

/// What is known of a code that has no row. Of a status 4xx nothing: 403 and 404 may well be about an account.
fn unknown(status: u16, code: &str) -> (ErrorKind, &'static str) {
    if code.ends_with("LimitExceeded") || code.ends_with("QuotaExceeded") {
        return (
            ErrorKind::QuotaExceeded,
            "take shares back, delete images, or ask the cloud for a higher quota",
        );
    }
    match status {
        429 => (ErrorKind::RateLimited, ""),
        500..=599 => (ErrorKind::Unavailable, ""),
        _ => (ErrorKind::Unexpected, ""),
    }
}

/// The message without the long code that only `sts:DecodeAuthorizationMessage` can read.
fn without_appendix(message: &str) -> &str {
    message.split("Encoded authorization failure message").next().unwrap_or(message)
}

/// What the call needs, as policies write it.
fn right(ask: &Ask) -> String {
    let own = format!("{}:{}", ask.service.name(), ask.action);
    if ask.action == "CopyImage" { format!("{own} (and ec2:CreateTags for its tags)") } else { own }
}

/// The same error, whose message begins with what failed.
pub(crate) fn about(error: Error, what: &str) -> Error {
    let message = format!("{what}: {}", codes::sentence(&error.message));
    Error { message, ..error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorKind::*;

    fn refused(code: &str, message: &str) -> Error {
        let refused = Refused { code: code.into(), message: message.into(), request_id: "r".into() };
        error(400, &refused, &crate::api::shares::describe(&imgshare_sdk::ImageRef::default()))
    }

    fn kind(status: u16, code: &str) -> ErrorKind {
        classify(status, code, "").0
    }

    #[test]
    fn every_known_code_has_its_kind() {
        for (expected, codes) in [
            (
                RateLimited,
                "RequestLimitExceeded Throttling ThrottlingException EC2ThrottledException SlowDown",
            ),
            (Unavailable, "InternalError Unavailable RequestTimeout ServiceUnavailable"),
            (ImageNotFound, "InvalidAMIID.NotFound InvalidAMIID.Malformed InvalidSnapshot.NotFound"),
            (ImageNotShareable, "InvalidAMIID.Unavailable OperationNotPermitted"),
            (AccountInvalid, "InvalidAMIAttributeItemValue InvalidUserID.Malformed"),
            (QuotaExceeded, "ResourceLimitExceeded NeverHeardOfQuotaExceeded"),
            (
                CredentialInvalid,
                "AuthFailure SignatureDoesNotMatch RequestExpired ExpiredToken InvalidClientTokenId",
            ),
            (PermissionDenied, "UnauthorizedOperation AccessDenied AccessDeniedException OptInRequired"),
        ] {
            for code in codes.split_whitespace() {
                assert_eq!(kind(400, code), expected, "{code}");
            }
        }
    }

    #[test]
    fn a_missing_right_is_named_as_policies_write_it() {
        for code in ["UnauthorizedOperation", "AccessDenied"] {
            let error =
                refused(code, "You are not authorized. Encoded authorization failure message: AbC123");
            assert_eq!(error.kind, PermissionDenied);
            assert_eq!(error.message, "you are not authorized");
            assert!(error.hint.is_some_and(|hint| hint.ends_with("ec2:DescribeImageAttribute")));
        }
    }

    #[test]
    fn an_image_of_somebody_else_is_no_fault_of_the_keys() {
        assert_eq!(refused("AuthFailure", "Not authorized for image:ami-1").kind, PermissionDenied);
        assert_eq!(refused("AuthFailure", "AWS was not able to validate the keys").kind, CredentialInvalid);
    }

    #[test]
    fn a_wrong_clock_is_told_apart_from_a_wrong_secret() {
        let hint = |code, message| refused(code, message).hint.unwrap_or_default();
        assert_eq!(
            &*hint("SignatureDoesNotMatch", "Signature expired: 20231114T221320Z is now earlier"),
            CLOCK
        );
        assert_eq!(&*hint("InvalidSignatureException", "Signature not yet current: 2023"), CLOCK);
        assert!(hint("RequestExpired", "Request has expired.").contains("clock"));
        assert_eq!(
            &*hint("SignatureDoesNotMatch", "The request signature we calculated does not match"),
            KEY_PAIR
        );
    }

    #[test]
    fn an_unknown_code_is_final_and_may_be_an_accounts_fault_unless_the_cloud_is_at_fault() {
        for status in [400, 403, 404, 409] {
            assert_eq!(kind(status, "NeverHeardOf.Account"), Unexpected, "{status}");
        }
        assert_eq!(kind(503, "NeverHeardOf"), Unavailable);
        assert_eq!(kind(429, "NeverHeardOf"), RateLimited);
    }

    #[test]
    fn what_a_user_can_mend_comes_with_a_hint() {
        for (code, kind, hint) in ROWS {
            let needs_one = !kind.may_pass() && *kind != PermissionDenied;
            assert!(!needs_one || !hint.is_empty(), "{code}");
        }
    }
}
