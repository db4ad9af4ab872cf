//! Sends what is asked, with a token, and hands over what is answered.

use imgshare_sdk::{Context, ErrorKind, Region, Response, Result};

use crate::address;
use crate::api::{Ask, Service};
use crate::errors;
use crate::login::{Login, Logins};

/// One operation's way to the cloud, in one region.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) logins: &'a Logins,
    pub(crate) region: &'a Region,
}

impl Client<'_> {
    /// The login that calls are made with.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(crate) async fn login(&self) -> Result<Login> {
        self.logins.login(self.cx).await
    }

    /// Asks the cloud; its answer, if it does what is asked.
    ///
    /// # Errors
    ///
    /// What the status says, or why there was no answer.
    pub(crate) async fn ask(&self, ask: &Ask) -> Result<Response> {
        self.ask_as(ask, |response| match response.status {
            200..=299 => Ok(response.clone()),
            _ => Err(errors::of_call(response)),
        })
        .await
    }

    /// Asks the cloud, again and again while `read` says that it is busy, and once more with a new token when `read`
    /// says that it refuses the old one.
    ///
    /// # Errors
    ///
    /// Those of `read`, or why there was no answer.
    pub(crate) async fn ask_as<T>(&self, ask: &Ask, read: fn(&Response) -> Result<T>) -> Result<T> {
        let login = self.login().await?;
        match self.send(&login, ask, read).await {
            Err(error) if error.kind == ErrorKind::CredentialInvalid => {
                let login = self.logins.renewed(self.cx, &login).await?;
                self.send(&login, ask, read).await
            }
            answer => answer,
        }
    }

    async fn send<T>(&self, login: &Login, ask: &Ask, read: fn(&Response) -> Result<T>) -> Result<T> {
        let base = match ask.service {
            Service::Identity => login.identity.clone(),
            Service::Image => self.image_address(login)?,
        };
        let prepare = |_: &Context| Ok(ask.request(&base, &login.token));
        let read = |response: &Response| {
            self.log(response, ask);
            read(response)
        };
        self.cx.call(prepare, read).await
    }

    fn image_address(&self, login: &Login) -> Result<String> {
        let url = login.catalogue.image_url(self.region, login.interface)?;
        address::image(url, self.logins.endpoint())
    }

    fn log(&self, response: &Response, ask: &Ask) {
        let (region, action, status) = (self.region, ask.action, response.status);
        tracing::debug!(action, %region, status, request_id = errors::request_id(response), "answered");
    }
}
