//! Clouds with a memory that stand in for real ones.
//!
//! A [`Double`] speaks the wire form of one kind of cloud. The conformance suite knows two: the simulated clouds, and
//! [`Tiny`], which signs nothing and fits on a page. An author whose cloud is neither of them writes one, and gives it
//! to the suite by [`Suite::with_double`](crate::conformance::Suite::with_double).

mod detour;
mod simulated;
mod tiny;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use imgshare_host::http::Transport;
use imgshare_protocol::{
    Acceptance, AccountId, ImageId, ImageRef, Limits, ProviderName, Region, SnapshotId, SnapshotRef,
    Timestamp,
};
use serde_json::Value;

pub use simulated::Simulated;
pub use tiny::Tiny;

/// What a double begins with, and what it must take for granted.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    /// The provider that will talk to it.
    pub provider: ProviderName,
    /// What the owner logs in or signs with: made-up values of the secret credential fields, and the author's of
    /// others ([`Suite::with_credentials`](crate::conformance::Suite::with_credentials)).
    pub credentials: BTreeMap<String, String>,
    /// The account whose images they are.
    pub owner: AccountId,
    /// An account that does not exist. All others of the same form do.
    pub bad_account: AccountId,
    /// An account that checks log in as, to see what is shared with it; for [`Cloud::receiver`].
    pub receiver: AccountId,
    /// The regions, and how many images each has. Nobody but the owner has any of them.
    pub regions: BTreeMap<Region, u32>,
    /// The limits that the provider says its cloud has.
    pub limits: Limits,
    /// Receivers have to accept what is shared with them: the provider says so of its cloud.
    pub needs_acceptance: bool,
    /// The time, which stands still.
    pub now: Timestamp,
}

/// The login of an account that others share images with, at the same cloud.
#[derive(Clone, Debug, Default)]
pub struct Receiver {
    /// The account; never the owner.
    pub account: AccountId,
    /// What its requests are signed with: all fields of the provider's credentials that it needs.
    pub credentials: BTreeMap<String, String>,
    /// Its `[clouds.X.settings]`; `null`: those of the suite.
    pub settings: Value,
}

/// Makes clouds of one kind.
pub trait Double: Send + Sync {
    /// A cloud with this in it and nothing else. It may use the tokio runtime that it is begun in.
    ///
    /// # Errors
    ///
    /// Why there is none, in a sentence.
    fn begin<'a>(&'a self, seed: &'a Seed) -> BoxFuture<'a, Result<Box<dyn Cloud>, String>>;
}

/// A cloud that stands in for a real one. It is gone when it is dropped.
pub trait Cloud: Send + Sync {
    /// Takes requests to it.
    fn transport(&self) -> Arc<dyn Transport>;

    /// What to put for `endpoint` into the config. `None`: it answers in the place of the provider's own hosts.
    fn endpoint(&self) -> Option<String>;

    /// The images of a region.
    fn images(&self, region: &Region) -> BTreeSet<ImageId>;

    /// Who has this image, the owner aside.
    fn accounts(&self, image: &ImageRef) -> BTreeSet<AccountId>;

    /// Lets an account have this image, behind the provider's back. Whatever has to be done to the image for that is
    /// done; where receivers have to accept, it has not accepted yet.
    fn share(&self, image: &ImageRef, account: &AccountId);

    /// The calls so far, by the cloud's names of them: how many of each.
    fn calls(&self) -> BTreeMap<String, u64>;

    /// Whether it refuses [`Seed::bad_account`], as most clouds do.
    fn refuses_bad_accounts(&self) -> bool {
        true
    }

    /// Whether anything that it was asked so far was in its wire form. `false`: it is the wrong double.
    fn understands(&self) -> bool {
        true
    }

    /// The login of an account that images can be shared with: [`Seed::receiver`], unless the cloud has another. `None`:
    /// nobody but the owner can log in, and what is asked of receivers is not checked.
    fn receiver(&self) -> Option<Receiver> {
        None
    }

    /// What the receiver of a share has made of it. `None`: there is no such share, or the cloud has no acceptance.
    fn acceptance(&self, image: &ImageRef, account: &AccountId) -> Option<Acceptance> {
        let _ = (image, account);
        None
    }

    /// Lets an image need once more what a provider announces in [`imgshare_protocol::Image::prepare`], and gives
    /// whether it does. `false`: no image of this cloud has to be prepared.
    fn unprepare(&self, image: &ImageRef) -> bool {
        let _ = image;
        false
    }

    /// Whether nothing has to be done about an image before it can be shared.
    fn is_prepared(&self, image: &ImageRef) -> bool {
        let _ = image;
        true
    }

    /// The snapshots of an image that are shared apart from it. Nobody but the owner has any of them.
    fn snapshots(&self, image: &ImageRef) -> BTreeSet<SnapshotId> {
        let _ = image;
        BTreeSet::new()
    }

    /// Who has this snapshot, the owner aside.
    fn snapshot_accounts(&self, snapshot: &SnapshotRef) -> BTreeSet<AccountId> {
        let _ = snapshot;
        BTreeSet::new()
    }
}
