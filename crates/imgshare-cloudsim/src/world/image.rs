//! One image of the simulated world.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, ImageId};

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
    pub(crate) shares: BTreeMap<AccountId, Timestamp>,
    /// Groups of accounts that have it, where the cloud has such groups. No simulated call changes them.
    pub(crate) share_groups: Vec<String>,
    /// The part of the region that it is in, where the cloud tells them apart; `None`: the region's first.
    pub(crate) zone: Option<String>,
    state: String,
    settles: Option<(Timestamp, &'static str)>,
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
            shares: BTreeMap::new(),
            share_groups: Vec::new(),
            zone: None,
            state: state.to_owned(),
            settles: None,
        }
    }

    /// The state at an instant: work that the cloud does in the background is done when its time has come.
    pub(crate) fn state(&self, now: Timestamp) -> &str {
        match self.settles {
            Some((at, state)) if at <= now => state,
            _ => &self.state,
        }
    }

    pub(crate) fn set_state(&mut self, state: &str) {
        state.clone_into(&mut self.state);
        self.settles = None;
    }

    /// Says that the present state gives way to another at an instant.
    pub(crate) fn settle(&mut self, at: Timestamp, state: &'static str) {
        self.settles = Some((at, state));
    }
}
