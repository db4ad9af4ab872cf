//! What a cloud really lets through: down at once when it refuses a call, up again step by step.
//!
//! * Down: to the number of calls that it did not refuse in the window, but not below half of the calls before. At one
//!   call in a window, the window doubles. Once for all calls that were sent before the slowing down; each of these that
//!   is refused too only takes itself off what was not refused.
//! * Up: a probe, one call more in a window, and only when pace is what keeps calls waiting. Refused, it is taken back
//!   at once, and the next one waits twice as long. Passed, the next one is twice as large.

use std::time::Duration;

use tokio::time::Instant;

use super::quotas::Pace;

/// The window of a pace that nobody declared.
const WINDOW: Duration = Duration::from_secs(1);

/// The longest window: some clouds let a caller who was refused through only in the next minute.
const WINDOW_MAX: Duration = Duration::from_secs(64);

/// From a refusal to the first probe where the provider declared a figure, and where it knows none.
const PROBE_AFTER: Duration = Duration::from_secs(10);
const PROBE_UNKNOWN_AFTER: Duration = Duration::from_secs(2);

/// The longest time from one probe to the next.
const PROBE_AFTER_MAX: Duration = Duration::from_secs(300);

pub(super) struct Learner {
    declared: Option<Pace>,
    pace: Option<Pace>,
    /// Counts the changes of pace. A call that was sent under an earlier pace says nothing about this one.
    generation: u64,
    /// The refused calls of the generation before can lower the pace to so many calls.
    floor: u32,
    probe: Option<Probe>,
    /// `None`: there is nothing to win by a probe.
    probe_at: Option<Instant>,
    probe_after: Duration,
    step: u32,
}

struct Probe {
    before: Pace,
    /// Accepted calls that are missing until it is passed.
    missing: u32,
}

impl Learner {
    /// `None`: no figure is known, so there is no limit until the cloud shows one.
    pub(super) fn new(declared: Option<Pace>) -> Self {
        Self {
            declared,
            pace: declared,
            generation: 0,
            floor: 1,
            probe: None,
            probe_at: None,
            probe_after: first_probe_after(declared),
            step: 1,
        }
    }

