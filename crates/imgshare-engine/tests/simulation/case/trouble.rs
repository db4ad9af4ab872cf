//! What goes wrong, and when.

use imgshare_cloudsim::{FaultKind, FaultRule};
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
    /// A second run goes on at the same time; it begins so many milliseconds later.
    pub(crate) second_after_ms: Option<u64>,
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
    Delete {
        cloud: &'static str,
        image: String,
    },
    SetState {
        cloud: &'static str,
        image: String,
        state: &'static str,
    },
    Share {
        cloud: &'static str,
        image: String,
        account: String,
    },
    Unshare {
        cloud: &'static str,
        image: String,
        account: String,
    },
    ExpireToken {
        cloud: &'static str,
    },
    /// Somebody makes an image: by hand, or as a copy of this one.
    Add {
        cloud: &'static str,
        region: &'static str,
        name: String,
        copy_of: Option<String>,
    },
    /// Somebody deletes a copy, if there is one.
    DeleteCopy {
        cloud: &'static str,
    },
}

impl Trouble {
    /// What goes wrong while copies are made. Listings do not lag: a copy that nobody can see would be made again, and
    /// only one of the clouds has a token against that.
    pub(super) fn of_copies(dice: &mut Dice, clouds: &[CloudCase]) -> Self {
        let faults = (0..dice.below(4)).map(|_| fault(dice, clouds));
        let mut faults: Vec<_> =
            faults.filter(|fault| !matches!(fault.kind, FaultKind::Stale { .. })).collect();
        faults.iter_mut().filter(|_| dice.percent(40)).for_each(|fault| {
            fault.action = Some(clouds[0].kind.copy.to_owned());
        });
        let interrupted = dice.below(4);
        Self {
            faults,
            unreachable_percent: dice.one_of(&[0, 0, 5]),
            stop: (interrupted == 0).then(|| at(dice)),
            kill: (interrupted > 1).then(|| (at(dice), moment(dice))),
            ..Self::default()
        }
    }

    /// The same, with listings that lag behind, and with others who delete and make images meanwhile.
    pub(super) fn of_copies_gone_wrong(dice: &mut Dice, clouds: &[CloudCase]) -> Self {
        let mut trouble = Self::of_copies(dice, clouds);
        if dice.percent(35) {
            trouble.faults.push(lagging(dice, &clouds[0]));
        }
        if dice.percent(35) {
            trouble.faults.push(lost(dice, &clouds[0]));
        }
        if dice.percent(40) {
            let count = dice.between(1, 2);
            trouble.meddling = (0..count).map(|_| (at(dice), with_copies(dice, &clouds[0]))).collect();
        }
        trouble
    }

    /// Whether a listing may not show what is there.
    pub(crate) fn lags(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault.kind, FaultKind::Stale { .. }))
    }

    /// A region that answers nothing useful, until the faults are lifted.
    pub(super) fn dead_region(cloud: &str, region: &str) -> Self {
        let fault = FaultRule { cloud: Some(cloud.to_owned()), ..FaultRule::dead_region(region) };
        Self { faults: vec![fault], ..Self::default() }
    }

    /// Nothing but a second run at the same time.
    pub(crate) fn two_at_once(dice: &mut Dice) -> Self {
        Self { second_after_ms: Some(second_after_ms(dice)), ..Self::default() }
    }

    /// Whether the run may be ended from outside.
    pub(crate) fn interrupts(&self) -> bool {
        self.kill.is_some() || self.stop.is_some()
    }

    /// Whether it may strike any call to this cloud, whatever region it is about.
    pub(crate) fn is_about_all_of(&self, cloud: &str) -> bool {
        let expires =
            |(_, meddle): &(At, Meddle)| matches!(meddle, Meddle::ExpireToken { cloud: of } if *of == cloud);
        self.unreachable_percent > 0
            || self.skew_s.iter().any(|(of, _)| *of == cloud)
            || self.meddling.iter().any(expires)
    }

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
            5 | 6 => trouble.second_after_ms = Some(second_after_ms(dice)),
            _ => {}
        }
        trouble
    }
}

fn second_after_ms(dice: &mut Dice) -> u64 {
    let most = dice.one_of(&[1, 100, 3_000]);
    dice.below(most)
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
    // A cloud, or a gateway before it, that repeats what it must not.
    let leak = format!("{} does not let you in", cloud.secrets().join(" with "));
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
        json!({"refuse": {"code": denial, "message": leak}}),
        json!({"status": {"status": 502, "body": leak}}),
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
    let picture = dice.one_of(&images);
    let (cloud, image) = (of.kind.name, picture.id.clone());
    let anybody = u32::try_from(dice.below(u64::from(TEAMS))).expect("few teams");
    let holder = if picture.shares.is_empty() { anybody } else { dice.one_of(&picture.shares) };
    let (anybody, holder) = (of.kind.account(anybody), of.kind.account(holder));
    Some(match dice.below(4) {
        0 => Meddle::Delete { cloud, image },
        1 => Meddle::SetState { cloud, image, state: of.kind.unready[0] },
        2 => Meddle::Share { cloud, image, account: anybody },
        _ => Meddle::Unshare { cloud, image, account: holder },
    })
}

fn lagging(dice: &mut Dice, cloud: &CloudCase) -> FaultRule {
    let lag = json!({"stale": {"ms": dice.one_of(&[2_000, 30_000, 300_000])}});
    let (action, times) = (cloud.kind.actions[0], dice.one_of(&[1, 3, 10, 40]));
    let fault =
        json!({"cloud": cloud.kind.name, "action": action, "times": times, "kind": lag, "when": when(dice)});
    serde_json::from_value(fault).expect("the generator makes sound faults")
}

/// The cloud makes the copy, and nobody hears of it.
fn lost(dice: &mut Dice, cloud: &CloudCase) -> FaultRule {
    let kind = dice.one_of(&[
        json!("reset_after"),
        json!("internal_error_after"),
        json!("cut_body"),
        json!("garbage_body"),
        json!({"status_after": {"status": 504, "body": "gateway timeout"}}),
        json!({"slow": {"ms": 70_000}}),
    ]);
    let fault =
        json!({"cloud": cloud.kind.name, "action": cloud.kind.copy, "kind": kind, "when": when(dice)});
    serde_json::from_value(fault).expect("the generator makes sound faults")
}

/// What others do where copies are made: they delete one or its source, and make new images to be copied.
fn with_copies(dice: &mut Dice, of: &CloudCase) -> Meddle {
    let (cloud, region) = (of.kind.name, of.kind.regions[0]);
    match dice.below(3) {
        0 => Meddle::Delete { cloud, image: dice.one_of(&of.regions[0].images).id.clone() },
        1 => Meddle::DeleteCopy { cloud },
        _ => Meddle::Add { cloud, region, name: format!("golden-{}", dice.between(10, 99)), copy_of: None },
    }
}
