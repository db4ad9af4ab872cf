//! The cloud's error codes, by what the user can do about them.
//!
//! Codes have parts, as in `RequestLimitExceeded.UinLimitExceeded`; the row with the most parts in common counts.
//! Lists: <https://cloud.tencent.com/document/api/213/15710#6.-.E9.94.99.E8.AF.AF.E7.A0.81> and, for all products,
//! <https://cloud.tencent.com/document/api/213/30435>.

use imgshare_sdk::codes::{Refusal, Row, find};
use imgshare_sdk::{Error, ErrorKind};

const RIGHTS: &str = "give the key's owner the rights cvm:DescribeImages, cvm:DescribeImageSharePermission and \
                      cvm:ModifyImageSharePermission, and for copies cvm:SyncImages";
const KEY: &str = "check secret id and secret key";
const BUSY: &str = "run again when the image is in state NORMAL";
const SOURCE_BUSY: &str = "run again when the source is in state NORMAL";
const MAIN_ACCOUNT: &str =
    "use the main account id; sub-account and collaborator ids are refused by this cloud";
const OWN_ACCOUNT: &str = "take the owner's own account out of the rule; the owner has the image anyway";
const IMAGE_ID: &str = "check the image id and its region";

#[rustfmt::skip]
const ROWS: &[Row] = {
    use ErrorKind::*;
    &[
        ("RequestLimitExceeded", RateLimited, ""),
        ("InternalError", Unavailable, ""),
        ("InternalServerError", Unavailable, ""),

        ("AuthFailure", CredentialInvalid, KEY),
        ("AuthFailure.SecretIdNotFound", CredentialInvalid, "check the secret id: it is unknown, deleted or disabled"),
        ("AuthFailure.InvalidSecretId", CredentialInvalid, "use a secret id of the cloud's API keys (AKID...)"),
        ("AuthFailure.SignatureFailure", CredentialInvalid, "check that the secret key belongs to the secret id"),
        ("AuthFailure.SignatureExpire", CredentialInvalid, "set this machine's clock: it differs by more than 5 minutes"),
        ("AuthFailure.TokenFailure", CredentialInvalid, "get a new session token with its keys"),
        ("AuthFailure.InvalidAuthorization", CredentialInvalid, "check secret id and secret key for stray characters"),
        ("AuthFailure.MFAFailure", CredentialInvalid, "use a key that needs no second factor"),
        ("AuthFailure.UnauthorizedOperation", PermissionDenied, RIGHTS),
        ("UnauthorizedOperation", PermissionDenied, RIGHTS),
        ("UnauthorizedOperation.InvalidToken", CredentialInvalid, "get a new session token with its keys"),
        ("UnauthorizedOperation.ImageNotBelongToAccount", PermissionDenied, "share only images that the key's owner made"),

        ("InvalidImageId", ImageNotFound, IMAGE_ID),
        ("InvalidImageId.NotFound", ImageNotFound, IMAGE_ID),
        ("InvalidImageId.Malformed", ImageNotFound, IMAGE_ID),
        ("InvalidImageId.InShared", Conflict, "cancel the image's shares first"),
        ("InvalidParameterValue.InvalidImageId", ImageNotFound, IMAGE_ID),

        // A locked image stays locked for minutes, so asking again at once is no use: it is reported.
        ("FailedOperation.InvalidImageState", ImageNotShareable, BUSY),
        ("InvalidParameterValue.InvalidImageState", ImageNotShareable, BUSY),
        ("InvalidParameter.InstanceImageNotSupport", ImageNotShareable, "share another image; this kind is refused"),
        ("FailedOperation.BYOLImageShareFailed", ImageNotShareable, "share an image whose licence is the cloud's"),
        ("FailedOperation.QImageShareFailed", ImageNotShareable, "share another image; this kind is refused"),
        ("FailedOperation.RImageShareFailed", ImageNotShareable, "share another image; this kind is refused"),
        ("UnsupportedOperation.EncryptedImagesNotSupported", ImageNotShareable, "share an image that is not encrypted"),

        ("InvalidAccountId", AccountInvalid, MAIN_ACCOUNT),
        ("InvalidAccountId.NotFound", AccountInvalid, MAIN_ACCOUNT),
        ("FailedOperation.NotMasterAccount", AccountInvalid, MAIN_ACCOUNT),
        ("InvalidAccountIs.YourSelf", AccountInvalid, OWN_ACCOUNT),
        ("FailedOperation.AccountIsYourSelf", AccountInvalid, OWN_ACCOUNT),
        ("FailedOperation.AccountAlreadyExists", AlreadyDone, ""),

        ("OverQuota", QuotaExceeded, "cancel shares of this image, or ask the cloud for a higher quota"),
        // Too many accounts in a call, or on an image: the cloud does not say which.
        ("InvalidParameterValue.LimitExceeded", QuotaExceeded, "cancel shares of this image, or lower `limits.accounts_per_change`"),
        ("ImageQuotaLimitExceeded", QuotaExceeded, "delete images in the region of the copy, or ask the cloud for a higher quota"),

        ("InvalidRegion", Unsupported, "check the region; it is spelled like `ap-guangzhou`"),
        ("UnsupportedRegion", Unsupported, "check the region; it is spelled like `ap-guangzhou`"),
    ]
};

