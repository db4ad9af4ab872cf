//! Sends what is asked and reads what is answered, signed with the owner's keys.

use imgshare_sdk::{Context, Region, Request, Result};
use serde::de::DeserializeOwned;

use crate::api::{self, Answer, Ask};
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::settings::Language;
use crate::sign::Keys;

/// One operation's way to the cloud.
pub(crate) struct Client<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) language: Language,
    pub(crate) keys: Keys,
}

impl Client<'_> {
    /// Asks the cloud, again and again while it is busy. Each try is signed with its own time.
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
        let prepare = |cx: &Context| Ok(self.request(&origin, region, ask, cx));
        self.cx.call(prepare, |response| Answer::logged(api::read(response), ask.action, region)).await
    }

    fn request(&self, origin: &str, region: &Region, ask: &Ask, cx: &Context) -> Request {
        let call = Call {
            service: api::SERVICE,
            version: api::VERSION,
            action: ask.action,
            region: Some(region.as_str()),
            language: self.language.code(),
        };
        call.post(origin, &ask.body, &self.keys, cx.now()).idempotent(ask.idempotent)
    }
}
