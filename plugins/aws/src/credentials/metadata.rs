//! The role of the server that imgshare runs on, from the metadata service: temporary keys. Only its second version is
//! spoken, which wants a token.
//!
//! As the vendor's library asks it: `IMDSFetcher` and `InstanceMetadataFetcher` in `utils.py` of botocore 1.44.5.

use imgshare_sdk::credentials::{FoundKeys, Looked, metadata_request, no_role_keys, role_name};
use imgshare_sdk::signing::percent_encode;
use imgshare_sdk::{Context, Request, Response, Result, Secret, endpoint, try_join};

use super::{environment, service};

const KEYS_PATH: &str = "/latest/meta-data/iam/security-credentials/";
const TOKEN_PATH: &str = "/latest/api/token";
const TOKEN_TTL_HEADER: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN_HEADER: &str = "x-aws-ec2-metadata-token";

/// How long the service's token lasts, in seconds; it is used at once and not kept.
const TOKEN_TTL_SECONDS: &str = "60";

const ORIGIN: &str = "http://169.254.169.254";
const ORIGIN_IPV6: &str = "http://[fd00:ec2::254]";

/// Where the service is; it knows no TLS. Its other address is asked only where the config allows that for any host.
pub(crate) const HOSTS: [&str; 1] = [ORIGIN];

const DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const ENDPOINT_MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

/// The service's place, for people.
pub(super) const PLACE: &str = "the metadata service";

/// The metadata service of this server.
#[derive(Debug)]
pub(super) struct Metadata {
    /// `None`: where the environment says, or the cloud's own.
    configured: Option<String>,
}

/// Why there are no keys and nobody is to blame: no service, or no role.
type Absent = String;

impl Metadata {
    /// The service at this address: `scheme://host[:port]`.
    ///
    /// # Errors
    ///
    /// When that is no such address.
    pub(super) fn new(address: Option<&str>) -> Result<Self> {
        let configured = address.map(|address| endpoint::origin("metadata_endpoint", address)).transpose()?;
        Ok(Self { configured })
    }

    /// Why the environment forbids to ask it, if it does.
    ///
    /// # Errors
    ///
    /// When the host does not tell.
    pub(super) async fn forbidden(&self, cx: &Context) -> Result<Option<String>> {
        let is_off = environment::is_true(cx, DISABLED).await?;
        Ok(is_off.then(|| format!("switched off by {DISABLED}")))
    }

    /// The keys of the server's role. `None`: it has no role, or there is no such service; then `looked` says which.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when there is a role and its keys cannot be used.
    pub(super) async fn find(&self, cx: &Context, looked: &mut Looked) -> Result<Option<FoundKeys>> {
        let origin = self.origin(cx).await?;
        match enter(cx, &origin).await? {
            Ok((role, token)) => {
                let response = cx.send(request(&origin, &role, &token)).await?;
                let source = format!("role `{role}` of this server, from the metadata service");
                service::keys(&response, &source).map(Some).map_err(|reason| no_role_keys(&role, &reason))
            }
            Err(reason) => {
                looked.push(format!("{PLACE} at {origin} ({reason})"));
                Ok(None)
            }
        }
    }

    async fn origin(&self, cx: &Context) -> Result<String> {
        if let Some(origin) = &self.configured {
            return Ok(origin.clone());
        }
        let (address, mode) = try_join!(cx.env(ENDPOINT), cx.env(ENDPOINT_MODE))?;
        match address {
            Some(address) => endpoint::origin(ENDPOINT, &address),
            None if mode.is_some_and(|mode| mode.eq_ignore_ascii_case("ipv6")) => Ok(ORIGIN_IPV6.to_owned()),
            None => Ok(ORIGIN.to_owned()),
        }
    }
}

/// The role's name and the token that is to be shown.
async fn enter(cx: &Context, origin: &str) -> Result<Result<(String, Secret), Absent>> {
    let token = match token(cx, origin).await {
        Ok(token) => token,
        Err(absent) => return Ok(Err(absent)),
    };
    let name = match cx.send(request(origin, "", &token)).await {
        Ok(response) => role_name(&response),
        Err(error) => Err(format!("does not answer: {}", error.message)),
    };
    Ok(name.map(|role| (role, token)))
}

async fn token(cx: &Context, origin: &str) -> Result<Secret, Absent> {
    let request =
        Request::put(format!("{origin}{TOKEN_PATH}"), "").header(TOKEN_TTL_HEADER, TOKEN_TTL_SECONDS);
    match cx.send(metadata_request(request)).await {
        Ok(response) => token_in(cx, &response),
        // From a container the answer may be one hop too far: the server's `HttpPutResponseHopLimit` is 1 then.
        Err(error) => Err(format!("does not answer: {}", error.message)),
    }
}

fn token_in(cx: &Context, response: &Response) -> Result<Secret, Absent> {
    let text = String::from_utf8_lossy(&response.body).trim().to_owned();
    let is_token = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    match response.status {
        200 if is_token => Ok(cx.secret(text)),
        200 => Err("what answers there is no metadata service".to_owned()),
        status => Err(format!("gives no token: HTTP status {status}")),
    }
}

fn request(origin: &str, role: &str, token: &Secret) -> Request {
    let url = format!("{origin}{KEYS_PATH}{}", percent_encode(role));
    metadata_request(Request::get(url)).header(TOKEN_HEADER, token.expose())
}
