//! What the clouds say today. A read that failed is a value in it.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use imgshare_protocol::{CloudName, Error, Image, OperationKind, Region, Shares, SnapshotId};

use crate::known_shares::KnownShares;

/// What a survey found.
///
/// A region that is not in it was not surveyed: nothing is planned there, and nothing is wrong with that.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Actual {
    /// The images of each region that was listed, or why it could not be listed. An image that is in a list twice
    /// (pages shift while they are read) counts once, its first time.
    pub regions: BTreeMap<(CloudName, Region), Result<Vec<ActualImage>, Error>>,
    /// Who has the snapshots that [`Survey::needs_snapshots`](crate::Survey::needs_snapshots) asked for.
    pub snapshots: BTreeMap<(CloudName, Region), BTreeMap<SnapshotId, SharesRead>>,
    /// The calls that finding this took, by what they were for.
    pub calls: BTreeMap<(CloudName, Region, OperationKind), u64>,
}

/// One image and who has it.
#[derive(Clone, Debug, PartialEq)]
pub struct ActualImage {
    /// The image.
    pub image: Image,
    /// Who has it, as far as that was read.
    pub shares: SharesRead,
}

/// What became of reading an image's shares.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SharesRead {
    /// Nobody asked. Right for images that no rule selects, and where the listing says that nobody has the image.
    #[default]
    NotRead,
    /// The answer. Behind an [`Arc`], so that images that the same accounts have can share it: see [`SharesPool`].
    Read(Arc<KnownShares>),
    /// There was none: the image or the snapshot is never changed.
    Failed(Error),
}

impl From<Shares> for SharesRead {
    fn from(shares: Shares) -> Self {
        Self::Read(Arc::new(shares.into()))
    }
}

/// Keeps answers that are alike once: a large region has the same few sets of accounts a hundred thousand times.
#[derive(Default)]
pub struct SharesPool(HashSet<Arc<KnownShares>>);

impl SharesPool {
    /// What was read, its answer as it was kept first.
    #[must_use]
    pub fn keep(&mut self, read: SharesRead) -> SharesRead {
        let SharesRead::Read(shares) = read else { return read };
        if let Some(kept) = self.0.get(&shares) {
            return SharesRead::Read(kept.clone());
        }
        self.0.insert(shares.clone());
        SharesRead::Read(shares)
    }
}
