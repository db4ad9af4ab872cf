//! imgshare provider for Tencent Cloud CVM images.
//!
//! Everything that can be pure is: [`sign`] and [`call`] make headers, [`api`] builds requests and reads answers.

pub mod api;
pub mod call;
mod changes;
mod client;
mod credentials;
mod description;
mod endpoint;
mod errors;
mod receiving;
mod settings;
pub mod sign;

use imgshare_sdk::paging::Span;
use imgshare_sdk::{
    Change, Changed, Connect, Context, Copied, CopyRequest, Description, Error, ErrorKind, FoundCredentials,
    Image, ImageQuery, ImageRef, OperationKind, Page, Provider, ReceivedImage, ReceivedQuery, Result, Shares,
    export_provider,
};

use api::list::{self, IMAGES_PER_PAGE};
use api::{copy, shares};
use client::Client;
use credentials::Finder;
use endpoint::Endpoint;
use settings::{Language, Settings};

/// One cloud of the config.
#[derive(Debug)]
pub struct Tencent {
    endpoint: Endpoint,
    language: Language,
    credentials: Finder,
    images_per_page: u32,
    accounts_per_change: u32,
}

impl Provider for Tencent {
    const OPERATIONS: &'static [OperationKind] = &[OperationKind::CopyImage, OperationKind::ReadReceived];

    fn describe() -> Description {
        description::description()
    }

    fn connect(config: Connect) -> Result<Self> {
        let settings: Settings = imgshare_sdk::settings::read(config.settings)?;
        let limits = config.limits;
        Ok(Self {
            endpoint: Endpoint::new(config.endpoint, settings.site)?,
            language: settings.language,
            credentials: Finder::new(config.credentials, settings.role, &settings.metadata_endpoint)?,
            images_per_page: limits.images_per_page.unwrap_or(IMAGES_PER_PAGE).clamp(1, IMAGES_PER_PAGE),
            accounts_per_change: limits.accounts_per_change.unwrap_or(description::ACCOUNTS_PER_CHANGE),
        })
    }

    async fn find_credentials(&self, cx: &Context, may_ask_network: bool) -> Result<FoundCredentials> {
        self.credentials.find(cx, may_ask_network).await
    }

    async fn list_images(&self, cx: &Context, query: ImageQuery) -> Result<Page<Image>> {
        let client = self.client(cx).await?;
        let span = Span::of(query.page.as_ref())?;
        match self.page(&client, &query, span).await {
            Err(error) if list::may_be_widened(&query, span) && may_come_from_a_filter(&error) => {
                tracing::debug!(%error, "listing without filters");
                self.page(&client, &query, span.of_all_images()).await
            }
            page => page,
        }
    }

    async fn read_shares(&self, cx: &Context, image: &ImageRef) -> Result<Shares> {
        let client = self.client(cx).await?;
        let answer = client.ask(&image.region, &shares::describe(&image.id)).await?;
        Ok(shares::shares(answer.value))
    }

    async fn change_shares(&self, cx: &Context, change: &Change) -> Result<Changed> {
        let client = self.client(cx).await?;
        changes::change(&client, change, self.accounts_per_change as usize).await
    }

    async fn copy_image(&self, cx: &Context, copy: &CopyRequest) -> Result<Copied> {
        let client = self.client(cx).await?;
        let answer = client.ask(&copy.source.region, &copy::sync(copy)).await;
        answer.map(copy::copied).map_err(errors::of_copy)
    }

    async fn read_received(&self, cx: &Context, query: &ReceivedQuery) -> Result<Vec<ReceivedImage>> {
        receiving::read(&self.client(cx).await?, query, self.images_per_page).await
    }
}

impl Tencent {
    async fn client<'a>(&'a self, cx: &'a Context) -> Result<Client<'a>> {
        let keys = self.credentials.keys(cx).await?;
        Ok(Client { cx, endpoint: &self.endpoint, language: self.language, keys })
    }

    async fn page(&self, client: &Client<'_>, query: &ImageQuery, span: Span) -> Result<Page<Image>> {
        let ask = list::describe(query, span, self.images_per_page);
        let answer = client.ask(&query.region, &ask).await?;
        Ok(list::page(answer.value, query, span, self.images_per_page))
    }
}

/// A hint must not make a listing fail that would work without it: an unknown id, or a word that a filter does not
/// take, is answered with an error where it could be answered with nothing.
fn may_come_from_a_filter(error: &Error) -> bool {
    use ErrorKind::{ImageNotFound, QuotaExceeded, Unexpected};
    matches!(error.kind, ImageNotFound | QuotaExceeded | Unexpected)
}

export_provider!(Tencent);
