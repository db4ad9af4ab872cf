//! What goes wrong, and when.

use imgshare_cloudsim::FaultRule;
use serde_json::{Value, json};

use super::{CloudCase, TEAMS};
use crate::dice::Dice;

/// What goes wrong in a case. The default: nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trouble {
    /// What the clouds make of some calls.
    pub(crate) faults: Vec<FaultRule>,
    /// Of a hundred requests so many do not find a connection.
    pub(crate) unreachable_percent: u64,
    /// How far a cloud's clock is ahead, in seconds.
    pub(crate) skew_s: Vec<(&'static str, i64)>,
    /// What others do to the images meanwhile.
    pub(crate) meddling: Vec<(At, Meddle)>,
    /// When the run is asked to stop.
    pub(crate) stop: Option<At>,
    /// When the run is killed.
    pub(crate) kill: Option<(At, Moment)>,
    /// A second run goes on at the same time.
    pub(crate) twice: bool,
}

/// The number of a request, from 1, in the order in which they are sent.
pub(crate) type At = u64;

/// The part of a request's life in which its sender is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before it is sent: the cloud never gets it.
    Before,
    /// While it is on its way: the cloud gets it.
    OnTheWay,
    /// When its answer comes: whatever was asked is done, and nobody took note.
    Answered,
}

/// What somebody else does to an image.
#[derive(Clone, Debug)]
pub(crate) enum Meddle {
    Delete { cloud: &'static str, image: String },
    SetState { cloud: &'static str, image: String, state: &'static str },
    Share { cloud: &'static str, image: String, account: String },
    Unshare { cloud: &'static str, image: String, account: String },
    ExpireToken { cloud: &'static str },
}

impl Trouble {
    /// Whether somebody else changes what is there.
    pub(crate) fn changes_images(&self) -> bool {
        self.meddling.iter().any(|(_, meddle)| !matches!(meddle, Meddle::ExpireToken { .. }))
    }

    pub(super) fn draw(dice: &mut Dice, clouds: &[CloudCase]) -> Self {
        let mut trouble = Self::default();
        if dice.percent(75) {
            let count = dice.between(1, 4);
            trouble.faults = (0..count).map(|_| fault(dice, clouds)).collect();
        }
        trouble.unreachable_percent = dice.one_of(&[0, 0, 0, 3, 15]);
        if dice.percent(10) {
            let seconds = dice.one_of(&[-4000, -400, -120, 120, 400, 4000]);
            trouble.skew_s.push((dice.one_of(clouds).kind.name, seconds));
        }
        if dice.percent(15) {
            let count = dice.between(1, 3);
            trouble.meddling = (0..count).filter_map(|_| Some((at(dice), meddle(dice, clouds)?))).collect();
        }
        let temporary: Vec<_> = clouds.iter().filter(|cloud| cloud.temporary).collect();
        if !temporary.is_empty() && dice.percent(25) {
            trouble
                .meddling
                .push((at(dice), Meddle::ExpireToken { cloud: dice.one_of(&temporary).kind.name }));
        }
        match dice.below(10) {
            0 | 1 => trouble.stop = Some(at(dice)),
            2..5 => trouble.kill = Some((at(dice), moment(dice))),
            5 | 6 => trouble.twice = true,
            _ => {}
        }
        trouble
    }
}

fn at(dice: &mut Dice) -> At {
    let most = dice.one_of(&[4, 20, 60]);
    dice.between(1, most)
}

fn moment(dice: &mut Dice) -> Moment {
    dice.one_of(&[Moment::Before, Moment::OnTheWay, Moment::Answered])
}

fn fault(dice: &mut Dice, clouds: &[CloudCase]) -> FaultRule {
    let cloud = dice.one_of(clouds);
    let mut fault = json!({"cloud": cloud.kind.name, "kind": kind(dice, &cloud)});
    // A region that is dead until the faults are lifted; otherwise something that comes and goes.
    if dice.percent(8) {
        fault["region"] = dice.one_of(&cloud.regions).name.into();
        fault["kind"] = json!({"status": {"status": 503, "body": "service unavailable"}});
    } else {
        fault["when"] = when(dice);
        fault["times"] = dice.one_of(&[1, 2, 5, 30]).into();
    }
    if dice.percent(60) {
        fault["action"] = dice.one_of(&cloud.kind.actions).into();
    }
    serde_json::from_value(fault).expect("the generator makes sound faults")
}

fn when(dice: &mut Dice) -> Value {
    match dice.below(3) {
        0 => json!({"nth": dice.between(1, 12)}),
        1 => json!({"chance": 0.05}),
        _ => json!({"chance": 0.4}),
    }
}

fn kind(dice: &mut Dice, cloud: &CloudCase) -> Value {
    let denial = dice.one_of(cloud.kind.denials);
    let retry_after_s = dice.one_of(&[None, Some(1), Some(30), Some(600)]);
    let kinds = [
        json!("throttle"),
        json!("throttle"),
        json!("internal_error"),
        json!("reset_before"),
        json!("reset_after"),
        json!("internal_error_after"),
        json!({"status_after": {"status": 504, "body": "gateway timeout"}}),
        json!("cut_body"),
        json!("garbage_body"),
        json!({"huge_body": {"bytes": 40_000_000}}),
        json!({"slow": {"ms": 3_000}}),
        json!({"slow": {"ms": 70_000}}),
        json!({"refuse": {"code": denial, "message": "refused by the simulation"}}),
        json!({"status": {"status": 502, "body": "<html>bad gateway</html>"}}),
        json!({"status": {"status": 429, "body": "slow down", "retry_after_s": retry_after_s}}),
    ];
    // What lags behind is worth more than one in so many: it changes what a run believes.
    if dice.percent(20) {
        json!({"stale": {"ms": dice.one_of(&[500, 5_000, 300_000])}})
    } else {
        dice.one_of(&kinds)
    }
}

fn meddle(dice: &mut Dice, clouds: &[CloudCase]) -> Option<Meddle> {
    let of = dice.one_of(clouds);
    let images: Vec<_> = of.regions.iter().flat_map(|region| &region.images).collect();
    if images.is_empty() {
        return None;
    }
    let (cloud, image) = (of.kind.name, dice.one_of(&images).id.clone());
    let account = of.kind.account(u32::try_from(dice.below(u64::from(TEAMS))).expect("few teams"));
    Some(match dice.below(4) {
        0 => Meddle::Delete { cloud, image },
        1 => Meddle::SetState { cloud, image, state: of.kind.unready[0] },
        2 => Meddle::Share { cloud, image, account },
        _ => Meddle::Unshare { cloud, image, account },
    })
}
