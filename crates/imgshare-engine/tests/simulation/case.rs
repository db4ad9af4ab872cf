//! One random case: what shall be, what is, what goes wrong, and how it is run. All of it comes from the seed.

mod config;
mod copy_trouble;
mod copying;
mod images;
mod picky;
mod rules;
mod scenario;
mod scope;
mod special;
mod trouble;

use imgshare_plan::Scope;
use serde_json::Value;

use crate::dice::Dice;
use crate::kinds::{KINDS, Kind};

pub(crate) use images::Picture;
pub(crate) use rules::{RuleCase, Select};
pub(crate) use scenario::{OWNER, created};
pub(crate) use trouble::{At, Meddle, Moment, Trouble};

/// Numbers of accounts that are in the config, and of those that only the clouds know.
pub(crate) const TEAMS: u32 = 30;
pub(crate) const STRANGERS: u32 = 6;

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) clouds: Vec<CloudCase>,
    pub(crate) rules: Vec<RuleCase>,
    pub(crate) max_removals: Option<u64>,
    /// What the runs are about.
    pub(crate) scope: Scope,
    pub(crate) running: Running,
    pub(crate) trouble: Trouble,
}

/// One cloud: one owner with its regions.
#[derive(Clone, Debug)]
pub(crate) struct CloudCase {
    pub(crate) kind: &'static Kind,
    pub(crate) regions: Vec<RegionCase>,
    /// Teams whose account does not exist there.
    pub(crate) unknown: Vec<u32>,
    /// Calls a second that it takes, for each action and region. `None`: any number.
    pub(crate) calls_per_s: Option<u64>,
    /// Accounts that one image can have, as the config and the cloud say. `None`: as usual.
    pub(crate) accounts_per_image: Option<u64>,
    /// What the config says of the other limits.
    pub(crate) limits: Vec<String>,
    pub(crate) behaviour: Vec<(&'static str, &'static str)>,
    /// The owner's key is a temporary one, with a token.
    pub(crate) temporary: bool,
    /// Seconds that a copy takes.
    pub(crate) copy_takes_s: u64,
    /// How some copies go otherwise, in the words of the scenario.
    pub(crate) copies: Vec<Value>,
}

#[derive(Clone, Debug)]
pub(crate) struct RegionCase {
    pub(crate) name: &'static str,
    pub(crate) images: Vec<Picture>,
}

/// How the program is run.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) concurrency: usize,
    pub(crate) reads_back: bool,
    pub(crate) latency_ms: u64,
    /// The additions of an image may start before the whole plan is known.
    pub(crate) early: bool,
    /// How long it waits for copies, in seconds.
    pub(crate) patience_s: u64,
}

impl Case {
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let clouds = clouds(&mut dice);
        let rules = rules::draw(&mut dice, &clouds);
        let max_removals = dice.percent(15).then(|| dice.below(12));
        let running = Running::draw(&mut dice);
        let trouble = Trouble::draw(&mut dice, &clouds);
        let scope = scope::draw(&mut dice, &clouds, &rules);
        Self { seed, clouds, rules, max_removals, scope, running, trouble }
    }

    /// The cloud of this name.
    pub(crate) fn cloud(&self, name: &str) -> &CloudCase {
        self.clouds.iter().find(|cloud| cloud.kind.name == name).expect("the case has this cloud")
    }

    /// The same with another trouble.
    pub(crate) fn with(self, trouble: Trouble) -> Self {
        Self { trouble, ..self }
    }

    /// Whether this cloud may say that all went well although an account does not exist.
    pub(crate) fn may_drop_silently(&self, cloud: &str) -> bool {
        self.cloud(cloud).behaviour.contains(&("bad_account", "silently-ignored"))
    }

    /// Every text that must not be seen anywhere.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.clouds.iter().flat_map(CloudCase::secrets).collect()
    }
}

impl CloudCase {
    fn secrets(&self) -> Vec<String> {
        let token = self.temporary.then(|| self.kind.token_text());
        [self.kind.secret()].into_iter().chain(token).collect()
    }
}

impl Running {
    fn draw(dice: &mut Dice) -> Self {
        Self {
            concurrency: usize::try_from(dice.one_of(&[1, 2, 4, 8, 16, 32_u32])).expect("it is small"),
            reads_back: dice.percent(75),
            latency_ms: dice.one_of(&[0, 0, 1, 20, 150, 900]),
            early: dice.percent(50),
            patience_s: 3600,
        }
    }
}

fn clouds(dice: &mut Dice) -> Vec<CloudCase> {
    let mut kinds = dice.some_of(&[0, 1, 2], 55);
    if kinds.is_empty() {
        kinds = vec![dice.index(KINDS.len())];
    }
    kinds.into_iter().map(|kind| cloud(dice, &KINDS[kind])).collect()
}

fn cloud(dice: &mut Dice, kind: &'static Kind) -> CloudCase {
    let teams: Vec<u32> = (0..TEAMS).collect();
    let mut regions = dice.some_of(&[0, 1, 2], 50);
    if regions.is_empty() {
        regions = vec![0];
    }
    let accounts_per_image = dice.percent(12).then(|| dice.between(3, 20));
    let room = accounts_per_image.map_or(usize::MAX, |most| usize::try_from(most).expect("it is small"));
    let regions = regions
        .into_iter()
        .map(|at| RegionCase { name: kind.regions[at], images: images::draw(dice, kind, at, room) });
    let regions = regions.collect();
    CloudCase {
        kind,
        regions,
        unknown: if dice.percent(40) { dice.some_of(&teams, 8) } else { Vec::new() },
        calls_per_s: dice.one_of(&[None, None, None, Some(5), Some(10), Some(25)]),
        accounts_per_image,
        limits: limits(dice, kind),
        temporary: dice.percent(30),
        copy_takes_s: 2,
        copies: Vec::new(),
        behaviour: kind.behaviours.iter().map(|(key, values)| (*key, dice.one_of(values))).collect(),
    }
}

/// Less than the provider allows, as it stands in the config.
fn limits(dice: &mut Dice, kind: &Kind) -> Vec<String> {
    let per_change = dice.one_of(&[None, None, Some(1), Some(3)]);
    let per_second = dice.one_of(&[None, None, Some(1), Some(4)]);
    let per_change = per_change.map(|most| format!("accounts_per_change = {most}"));
    let action = dice.one_of(&kind.actions);
    let per_second = per_second.map(|most| format!("calls_per_second = {{ {action} = {most} }}"));
    per_change.into_iter().chain(per_second).collect()
}
