//! Which images a rule is about.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ImageId;

/// Which images a rule is about: all that is set must hold (AND); `newest` is applied last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Selection {
    /// One of these ids.
    pub ids: Option<BTreeSet<ImageId>>,
    /// A glob over the name; exact when it has no wildcard.
    pub name: Option<String>,
    /// A regular expression that occurs in the name.
    pub name_regex: Option<String>,
    /// All of these tags.
    pub tags: BTreeMap<String, String>,
    /// This family.
    pub family: Option<String>,
    /// Made within this many seconds before now.
    pub newer_than_seconds: Option<u64>,
    /// The N that were made last (by time, then by id) among those that all else leaves.
    pub newest: Option<u32>,
    /// Every image, said on purpose.
    pub all: bool,
}
