//! Selections by everything but name and id, all of which combine.

use super::CloudCase;
use super::images::HOURS_APART;
use super::scenario::created;
use crate::dice::Dice;

/// Hours from the first image of all to the beginning of the case.
const HOURS_BEFORE: u64 = 2777;

/// What an image must be, as far as the rule says it.
#[derive(Clone, Debug)]
pub(crate) struct Picky {
    stage: Option<&'static str>,
    family: Option<&'static str>,
    regex: Option<&'static str>,
    /// In steps of the time that lies between two images.
    newer_than: Option<u64>,
    pub(crate) newest: Option<u64>,
}

const REGEXES: [&str; 3] = ["^golden-[ab]-[01]$", "gpu|lab", "-[23]$"];

impl Picky {
    pub(super) fn draw(dice: &mut Dice, only: Option<&CloudCase>) -> Self {
        // One of the clouds has no families, and tags without values.
        let labels = only.is_some_and(|cloud| cloud.kind.name != "ucloud");
        let mut picky = Self {
            stage: dice.one_of(&[None, Some("prod"), Some("test")]).filter(|_| labels),
            family: dice.one_of(&[None, Some("base"), Some("edge")]).filter(|_| labels),
            regex: dice.percent(40).then(|| dice.one_of(&REGEXES)),
            newer_than: dice.percent(40).then(|| dice.below(100)),
            newest: dice.percent(40).then(|| dice.between(1, 4)),
        };
        if picky.stage.is_none() && picky.regex.is_none() {
            picky.regex = Some(REGEXES[0]);
        }
        picky
    }

    /// As it stands in the config.
    pub(super) fn config(&self) -> String {
        let words = [
            self.stage.map(|stage| format!("tags = {{ stage = {stage:?} }}")),
            self.family.map(|family| format!("family = {family:?}")),
            self.regex.map(|regex| format!("name_regex = '{regex}'")),
            self.newer_than.map(|steps| format!("newer_than = \"{}h\"", HOURS_BEFORE - steps * HOURS_APART)),
            self.newest.map(|newest| format!("newest = {newest}")),
        ];
        format!("{{ {} }}", words.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }

    /// Everything but `newest`.
    pub(crate) fn matches(&self, look: &crate::truth::Look) -> bool {
        let is = |wanted: Option<&str>, has: Option<&String>| {
            wanted.is_none_or(|wanted| has.is_some_and(|has| has == wanted))
        };
        is(self.stage, look.tags.get("stage"))
            && is(self.family, look.family.as_ref())
            && self.regex.is_none_or(|regex| has_form(&look.name, regex))
            && self.newer_than.is_none_or(|steps| look.created >= created(steps * HOURS_APART + 1))
    }
}

/// Regular expressions once more, in words.
fn has_form(name: &str, regex: &str) -> bool {
    let ends = |digits: [&str; 2]| digits.iter().any(|digit| name.ends_with(digit));
    match REGEXES.iter().position(|known| *known == regex).expect("one of them") {
        0 => name.starts_with("golden-") && ends(["-0", "-1"]),
        1 => name.contains("gpu") || name.contains("lab"),
        _ => ends(["-2", "-3"]),
    }
}
