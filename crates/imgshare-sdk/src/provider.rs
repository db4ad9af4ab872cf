//! What an author implements.

use std::future::Future;

use crate::{
    Change, Changed, Connect, Context, Copied, CopyRequest, Description, Error, ErrorKind, FoundCredentials,
    Image, ImageQuery, ImageRef, Page, Result, Shares,
};

/// One kind of cloud. Write the methods as ordinary `async fn`s.
///
/// The host makes one value for each cloud of the config, and runs many operations on it at the same time.
pub trait Provider: Sized + Send + Sync + 'static {
    /// What the provider is and can do. Name, version and operations need not be filled in: the first two are the
    /// crate's, and the operations are those of [`Provider::OPERATIONS`].
    fn describe() -> Description;

    /// What can be asked of it beyond listing images and reading and changing shares.
    const OPERATIONS: &'static [crate::OperationKind] = &[];

    /// Takes the config of one cloud. Asks nothing of any cloud yet.
    ///
    /// # Errors
    ///
    /// When credentials or settings cannot be used as they are.
    fn connect(config: Connect) -> Result<Self>;

    /// Finds the credentials that it will use, and says where they are; never what they are.
    ///
    /// `may_ask_network` is false when no call may be made, not even to a metadata service.
    fn find_credentials(
        &self,
        cx: &Context,
        may_ask_network: bool,
    ) -> impl Future<Output = Result<FoundCredentials>> + Send {
        let _ = (cx, may_ask_network);
        async { Ok(FoundCredentials { source: "none needed".into(), expires: None }) }
    }

    /// One page of the owner's own images of a region, in all states.
    fn list_images(
        &self,
        cx: &Context,
        query: ImageQuery,
    ) -> impl Future<Output = Result<Page<Image>>> + Send;

    /// Everybody who has this image; all of its pages.
    fn read_shares(&self, cx: &Context, image: &ImageRef) -> impl Future<Output = Result<Shares>> + Send;

    /// Adds and removes accounts, at most as many as the limits of [`Connect`] say.
    ///
    /// Asking twice must have the effect of asking once. Accounts that are so already count as done. A bad account
    /// must not keep the good ones out: see [`crate::change_isolating`].
    fn change_shares(&self, cx: &Context, change: &Change) -> impl Future<Output = Result<Changed>> + Send;

    /// Begins to make an image available in other regions.
    fn copy_image(&self, cx: &Context, copy: &CopyRequest) -> impl Future<Output = Result<Copied>> + Send {
        let _ = (cx, copy);
        async { Err(Error::new(ErrorKind::Unsupported, "this provider does not copy images")) }
    }
}
