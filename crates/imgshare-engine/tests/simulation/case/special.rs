//! Cases that are worth playing with every seed.

use imgshare_plan::Scope;

use super::images::Picture;
use super::{Case, CloudCase, RegionCase, RuleCase, Running, Select, Trouble};
use crate::dice::Dice;
use crate::kinds::{KINDS, Kind};

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
        let cloud =
            CloudCase { calls_per_s: Some(HALF_THE_QUOTA), ..CloudCase::plain(kind, regions.collect()) };
        let running = Running { concurrency: 32, ..Running::draw(&mut dice) };
        let trouble = Trouble::dead_region(kind.name, kind.regions[0]);
        let rules = vec![everything()];
        Self {
            seed,
            clouds: vec![cloud],
            rules,
            max_removals: None,
            scope: Scope::default(),
            running,
            trouble,
        }
    }
}

impl Case {
    /// One image in one region of this cloud, to be copied into another. Nothing goes wrong.
    pub(crate) fn one_copy(kind: &'static Kind) -> Self {
        let [from, to, _] = kind.regions;
        let region = |name, count| RegionCase {
            name,
            images: (0..count).map(|number| plain(kind.image, 0, number)).collect(),
        };
        let cloud = CloudCase::plain(kind, vec![region(from, 1), region(to, 0)]);
        let rule = RuleCase { copy_from: Some(from), ..everything() };
        let running = Running::draw(&mut Dice::new(0));
        let trouble = Trouble::default();
        Self {
            seed: 0,
            clouds: vec![cloud],
            rules: vec![rule],
            max_removals: None,
            scope: Scope::default(),
            running,
            trouble,
        }
    }

    /// Two images to be copied, and a rule about the newest image where the copies come to be.
    pub(crate) fn newest_of_two_copies(kind: &'static Kind, seed: u64) -> Self {
        let mut case = Self { seed, ..Self::one_copy(kind) };
        let [from, to, _] = kind.regions;
        case.clouds[0].regions[0].images.push(Picture { name: "golden-2".into(), ..plain(kind.image, 0, 1) });
        case.rules[0].regions = Some(vec![to]);
        case.rules[0].copy_from = Some(from);
        let newest = Select::Glob("golden", Some(1));
        let (name, regions) = ("newest".into(), Some(vec![to]));
        case.rules.push(RuleCase { name, regions, select: newest, accounts: vec![7], ..everything() });
        case
    }
}

impl CloudCase {
    /// A cloud that takes and allows anything.
    fn plain(kind: &'static Kind, regions: Vec<RegionCase>) -> Self {
        Self {
            kind,
            regions,
            unknown: Vec::new(),
            calls_per_s: None,
            accounts_per_image: None,
            limits: Vec::new(),
            behaviour: Vec::new(),
            temporary: false,
            copy_takes_s: 0,
            copies: Vec::new(),
        }
    }
}

fn plain(prefix: &str, region: usize, number: u64) -> Picture {
    Picture {
        id: format!("{prefix}{region}{number:07}"),
        name: "golden".into(),
        state: None,
        hours: number,
        locked: false,
        stage: None,
        family: None,
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
