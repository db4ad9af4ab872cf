//! Injected faults: which calls go wrong, and how; reproducible from the seed.

use std::collections::HashMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::cloud::Call;
use crate::digest;
use crate::world::MEMORY;

/// One rule: which calls it concerns, when it strikes, what happens then.
///
/// When several rules strike the same call, the first of them wins; all of them count it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The cloud, by its name in the scenario; left out: every cloud.
    #[serde(default)]
    pub cloud: Option<String>,
    /// The cloud's action; left out: every action.
    #[serde(default)]
    pub action: Option<String>,
    /// The region; left out: every region.
    #[serde(default)]
    pub region: Option<String>,
    /// When it strikes, among the calls that it concerns.
    #[serde(default)]
    pub when: Trigger,
    /// How often it strikes at most; left out: no limit.
    #[serde(default)]
    pub times: Option<u64>,
    /// What happens.
    pub kind: FaultKind,
}

/// When a fault rule strikes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Every time.
    #[default]
    Always,
    /// At the n-th call, counted from 1 in the order of arrival.
    Nth(u64),
    /// With this probability, `0.0..=1.0`. The draw depends on the seed, the rule and on what the call asks for and
    /// for the how-manieth time, not on the order of arrival: concurrent clients meet the same faults in each run.
    Chance(f64),
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Refused as too fast, in the cloud's words; nothing is done.
    Throttle,
    /// Refused with the cloud's internal error; nothing is done.
    InternalError,
    /// Refused with this code and message in the cloud's format; nothing is done.
    Refuse {
        /// The cloud's error code.
        code: String,
        /// The sentence beside it.
        message: String,
    },
    /// This HTTP status and plain-text body, as from a gateway; nothing is done.
    Status {
        /// The HTTP status, 200 to 599.
        status: u16,
        /// The body.
        #[serde(default)]
        body: String,
        /// Seconds for the header `Retry-After`.
        #[serde(default)]
        retry_after_s: Option<u64>,
    },
    /// The connection is reset; nothing is done.
    ResetBefore,
    /// The call is done, then the connection is reset: the answer is lost.
    ResetAfter,
    /// The call is done; the answer is the cloud's internal error all the same.
    InternalErrorAfter,
    /// The call is done; the answer is this HTTP status and plain-text body, as from a gateway that lost patience.
    StatusAfter {
        /// The HTTP status, 200 to 599.
        status: u16,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// The call is done; half of the body arrives, then the connection ends.
    CutBody,
    /// The call is done; the body is not in the cloud's format.
    GarbageBody,
    /// The call is done; the body is this many blanks.
    HugeBody {
        /// Length of the body.
        bytes: u64,
    },
    /// The call is done; the answer comes late.
    Slow {
        /// How late, in milliseconds.
        ms: u64,
    },
    /// A call that only reads shows things as they were a while ago: shares, images that are new, the progress of
    /// copies. Images deleted since stay deleted. Calls that write are not concerned.
    Stale {
        /// How long ago, in milliseconds; at most ten minutes.
        ms: u64,
    },
}

impl FaultKind {
    /// Whether the call still does its work.
    pub(crate) fn lets_the_call_work(&self) -> bool {
        match self {
            Self::Throttle
            | Self::InternalError
            | Self::Refuse { .. }
            | Self::Status { .. }
            | Self::ResetBefore => false,
            Self::ResetAfter
            | Self::CutBody
            | Self::GarbageBody
            | Self::HugeBody { .. }
            | Self::InternalErrorAfter
            | Self::StatusAfter { .. }
            | Self::Slow { .. }
            | Self::Stale { .. } => true,
        }
    }

    /// How far behind a read is.
    pub(crate) fn lag(&self) -> Option<SignedDuration> {
        match self {
            Self::Stale { ms } => Some(SignedDuration::from_millis(i64::try_from(*ms).unwrap_or(i64::MAX))),
            _ => None,
        }
    }

    /// The word for it in the journal, the same as in a scenario file.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::InternalError => "internal_error",
            Self::Refuse { .. } => "refuse",
            Self::Status { .. } => "status",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::InternalErrorAfter => "internal_error_after",
            Self::StatusAfter { .. } => "status_after",
            Self::CutBody => "cut_body",
            Self::GarbageBody => "garbage_body",
            Self::HugeBody { .. } => "huge_body",
            Self::Slow { .. } => "slow",
            Self::Stale { .. } => "stale",
        }
    }
}

