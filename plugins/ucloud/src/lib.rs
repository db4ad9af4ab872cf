//! imgshare provider for UCloud: CompShare images, which can be shared, and UHost images, which cannot.
//!
//! Everything that can be pure is: [`form`] and [`sign`] make what is sent, [`api`] builds requests and reads answers.

pub mod api;
mod changes;
mod client;
mod credentials;
mod description;
mod endpoint;
mod errors;
pub mod form;
mod receiving;
mod settings;
pub mod sign;
mod zones;

use imgshare_sdk::{
    Change, Changed, Connect, Context, Description, Error, ErrorKind, FoundCredentials, Image, ImageQuery,
    ImageRef, OperationKind, Page, PageToken, Provider, ReceivedImage, ReceivedQuery, Region, Result, Shares,
    export_provider,
};

use api::list::{self, IMAGES_PER_PAGE, Part, UHOST_UNSHAREABLE};
use api::shares;
use client::Client;
use credentials::Finder;
pub use settings::Product;
use settings::{Settings, Zone};

/// One cloud of the config.
#[derive(Debug)]
pub struct Ucloud {
    origin: String,
    product: Product,
    zone: Zone,
    credentials: Finder,
    images_per_page: u32,
    accounts_per_change: u32,
}

impl Provider for Ucloud {
    const OPERATIONS: &'static [OperationKind] = &[OperationKind::ReadReceived];

    fn describe() -> Description {
        description::description()
    }

    fn connect(config: Connect) -> Result<Self> {
        let settings: Settings = imgshare_sdk::settings::read(config.settings)?;
        let limits = config.limits;
        Ok(Self {
            origin: endpoint::origin(config.endpoint, settings.host())?,
            product: settings.product,
            credentials: Finder::new(config.credentials, settings.host())?,
            zone: settings.zone,
            images_per_page: limits.images_per_page.unwrap_or(IMAGES_PER_PAGE).clamp(1, IMAGES_PER_PAGE),
            accounts_per_change: limits.accounts_per_change.unwrap_or(description::ACCOUNTS_PER_CHANGE),
        })
    }

    async fn find_credentials(&self, cx: &Context, _may_ask_network: bool) -> Result<FoundCredentials> {
        self.credentials.find(cx).await
    }

    async fn list_images(&self, cx: &Context, query: ImageQuery) -> Result<Page<Image>> {
        let client = self.client(cx).await?;
        let (part, others) = match &query.page {
            Some(token) => (Part::read(token)?, Vec::new()),
            None => self.beginnings(&client, &query.region).await?,
        };
        let page = match self.page(&client, &query, &part).await {
            Err(error) if part.may_be_widened(&query) && may_come_from_the_id(&error) => {
                tracing::debug!(%error, "listing without the image id");
                self.page(&client, &query, &part.of_all_images()).await
            }
            page => page,
        }?;
        Ok(Page { next: page.next.into_iter().chain(others).collect(), ..page })
    }

    async fn read_shares(&self, cx: &Context, image: &ImageRef) -> Result<Shares> {
        self.can_share()?;
        let client = self.client(cx).await?;
        let answer = client.ask(&image.region, &shares::describe(&image.id)).await?;
        Ok(shares::shares(answer.value))
    }

    async fn change_shares(&self, cx: &Context, change: &Change) -> Result<Changed> {
        self.can_share()?;
        let client = self.client(cx).await?;
        changes::change(&client, change, self.accounts_per_change as usize).await
    }

    async fn read_received(&self, cx: &Context, query: &ReceivedQuery) -> Result<Vec<ReceivedImage>> {
        self.can_share()?;
        receiving::read(&self.client(cx).await?, query, &self.zone, self.images_per_page).await
    }
}

impl Ucloud {
    async fn client<'a>(&'a self, cx: &'a Context) -> Result<Client<'a>> {
        let login = self.credentials.login(cx).await?;
        Ok(Client { cx, origin: &self.origin, login })
    }

    async fn page(&self, client: &Client<'_>, query: &ImageQuery, part: &Part) -> Result<Page<Image>> {
        let ask = list::describe(self.product, query, part, self.images_per_page);
        let answer = client.ask(&query.region, &ask).await?;
        Ok(list::page(answer.value, query, part, self.images_per_page))
    }

    /// The part of the listing to begin with, and where its other branches begin: each zone is one.
    async fn beginnings(&self, client: &Client<'_>, region: &Region) -> Result<(Part, Vec<PageToken>)> {
        let zones = match self.product {
            Product::Compshare => zones::to_name(client, region, &self.zone).await?,
            Product::Uhost => self.zone.name().into_iter().collect(),
        };
        let mut parts = zones.into_iter().map(Part::of_zone);
        let first = parts.next().unwrap_or(Part::ALL);
        Ok((first, parts.map(|part| part.token()).collect()))
    }

    fn can_share(&self) -> Result<()> {
        match self.product {
            Product::Compshare => Ok(()),
            Product::Uhost => Err(Error::new(ErrorKind::Unsupported, UHOST_UNSHAREABLE)
                .with_hint("take this cloud out of the rule")),
        }
    }
}

/// A hint must not make a listing fail that would work without it: what is said to an unknown id is not documented.
fn may_come_from_the_id(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::ImageNotFound | ErrorKind::Unexpected)
}

export_provider!(Ucloud);
