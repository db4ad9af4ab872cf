//! The cloud's return codes, by what the user can do about them.
//!
//! <https://docs.ucloud.cn/api/summary/public>. The vendor's SDKs repeat calls whose code is above 2000 and never
//! those that came too fast; here it is the other way round.

use imgshare_sdk::codes::{Refusal, Row, find};
use imgshare_sdk::{Error, ErrorKind};

const RIGHTS: &str = "give the key's owner the rights to list images, and to read and change who has them";
const PAIR: &str = "check that public key and private key are a pair";
const HOST: &str = "check `product`, `site` and `endpoint`: this host does not know the call";

#[rustfmt::skip]
const ROWS: &[Row] = {
    use ErrorKind::*;
    &[
        // The call ran into the API's own limit of 60 seconds: it may have been done.
        ("110", Unavailable, ""),
        ("130", Unavailable, ""),
        ("150", Unavailable, ""),
        ("153", RateLimited, ""),

        ("160", Unsupported, HOST),
        ("161", Unsupported, HOST),

        ("170", CredentialInvalid, PAIR),
        ("171", CredentialInvalid, PAIR),
        ("172", CredentialInvalid, "check the public key: the cloud knows no such user"),
        ("174", CredentialInvalid, "get a new security token with its keys"),

        ("292", CredentialInvalid, "check `project_id`: there is no such project"),
        ("293", PermissionDenied, "check `zone` and region: the account may not use this zone"),
        ("294", PermissionDenied, "let the cloud accept calls from this machine's address"),
        ("295", PermissionDenied, "lift the account's security lock in the cloud's console"),
        ("299", PermissionDenied, RIGHTS),
        ("8300", PermissionDenied, RIGHTS),

        // Listing UHost images failed, says the vendor, and is to be tried later.
        ("8874", Unavailable, ""),
        ("8889", Unavailable, ""),
    ]
};

/// The error for what the cloud answered.
pub(crate) fn error(code: i64, message: &str, request_id: &str) -> Error {
    let code = &code.to_string();
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
            (Unavailable, &[110, 130, 150, 8874, 8889][..]),
            (RateLimited, &[153]),
            (Unsupported, &[160, 161]),
            (CredentialInvalid, &[170, 171, 172, 174, 292]),
            (PermissionDenied, &[293, 294, 295, 299, 8300]),
        ] {
            for code in codes {
                assert_eq!(error(*code, "", "").kind, kind, "{code}");
            }
        }
    }

    #[test]
    fn what_the_vendors_sdk_would_repeat_is_final() {
        for code in [210, 230, 2001, 8000, 8433, 8956, 8999, 226_601, 226_606, -1] {
            assert_eq!(error(code, "", "").kind, Unexpected, "{code}");
        }
    }

    #[test]
    fn what_a_user_can_mend_comes_with_a_hint() {
        for (code, kind, hint) in ROWS {
            assert_eq!(hint.is_empty(), kind.may_pass(), "{code}");
        }
    }
}