impl FaultRule {
    /// A rule that concerns every call and always strikes; narrow it with the fields.
    pub fn always(kind: FaultKind) -> Self {
        Self { cloud: None, action: None, region: None, when: Trigger::Always, times: None, kind }
    }

    /// A region that answers nothing but HTTP 503, until the faults are disarmed.
    pub fn dead_region(region: &str) -> Self {
        let body = "service unavailable".to_owned();
        let kind = FaultKind::Status { status: 503, body, retry_after_s: None };
        Self { region: Some(region.to_owned()), ..Self::always(kind) }
    }

    /// Whether the rule is meant for this cloud.
    pub(crate) fn is_for(&self, cloud: &str) -> bool {
        self.cloud.as_ref().is_none_or(|of| of == cloud)
    }

    /// What is wrong with the rule itself, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        match (&self.when, &self.kind) {
            (Trigger::Chance(chance), _) if !(0.0..=1.0).contains(chance) => {
                Some(format!("fault chance {chance} is not within 0 to 1"))
            }
            (Trigger::Nth(0), _) => Some("fault at call 0: calls are counted from 1".to_owned()),
            (_, FaultKind::Status { status, .. } | FaultKind::StatusAfter { status, .. })
                if !(200..=599).contains(status) =>
            {
                Some(format!("fault status {status} is not within 200 to 599"))
            }
            (_, kind) if kind.lag().is_some_and(|lag| lag > MEMORY) => {
                Some("a stale read lags behind by 10 minutes at most".to_owned())
            }
            _ => None,
        }
    }

    fn concerns(&self, call: &Call) -> bool {
        self.action.as_ref().is_none_or(|action| *action == call.action)
            && self.region.as_ref().is_none_or(|region| region == call.region.as_str())
    }
}

/// The armed rules and what they have seen.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    armed: Vec<Armed>,
    ever_armed: u64,
}

#[derive(Debug)]
struct Armed {
    number: u64,
    rule: FaultRule,
    seen: u64,
    struck: u64,
    /// How often each call was seen, by digest.
    repetitions: HashMap<[u8; 32], u64>,
}

impl Faults {
    pub(crate) fn new(seed: u64, rules: Vec<FaultRule>) -> Self {
        let mut faults = Self { seed, armed: Vec::new(), ever_armed: 0 };
        rules.into_iter().for_each(|rule| faults.arm(rule));
        faults
    }

    pub(crate) fn arm(&mut self, rule: FaultRule) {
        let number = self.ever_armed;
        self.ever_armed += 1;
        self.armed.push(Armed { number, rule, seen: 0, struck: 0, repetitions: HashMap::new() });
    }

    pub(crate) fn disarm_all(&mut self) {
        self.armed.clear();
    }

    pub(crate) fn rules(&self) -> impl Iterator<Item = (&FaultRule, u64)> {
        self.armed.iter().map(|armed| (&armed.rule, armed.struck))
    }

    /// The fault that this call meets.
    pub(crate) fn strike(&mut self, call: &Call) -> Option<FaultKind> {
        let mut winner = None;
        for armed in self.armed.iter_mut().filter(|armed| armed.rule.concerns(call)) {
            if armed.due(self.seed, call) && winner.is_none() {
                armed.struck += 1;
                winner = Some(armed.rule.kind.clone());
            }
        }
        winner
    }
}

impl Armed {
    /// Counts the call and says whether the rule wants it.
    fn due(&mut self, seed: u64, call: &Call) -> bool {
        self.seen += 1;
        let wanted = match self.rule.when {
            Trigger::Always => true,
            Trigger::Nth(n) => self.seen == n,
            Trigger::Chance(chance) => self.draw(seed, call) < chance,
        };
        wanted && self.rule.times.is_none_or(|times| self.struck < times)
    }

    fn draw(&mut self, seed: u64, call: &Call) -> f64 {
        let parts = [call.action.as_bytes(), call.region.as_str().as_bytes(), &call.subject];
        let key = digest::seeded(seed, &parts);
        let repetition = self.repetitions.entry(key).or_default();
        *repetition += 1;
        let parts: [&[u8]; 4] = [b"fault", &self.number.to_be_bytes(), &key, &repetition.to_be_bytes()];
        digest::fraction(&digest::seeded(seed, &parts))
    }
}
