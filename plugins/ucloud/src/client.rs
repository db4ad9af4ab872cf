//! Sends what is asked and reads what is answered, signed with the owner's keys.

use imgshare_sdk::{Context, Region, Request, Response, Result};
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
        let form = ask.form(region, self.login.project_id.as_deref());
        let body = signed(form, &self.login.keys).encoded();
        let mut sends = 0;
        let prepare = |_: &Context| {
            sends += 1;
            Ok(self.request(ask, &body))
        };
        let answer = self.cx.call(prepare, |response| logged(region, ask, response)).await?;
        Ok(Answer { repeated: sends > 1, ..answer })
    }

    /// No time is signed, so every try has the same body.
    fn request(&self, ask: &Ask, body: &str) -> Request {
        Request::post(format!("{}/", self.origin), body)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .action(ask.action)
            .idempotent(ask.idempotent)
    }
}

fn logged<T: DeserializeOwned>(region: &Region, ask: &Ask, response: &Response) -> Result<Answer<T>> {
    let answer = api::read::<T>(response);
    match &answer {
        Ok(Answer { request_id, .. }) => tracing::debug!(action = ask.action, %region, request_id, "done"),
        Err(error) => tracing::debug!(action = ask.action, %region, %error, "refused"),
    }
    answer
}
