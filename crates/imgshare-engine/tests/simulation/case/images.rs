//! The images of a region, as they are before anybody runs anything.

use super::{STRANGERS, TEAMS};
use crate::dice::Dice;
use crate::kinds::Kind;

/// One image.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) id: String,
    pub(crate) name: String,
    /// `None`: it can be shared.
    pub(crate) state: Option<&'static str>,
    /// Hours after the first image of all.
    pub(crate) hours: u64,
    /// The cloud refuses to share it, for a reason that no listing shows.
    pub(crate) locked: bool,
    /// The value of its tag `stage`.
    pub(crate) stage: Option<&'static str>,
    pub(crate) family: Option<&'static str>,
    /// Who has it, by number.
    pub(crate) shares: Vec<u32>,
}

/// Hours between two images of a region at least: longer than all runs of a case take together.
pub(crate) const HOURS_APART: u64 = 12;

const STEMS: [&str; 4] = ["golden-a", "golden-b", "gpu", "lab"];

pub(super) fn draw(dice: &mut Dice, kind: &Kind, region: usize, room: usize) -> Vec<Picture> {
    // Once in a while more than a page.
    let count = if dice.percent(2) { 120 } else { dice.one_of(&[0, 1, 2, 3, 5, 8, 12, 20]) };
    (0..count).map(|number| picture(dice, kind, region, number, room)).collect()
}

fn picture(dice: &mut Dice, kind: &Kind, region: usize, number: u64, room: usize) -> Picture {
    Picture {
        id: format!("{}{region}{number:07}", kind.image),
        name: format!("{}-{}", dice.one_of(&STEMS), dice.below(4)),
        state: dice.percent(15).then(|| dice.one_of(kind.unready)),
        // Not in the order of the ids, and no two alike.
        hours: (number * 37) % 128 * HOURS_APART,
        locked: dice.percent(4),
        stage: dice.one_of(&[None, Some("prod"), Some("test")]),
        family: dice.one_of(&[None, Some("base"), Some("edge")]),
        shares: shares(dice, room),
    }
}

/// Some teams and some strangers have it already, not more than there is room for.
fn shares(dice: &mut Dice, room: usize) -> Vec<u32> {
    let everybody: Vec<u32> = (0..TEAMS + STRANGERS).collect();
    let percent = dice.one_of(&[0, 0, 10, 40]);
    let mut shares = dice.some_of(&everybody, percent);
    shares.truncate(room);
    shares
}
