//! The cloud's error codes, by what the user can do about them.
//!
//! Codes have parts, as in `InvalidImageId.NotFound`; the row with the most parts in common counts. A code that is not
//! here is final, and may be an account's fault.
//!
//! Those of sharing: <https://www.alibabacloud.com/help/en/ecs/api-modifyimagesharepermission>, oddly spelt ones
//! included.

use imgshare_sdk::codes::{Refusal, Row, find};
use imgshare_sdk::{Error, ErrorKind};

const RIGHTS: &str = "give the key's owner the rights ecs:DescribeImages, ecs:DescribeImageSharePermission and \
                      ecs:ModifyImageSharePermission, and for copies ecs:CopyImage";

const OWN_ACCOUNT: &str = "take the owner's own account out of the rule; the owner has the image anyway";
const ENCRYPTED: &str = "share a copy of the image that is not encrypted, or with a key of your own";

#[rustfmt::skip]
const ROWS: &[Row] = {
    use ErrorKind::*;
    &[
        ("InternalError", Unavailable, ""),
        ("UnknownError", Unavailable, ""),
        ("ServiceUnavailable", Unavailable, ""),
        // A nonce is new with every try, so another try is the remedy.
        ("SignatureNonceUsed", Unavailable, ""),

        ("InvalidImageId", ImageNotFound, "check the image id and its region"),
        ("IncorrectImageStatus", ImageNotShareable, "run again when the image is in state Available"),
        ("OperationDenied.InvalidImageStatus", ImageNotShareable, "share another image; this one is deprecated"),
        ("Image.Public", ImageNotShareable, "share another image; this one is a community image"),
        ("OperationDeined", ImageNotShareable, ENCRYPTED),
        ("InvalidOperation.ServiceKeyEncryptedImageUnsupported", ImageNotShareable, ENCRYPTED),
        ("InvalidParameter.KMSKeyId", ImageNotShareable, "enable the image's key, and let the service tag it"),

        ("InvalidAccount", AccountInvalid, "check the account's id; it has digits only"),
        ("InvalidAccount.Forbbiden", AccountInvalid, OWN_ACCOUNT),
        ("InvalidAccount.Forbidden", AccountInvalid, OWN_ACCOUNT),
        ("InvalidImageId.BidMismatch", AccountInvalid, "take accounts of the cloud's other site out of the rule"),

        ("QuotaExceed", QuotaExceeded, "take shares back, or ask the cloud for a higher quota"),

        ("InvalidRegionId", Unsupported, "check the region; it is spelled like `cn-hangzhou`"),
        ("MissingParameter", Malformed, "report it: the plugin left something out"),

        ("InvalidAccessKeyId", CredentialInvalid, "check the access key id: it is unknown, deleted or disabled"),
        ("SignatureDoesNotMatch", CredentialInvalid, "check that the access key secret belongs to the access key id"),
        ("InvalidTimeStamp", CredentialInvalid, "set this machine's clock"),
        ("InvalidSecurityToken", CredentialInvalid, "get a new security token with its keys"),
        ("MissingSecurityToken", CredentialInvalid, "give the security token that belongs to the temporary key"),
        ("IncompleteSignature", CredentialInvalid, "check the access key for stray characters"),
        ("Forbidden.RAM", PermissionDenied, RIGHTS),
        ("AssumeRoleError", PermissionDenied, "give the service the role AliyunECSShareEncryptImageDefaultRole"),
    ]
};

/// What some codes mean when a copy is asked for.
#[rustfmt::skip]
const COPY_ROWS: &[Row] = {
    use ErrorKind::*;
    &[
        ("IncorrectImageStatus", Conflict, "run again when the source is in state Available"),
        ("QuotaExceed", QuotaExceeded, "delete images in the region of the copy, or ask the cloud for a higher quota"),
        ("InvalidParameter.KMSKeyId", Unsupported, "check `copy_kms_keys`: a key of the copy's own region, enabled"),
        // Of the vendor's common rules for client tokens; that this call has it is not documented.
        ("IdempotentParameterMismatch", Conflict, "run again: the cloud remembers an earlier call for this copy"),
    ]
};

