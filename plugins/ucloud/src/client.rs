//! Sends what is asked and reads what is answered, signed with the owner's keys.

use imgshare_sdk::{Context, Region, Request, Result};
use serde::de::DeserializeOwned;

use crate::api::{self, Answer, Ask};
use crate::credentials::Login;
use crate::sign::signed;

/// One operation's way to the cloud.
pub(crate) struct Client<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) origin: &'a str,
    pub(crate) login: Login,
}

impl Client<'_> {
    /// Asks the cloud, again and again while it is busy.
    ///
    /// # Errors
    ///
    /// The cloud's own, or why there was no answer.
    pub(crate) async fn ask<T: DeserializeOwned + Send>(
        &self,
        region: &Region,
        ask: &Ask,
    ) -> Result<Answer<T>> {
        Ok(self.ask_counting(region, ask).await?.0)
    }

    /// The same, and how often it was asked: of a call that was sent more than once, an earlier one may have been done
    /// without a word.
    ///
    /// # Errors
    ///
    /// As [`Client::ask`].
    pub(crate) async fn ask_counting<T: DeserializeOwned + Send>(
        &self,
        region: &Region,
        ask: &Ask,
    ) -> Result<(Answer<T>, u32)> {
        let form = ask.form(region, self.login.project_id.as_deref());
        let body = signed(form, &self.login.keys).encoded();
        let mut sends = 0;
        let prepare = |_: &Context| {
            sends += 1;
            Ok(self.request(ask, &body))
        };
        let answer =
            self.cx.call(prepare, |response| Answer::logged(api::read(response), ask.action, region)).await?;
        Ok((answer, sends))
    }

    /// No time is signed, so every try has the same body.
    fn request(&self, ask: &Ask, body: &str) -> Request {
        Request::post(format!("{}/", self.origin), body)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .action(ask.action)
            .idempotent(ask.idempotent)
    }
}
