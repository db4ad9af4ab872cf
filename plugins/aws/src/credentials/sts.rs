//! Exchanging keys, or an identity provider's token, for the temporary keys of a role.

use imgshare_sdk::credentials::{FoundKeys, identity_token, role_refused};
use imgshare_sdk::{Context, Error, ErrorKind, Region, Request, Result};

use super::environment;
use super::way::WebIdentity;
use crate::api::sts::{self, Role};
use crate::api::{self, Ask};
use crate::call::{Call, Service};
use crate::endpoint::Endpoints;
use crate::partition::Partition;
use crate::sign::Keys;

/// Where roles are taken on.
#[derive(Clone, Copy)]
pub(super) struct TokenService<'a> {
    pub(super) cx: &'a Context,
    pub(super) endpoints: &'a Endpoints,
    /// The region that the profile works in.
    pub(super) region: Option<&'a str>,
}

impl TokenService<'_> {
    /// Temporary keys of this role, for these keys.
    ///
    /// # Errors
    ///
    /// `CredentialInvalid` when the service refuses, or gives no usable keys.
    pub(super) async fn for_keys(&self, keys: &Keys, role: &Role, source: &str) -> Result<FoundKeys> {
        let sign = |call: Call<'_>, origin: &str| call.signed(origin, keys, self.cx.now());
        self.exchange(role, &sts::assume(role), source, sign).await
    }

    /// Temporary keys of a role, for the token in the identity provider's file. It is read each time: it changes.
    ///
    /// # Errors
    ///
    /// As [`TokenService::for_keys`], and when there is no such file.
    pub(super) async fn for_token(&self, identity: &WebIdentity, source: &str) -> Result<FoundKeys> {
        let token = identity_token(self.cx, &identity.token_file, source).await?;
        let ask = sts::assume_with_token(&identity.role, token.expose());
        self.exchange(&identity.role, &ask, source, |call, origin| call.unsigned(origin)).await
    }

    async fn exchange(
        &self,
        role: &Role,
        ask: &Ask,
        source: &str,
        sign: impl Fn(Call<'_>, &str) -> Request + Send + Sync,
    ) -> Result<FoundKeys> {
        let region = self.region_of(role).await?;
        let origin = self.endpoints.origin(self.cx, Service::Sts, &region).await?;
        let (headers, body) = (ask.headers(), ask.body());
        let call = Call {
            service: Service::Sts,
            action: ask.action,
            region: region.as_str(),
            headers: &headers,
            body: &body,
        };
        let prepare = |_: &Context| Ok(sign(call, &origin).idempotent(ask.idempotent));
        let answer = self.cx.call(prepare, |response| api::read(response, ask, sts::assumed)).await;
        let answer = answer.map_err(|error| role_refused(error, source))?;
        let found = answer.value.found(source)?;
        found.ok_or_else(|| {
            let message = format!("the token service does not say when its keys expire: {source}");
            Error::new(ErrorKind::Malformed, message).with_request_id(answer.request_id)
        })
    }

    /// The region that the tools work in, if the role is of its part of the cloud; else that part's home.
    async fn region_of(&self, role: &Role) -> Result<Region> {
        let named = environment::region(self.cx).await?.or_else(|| self.region.map(str::to_owned));
        let partition = Partition::of_arn(&role.arn);
        let fits = |region: &String| partition.is_none_or(|own| own == Partition::of_region(region));
        let home = partition.unwrap_or_else(|| Partition::of_region("")).home;
        Ok(named.filter(fits).unwrap_or_else(|| home.to_owned()).into())
    }
}