/// The error of a copy that the cloud refused.
pub(crate) fn of_copy(error: Error) -> Error {
    match error.code.as_deref().and_then(|code| find(COPY_ROWS, code)) {
        Some((kind, hint)) => Error { kind, ..error }.with_hint(hint),
        None => error,
    }
}

/// Whether this code asks to slow down.
fn is_throttled(code: &str) -> bool {
    code.starts_with("Throttling")
}

/// The error for what the cloud answered with this status.
pub(crate) fn error(status: u16, code: &str, message: &str, request_id: &str) -> Error {
    let (kind, hint) = classify(status, code);
    Refusal { code, message, request_id }.error(kind, hint)
}

fn classify(status: u16, code: &str) -> (ErrorKind, &'static str) {
    if is_throttled(code) {
        return (ErrorKind::RateLimited, "");
    }
    find(ROWS, code).unwrap_or((by_status(status), ""))
}

/// What a status says beside a code that is not known. Of 4xx nothing: 403 and 404 may well be about an account.
fn by_status(status: u16) -> ErrorKind {
    match status {
        429 => ErrorKind::RateLimited,
        500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Unexpected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorKind::*;

    fn kind(status: u16, code: &str) -> ErrorKind {
        error(status, code, "", "").kind
    }

    #[test]
    fn every_known_code_has_its_kind() {
        for (expected, codes) in [
            (RateLimited, "Throttling Throttling.User Throttling.Api ThrottlingAnything"),
            (
                Unavailable,
                "InternalError InternalError.Deeper UnknownError ServiceUnavailable SignatureNonceUsed",
            ),
            (ImageNotFound, "InvalidImageId.NotFound InvalidImageId"),
            (
                ImageNotShareable,
                "IncorrectImageStatus OperationDenied.InvalidImageStatus OperationDeined.EncryptedSnapshot \
                 OperationDeined.FullImage InvalidOperation.ServiceKeyEncryptedImageUnsupported Image.Public \
                 InvalidParameter.KMSKeyId.CMKNotEnabled",
            ),
            (
                AccountInvalid,
                "InvalidAccount.NotFound InvalidAccount.Forbbiden InvalidAccount.Forbidden \
                 InvalidImageId.BidMismatch",
            ),
            (QuotaExceeded, "QuotaExceed.ShareImageUser QuotaExceed.ShareImage"),
            (Unsupported, "InvalidRegionId.NotFound"),
            (Malformed, "MissingParameter MissingParameter.RegionId"),
            (
                CredentialInvalid,
                "InvalidAccessKeyId.NotFound SignatureDoesNotMatch InvalidTimeStamp.Expired \
                 InvalidSecurityToken.Expired InvalidSecurityToken.Malformed MissingSecurityToken \
                 IncompleteSignature",
            ),
            (PermissionDenied, "Forbidden.RAM AssumeRoleError"),
        ] {
            for code in codes.split_whitespace() {
                assert_eq!(kind(400, code), expected, "{code}");
            }
        }
    }

    #[test]
    fn a_refused_copy_says_what_to_do_about_the_copy() {
        for (code, kind, word) in [
            ("IncorrectImageStatus", Conflict, "Available"),
            ("QuotaExceed.Image", QuotaExceeded, "delete images"),
            ("InvalidParameter.KMSKeyId.CMKNotEnabled", Unsupported, "copy_kms_keys"),
            ("IdempotentParameterMismatch", Conflict, "run again"),
            ("InvalidImageId.NotFound", ImageNotFound, "image id"),
            ("Forbidden.RAM", PermissionDenied, "ecs:CopyImage"),
        ] {
            let error = of_copy(error(400, code, "", ""));
            assert_eq!(error.kind, kind, "{code}");
            assert!(error.hint.is_some_and(|hint| hint.contains(word)), "{code}");
        }
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
            assert_eq!(!hint.is_empty(), !kind.may_pass(), "{code}");
        }
    }
}
