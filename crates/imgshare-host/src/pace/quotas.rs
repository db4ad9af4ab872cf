//! How often a cloud says that it lets itself be called.

use std::collections::BTreeMap;
use std::time::Duration;

use imgshare_protocol::{Description, Limits, QuotaScope};

/// The slowest rate that is told apart from standing still: one call a day.
const RATE_MIN: f64 = 1.0 / 86_400.0;

/// The quickest; beyond it no limit is worth keeping.
const RATE_MAX: f64 = 1_000_000.0;

/// So many calls in any stretch of time that is this long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pace {
    /// At least 1.
    pub(super) calls: u32,
    pub(super) window: Duration,
}

impl Pace {
    /// Whole calls in the time that they need: 10 a second are 10 in a second, 2.5 are 2 in 0.8 s, 0.2 are 1 in 5 s.
    /// `None`: this is no rate.
    pub(super) fn per_second(rate: f64) -> Option<Self> {
        if !(rate.is_finite() && rate > 0.0) {
            return None;
        }
        let rate = rate.clamp(RATE_MIN, RATE_MAX);
        let calls = rate.floor().max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 1..=RATE_MAX"
        )]
        Some(Self { calls: calls as u32, window: Duration::from_secs_f64(calls / rate) })
    }

    pub(super) fn rate(self) -> f64 {
        f64::from(self.calls) / self.window.as_secs_f64()
    }
}

impl std::fmt::Display for Pace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {:?}", self.calls, self.window)
    }
}

/// The quotas of one cloud, by the cloud's name of the call.
pub(super) struct Quotas(BTreeMap<String, Quota>);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quota {
    /// `None`: nobody knows; it is found while calling.
    pub(super) pace: Option<Pace>,
    pub(super) per_region: bool,
}

impl Quotas {
    /// What the provider says, and over it what the config says.
    pub(super) fn of(description: &Description, limits: &Limits) -> Self {
        let mut quotas = BTreeMap::new();
        for declared in &description.quotas {
            let quota: &mut Quota = quotas.entry(declared.action.clone()).or_insert(Quota::UNKNOWN);
            quota.narrow(Pace::per_second(declared.calls_per_second), declared.per);
        }
        for (action, rate) in &limits.calls_per_second {
            quotas.entry(action.clone()).or_insert(Quota::UNKNOWN).pace = Pace::per_second(*rate);
        }
        Self(quotas)
    }

    pub(super) fn of_action(&self, action: &str) -> Quota {
        self.0.get(action).copied().unwrap_or(Quota::UNKNOWN)
    }
}

impl Quota {
    const UNKNOWN: Self = Self { pace: None, per_region: true };

    /// Two operations may make the same call; the cloud counts them together, so the lower figure is the safe one.
    fn narrow(&mut self, pace: Option<Pace>, per: QuotaScope) {
        self.per_region &= per == QuotaScope::Region;
        self.pace = match (self.pace, pace) {
            (Some(one), Some(other)) => Some(if one.rate() <= other.rate() { one } else { other }),
            (one, other) => one.or(other),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rate: f64, expected: Option<(u32, u64)>) {
        let pace = Pace::per_second(rate);
        let seen =
            pace.map(|pace| (pace.calls, u64::try_from(pace.window.as_millis()).expect("a short time")));
        assert_eq!(seen, expected, "{rate} calls a second");
    }

    #[test]
    fn a_rate_is_whole_calls_in_the_time_that_they_need() {
        check(10.0, Some((10, 1000)));
        check(2.5, Some((2, 800)));
        check(1.0, Some((1, 1000)));
        check(0.2, Some((1, 5000)));
        check(1e-300, Some((1, 86_400_000)));
    }

    #[test]
    fn what_is_no_rate_is_no_figure() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            check(rate, None);
        }
    }

    fn quota(action: &str, calls_per_second: f64, per: QuotaScope) -> imgshare_protocol::Quota {
        imgshare_protocol::Quota { action: action.into(), calls_per_second, per, ..Default::default() }
    }

    #[test]
    fn the_config_overrides_the_provider_and_only_the_figure() {
        let quotas = vec![quota("Read", 10.0, QuotaScope::Owner), quota("Write", 0.0, QuotaScope::Region)];
        let description = Description { quotas, ..Description::default() };
        let limits = Limits { calls_per_second: [("Read".into(), 3.0)].into(), ..Limits::default() };
        let quotas = Quotas::of(&description, &limits);
        assert_eq!(quotas.of_action("Read"), Quota { pace: Pace::per_second(3.0), per_region: false });
        assert_eq!(quotas.of_action("Write"), Quota::UNKNOWN);
        assert_eq!(quotas.of_action("Else"), Quota::UNKNOWN);
    }

    #[test]
    fn a_scope_of_a_newer_version_is_shared_by_all_regions() {
        let quotas = vec![quota("Read", 10.0, QuotaScope::Unknown)];
        let quotas = Quotas::of(&Description { quotas, ..Description::default() }, &Limits::default());
        assert!(!quotas.of_action("Read").per_region);
    }
}
