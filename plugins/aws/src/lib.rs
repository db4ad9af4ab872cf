//! imgshare provider for AWS EC2 images (AMIs).
//!
//! Everything that can be pure is: [`sign`] and [`call`] make requests, [`api`] says what is asked and reads answers.

pub mod api;
pub mod call;
mod client;
mod credentials;
mod description;
mod encryption;
mod endpoint;
mod errors;
mod partition;
mod receiving;
mod settings;
mod sharing;
pub mod sign;
pub mod xml;

use imgshare_sdk::copying::CopyEncryption;
use imgshare_sdk::{
    Change, Changed, Connect, Context, Copied, CopyRequest, Description, Error, ErrorKind, FoundCredentials,
    Image, ImageQuery, ImageRef, OperationKind, Page, Provider, ReceivedImage, ReceivedQuery, Region, Result,
    Shares, SnapshotChange, SnapshotRef, export_provider,
};

use api::copy::{self, Form};
use api::list::{self, IMAGES_PER_PAGE, Images, Place};
use api::{shares, snapshots};
use client::Client;
use credentials::Finder;
use description::ACCOUNTS_PER_CHANGE;
use endpoint::Endpoints;
use partition::Partition;
use settings::Settings;

/// One cloud of the config.
#[derive(Debug)]
pub struct Aws {
    endpoints: Endpoints,
    credentials: Finder,
    images_per_page: u32,
    accounts_per_change: u32,
    copy_encryption: CopyEncryption,
    copy_tags: bool,
}

impl Provider for Aws {
    const OPERATIONS: &'static [OperationKind] = &[
        OperationKind::CopyImage,
        OperationKind::ReadSnapshotShares,
        OperationKind::ChangeSnapshotShares,
        OperationKind::ReadReceived,
    ];

    fn describe() -> Description {
        description::description()
    }

    fn connect(config: Connect) -> Result<Self> {
        let settings: Settings = imgshare_sdk::settings::read(config.settings)?;
        let limits = config.limits;
        let accounts = limits.accounts_per_change.unwrap_or(ACCOUNTS_PER_CHANGE);
        let endpoints = Endpoints::new(config.endpoint.as_deref(), settings.fips)?;
        Ok(Self {
            credentials: Finder::new(config.credentials, &settings, endpoints.clone())?,
            endpoints,
            images_per_page: limits.images_per_page.unwrap_or(IMAGES_PER_PAGE).clamp(1, IMAGES_PER_PAGE),
            accounts_per_change: accounts.clamp(1, shares::ACCOUNTS_PER_CHANGE_MAX),
            copy_encryption: CopyEncryption {
                required: settings.copy_encrypted,
                kms_keys: settings.copy_kms_keys,
            },
            copy_tags: settings.copy_tags,
        })
    }

    async fn find_credentials(&self, cx: &Context, may_ask_network: bool) -> Result<FoundCredentials> {
        self.credentials.find(cx, may_ask_network).await
    }

    async fn list_images(&self, cx: &Context, query: ImageQuery) -> Result<Page<Image>> {
        let client = self.client(cx).await?;
        let place = Place::of(&query)?;
        let mut images = self.page(&client, &query, &place).await;
        // A filter must not make a listing fail that would work without it.
        if let Err(Error { kind: ErrorKind::Unexpected, .. }) = images
            && let Some(whole) = place.widened(&query)
        {
            tracing::debug!("listing without filters");
            images = self.page(&client, &query, &whole).await;
        }
        let Images { listed, next } = images?;
        let items = encryption::judged(&client, &query.region, listed).await;
        Ok(Page { items, next: next.into_iter().collect() })
    }

    async fn read_shares(&self, cx: &Context, image: &ImageRef) -> Result<Shares> {
        sharing::read(&self.client(cx).await?, image).await
    }

    async fn change_shares(&self, cx: &Context, change: &Change) -> Result<Changed> {
        sharing::change(&self.client(cx).await?, change, self.accounts_per_change as usize).await
    }

    async fn copy_image(&self, cx: &Context, copy: &CopyRequest) -> Result<Copied> {
        let client = self.client(cx).await?;
        let name = name_of_copy(&client, copy).await?;
        let mut copied = Copied::default();
        for region in &copy.regions {
            check_partition(&copy.source.region, region)?;
            let form = Form { kms_key: self.copy_encryption.kms_key(region)?, with_tags: self.copy_tags };
            let ask = copy::copy(copy, &name, region, form);
            let answer = client.ask(region, &ask, copy::copied).await?;
            copied.request_ids.extend(answer.some_request_id());
            copied.images.extend(answer.value.map(|id| ImageRef { region: region.clone(), id }));
        }
        Ok(copied)
    }

    async fn read_snapshot_shares(&self, cx: &Context, snapshot: &SnapshotRef) -> Result<Shares> {
        sharing::read_snapshot(&self.client(cx).await?, snapshot).await
    }

    async fn change_snapshot_shares(&self, cx: &Context, change: &SnapshotChange) -> Result<Changed> {
        let per_call = snapshots::ACCOUNTS_PER_CHANGE_MAX as usize;
        sharing::change_snapshot(&self.client(cx).await?, change, per_call).await
    }

    async fn read_received(&self, cx: &Context, query: &ReceivedQuery) -> Result<Vec<ReceivedImage>> {
        receiving::read(&self.client(cx).await?, query).await
    }
}

impl Aws {
    async fn client<'a>(&'a self, cx: &'a Context) -> Result<Client<'a>> {
        let keys = self.credentials.keys(cx).await?;
        Ok(Client { cx, endpoints: &self.endpoints, keys })
    }

    async fn page(&self, client: &Client<'_>, query: &ImageQuery, place: &Place) -> Result<Images> {
        let ask = list::describe(query, place, self.images_per_page);
        let now = client.cx.now();
        let read = |answer: xml::Element<'_>| list::images(answer, query, place, now);
        Ok(client.ask(&query.region, &ask, read).await?.value)
    }
}

/// The cloud wants a name; without one in the request, it is the source's.
async fn name_of_copy(client: &Client<'_>, copy: &CopyRequest) -> Result<String> {
    if let Some(name) = &copy.name {
        return Ok(name.clone());
    }
    let ImageRef { region, id } = &copy.source;
    let answer = client.ask(region, &copy::describe_source(&copy.source), copy::source_name).await?;
    answer.value.ok_or_else(|| {
        Error::new(ErrorKind::ImageNotFound, format!("{id} has no name to give to its copy, or is not there"))
            .with_hint("check the image id and its region")
    })
}

/// Between its parts the cloud copies no images.
fn check_partition(from: &Region, to: &Region) -> Result<()> {
    let (source, target) = (Partition::of_region(from.as_str()), Partition::of_region(to.as_str()));
    if source == target {
        return Ok(());
    }
    let message = format!("images are not copied from {from} ({}) to {to} ({})", source.name, target.name);
    Err(Error::new(ErrorKind::Unsupported, message).with_hint("take the region out of the rule"))
}

export_provider!(Aws);
