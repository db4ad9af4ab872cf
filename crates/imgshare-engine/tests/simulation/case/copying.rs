//! Cases about copies: images in one region that shall be in others.

use imgshare_plan::Scope;

use super::images::Picture;
use super::rules::accounts;
use super::{Case, CloudCase, RegionCase, RuleCase, Running, Select, Trouble};
use crate::dice::Dice;
use crate::kinds::{COPYING, KINDS, Kind};

impl Case {
    /// One rule that copies into one or two regions.
    pub(crate) fn copying(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xc0b1e5);
        let kind = &KINDS[dice.index(COPYING)];
        let clouds = vec![cloud(&mut dice, kind)];
        let rules = vec![rule(&mut dice, kind)];
        let running = Running::draw(&mut dice);
        let trouble = Trouble::of_copies(&mut dice, &clouds);
        Self { seed, clouds, rules, max_removals: None, scope: Scope::default(), running, trouble }
    }
}

fn cloud(dice: &mut Dice, kind: &'static Kind) -> CloudCase {
    let count = dice.between(1, 6);
    let regions = kind.regions.iter().enumerate().map(|(at, name)| {
        let count = if at == 0 { count } else { 0 };
        let images = (0..count).map(|number| picture(dice, kind, number)).collect();
        RegionCase { name, images }
    });
    CloudCase {
        kind,
        regions: regions.collect(),
        unknown: if dice.percent(20) { vec![dice.one_of(&[1, 2, 3])] } else { Vec::new() },
        calls_per_s: dice.one_of(&[None, None, Some(5), Some(10)]),
        accounts_per_image: None,
        limits: Vec::new(),
        behaviour: kind.behaviours.iter().map(|(key, values)| (*key, dice.one_of(values))).collect(),
        temporary: false,
        copy_takes_s: dice.one_of(&[0, 1, 45, 900]),
        copies: Vec::new(),
    }
}

/// Names differ: where a cloud does not tell of what an image is a copy, the name has to.
fn picture(dice: &mut Dice, kind: &Kind, number: u64) -> Picture {
    Picture {
        id: format!("{}{number:08}", kind.image),
        name: format!("golden-{number}"),
        state: dice.percent(10).then(|| dice.one_of(kind.unready)),
        hours: number,
        locked: false,
        stage: None,
        family: None,
        shares: Vec::new(),
    }
}

fn rule(dice: &mut Dice, kind: &Kind) -> RuleCase {
    let [from, first, second] = kind.regions;
    RuleCase {
        name: "copied".into(),
        clouds: vec![0],
        regions: dice.one_of(&[None, Some(vec![first]), Some(vec![first, second]), Some(vec![from, second])]),
        select: dice.one_of(&[Select::All, Select::Glob("golden-", Some(2))]),
        copy_from: Some(from),
        accounts: accounts(dice),
        exact: dice.percent(30),
    }
}