/// What some codes mean when a copy is asked for.
#[rustfmt::skip]
const COPY_ROWS: &[Row] = {
    use ErrorKind::*;
    &[
        ("FailedOperation.InvalidImageState", Conflict, SOURCE_BUSY),
        ("InvalidParameterValue.InvalidImageState", Conflict, SOURCE_BUSY),
        ("InvalidImageName.Duplicate", Conflict, "run again: the region has an image of this name by now"),
        ("InvalidParameterValue.LimitExceeded", QuotaExceeded, "give the source a name of at most 60 characters"),
        ("UnsupportedOperation", Unsupported, "choose an image or a region that the cloud copies"),
        ("UnsupportedOperation.EncryptedImagesNotSupported", Unsupported, "choose a source that is not encrypted"),
    ]
};

/// The error of a copy that the cloud refused.
pub(crate) fn of_copy(error: Error) -> Error {
    match error.code.as_deref().and_then(|code| find(COPY_ROWS, code)) {
        Some((kind, hint)) => Error { kind, ..error }.with_hint(hint),
        None => error,
    }
}

/// The error for what the cloud answered.
pub(crate) fn error(code: &str, message: &str, request_id: &str) -> Error {
    let (kind, hint) = find(ROWS, code).unwrap_or((ErrorKind::Unexpected, ""));
    Refusal { code, message, request_id }.error(kind, hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ErrorKind::*;

    #[test]
    fn every_known_code_has_its_kind() {
        for (kind, codes) in [
            (
                RateLimited,
                "RequestLimitExceeded RequestLimitExceeded.UinLimitExceeded \
                 RequestLimitExceeded.GlobalRegionUinLimitExceeded",
            ),
            (Unavailable, "InternalError InternalServerError InternalError.TradeError"),
            (
                CredentialInvalid,
                "AuthFailure AuthFailure.SecretIdNotFound AuthFailure.SignatureFailure \
                 AuthFailure.SignatureExpire AuthFailure.TokenFailure AuthFailure.InvalidSecretId \
                 AuthFailure.InvalidAuthorization AuthFailure.MFAFailure UnauthorizedOperation.InvalidToken",
            ),
            (
                PermissionDenied,
                "AuthFailure.UnauthorizedOperation UnauthorizedOperation \
                 UnauthorizedOperation.ImageNotBelongToAccount",
            ),
            (
                ImageNotFound,
                "InvalidImageId.NotFound InvalidImageId.Malformed InvalidParameterValue.InvalidImageId",
            ),
            (
                ImageNotShareable,
                "FailedOperation.InvalidImageState InvalidParameterValue.InvalidImageState \
                 InvalidParameter.InstanceImageNotSupport FailedOperation.BYOLImageShareFailed \
                 FailedOperation.QImageShareFailed FailedOperation.RImageShareFailed \
                 UnsupportedOperation.EncryptedImagesNotSupported",
            ),
            (
                AccountInvalid,
                "InvalidAccountId.NotFound FailedOperation.NotMasterAccount InvalidAccountIs.YourSelf \
                 FailedOperation.AccountIsYourSelf",
            ),
            (AlreadyDone, "FailedOperation.AccountAlreadyExists"),
            (QuotaExceeded, "OverQuota InvalidParameterValue.LimitExceeded ImageQuotaLimitExceeded"),
            (Conflict, "InvalidImageId.InShared"),
            (Unsupported, "UnsupportedRegion InvalidRegion.NotFound"),
            (
                Unexpected,
                "FailedOperation InvalidParameterValue.Range NeverHeardOf A.B.C RequestLimitExceededX",
            ),
        ] {
            for code in codes.split_whitespace() {
                assert_eq!(error(code, "", "").kind, kind, "{code}");
            }
        }
    }

    #[test]
    fn a_refused_copy_says_what_to_do_about_the_copy() {
        for (code, kind, word) in [
            ("InvalidParameterValue.InvalidImageState", Conflict, "NORMAL"),
            ("FailedOperation.InvalidImageState", Conflict, "NORMAL"),
            ("ImageQuotaLimitExceeded", QuotaExceeded, "delete images"),
            ("InvalidParameterValue.LimitExceeded", QuotaExceeded, "60 characters"),
            ("InvalidImageName.Duplicate", Conflict, "run again"),
            ("UnsupportedOperation.EncryptedImagesNotSupported", Unsupported, "not encrypted"),
            ("InvalidImageId.NotFound", ImageNotFound, "image id"),
            ("UnauthorizedOperation", PermissionDenied, "cvm:SyncImages"),
        ] {
            let error = of_copy(error(code, "", ""));
            assert_eq!(error.kind, kind, "{code}");
            assert!(error.hint.is_some_and(|hint| hint.contains(word)), "{code}");
        }
        assert_eq!(of_copy(error("InternalError", "", "")).kind, Unavailable);
    }

    #[test]
    fn the_longest_part_in_common_counts() {
        assert_eq!(error("InvalidImageId.InShared.Deeper", "", "").kind, Conflict);
        assert_eq!(error("InvalidImageId.Else", "", "").kind, ImageNotFound);
    }

    #[test]
    fn what_a_user_can_mend_comes_with_a_hint() {
        for (code, kind, hint) in ROWS {
            let mendable = !kind.may_pass() && *kind != AlreadyDone;
            assert_eq!(!hint.is_empty(), mendable, "{code}");
        }
    }
}
