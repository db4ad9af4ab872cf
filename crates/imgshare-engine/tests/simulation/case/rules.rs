//! What shall be: rules that overlap, of both modes.

use super::picky::Picky;
use super::{CloudCase, TEAMS};
use crate::dice::Dice;

/// One `[[share]]` table.
#[derive(Clone, Debug)]
pub(crate) struct RuleCase {
    pub(crate) name: String,
    /// The clouds that it is about, by their place in the case.
    pub(crate) clouds: Vec<usize>,
    /// Only these regions; a rule that says this is about one cloud.
    pub(crate) regions: Option<Vec<&'static str>>,
    pub(crate) select: Select,
    /// Images are selected there, and copied into the other regions.
    pub(crate) copy_from: Option<&'static str>,
    /// By number.
    pub(crate) accounts: Vec<u32>,
    pub(crate) exact: bool,
}

/// Which images.
#[derive(Clone, Debug)]
pub(crate) enum Select {
    All,
    /// Names that begin so; with a number, the newest of those.
    Glob(&'static str, Option<u64>),
    Name(&'static str),
    Ids(Vec<String>),
    Picky(Picky),
}

impl RuleCase {
    pub(crate) fn is_about(&self, cloud: usize, region: &str) -> bool {
        self.clouds.contains(&cloud) && self.regions.as_ref().is_none_or(|regions| regions.contains(&region))
    }

    /// How many images it selects at most, the newest.
    pub(crate) fn newest(&self) -> Option<u64> {
        match &self.select {
            Select::Glob(_, newest) => *newest,
            Select::Picky(picky) => picky.newest,
            Select::All | Select::Name(_) | Select::Ids(_) => None,
        }
    }

    /// The other region whose images this rule copies into this one, if it does.
    pub(crate) fn copies_into(&self, region: &str) -> Option<&'static str> {
        self.copy_from.filter(|from| *from != region)
    }
}

pub(super) fn draw(dice: &mut Dice, clouds: &[CloudCase]) -> Vec<RuleCase> {
    let count = dice.between(1, 4);
    (0..count).map(|number| rule(dice, clouds, number)).collect()
}

fn rule(dice: &mut Dice, clouds: &[CloudCase], number: u64) -> RuleCase {
    let all: Vec<usize> = (0..clouds.len()).collect();
    let mut about = dice.some_of(&all, 60);
    if about.is_empty() {
        about = vec![dice.index(clouds.len())];
    }
    let only = (about.len() == 1).then(|| &clouds[about[0]]);
    RuleCase {
        name: format!("rule-{number}"),
        regions: only.and_then(|cloud| regions(dice, cloud)),
        select: select(dice, only),
        copy_from: None,
        clouds: about,
        accounts: accounts(dice),
        exact: dice.percent(40),
    }
}

fn regions(dice: &mut Dice, cloud: &CloudCase) -> Option<Vec<&'static str>> {
    let names: Vec<_> = cloud.regions.iter().map(|region| region.name).collect();
    let some = dice.some_of(&names, 50);
    (!some.is_empty()).then_some(some)
}

fn select(dice: &mut Dice, only: Option<&CloudCase>) -> Select {
    let glob = dice.one_of(&["golden-", "golden-a", "gpu", ""]);
    match (dice.below(8), only) {
        (0, _) => Select::All,
        (1, _) => Select::Name(dice.one_of(&["golden-a-1", "golden-b-0", "gpu-2"])),
        (2 | 3, _) => Select::Glob(glob, Some(dice.between(1, 4))),
        (4, Some(cloud)) => Select::Ids(ids(dice, cloud)),
        (6 | 7, _) => Select::Picky(Picky::draw(dice, only)),
        _ => Select::Glob(glob, None),
    }
}

/// Some ids, once in a while one that is nowhere.
fn ids(dice: &mut Dice, cloud: &CloudCase) -> Vec<String> {
    let all = cloud.regions.iter().flat_map(|region| &region.images).map(|image| image.id.clone());
    let mut some = dice.some_of(&all.collect::<Vec<_>>(), 30);
    if some.is_empty() || dice.percent(10) {
        some.push(format!("{}99999999", cloud.kind.image));
    }
    some
}

pub(super) fn accounts(dice: &mut Dice) -> Vec<u32> {
    let teams: Vec<u32> = (0..TEAMS).collect();
    let percent = dice.one_of(&[4, 10, 40, 100]);
    let some = dice.some_of(&teams, percent);
    if some.is_empty() { vec![0] } else { some }
}
