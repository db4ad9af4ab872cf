//! One image of the simulated world.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::shares::Shares;
use super::work::Work;
use crate::ids::{ImageId, RegionId};

/// A machine image. States are spelled as the cloud spells them.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) id: ImageId,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) family: Option<String>,
    pub(crate) platform: String,
    pub(crate) size_gib: u32,
    /// Everybody can see and use it; nobody can share it.
    pub(crate) public: bool,
    pub(crate) obstacle: Option<Obstacle>,
    /// Who has it, since when.
    pub(crate) shares: Shares,
    /// Those whom it is shared with do not see it, whatever the owner is told.
    pub(crate) hidden: bool,
    /// Groups of accounts that have it, where the cloud has such groups. No simulated call changes them.
    pub(crate) share_groups: Vec<String>,
    /// The part of the region that it is in, where the cloud tells them apart; `None`: the region's first.
    pub(crate) zone: Option<String>,
    /// What it is a copy of. Tests see it; clients only where the cloud tells.
    pub(crate) origin: Option<Origin>,
    pub(crate) encryption: Option<Encryption>,
    /// When it came into a world that was running already.
    pub(crate) appeared: Option<Timestamp>,
    state: String,
    work: Option<Work>,
}

/// The image that a copy was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Origin {
    pub(crate) image: ImageId,
    pub(crate) region: RegionId,
}

/// How the disks of an image are encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Encryption {
    /// The owner's own key; `None`: the key of the service.
    pub(crate) kms_key: Option<String>,
}

/// Why an image cannot be shared although its state looks fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// Its licence was brought along by the owner and may not travel.
    Byol,
    /// The cloud refuses for a reason of its own that no listing shows.
    Locked,
    /// Its disks are encrypted with a key that the cloud does not share.
    Encrypted,
}

impl Image {
    /// An image with nothing but what every image has.
    pub(crate) fn new(id: ImageId, name: String, state: &str, created: Timestamp) -> Self {
        Self {
            id,
            name,
            created,
            tags: BTreeMap::new(),
            family: None,
            platform: "Ubuntu".to_owned(),
            size_gib: 20,
            public: false,
            obstacle: None,
            shares: Shares::default(),
            hidden: false,
            share_groups: Vec::new(),
            zone: None,
            origin: None,
            encryption: None,
            appeared: None,
            state: state.to_owned(),
            work: None,
        }
    }

    /// The state at an instant: work that the cloud does in the background is done when its time has come.
    pub(crate) fn state(&self, now: Timestamp) -> &str {
        self.work.as_ref().and_then(|work| work.result(now)).unwrap_or(&self.state)
    }

    /// How much of the work is done that gives the image another state, in percent; `None`: there is none going on.
    pub(crate) fn percent(&self, now: Timestamp) -> Option<u8> {
        self.work.as_ref().filter(|work| work.result(now).is_none()).map(|work| work.percent(now))
    }

    /// Gives it a state, whatever was going on.
    pub(crate) fn set_state(&mut self, state: &str) {
        state.clone_into(&mut self.state);
        self.work = None;
    }

    /// Begins the work that will give it another state.
    pub(crate) fn begin(&mut self, work: Work) {
        self.work = Some(work);
    }

    /// As it was at an instant of the last ten minutes; `None`: it was not there yet.
    pub(crate) fn as_of(&self, then: Timestamp) -> Option<Self> {
        let there = self.appeared.is_none_or(|appeared| appeared <= then);
        there.then(|| Self { shares: self.shares.as_of(then), ..self.clone() })
    }
}
