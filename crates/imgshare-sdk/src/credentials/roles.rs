//! Taking on roles: what clouds' token services have in common, which give a role's temporary keys for other keys or
//! for an identity provider's token.

use crate::{Context, Error, ErrorKind, Result, Secret};

/// The identity provider's token in this file; `source` says for people what it is for. Read it each time: it changes.
///
/// # Errors
///
/// `CredentialInvalid` when there is no such file, or no token in it.
pub async fn identity_token(cx: &Context, path: &str, source: &str) -> Result<Secret> {
    let bytes = cx.read_file(path).await?;
    let token = token_in(bytes).map_err(|reason| {
        Error::new(ErrorKind::CredentialInvalid, format!("{source}: {path} {reason}"))
            .with_hint("check that the identity provider's token is mounted there")
    })?;
    Ok(cx.secret(token))
}

/// The token in this file's content; or what is wrong with the file.
fn token_in(content: Option<Vec<u8>>) -> Result<String, &'static str> {
    let text = String::from_utf8(content.ok_or("is not there")?).map_err(|_| "is not text")?;
    match text.trim() {
        "" => Err("is empty"),
        token => Ok(token.to_owned()),
    }
}

/// What a token service's refusal means. Its codes are its own: whatever it refuses, the credentials are not good for
/// the role, unless the trouble may pass by itself or the answer is not as documented.
#[must_use]
pub fn role_refused(error: Error, source: &str) -> Error {
    let kind = match error.kind {
        kind if kind.may_pass() => kind,
        ErrorKind::Malformed => ErrorKind::Malformed,
        _ => ErrorKind::CredentialInvalid,
    };
    let message = format!("the token service gives no keys for {source}: {}", error.message);
    let error = Error { kind, message, ..error };
    if kind.may_pass() || error.hint.is_some() {
        return error;
    }
    error.with_hint("check the role, whom it trusts, and that these credentials may take it on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_files_text_without_the_space_around_it() {
        assert_eq!(token_in(Some(b" FAKETOKEN\n".into())), Ok("FAKETOKEN".to_owned()));
        assert_eq!(token_in(None), Err("is not there"));
        assert_eq!(token_in(Some(b"\xff".into())), Err("is not text"));
        assert_eq!(token_in(Some(b" \n".into())), Err("is empty"));
    }

    #[test]
    fn what_is_refused_and_does_not_pass_concerns_the_credentials() {
        for (kind, expected, is_hinted) in [
            (ErrorKind::PermissionDenied, ErrorKind::CredentialInvalid, true),
            (ErrorKind::ImageNotFound, ErrorKind::CredentialInvalid, true),
            (ErrorKind::Malformed, ErrorKind::Malformed, true),
            (ErrorKind::RateLimited, ErrorKind::RateLimited, false),
            (ErrorKind::Unavailable, ErrorKind::Unavailable, false),
        ] {
            let error = role_refused(Error::new(kind, "no"), "role baker");
            assert_eq!((error.kind, error.hint.is_some()), (expected, is_hinted), "{kind:?}");
            assert_eq!(error.message, "the token service gives no keys for role baker: no");
        }
    }
}
