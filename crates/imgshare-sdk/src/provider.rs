//! What an author implements.

use std::future::Future;

use crate::{
    AcceptRequest, Accepted, Change, Changed, Connect, Context, Copied, CopyRequest, Description, Error,
    ErrorKind, FoundCredentials, Image, ImageQuery, ImageRef, Page, ReceivedImage, ReceivedQuery, Result,
    Shares, SnapshotChange, SnapshotRef,
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
    ///
    /// What [`Image::prepare`] announces is done first where [`Change::prepare`] asks for it, and never otherwise.
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
        async { unsupported("this provider does not copy images") }
    }

    /// Everybody who has this snapshot; all of its pages. Snapshots are those that [`Image::snapshots`] names.
    ///
    /// For clouds whose images can be launched without their snapshots, but not copied. Name this operation and
    /// [`crate::OperationKind::ChangeSnapshotShares`] in [`Provider::OPERATIONS`], both or none.
    fn read_snapshot_shares(
        &self,
        cx: &Context,
        snapshot: &SnapshotRef,
    ) -> impl Future<Output = Result<Shares>> + Send {
        let _ = (cx, snapshot);
        async { unsupported("this provider does not share snapshots") }
    }

    /// Adds and removes accounts of a snapshot, at most as many as [`Description::snapshots`] says; otherwise as
    /// [`Provider::change_shares`].
    fn change_snapshot_shares(
        &self,
        cx: &Context,
        change: &SnapshotChange,
    ) -> impl Future<Output = Result<Changed>> + Send {
        let _ = (cx, change);
        async { unsupported("this provider does not share snapshots") }
    }

    /// Accepts a share: this login is the receiver's. One that is accepted already counts as done.
    ///
    /// For clouds where [`Description::needs_acceptance`] holds. Name [`crate::OperationKind::AcceptShare`] in
    /// [`Provider::OPERATIONS`] for it.
    fn accept_share(
        &self,
        cx: &Context,
        share: &AcceptRequest,
    ) -> impl Future<Output = Result<Accepted>> + Send {
        let _ = (cx, share);
        async { unsupported("this provider does not accept shares") }
    }

    /// Which of these images of others this login sees, *because they are shared with it*, and in which state. Those
    /// that it does not see are left out: that is an answer, not an error.
    ///
    /// Name [`crate::OperationKind::ReadReceived`] in [`Provider::OPERATIONS`] for it.
    fn read_received(
        &self,
        cx: &Context,
        query: &ReceivedQuery,
    ) -> impl Future<Output = Result<Vec<ReceivedImage>>> + Send {
        let _ = (cx, query);
        async { unsupported("this provider cannot be asked as a receiver") }
    }
}

fn unsupported<T>(what: &str) -> Result<T> {
    Err(Error::new(ErrorKind::Unsupported, what))
}
