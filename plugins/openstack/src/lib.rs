//! imgshare provider for OpenStack: images of Glance, with logins of Keystone.
//!
//! Everything that can be pure is: [`api`] says what is asked and reads answers.

mod address;
pub mod api;
mod catalogue;
mod client;
mod credentials;
mod description;
mod errors;
mod login;
mod receivers;
mod receiving;
mod settings;
mod sharing;

use imgshare_sdk::{
    AcceptRequest, Accepted, Change, Changed, Connect, Context, Description, Error, ErrorKind,
    FoundCredentials, Image, ImageQuery, ImageRef, OperationKind, Page, Provider, ReceivedImage,
    ReceivedQuery, Region, Result, Shares, endpoint, export_provider,
};

use api::images::{self, IMAGES_PER_PAGE, Part};
use client::Client;
use credentials::Finder;
use login::Logins;
use settings::{HiddenImages, Settings};

/// One cloud of the config.
#[derive(Debug)]
pub struct Openstack {
    logins: Logins,
    hidden_images: HiddenImages,
    images_per_page: u32,
}

impl Provider for Openstack {
    const OPERATIONS: &'static [OperationKind] = &[OperationKind::AcceptShare, OperationKind::ReadReceived];

    fn describe() -> Description {
        description::description()
    }

    fn connect(config: Connect) -> Result<Self> {
        let settings: Settings = imgshare_sdk::settings::read(config.settings)?;
        let endpoint = config.endpoint.map(|address| endpoint::origin("endpoint", &address)).transpose()?;
        Ok(Self {
            logins: Logins::new(Finder::new(config.credentials), endpoint, settings.interface),
            hidden_images: settings.hidden_images,
            images_per_page: config
                .limits
                .images_per_page
                .unwrap_or(IMAGES_PER_PAGE)
                .clamp(1, IMAGES_PER_PAGE),
        })
    }

    async fn find_credentials(&self, cx: &Context, may_ask_network: bool) -> Result<FoundCredentials> {
        self.logins.find(cx, may_ask_network).await
    }

    async fn list_images(&self, cx: &Context, query: ImageQuery) -> Result<Page<Image>> {
        let client = self.client(cx, &query.region);
        let (part, others) = match &query.page {
            Some(token) => (Part::read(token)?, None),
            None => (Part::SHOWN, self.hidden_part()),
        };
        let owner = client.login().await?.project_id;
        let ask = images::list(&query, &owner, &part, self.images_per_page);
        let response = client.ask(&ask).await.map_err(|error| of_listing(error, &part))?;
        let page = images::page(&response, &owner, &part)?;
        Ok(Page { next: page.next.into_iter().chain(others.map(|part| part.token())).collect(), ..page })
    }

    async fn read_shares(&self, cx: &Context, image: &ImageRef) -> Result<Shares> {
        sharing::read(&self.client(cx, &image.region), &image.id).await
    }

    async fn change_shares(&self, cx: &Context, change: &Change) -> Result<Changed> {
        sharing::change(&self.client(cx, &change.image.region), change).await
    }

    async fn accept_share(&self, cx: &Context, share: &AcceptRequest) -> Result<Accepted> {
        receiving::accept(&self.client(cx, &share.image.region), share).await
    }

    async fn read_received(&self, cx: &Context, query: &ReceivedQuery) -> Result<Vec<ReceivedImage>> {
        receiving::read(&self.client(cx, &query.region), query).await
    }
}

impl Openstack {
    fn client<'a>(&'a self, cx: &'a Context, region: &'a Region) -> Client<'a> {
        Client { cx, logins: &self.logins, region }
    }

    /// The other part of a listing, which is begun beside the first one.
    fn hidden_part(&self) -> Option<Part> {
        (self.hidden_images == HiddenImages::Include).then_some(Part::HIDDEN)
    }
}

/// A listing is not about one image: what is not found is the service, or the image that a page goes on behind.
fn of_listing(error: Error, part: &Part) -> Error {
    let (kind, message, hint) = match error.kind {
        // Of a marker that is gone Glance says 400.
        ErrorKind::ImageNotFound | ErrorKind::Unexpected if part.goes_on() => {
            (ErrorKind::Conflict, "an image was deleted while the images were listed", "run again")
        }
        ErrorKind::ImageNotFound => (
            ErrorKind::Unsupported,
            "there is no Glance v2 at the catalogue's address of the image service",
            "check the catalogue with `openstack catalog show image`",
        ),
        _ => return error,
    };
    Error { kind, message: message.into(), ..error }.with_hint(hint)
}

export_provider!(Openstack);