    /// `None`: no limit.
    pub(super) fn pace(&self) -> Option<Pace> {
        self.pace
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// The window that a refusal is judged by.
    pub(super) fn window(&self) -> Duration {
        self.pace.map_or(WINDOW, |pace| pace.window)
    }

    /// Somebody else who uses the same pacer knows of this figure. The lower one holds.
    pub(super) fn at_most(&mut self, figure: Pace) {
        if self.declared.is_none_or(|declared| figure.rate() < declared.rate()) {
            self.declared = Some(figure);
            self.probe = None;
            if self.pace.is_none_or(|pace| figure.rate() < pace.rate()) {
                self.pace = Some(figure);
            }
        }
    }

    /// It cannot get slower, and at this pace one call was refused.
    pub(super) fn is_slowest(&self) -> bool {
        self.pace.is_some_and(|pace| pace.calls == 1 && pace.window >= self.window_max())
    }

    /// A call of this generation was refused, and so many others in its window were not.
    pub(super) fn refused(&mut self, generation: u64, not_refused: u32, now: Instant) {
        if generation < self.generation {
            self.refused_earlier(generation);
            return;
        }
        match self.probe.take() {
            Some(probe) => self.take_back(probe.before),
            None => self.lower(not_refused),
        }
        self.generation += 1;
        self.step = 1;
        self.probe_at = Some(now + self.probe_after);
    }

    /// A call of this generation was not refused.
    pub(super) fn accepted(&mut self, generation: u64, now: Instant) {
        let Some(probe) = self.probe.as_mut().filter(|_| generation == self.generation) else { return };
        probe.missing = probe.missing.saturating_sub(1);
        if probe.missing == 0 {
            self.probe = None;
            self.step = self.step.saturating_mul(2);
            self.probe_after = first_probe_after(self.declared);
            self.probe_at = (self.pace != self.declared).then(|| now + self.probe_after);
        }
    }

    /// Calls wait for the pace: begins a probe if it is time for one.
    pub(super) fn raise(&mut self, now: Instant) -> bool {
        let due = self.probe.is_none() && self.probe_at.is_some_and(|at| at <= now);
        let Some(before) = self.pace.filter(|_| due) else { return false };
        let pace = self.faster(before);
        // Two windows full: in the first one calls of the pace before still take places.
        self.probe = Some(Probe { before, missing: pace.calls.saturating_mul(2) });
        self.pace = Some(pace);
        self.generation += 1;
        self.floor = before.calls;
        true
    }

    fn refused_earlier(&mut self, generation: u64) {
        if generation + 1 == self.generation
            && let Some(pace) = &mut self.pace
            && pace.calls > self.floor
        {
            pace.calls -= 1;
        }
    }

    fn take_back(&mut self, before: Pace) {
        self.pace = Some(before);
        self.floor = before.calls;
        self.probe_after = (self.probe_after * 2).min(PROBE_AFTER_MAX);
    }

    fn lower(&mut self, not_refused: u32) {
        let slower = match self.pace {
            None => {
                self.floor = 1;
                Pace { calls: not_refused.max(1), window: WINDOW }
            }
            Some(Pace { calls: 1, window }) => {
                self.floor = 1;
                Pace { calls: 1, window: (window * 2).min(self.window_max()) }
            }
            Some(Pace { calls, window }) => {
                self.floor = calls / 2;
                Pace { calls: not_refused.clamp(self.floor, calls - 1), window }
            }
        };
        self.pace = Some(slower);
    }

    fn faster(&self, pace: Pace) -> Pace {
        let window = self.declared.map_or(WINDOW, |declared| declared.window);
        if pace.window > window {
            return Pace { window: (pace.window / 2).max(window), ..pace };
        }
        let calls_max = self.declared.map_or(u32::MAX, |declared| declared.calls);
        Pace { calls: pace.calls.saturating_add(self.step).min(calls_max), ..pace }
    }

    fn window_max(&self) -> Duration {
        self.declared.map_or(WINDOW_MAX, |declared| declared.window.max(WINDOW_MAX))
    }
}

fn first_probe_after(declared: Option<Pace>) -> Duration {
    if declared.is_some() { PROBE_AFTER } else { PROBE_UNKNOWN_AFTER }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(calls: u32, window_s: u64) -> Pace {
        Pace { calls, window: Duration::from_secs(window_s) }
    }

    fn after(began: Instant, seconds: u64) -> Instant {
        began + Duration::from_secs(seconds)
    }

    /// Lowers a pace of 10 a second to this one.
    fn lowered(calls: u32, now: Instant) -> Learner {
        let mut learner = Learner::new(Some(pace(10, 1)));
        learner.refused(0, calls, now);
        assert_eq!(learner.pace(), Some(pace(calls, 1)));
        learner
    }

    fn accept(learner: &mut Learner, calls: u32, now: Instant) {
        (0..calls).for_each(|_| learner.accepted(learner.generation(), now));
    }

    #[test]
    fn it_goes_down_to_what_was_not_refused_but_not_below_half() {
        let now = Instant::now();
        for (not_refused, calls) in [(12, 9), (9, 9), (7, 7), (5, 5), (1, 5)] {
            let mut learner = Learner::new(Some(pace(10, 1)));
            learner.refused(0, not_refused, now);
            assert_eq!(learner.pace(), Some(pace(calls, 1)), "{not_refused} were not refused");
        }
    }

    #[test]
    fn calls_sent_before_a_slowing_down_only_take_themselves_off() {
        let mut learner = lowered(9, Instant::now());
        (0..4).for_each(|_| learner.refused(0, 9, Instant::now()));
        assert_eq!(learner.pace(), Some(pace(5, 1)));
        (0..4).for_each(|_| learner.refused(0, 9, Instant::now()));
        assert_eq!(learner.pace(), Some(pace(5, 1)), "not below half");
    }

    #[test]
    fn at_one_call_the_window_doubles_up_to_a_minute_and_then_it_is_the_slowest() {
        let mut learner = Learner::new(Some(pace(1, 1)));
        for window in [2, 4, 8, 16, 32, 64, 64] {
            learner.refused(learner.generation(), 0, Instant::now());
            assert_eq!(learner.pace(), Some(pace(1, window)));
        }
        assert!(learner.is_slowest());
    }

    #[test]
    fn a_figure_that_is_slower_than_that_stays_as_it_is() {
        let mut learner = Learner::new(Some(pace(1, 1000)));
        learner.refused(0, 0, Instant::now());
        assert_eq!(learner.pace(), Some(pace(1, 1000)));
    }

    #[test]
    fn a_probe_that_is_refused_is_taken_back_and_the_next_one_waits_twice_as_long() {
        let began = Instant::now();
        let mut learner = lowered(5, began);
        assert!(!learner.raise(after(began, 9)));
        assert!(learner.raise(after(began, 10)));
        assert_eq!(learner.pace(), Some(pace(6, 1)));
        learner.refused(learner.generation(), 5, after(began, 11));
        assert_eq!(learner.pace(), Some(pace(5, 1)));
        assert!(!learner.raise(after(began, 30)));
        assert!(learner.raise(after(began, 31)));
    }

    #[test]
    fn probes_that_are_passed_grow_until_the_declared_figure_is_reached() {
        let began = Instant::now();
        let mut learner = lowered(5, began);
        for (at, calls) in [(10, 6), (20, 8), (30, 10)] {
            assert!(learner.raise(after(began, at)));
            assert_eq!(learner.pace(), Some(pace(calls, 1)));
            assert!(!learner.raise(after(began, at + 1000)), "one probe at a time");
            accept(&mut learner, 2 * calls, after(began, at));
        }
        assert!(!learner.raise(after(began, 1000)), "there is nothing to win");
    }

    #[test]
    fn a_long_window_gets_shorter_again_before_calls_are_added() {
        let began = Instant::now();
        let mut learner = Learner::new(Some(pace(2, 1)));
        (0..3).for_each(|_| learner.refused(learner.generation(), 0, began));
        assert_eq!(learner.pace(), Some(pace(1, 4)));
        for (at, expected) in [(10, pace(1, 2)), (20, pace(1, 1)), (30, pace(2, 1))] {
            assert!(learner.raise(after(began, at)));
            assert_eq!(learner.pace(), Some(expected));
            accept(&mut learner, 4, after(began, at));
        }
    }

    #[test]
    fn without_a_figure_there_is_no_limit_until_a_call_is_refused() {
        let mut learner = Learner::new(None);
        assert_eq!(learner.pace(), None);
        learner.refused(0, 23, Instant::now());
        (0..3).for_each(|_| learner.refused(0, 0, Instant::now()));
        assert_eq!(learner.pace(), Some(pace(20, 1)));
    }
}
