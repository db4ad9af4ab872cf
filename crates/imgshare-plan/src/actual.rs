//! What the clouds say today. A read that failed is a value in it.

use std::collections::BTreeMap;

use imgshare_protocol::{CloudName, Error, Image, OperationKind, Region, Shares};

/// What a survey found.
///
/// A region that is not in it was not surveyed: nothing is planned there, and nothing is wrong with that.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Actual {
    /// The images of each region that was listed, or why it could not be listed. An image that is in a list twice
    /// (pages shift while they are read) counts once, its first time.
    pub regions: BTreeMap<(CloudName, Region), Result<Vec<ActualImage>, Error>>,
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
    /// The answer.
    Read(Shares),
    /// There was none: the image is never changed.
    Failed(Error),
}
