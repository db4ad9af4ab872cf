//! Checks Signature Version 4, step by step as the vendor's guide has it.

use imgshare_sdk::AccountId;
use imgshare_sdk::signing::{hex, hmac_sha256, sha256};
use imgshare_testkit::http::HttpRequest;

use super::store::Refusal;

/// Somebody who may ask.
pub(crate) struct Signer {
    pub(crate) account: AccountId,
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

const NOT_VALID: Refusal =
    Refusal("AuthFailure", "AWS was not able to validate the provided access credentials");
const NO_MATCH: Refusal =
    Refusal("SignatureDoesNotMatch", "The request signature we calculated does not match.");

/// Whose signature this is.
pub(crate) fn signer<'a>(
    request: &HttpRequest,
    signers: &'a [Signer],
    service: &str,
    region: &str,
) -> Result<&'a AccountId, Refusal> {
    let header = |name: &str| value(request, name).ok_or(NOT_VALID);
    let authorization = header("authorization")?;
    let parts = authorization.strip_prefix("AWS4-HMAC-SHA256 ").ok_or(NOT_VALID)?;
    let part = |name: &str| parts.split(", ").find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let (credential, names, signature) = (
        part("Credential").ok_or(NOT_VALID)?,
        part("SignedHeaders").ok_or(NOT_VALID)?,
        part("Signature").ok_or(NOT_VALID)?,
    );
    let time = header("x-amz-date")?;
    let scope = format!("{}/{region}/{service}/aws4_request", time.get(..8).ok_or(NOT_VALID)?);
    let signer =
        signers.iter().find(|signer| credential == format!("{}/{scope}", signer.id)).ok_or(NOT_VALID)?;
    if value(request, "x-amz-security-token") != signer.token {
        return Err(NOT_VALID);
    }
    let needed = ["content-type", "host", "x-amz-date"].into_iter();
    let needed = needed.chain(signer.token.as_ref().map(|_| "x-amz-security-token"));
    if names.split(';').ne(needed) {
        return Err(NO_MATCH);
    }
    let canonical = canonical(request, names)?;
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&sha256(canonical)));
    let key = scope
        .split('/')
        .fold(format!("AWS4{}", signer.secret).into_bytes(), |key, part| hmac_sha256(key, part).to_vec());
    if hex(&hmac_sha256(key, to_sign)) == signature { Ok(&signer.account) } else { Err(NO_MATCH) }
}

fn canonical(request: &HttpRequest, names: &str) -> Result<String, Refusal> {
    let mut headers = String::new();
    for name in names.split(';') {
        let value = value(request, name).ok_or(NO_MATCH)?;
        headers.push_str(&format!("{name}:{value}\n"));
    }
    let hash = hex(&sha256(&request.body));
    Ok(format!("{}\n/\n\n{headers}\n{names}\n{hash}", request.method))
}

fn value(request: &HttpRequest, name: &str) -> Option<String> {
    if name == "host" {
        return request.url.split('/').nth(2).map(str::to_owned);
    }
    let header = request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    header.map(|(_, value)| value.clone())
}
