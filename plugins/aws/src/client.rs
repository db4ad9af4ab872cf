//! Sends what is asked and reads what is answered, signed with the owner's keys.

use imgshare_sdk::{Context, Region, Response, Result};
use serde_json::Value;

use crate::api::{self, Answer, Ask, Part};
use crate::call::Call;
use crate::endpoint::Endpoints;
use crate::sign::Keys;
use crate::xml::Element;

/// One operation's way to the cloud.
#[derive(Clone)]
pub(crate) struct Client<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) endpoints: &'a Endpoints,
    pub(crate) keys: Keys,
}

impl Client<'_> {
    /// Asks a service of a region, again and again while it is busy. Each try is signed with its own time.
    ///
    /// # Errors
    ///
    /// The cloud's own, or why there was no answer.
    pub(crate) async fn ask<T: Send>(
        &self,
        region: &Region,
        ask: &Ask,
        read: impl Fn(Element<'_>) -> Result<T> + Send + Sync,
    ) -> Result<Answer<T>> {
        self.send(region, ask, |response| api::read(response, ask, &read)).await
    }

    /// Asks for a list, page after page; `ask` makes the question for the page of this name.
    ///
    /// # Errors
    ///
    /// As [`Client::ask`], and when a page names itself as the next one.
    pub(crate) async fn ask_all<T: Send>(
        &self,
        region: &Region,
        ask: impl Fn(Option<&String>) -> Ask + Send + Sync,
        read: impl Fn(Element<'_>) -> Result<Part<T>> + Send + Sync,
    ) -> Result<Vec<T>> {
        let (mut items, mut page) = (Vec::new(), None);
        loop {
            let Part { items: more, next } = self.ask(region, &ask(page.as_ref()), &read).await?.value;
            items.extend(more);
            match next {
                None => return Ok(items),
                next if next == page => return Err(api::not_as_documented()),
                next => page = next,
            }
        }
    }

    /// Asks a service that speaks JSON.
    ///
    /// # Errors
    ///
    /// As [`Client::ask`].
    pub(crate) async fn ask_json(&self, region: &Region, ask: &Ask) -> Result<Answer<Value>> {
        self.send(region, ask, |response| api::read_json(response, ask)).await
    }

    async fn send<T: Send>(
        &self,
        region: &Region,
        ask: &Ask,
        read: impl Fn(&Response) -> Result<Answer<T>> + Send + Sync,
    ) -> Result<Answer<T>> {
        let origin = self.endpoints.origin(self.cx, ask.service, region).await?;
        let (headers, body) = (ask.headers(), ask.body());
        let Ask { service, action, .. } = *ask;
        let call = Call { service, action, region: region.as_str(), headers: &headers, body: &body };
        let prepare =
            |cx: &Context| Ok(call.signed(&origin, &self.keys, cx.now()).idempotent(ask.idempotent));
        self.cx.call(prepare, |response| Answer::logged(read(response), action, region)).await
    }
}
