//! What a run tells while it goes on.

use imgshare_plan::{PlannedChange, ReportedChange};
use imgshare_protocol::{CloudName, Error, Region};

/// Something that happened in a run.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A region's images are known; so many, of which the shares of so many will be read.
    Listed {
        /// The cloud.
        cloud: &'a CloudName,
        /// The region.
        region: &'a Region,
        /// Images in it.
        images: usize,
        /// Images whose shares will be read.
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
    /// The shares of one more image were read, or could not be.
    SharesRead,
    /// A change is about to be made.
    Begun(&'a PlannedChange),
    /// A change has ended, one way or the other.
    Ended(&'a ReportedChange),
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
