//! Providers that are connected, and the operations that can be asked of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use imgshare_abi::Handle;
use imgshare_protocol::{
    AcceptRequest, Accepted, Change, Changed, Connect, Copied, CopyRequest, Description, Error, ErrorKind,
    FoundCredentials, Image, ImageQuery, ImageRef, Operation, OperationKind, Page, ProviderName, Receipt,
    ReceivedImage, ReceivedQuery, Region, Result, Shares, SnapshotChange, SnapshotRef,
};
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::bounds::Bounds;
use crate::exchange;
use crate::http::Transport;
use crate::library::Plugin;
use crate::once::Once;
use crate::pace::{Calls, Pacers, Pacing, Tally};
use crate::records;
use crate::redact::Redactor;
use crate::retry::{Budget, RetryPolicy};
use crate::world::World;

/// What all providers of a run share.
#[derive(Clone)]
pub struct Host {
    /// Sends their requests.
    pub transport: Arc<dyn Transport>,
    /// Is their clock, environment and disk.
    pub world: Arc<dyn World>,
    /// Keeps their secrets out of every text.
    pub redactor: Arc<Redactor>,
    /// When their failed calls are tried again.
    pub retry: RetryPolicy,
    /// Requests of one cloud and region that may be on their way at the same time.
    pub requests_in_flight_max: usize,
    /// When their calls may go.
    pub pacing: Pacing,
}

/// How an operation ended, and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended<T> {
    /// The result.
    pub result: Result<T>,
    /// Requests that were sent for it.
    pub sends: u32,
}

/// A plugin that is connected to one cloud of the config.
#[derive(Clone)]
pub struct Provider {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) host: Host,
    pub(crate) plugin: Plugin,
    pub(crate) cloud: String,
    pub(crate) plain_http_allowed: bool,
    pub(crate) handle: Handle,
    pub(crate) once: Once,
    pub(crate) budget: Budget,
    pub(crate) pacers: Pacers,
    pub(crate) tally: Tally,
    /// Places for requests that are on their way, by region.
    pub(crate) in_flight: Bounds<Region>,
    /// Places for operations that have begun, by region.
    open: Bounds<(Region, OperationKind)>,
}

/// Operations of one kind and region that have begun, for each request that may be on its way there. More of them would
/// only hold requests that are signed already and grow old in a queue: clouds refuse a signature after some minutes.
const OPEN_FOR_EACH_IN_FLIGHT: usize = 2;

impl Host {
    /// Connects a plugin to one cloud. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When the plugin does not take the config as it is.
    pub fn connect(&self, plugin: &Plugin, connect: &Connect, plain_http_allowed: bool) -> Result<Provider> {
        let config = serde_json::to_vec(connect).map_err(|error| {
            Error::new(ErrorKind::Malformed, format!("the config has no JSON form: {error}"))
        })?;
        let opened = plugin.root.connect()(config.as_slice().into());
        let name = plugin.passport.name.as_str();
        let receipt = receipt(opened.frame.head());
        records::emit(name, receipt.records, &self.redactor);
        if let Some(error) = receipt.error {
            return Err(self.redactor.redact_error(error.with_context("plugin", name)));
        }
        Ok(Provider {
            inner: Arc::new(Inner {
                host: self.clone(),
                plugin: plugin.clone(),
                cloud: connect.cloud.to_string(),
                plain_http_allowed,
                handle: opened.handle,
                once: Once::default(),
                budget: Budget::new(self.retry.budget),
                pacers: self.pacing.of(&plugin.description, connect),
                tally: Tally::default(),
                in_flight: Bounds::new(self.requests_in_flight_max),
                open: Bounds::new(self.requests_in_flight_max.saturating_mul(OPEN_FOR_EACH_IN_FLIGHT)),
            }),
        })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        dropped(&self.plugin, self.handle, &self.host.redactor);
    }
}

/// Gives a handle back to its plugin; what goes wrong there can only be logged.
pub(crate) fn dropped(plugin: &Plugin, handle: Handle, redactor: &Redactor) {
    let receipt = receipt(plugin.root.drop()(handle).head());
    let name = plugin.passport.name.as_str();
    records::emit(name, receipt.records, redactor);
    if let Some(error) = receipt.error {
        let error = redactor.redact_error(error);
        tracing::error!(plugin = name, %error, "the plugin failed while it let go of something");
    }
}

