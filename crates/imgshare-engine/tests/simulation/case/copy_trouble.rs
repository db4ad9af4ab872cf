//! Cases in which copies go wrong: they fail or take long, listings lag, others meddle, and rules of every sort are about
//! the regions into which they go.

use serde_json::{Value, json};

use super::images::Picture;
use super::rules::accounts;
use super::{Case, CloudCase, RuleCase, STRANGERS, Select, TEAMS, Trouble};
use crate::dice::Dice;

impl Case {
    /// A case as [`Case::copying`] draws it, and more.
    pub(crate) fn copies_gone_wrong(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x90be_de5a);
        let mut case = Self::copying(seed);
        case.running.patience_s = dice.one_of(&[15, 120, 3600]);
        let cloud = &mut case.clouds[0];
        cloud.copies = (0..dice.below(3)).map(|_| how_it_goes(&mut dice, cloud)).collect();
        has_others(&mut dice, cloud);
        let more = (0..dice.below(3)).map(|number| rule(&mut dice, cloud, number)).collect::<Vec<_>>();
        case.rules.extend(more);
        case.trouble = Trouble::of_copies_gone_wrong(&mut dice, &case.clouds);
        case
    }
}

/// A copy rule of the scenario.
fn how_it_goes(dice: &mut Dice, cloud: &CloudCase) -> Value {
    let mut rule = json!({"fails": dice.percent(60), "takes_s": dice.one_of(&[0, 3, 60, 1500])});
    if dice.percent(50) {
        rule["region"] = dice.one_of(&cloud.regions).name.into();
    }
    if dice.percent(80) {
        rule["times"] = dice.between(1, 3).into();
    }
    rule
}

/// Images in the other regions that are no copies, and people who have images already.
fn has_others(dice: &mut Dice, cloud: &mut CloudCase) {
    let everybody: Vec<u32> = (0..TEAMS + STRANGERS).collect();
    for (at, region) in cloud.regions.iter_mut().enumerate() {
        if at > 0 {
            region.images.extend((0..dice.below(3)).map(|number| site(cloud.kind.image, at, number)));
        }
        for image in &mut region.images {
            let percent = dice.one_of(&[0, 10, 30]);
            image.shares = dice.some_of(&everybody, percent);
        }
    }
}

fn site(prefix: &str, region: usize, number: u64) -> Picture {
    Picture {
        id: format!("{prefix}{region}{number:07}"),
        name: format!("site-{region}-{number}"),
        state: None,
        hours: 100 + number,
        locked: false,
        stage: None,
        family: None,
        shares: Vec::new(),
    }
}

/// One more rule about the same regions, which copies or does not.
fn rule(dice: &mut Dice, cloud: &CloudCase, number: u64) -> RuleCase {
    let [from, first, second] = cloud.kind.regions;
    let copies = dice.percent(35);
    RuleCase {
        name: format!("more-{number}"),
        clouds: vec![0],
        regions: dice.one_of(&[None, Some(vec![first]), Some(vec![first, second])]),
        select: dice.one_of(&[
            Select::All,
            Select::Glob("golden-", None),
            Select::Glob("golden-", Some(1)),
            Select::Glob("", Some(2)),
            Select::Glob("site-", None),
            Select::Name("golden-0"),
        ]),
        copy_from: copies.then_some(from),
        accounts: accounts(dice),
        exact: dice.percent(50),
    }
}
