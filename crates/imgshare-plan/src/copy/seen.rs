//! How a copy is in a listing of its region.

use imgshare_protocol::{
    Acceptance, Error, ErrorKind, Image, ImageId, ImageState, Recognition, Result, SnapshotId,
};

use super::{CopySnapshots, PlannedCopy};
use crate::acceptance::PlannedAcceptance;
use crate::actual::SharesRead;
use crate::known_shares::AccountSet;
use crate::plan::{ChangeState, ImageName, PlannedChange};

/// How a copy is when somebody looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CopySeen {
    /// It is not there.
    #[default]
    Missing,
    /// It is being made, or in a state that this version does not know.
    Making {
        /// The new image.
        id: ImageId,
        /// How much of it is made, where the cloud tells.
        percent: Option<u8>,
    },
    /// It can be used.
    Usable(ImageId),
    /// It is there and will not become usable.
    Failed {
        /// The new image.
        id: ImageId,
        /// Its state in the cloud's word.
        cloud_state: String,
    },
    /// Several images could be it.
    Ambiguous,
}

impl CopySeen {
    /// The new image, if it is there.
    pub fn image(&self) -> Option<&ImageId> {
        match self {
            Self::Making { id, .. } | Self::Usable(id) | Self::Failed { id, .. } => Some(id),
            Self::Missing | Self::Ambiguous => None,
        }
    }

    fn of(image: &Image) -> Self {
        let id = image.id.clone();
        match image.state {
            ImageState::Available => Self::Usable(id),
            ImageState::Pending | ImageState::Unknown => Self::Making { id, percent: image.progress_percent },
            ImageState::Failed | ImageState::Unavailable => {
                Self::Failed { id, cloud_state: image.cloud_state.clone() }
            }
        }
    }
}

impl PlannedCopy {
    /// How the copy is among all images of its region: the one with this id where the id is known, otherwise the one
    /// that is recognised. It must be asked once more just before a copy is made: another run may have made it.
    pub fn seen(&self, images: &[Image], known_id: Option<&ImageId>) -> CopySeen {
        if let Some(id) = known_id.or(self.begun.as_ref()) {
            let known = images.iter().find(|image| image.id == *id);
            return known.map_or(CopySeen::Missing, CopySeen::of);
        }
        let candidates = images.iter().filter(|image| self.may_be(image));
        match self.recognised_by {
            Recognition::SourceId | Recognition::Tag => {
                best(candidates).map_or(CopySeen::Missing, CopySeen::of)
            }
            Recognition::Name => the_only(candidates),
        }
    }

    fn may_be(&self, image: &Image) -> bool {
        match self.recognised_by {
            Recognition::SourceId | Recognition::Tag => image.copied_from.as_ref() == Some(&self.source.id),
            Recognition::Name => image.name == self.name,
        }
    }

    /// What has to be shared of the usable copy. `None`: all accounts have it.
    ///
    /// # Errors
    ///
    /// When the shares could not be read: an image of which nobody knows who has it is never changed.
    pub fn share(&self, image: &ImageId, shares: &SharesRead) -> Result<Option<PlannedChange>> {
        let have = accounts(shares, "the copy's shares were not read")?;
        let mut change = self.share_of(image.clone());
        change.add.retain(|account| !have.contains(&account.id));
        Ok((!change.add.is_empty()).then_some(change))
    }

    /// The snapshots of the usable copy that have to be shared, as this listing of its region names them. None, when the
    /// plan does not share them.
    pub fn snapshots_of(&self, image: &ImageId, images: &[Image]) -> Vec<SnapshotId> {
        let listed = images.iter().filter(|listed| self.snapshots.is_some() && listed.id == *image);
        listed.flat_map(|image| image.snapshots.iter().cloned()).collect()
    }

    /// What has to be shared of one of these snapshots. `None`: all accounts have it.
    ///
    /// # Errors
    ///
    /// When its shares could not be read: a snapshot of which nobody knows who has it is never changed.
    pub fn share_snapshot(
        &self,
        image: &ImageId,
        snapshot: &SnapshotId,
        shares: &SharesRead,
    ) -> Result<Option<PlannedChange>> {
        let Some(CopySnapshots { add, batching }) = &self.snapshots else { return Ok(None) };
        let have = accounts(shares, "the snapshot's shares were not read")?;
        let add: Vec<_> = add.iter().filter(|account| !have.contains(&account.id)).cloned().collect();
        let change = PlannedChange {
            snapshot: Some(snapshot.clone()),
            add,
            batching: *batching,
            ..self.share_of(image.clone())
        };
        Ok((!change.add.is_empty()).then_some(change))
    }

    /// The shares of the usable copy that are still to be accepted, of those that are there and those that are made
    /// now.
    pub fn acceptances(&self, image: &ImageId, shares: &SharesRead) -> Vec<PlannedAcceptance> {
        let found = |account| match shares {
            SharesRead::Read(shares) if shares.accounts.contains(account) => shares.acceptance.get(account),
            _ => None,
        };
        let open = self.add.iter().filter(|account| found(&account.id) != Some(&Acceptance::Accepted));
        let open = open.filter_map(|account| {
            Some(PlannedAcceptance {
                rules: self.rules.clone(),
                cloud: self.cloud.clone(),
                provider: self.provider.clone(),
                region: self.region.clone(),
                image: ImageName { id: image.clone(), name: self.name.clone() },
                account: account.clone(),
                with: self.accept_with.get(&account.id)?.clone(),
                found: found(&account.id).copied(),
                state: ChangeState::Planned,
            })
        });
        open.collect()
    }

    /// Sharing the copy with all its accounts.
    pub(crate) fn share_of(&self, image: ImageId) -> PlannedChange {
        PlannedChange {
            rules: self.rules.clone(),
            cloud: self.cloud.clone(),
            provider: self.provider.clone(),
            region: self.region.clone(),
            image: ImageName { id: image, name: self.name.clone() },
            add: self.add.clone(),
            batching: self.batching,
            ..PlannedChange::default()
        }
    }
}

/// Who has it, as it was read.
fn accounts<'s>(shares: &'s SharesRead, unread: &str) -> Result<&'s AccountSet> {
    match shares {
        SharesRead::Read(shares) => Ok(&shares.accounts),
        SharesRead::Failed(error) => Err(error.clone()),
        SharesRead::NotRead => Err(Error::new(ErrorKind::Unexpected, unread)),
    }
}

/// Of several copies of the same image (two machines made it at once) the one that every run takes: the most usable,
/// then the oldest, then by id.
fn best<'a>(copies: impl Iterator<Item = &'a Image>) -> Option<&'a Image> {
    copies.min_by_key(|image| (usefulness(image.state), image.created.is_none(), image.created, &image.id))
}

/// What a copy in this state is good for: the less the better.
pub(crate) fn usefulness(state: ImageState) -> u8 {
    match state {
        ImageState::Available => 0,
        ImageState::Pending => 1,
        ImageState::Unknown => 2,
        ImageState::Unavailable => 3,
        ImageState::Failed => 4,
    }
}

fn the_only<'a>(mut candidates: impl Iterator<Item = &'a Image>) -> CopySeen {
    match (candidates.next(), candidates.next()) {
        (None, _) => CopySeen::Missing,
        (Some(only), None) => CopySeen::of(only),
        (Some(_), Some(_)) => CopySeen::Ambiguous,
    }
}