pub(crate) fn receipt(head: &[u8]) -> Receipt {
    imgshare_protocol::read_json(head).unwrap_or_else(|error| Receipt {
        error: Some(Error::new(
            ErrorKind::Malformed,
            format!("the plugin's answer is not understood: {error}"),
        )),
        records: Vec::new(),
    })
}

impl Provider {
    /// The provider's name.
    pub fn name(&self) -> ProviderName {
        self.inner.plugin.passport.name.as_str().into()
    }

    /// What it is and can do.
    pub fn description(&self) -> &Description {
        &self.inner.plugin.description
    }

    /// The calls so far, by region and by the cloud's name of the call.
    pub fn calls(&self) -> BTreeMap<(Region, String), Calls> {
        self.inner.tally.read()
    }

    /// Finds usable credentials and says where they are.
    pub async fn find_credentials(&self, may_ask_network: bool) -> Ended<FoundCredentials> {
        self.run(&Operation::FindCredentials { may_ask_network }).await
    }

    /// One page of the owner's own images. A page with an image that has no id is an error: whatever was read there, it
    /// was no image.
    pub async fn list_images(&self, query: ImageQuery) -> Ended<Page<Image>> {
        let mut ended: Ended<Page<Image>> = self.run(&Operation::ListImages(query)).await;
        if ended.result.iter().flat_map(|page| &page.items).any(|image| image.id.as_str().is_empty()) {
            let error = Error::new(ErrorKind::Malformed, "the plugin lists an image without an id");
            ended.result = Err(self.own(error.with_hint("report this to the plugin's author")));
        }
        ended
    }

    /// Who has this image.
    pub async fn read_shares(&self, image: ImageRef) -> Ended<Shares> {
        self.run(&Operation::ReadShares(image)).await
    }

    /// Adds and removes accounts.
    pub async fn change_shares(&self, change: Change) -> Ended<Changed> {
        self.change(&Operation::ChangeShares(change)).await
    }

    /// Who has this snapshot.
    pub async fn read_snapshot_shares(&self, snapshot: SnapshotRef) -> Ended<Shares> {
        self.run(&Operation::ReadSnapshotShares(snapshot)).await
    }

    /// Adds and removes accounts of a snapshot.
    pub async fn change_snapshot_shares(&self, change: SnapshotChange) -> Ended<Changed> {
        self.change(&Operation::ChangeSnapshotShares(change)).await
    }

    /// Accepts a share; this is the receiver's login.
    pub async fn accept_share(&self, share: AcceptRequest) -> Ended<Accepted> {
        self.run(&Operation::AcceptShare(share)).await
    }

    /// Which of these images are there for this login, because they are shared with it.
    pub async fn read_received(&self, query: ReceivedQuery) -> Ended<Vec<ReceivedImage>> {
        self.run(&Operation::ReadReceived(query)).await
    }

    /// Begins to make an image available elsewhere.
    pub async fn copy_image(&self, copy: CopyRequest) -> Ended<Copied> {
        self.run(&Operation::CopyImage(copy)).await
    }

    /// Runs any operation and gives its result as it came: for those that this version has no method for, and for tests.
    /// Dropping the future ends it at once: nothing more is sent.
    pub async fn ask(&self, operation: &Operation) -> Ended<serde_json::Value> {
        self.run(operation).await
    }

    async fn change(&self, operation: &Operation) -> Ended<Changed> {
        let mut ended: Ended<Changed> = self.run(operation).await;
        for failure in ended.result.iter_mut().flat_map(|changed| &mut changed.failed) {
            failure.error = self.inner.host.redactor.redact_error(std::mem::take(&mut failure.error));
        }
        ended
    }

    async fn run<T: DeserializeOwned>(&self, operation: &Operation) -> Ended<T> {
        let span = tracing::info_span!(
            "operation",
            cloud = %self.inner.cloud,
            kind = ?operation.kind(),
            region = operation.region().map(tracing::field::display)
        );
        let region = operation.region().cloned().unwrap_or_default();
        let open = self.inner.open.of((region, operation.kind()));
        let _open = open.acquire().await;
        let Ended { result, sends } = exchange::run(&self.inner, operation).instrument(span).await;
        let result = result.and_then(|json| json.read().map_err(not_understood));
        Ended { result: result.map_err(|error| self.own(error)), sends }
    }

    /// The error with the plugin's name and without secrets.
    fn own(&self, error: Error) -> Error {
        let Inner { host, plugin, .. } = &*self.inner;
        host.redactor.redact_error(error.with_context("plugin", plugin.passport.name.as_str()))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn not_understood(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Malformed, format!("the plugin's result is not understood: {error}"))
}
