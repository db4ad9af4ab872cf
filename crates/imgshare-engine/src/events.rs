//! What a run tells while it goes on.

use imgshare_plan::{Plan, PlannedChange, PlannedCopy, ReportedAcceptance, ReportedChange};
use imgshare_protocol::{CloudName, Error, ImageId, Region};

/// Something that happened in a run.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A region's images are known; so many. Of so many images and snapshots the shares will be read.
    Listed {
        /// The cloud.
        cloud: &'a CloudName,
        /// The region.
        region: &'a Region,
        /// Images in it.
        images: usize,
        /// Images and snapshots whose shares will be read.
        to_read: usize,
    },
    /// A region could not be listed.
    Unlisted {
        /// The cloud.
        cloud: &'a CloudName,
        /// The region.
        region: &'a Region,
        /// Why not.
        error: &'a Error,
    },
    /// The shares of one more image or snapshot were read, or could not be.
    SharesRead,
    /// The whole plan is known; additions of it may have been made already.
    Planned(&'a Plan),
    /// A copy is a step further.
    Copy {
        /// The copy.
        copy: &'a PlannedCopy,
        /// How far it is.
        step: CopyStep<'a>,
    },
    /// A change is about to be made.
    Begun(&'a PlannedChange),
    /// A change has ended, one way or the other.
    Ended(&'a ReportedChange),
    /// Accepting a share has ended, one way or the other.
    Accepted(&'a ReportedAcceptance),
    /// Receivers are about to be asked for so many shares, for the first time or once more.
    Asking {
        /// Shares.
        shares: usize,
        /// The look, from 1.
        look: u32,
    },
}

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyStep<'a> {
    /// The cloud is about to be asked for it.
    Asked,
    /// It is being made; how much of it is there, where the cloud tells.
    Making {
        /// 0 to 100.
        percent: Option<u8>,
    },
    /// It can be used, and is shared next.
    Usable {
        /// The new image.
        image: &'a ImageId,
    },
    /// It was not made, or will never be usable; the report says why.
    Failed,
}

/// Hears what happens. It is called from within the run and must not block.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn event(&self, event: Event<'_>);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: Event<'_>) {}
}
