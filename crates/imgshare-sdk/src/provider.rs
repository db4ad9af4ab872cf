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

    /// Begins to make copies of an image in other regions, and does not wait for them: how far they are, the listing
    /// says. Name [`crate::OperationKind::CopyImage`] in [`Provider::OPERATIONS`] for it, and say in
    /// [`Description::copying`] by what a copy is recognised later.
    ///
    /// The host names one region at a time. It asks only for copies that no listing shows, and after an error it looks
    /// at the listing again; nothing but the provider and its cloud can keep a copy from being made twice *within*
    /// this operation. So the request is [idempotent](crate::Request::idempotent) only where the cloud takes a token,
    /// and [`CopyRequest::token`] is there to make one of.
    fn copy_image(&self, cx: &Context, copy: &CopyRequest) -> impl Future<Output = Result<Copied>> + Send {
        let _ = (cx, copy);
        async { Err(Error::new(ErrorKind::Unsupported, "this provider does not copy images")) }
    }
}
