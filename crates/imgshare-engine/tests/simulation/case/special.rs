//! Cases that are worth playing with every seed.

use super::images::Picture;
use super::{Case, CloudCase, RegionCase, RuleCase, Running, Select, Trouble};
use crate::dice::Dice;
use crate::kinds::KINDS;

/// Calls a second that the cloud takes, half of what its provider believes.
const HALF_THE_QUOTA: u64 = 5;

impl Case {
    /// Many images in three regions of a cloud that takes half as many calls as its provider believes; with a region
    /// that is dead.
    pub(crate) fn dead_region_at_half_the_quota(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let kind = &KINDS[0];
        let count = dice.between(10, 60);
        let regions = kind.regions.iter().enumerate().map(|(at, name)| {
            let images = (0..count).map(|number| plain(kind.image, at, number));
            RegionCase { name, images: images.collect() }
        });
        let cloud = CloudCase {
            kind,
            regions: regions.collect(),
            unknown: Vec::new(),
            calls_per_s: Some(HALF_THE_QUOTA),
            accounts_per_image: None,
            behaviour: Vec::new(),
            temporary: false,
            copy_takes_s: 0,
        };
        let running = Running { concurrency: 32, ..Running::draw(&mut dice) };
        let trouble = Trouble::dead_region(kind.name, kind.regions[0]);
        let max_removals = None;
        Self { seed, clouds: vec![cloud], rules: vec![everything()], max_removals, running, trouble }
    }
}

fn plain(prefix: &str, region: usize, number: u64) -> Picture {
    Picture {
        id: format!("{prefix}{region}{number:07}"),
        name: "golden".into(),
        state: None,
        hours: number,
        locked: false,
        shares: Vec::new(),
    }
}

fn everything() -> RuleCase {
    RuleCase {
        name: "everything".into(),
        clouds: vec![0],
        regions: None,
        select: Select::All,
        copy_from: None,
        accounts: vec![1, 2, 3],
        exact: false,
    }
}
