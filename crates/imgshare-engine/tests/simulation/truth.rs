//! How things really are: the simulator's own state.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use imgshare_cloudsim::Clouds;
use imgshare_plan::ChangeKey;
use serde::Deserialize;
use serde_json::Value;

use crate::case::OWNER;

/// One image, wherever it is. Clouds are named in the config as in the simulator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) cloud: String,
    pub(crate) region: String,
    pub(crate) image: String,
}

/// What is true of an image.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Look {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) created: String,
    pub(crate) obstacle: Option<String>,
    pub(crate) copy_of: Option<Origin>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) family: Option<String>,
    pub(crate) shares: BTreeSet<String>,
}

impl Look {
    /// No cloud tells more of when it was made.
    pub(crate) fn created_second(&self) -> &str {
        &self.created[.."2026-10-01T00:00:00".len()]
    }
}

/// Of what an image is a copy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Origin {
    pub(crate) image: String,
}

/// Every image of the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Truth(pub(crate) BTreeMap<Spot, Look>);

impl Truth {
    pub(crate) fn of(clouds: &Clouds) -> Self {
        let state = clouds.state();
        let mut images = BTreeMap::new();
        for (cloud, of) in members(&state["clouds"]) {
            for (region, of) in members(&of["owners"][OWNER]["regions"]) {
                for (image, look) in members(&of["images"]) {
                    let look = Look::deserialize(look).expect("the snapshot's images are so");
                    images.insert(Spot::new(cloud, region, image), look);
                }
            }
        }
        Self(images)
    }

    /// With the images that another look has shown; those of this one as they are in it.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        other.0.iter().for_each(|(spot, look)| {
            self.0.entry(spot.clone()).or_insert_with(|| look.clone());
        });
        self
    }

    /// Who has each image.
    pub(crate) fn shares(&self) -> BTreeMap<&Spot, &BTreeSet<String>> {
        self.0.iter().map(|(spot, look)| (spot, &look.shares)).collect()
    }
}

impl Spot {
    pub(crate) fn new(cloud: &str, region: &str, image: &str) -> Self {
        Self { cloud: cloud.into(), region: region.into(), image: image.into() }
    }

    pub(crate) fn of(key: &ChangeKey) -> Self {
        Self::new(key.cloud.as_str(), key.region.as_str(), key.image.as_str())
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.cloud, self.region, self.image)
    }
}

pub(crate) fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}
