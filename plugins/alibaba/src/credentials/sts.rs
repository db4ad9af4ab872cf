//! Exchanging keys, or an identity provider's token, for the temporary keys of a role.

use imgshare_sdk::credentials::{FoundKeys, identity_token, role_refused};
use imgshare_sdk::{Context, Error, ErrorKind, Region, Request, Result, endpoint};

use super::environment;
use super::way::Oidc;
use crate::api::sts::{self, Assumed, Role};
use crate::api::{self, Ask};
use crate::call::{Call, Scheme, Stamp};
use crate::endpoint::sts_origin;
use crate::settings::{Network, Settings};
use crate::sign::Keys;

/// Where and how roles are taken on.
#[derive(Debug)]
pub(super) struct TokenService {
    /// `None`: on the cloud's own hosts.
    fixed: Option<String>,
    scheme: Scheme,
}

impl TokenService {
    /// The service that the settings name, or the cloud's own.
    ///
    /// # Errors
    ///
    /// When the address is more or less than scheme, host and port.
    pub(super) fn new(settings: &Settings) -> Result<Self> {
        let fixed = settings.sts_endpoint.as_deref().map(|text| endpoint::origin("sts_endpoint", text));
        Ok(Self { fixed: fixed.transpose()?, scheme: settings.signature.scheme() })
    }

    /// Temporary keys of this role, for these keys.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when the service refuses, or gives no usable keys.
    pub(super) async fn for_keys(
        &self,
        cx: &Context,
        keys: &Keys,
        role: &Role,
        source: &str,
    ) -> Result<FoundKeys> {
        let origin = self.origin(cx, role).await?;
        let sign = |call: Call<'_>, cx: &Context| call.signed(self.scheme, &origin, keys, &Stamp::now(cx));
        exchange(cx, &sts::assume(role), source, sign).await
    }

    /// Temporary keys of a role, for the token in the identity provider's file. It is read each time: it changes.
    ///
    /// # Errors
    ///
    /// As [`TokenService::for_keys`], and when there is no such file.
    pub(super) async fn for_oidc(&self, cx: &Context, oidc: &Oidc, source: &str) -> Result<FoundKeys> {
        let token = identity_token(cx, &oidc.token_file, source).await?;
        let origin = self.origin(cx, &oidc.role).await?;
        let ask = sts::assume_with_oidc(&oidc.role, &oidc.provider_arn, token.expose());
        exchange(cx, &ask, source, |call, cx| call.unsigned(&origin, cx.now())).await
    }

    async fn origin(&self, cx: &Context, role: &Role) -> Result<String> {
        if let Some(origin) = &self.fixed {
            return Ok(origin.clone());
        }
        let region = match &role.sts_region {
            Some(region) => Some(region.clone()),
            None => cx.env(environment::STS_REGION).await?,
        };
        let vpc = match role.vpc {
            Some(vpc) => vpc,
            None => environment::is_true(cx, environment::VPC_ENDPOINT_ENABLED).await?,
        };
        sts_origin(region.map(Region::from).as_ref(), if vpc { Network::Vpc } else { Network::Public })
    }
}

async fn exchange(
    cx: &Context,
    ask: &Ask,
    source: &str,
    sign: impl Fn(Call<'_>, &Context) -> Request + Sync,
) -> Result<FoundKeys> {
    let call = Call { version: sts::VERSION, action: ask.action, parameters: &ask.parameters };
    let prepare = |cx: &Context| Ok(sign(call, cx).idempotent(ask.idempotent));
    let answer = cx.call(prepare, api::read::<Assumed>).await.map_err(|error| role_refused(error, source))?;
    let found = answer.value.credentials.found(source)?;
    found.ok_or_else(|| {
        Error::new(
            ErrorKind::Malformed,
            format!("the token service does not say when its keys expire: {source}"),
        )
        .with_request_id(answer.request_id)
    })
}
