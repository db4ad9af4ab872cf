//! The service that gives a container its role's keys (ECS, EKS).
//!
//! As the vendor's library asks it: `ContainerProvider` in `credentials.py` and `ContainerMetadataFetcher` in `utils.py`
//! of botocore 1.44.5, with the hosts that it takes.

use std::net::IpAddr;

use imgshare_sdk::credentials::{FoundKeys, metadata_request};
use imgshare_sdk::{Context, Error, ErrorKind, Request, Response, Result, Secret, try_join};

use super::service;

const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// Where the service of ECS is.
const ECS: &str = "http://169.254.170.2";

/// Where the service of EKS is.
const EKS: &str = "http://169.254.170.23";
/// Where it is without IPv4; asked only where the config allows that for any host.
const EKS_IPV6: &str = "http://[fd00:ec2::23]";

/// Hosts that are asked without TLS, beside this machine's own.
pub(crate) const HOSTS: [&str; 2] = [ECS, EKS];

/// The service's place, for people.
pub(super) const PLACE: &str =
    "environment variables AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// The address that the environment names. `None`: none, so this is no such container.
///
/// # Errors
///
/// `CredentialInvalid` when it must not be asked: the token and the keys would go over a network in clear.
pub(super) async fn address(cx: &Context) -> Result<Option<String>> {
    let (relative, full) = try_join!(cx.env(RELATIVE_URI), cx.env(FULL_URI))?;
    if let Some(path) = relative {
        let path = Some(path).filter(|path| path.starts_with('/'));
        return path.map(|path| Some(format!("{ECS}{path}"))).ok_or_else(|| refused(RELATIVE_URI));
    }
    match full {
        Some(url) if may_be_asked(&url) => Ok(Some(url)),
        Some(_) => Err(refused(FULL_URI)),
        None => Ok(None),
    }
}

fn may_be_asked(url: &str) -> bool {
    if url.starts_with("https://") {
        return true;
    }
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let is_known = [ECS, EKS, EKS_IPV6].contains(&&*format!("http://{authority}"));
    is_known || !authority.contains(['@', '\\']) && is_this_machine(authority)
}

fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.split(':').next().unwrap_or(authority),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn refused(variable: &str) -> Error {
    let message = format!("{variable} names no address that credentials may be asked of");
    Error::new(ErrorKind::CredentialInvalid, message)
        .with_hint("name one of https, of this machine, or of the cloud's container services")
}

/// Asks the service at this address.
///
/// # Errors
///
/// `CredentialInvalid` when it gives no usable keys.
pub(super) async fn keys(cx: &Context, address: &str) -> Result<FoundKeys> {
    let token = token(cx).await?;
    let prepare = |_: &Context| {
        let request = metadata_request(Request::get(address)).header("accept", "application/json");
        Ok(match &token {
            Some(token) => request.header("authorization", token.expose()),
            None => request,
        })
    };
    cx.call(prepare, read).await
}

fn read(response: &Response) -> Result<FoundKeys> {
    service::keys(response, "the container's role").map_err(|reason| {
        let kind = match response.status {
            429 | 500..=599 => ErrorKind::Unavailable,
            _ => ErrorKind::CredentialInvalid,
        };
        Error::new(kind, format!("the container's credential service gives no keys: {reason}"))
            .with_hint("check the role of the task or the pod, or set other credentials")
    })
}

/// What is shown to the service. The file is read each time: it changes.
async fn token(cx: &Context) -> Result<Option<Secret>> {
    let (file, text) = try_join!(cx.env(TOKEN_FILE), cx.env(TOKEN))?;
    let text = match file {
        Some(path) => Some(token_of(cx, &path).await?),
        None => text,
    };
    let Some(text) = text else { return Ok(None) };
    if text.contains(['\r', '\n']) {
        return Err(Error::new(ErrorKind::CredentialInvalid, "the container's token has more than one line")
            .with_hint(format!("check {TOKEN_FILE} and {TOKEN}")));
    }
    Ok(Some(cx.secret(text)))
}

async fn token_of(cx: &Context, path: &str) -> Result<String> {
    let unusable = |reason: &str| {
        Error::new(ErrorKind::CredentialInvalid, format!("{TOKEN_FILE} names {path}, which {reason}"))
            .with_hint("check that the container's token is mounted there")
    };
    let bytes = cx.read_file(path).await?.ok_or_else(|| unusable("is not there"))?;
    String::from_utf8(bytes).map_err(|_| unusable("is not text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_clouds_services_and_this_machine_are_asked_without_tls() {
        for good in [
            "https://keys.example/x",
            "http://169.254.170.2/v2/x",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
            "http://localhost:8080/x",
            "http://127.0.0.1:51679/x",
            "http://[::1]:80/x",
        ] {
            assert!(may_be_asked(good), "{good}");
        }
        for bad in [
            "http://keys.example/x",
            "http://169.254.170.2@keys.example/",
            "http://localhost.example/",
            "http://169.254.170.2.example/",
            "ftp://localhost/",
            "/v2/x",
            "",
        ] {
            assert!(!may_be_asked(bad), "{bad}");
        }
    }
}
