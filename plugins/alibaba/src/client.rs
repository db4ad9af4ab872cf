//! Sends what is asked and reads what is answered, signed with the owner's keys.

use imgshare_sdk::{Context, Region, Result};
use serde::de::DeserializeOwned;

use crate::api::{self, Answer, Ask};
use crate::call::{Call, Scheme, Stamp};
use crate::endpoint::Endpoint;
use crate::sign::Keys;

/// One operation's way to the cloud.
pub(crate) struct Client<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) scheme: Scheme,
    pub(crate) keys: Keys,
}

impl Client<'_> {
    /// Asks the cloud, again and again while it is busy. Each try is signed with its own time and nonce.
    ///
    /// # Errors
    ///
    /// The cloud's own, or why there was no answer.
    pub(crate) async fn ask<T: DeserializeOwned + Send>(
        &self,
        region: &Region,
        ask: &Ask,
    ) -> Result<Answer<T>> {
        let origin = self.endpoint.origin(region)?;
        let call = Call { version: api::VERSION, action: ask.action, parameters: &ask.parameters };
        let prepare = |cx: &Context| {
            let request = call.signed(self.scheme, &origin, &self.keys, &Stamp::now(cx));
            Ok(request.idempotent(ask.idempotent))
        };
        self.cx.call(prepare, |response| Answer::logged(api::read(response), ask.action, region)).await
    }
}
