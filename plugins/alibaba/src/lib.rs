//! imgshare provider for Alibaba Cloud ECS images.
//!
//! Everything that can be pure is: [`sign`] and [`call`] make requests, [`api`] says what is asked and reads answers.

pub mod api;
pub mod call;
mod client;
mod credentials;
mod description;
mod endpoint;
mod errors;
mod receiving;
mod settings;
mod sharing;
pub mod sign;

use imgshare_sdk::copying::CopyEncryption;
use imgshare_sdk::paging::PageNumber;
use imgshare_sdk::{
    Change, Changed, Connect, Context, Copied, CopyRequest, Description, Error, ErrorKind, FoundCredentials,
    Image, ImageQuery, ImageRef, OperationKind, Page, Provider, ReceivedImage, ReceivedQuery, Result, Shares,
    export_provider,
};

use api::copy;
use api::list::{self, IMAGES_PER_PAGE};
use api::shares::ACCOUNTS_PER_CHANGE;
use call::Scheme;
use client::Client;
use credentials::Finder;
use endpoint::Endpoint;
use settings::Settings;

/// One cloud of the config.
#[derive(Debug)]
pub struct Alibaba {
    endpoint: Endpoint,
    scheme: Scheme,
    credentials: Finder,
    images_per_page: u32,
    accounts_per_change: u32,
    copy_encryption: CopyEncryption,
}

impl Provider for Alibaba {
    const OPERATIONS: &'static [OperationKind] = &[OperationKind::CopyImage, OperationKind::ReadReceived];

    fn describe() -> Description {
        description::description()
    }

    fn connect(config: Connect) -> Result<Self> {
        let settings: Settings = imgshare_sdk::settings::read(config.settings)?;
        let limits = config.limits;
        Ok(Self {
            endpoint: Endpoint::new(config.endpoint, settings.network)?,
            scheme: settings.signature.scheme(),
            credentials: Finder::new(config.credentials, &settings)?,
            images_per_page: limits.images_per_page.unwrap_or(IMAGES_PER_PAGE).clamp(1, IMAGES_PER_PAGE),
            // A limit that is set higher is not obeyed: the cloud would drop accounts and report success.
            accounts_per_change: limits.accounts_per_change.map_or(ACCOUNTS_PER_CHANGE, within_the_clouds),
            copy_encryption: CopyEncryption {
                required: settings.copy_encrypted,
                kms_keys: settings.copy_kms_keys,
            },
        })
    }

    async fn find_credentials(&self, cx: &Context, may_ask_network: bool) -> Result<FoundCredentials> {
        self.credentials.find(cx, may_ask_network).await
    }

    async fn list_images(&self, cx: &Context, query: ImageQuery) -> Result<Page<Image>> {
        let client = self.client(cx).await?;
        let mut number = PageNumber::of(query.page.as_ref())?;
        let ask = |number| list::describe(&query, number, self.images_per_page);
        let mut answer = client.ask(&query.region, &ask(number)).await;
        let unsure = match &answer {
            Ok(answer) => list::may_lack_some(&answer.value),
            Err(error) => may_come_from_a_hint(error),
        };
        if unsure && list::may_be_widened(&query, number) {
            tracing::debug!("listing without hints");
            number = number.of_all_images();
            answer = client.ask(&query.region, &ask(number)).await;
        }
        Ok(list::page(answer?.value, &query, number, self.images_per_page))
    }

    async fn read_shares(&self, cx: &Context, image: &ImageRef) -> Result<Shares> {
        sharing::read(&self.client(cx).await?, image).await
    }

    async fn change_shares(&self, cx: &Context, change: &Change) -> Result<Changed> {
        sharing::change(&self.client(cx).await?, change, self.accounts_per_change as usize).await
    }

    async fn copy_image(&self, cx: &Context, copy: &CopyRequest) -> Result<Copied> {
        let client = self.client(cx).await?;
        let mut copied = Copied::default();
        for region in &copy.regions {
            let ask = copy::copy(copy, region, self.copy_encryption.kms_key(region)?);
            let answer = client.ask(&copy.source.region, &ask).await.map_err(errors::of_copy)?;
            copied.request_ids.extend(answer.some_request_id());
            let id = copy::copied(answer.value);
            copied.images.extend(id.map(|id| ImageRef { region: region.clone(), id }));
        }
        Ok(copied)
    }

    async fn read_received(&self, cx: &Context, query: &ReceivedQuery) -> Result<Vec<ReceivedImage>> {
        receiving::read(&self.client(cx).await?, query, self.images_per_page).await
    }
}

impl Alibaba {
    async fn client<'a>(&'a self, cx: &'a Context) -> Result<Client<'a>> {
        let keys = self.credentials.keys(cx).await?;
        Ok(Client { cx, endpoint: &self.endpoint, scheme: self.scheme, keys })
    }
}

fn within_the_clouds(limit: u32) -> u32 {
    if limit > ACCOUNTS_PER_CHANGE {
        tracing::warn!(
            "`limits.accounts_per_change` is {limit}, and {ACCOUNTS_PER_CHANGE} is used: the cloud ignores further \
             accounts of a call without an error"
        );
    }
    limit.clamp(1, ACCOUNTS_PER_CHANGE)
}

/// A hint must not make a listing fail that would work without it.
fn may_come_from_a_hint(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::ImageNotFound | ErrorKind::Unexpected)
}

export_provider!(Alibaba);
