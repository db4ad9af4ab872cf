//! One queue, and who goes next.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use imgshare_protocol::{Error, Result};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::learner::Learner;
use super::places::{Next, Places, Sent};
use super::quotas::Pace;

/// Lets the calls of one owner, region and action go, first come, first served. Only the head of the queue waits for
/// time, an answer or a place in flight; the others cost nothing until they are the head.
pub(crate) struct Pacer {
    region: String,
    action: String,
    state: Mutex<State>,
    /// Something happened that may let the head go sooner, or not at all.
    changed: Notify,
    /// Whoever holds it is the head.
    head: tokio::sync::Mutex<()>,
    /// First calls come one at a time to the head's queue, so that one that is tried again has at most one before it.
    first_calls: tokio::sync::Mutex<()>,
}

struct State {
    places: Places,
    learner: Learner,
    /// The cloud asked to be left alone until then.
    asked_to_wait_until: Option<Instant>,
    /// The cloud refuses even the slowest pace, with these words.
    refuses_all: Option<Error>,
}

/// Where a call comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Behind all that wait.
    First,
    /// Before those that were never sent: what was begun is finished first. Among themselves they take turns.
    Again,
}

enum Head {
    Goes,
    WaitsUntil(Instant),
    WaitsForAnAnswer,
    Fails(Error),
}

impl Pacer {
    pub(super) fn new(region: &str, action: &str, figure: Option<Pace>) -> Self {
        let state = State {
            places: Places::default(),
            learner: Learner::new(figure),
            asked_to_wait_until: None,
            refuses_all: None,
        };
        Self {
            region: region.to_owned(),
            action: action.to_owned(),
            state: Mutex::new(state),
            changed: Notify::new(),
            head: tokio::sync::Mutex::default(),
            first_calls: tokio::sync::Mutex::default(),
        }
    }

    pub(super) fn at_most(&self, figure: Pace) {
        self.state().learner.at_most(figure);
    }

    /// Waits until a call may go, and takes both a place of the pace and one in flight, at the same moment.
    ///
    /// # Errors
    ///
    /// The cloud's own words, when it refuses even the slowest pace.
    pub(crate) async fn go<'a>(
        self: &Arc<Self>,
        turn: Turn,
        in_flight: &'a Semaphore,
    ) -> Result<(Call, Option<SemaphorePermit<'a>>)> {
        let _first = match turn {
            Turn::First => Some(self.first_calls.lock().await),
            Turn::Again => None,
        };
        let _head = self.head.lock().await;
        loop {
            self.free_place().await?;
            let in_flight = in_flight.acquire().await.ok();
            // While it waited for its place in flight, the pace may have changed.
            if let Some(call) = self.take() {
                return Ok((call, in_flight));
            }
        }
    }

    async fn free_place(&self) -> Result<()> {
        loop {
            match self.with(State::head) {
                Head::Goes => return Ok(()),
                Head::Fails(error) => return Err(error),
                Head::WaitsUntil(at) => drop(tokio::time::timeout_at(at, self.changed.notified()).await),
                Head::WaitsForAnAnswer => self.changed.notified().await,
            }
        }
    }

    fn take(self: &Arc<Self>) -> Option<Call> {
        let (sent, generation) = self.with(State::take)?;
        Some(Call { pacer: self.clone(), sent, generation, stage: Stage::OnItsWay })
    }

    /// Changes the state and lets the head look again.
    fn change<T>(&self, change: impl FnOnce(&mut State, Instant) -> T) -> T {
        let changed = self.with(change);
        self.changed.notify_one();
        changed
    }

    /// Does something with the state, and says so when the pace is another one after it.
    fn with<T>(&self, act: impl FnOnce(&mut State, Instant) -> T) -> T {
        let mut state = self.state();
        let before = state.learner.pace();
        let done = act(&mut state, Instant::now());
        let after = state.learner.pace();
        drop(state);
        if before != after {
            self.tell(before, after);
        }
        done
    }

    fn tell(&self, before: Option<Pace>, after: Option<Pace>) {
        let Self { region, action, .. } = self;
        let rate = |pace: Option<Pace>| pace.map_or(f64::INFINITY, Pace::rate);
        let pace = after.map(tracing::field::display);
        if rate(after) < rate(before) {
            tracing::info!(region, action, pace, "the cloud refuses calls: going slower");
        } else {
            tracing::debug!(region, action, pace, "trying to go faster");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn head(&mut self, now: Instant) -> Head {
        if let Some(until) = self.asked_to_wait_until.filter(|until| now < *until) {
            return Head::WaitsUntil(until);
        }
        let mut next = self.next(now);
        if next != Next::Now && self.learner.raise(now) {
            next = self.next(now);
        }
        match (next, &self.refuses_all) {
            (Next::Now, _) => Head::Goes,
            (_, Some(error)) => Head::Fails(error.clone()),
            (Next::At(at), None) => Head::WaitsUntil(at),
            (Next::Unknown, None) => Head::WaitsForAnAnswer,
        }
    }

    fn take(&mut self, now: Instant) -> Option<(Sent, u64)> {
        let goes = matches!(self.head(now), Head::Goes);
        goes.then(|| (self.places.take(now), self.learner.generation()))
    }

    fn next(&mut self, now: Instant) -> Next {
        match self.learner.pace() {
            Some(pace) => self.places.next(now, pace),
            None => {
                self.places.forget(now, self.learner.window());
                Next::Now
            }
        }
    }
}

/// A call that has its place. Dropped on its way, it counts as one that the cloud may have got; dropped when it is
/// answered, as accepted.
pub(crate) struct Call {
    pacer: Arc<Pacer>,
    sent: Sent,
    generation: u64,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    OnItsWay,
    Answered,
    Over,
}

impl Call {
    /// The answer is here; what it means is told later.
    pub(crate) fn answered(&mut self) {
        self.stage = Stage::Answered;
        self.pacer.change(|state, now| state.places.answered(self.sent, now));
    }

    /// It never reached the cloud.
    pub(crate) fn never_arrived(mut self) {
        self.stage = Stage::Over;
        self.pacer.change(|state, _| state.places.give_back());
    }

    /// The cloud says that there were too many, and perhaps how long to wait. False: there is no use in sending it
    /// again, for the cloud refuses even the slowest pace.
    pub(crate) fn refused(mut self, error: &Error, wait: Option<Duration>) -> bool {
        self.stage = Stage::Over;
        let generation = self.generation;
        self.pacer.change(|state, now| {
            state.places.refused(self.sent);
            if state.learner.is_slowest() && generation == state.learner.generation() {
                state.refuses_all = Some(error.clone());
            }
            let not_refused = state.places.not_refused(now, state.learner.window());
            state.learner.refused(generation, not_refused, now);
            state.asked_to_wait_until = state.asked_to_wait_until.max(wait.map(|wait| now + wait));
            state.refuses_all.is_none()
        })
    }

    fn accepted(&self) {
        let generation = self.generation;
        self.pacer.change(|state, now| {
            state.refuses_all = None;
            state.learner.accepted(generation, now);
        });
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        match self.stage {
            Stage::OnItsWay => self.pacer.change(|state, now| state.places.lost(self.sent, now)),
            Stage::Answered => self.accepted(),
            Stage::Over => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;

    fn pacer(calls: u32) -> Arc<Pacer> {
        Arc::new(Pacer::new("r-1", "Read", Some(Pace { calls, window: Duration::from_secs(1) })))
    }

    fn answer(call: (Call, Option<SemaphorePermit<'_>>)) {
        let (mut call, _in_flight) = call;
        call.answered();
    }

    #[tokio::test(start_paused = true)]
    async fn a_hundred_thousand_waiting_calls_are_worked_off_in_linear_time() {
        let (pacer, in_flight) = (pacer(10_000), Semaphore::new(16));
        let began = Instant::now();
        let calls = (0..100_000).map(|_| async {
            answer(pacer.go(Turn::First, &in_flight).await.expect("nothing is refused"));
        });
        join_all(calls).await;
        assert!(began.elapsed() < Duration::from_millis(9_100), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_sent_again_has_at_most_one_first_call_before_it() {
        let (pacer, in_flight) = (pacer(1), Semaphore::new(16));
        answer(pacer.go(Turn::First, &in_flight).await.expect("nothing is refused"));
        let order = Mutex::new(Vec::new());
        let go = async |turn, name| {
            answer(pacer.go(turn, &in_flight).await.expect("nothing is refused"));
            order.lock().expect("no test panics with the lock").push(name);
        };
        tokio::join!(
            go(Turn::First, "first"),
            go(Turn::First, "second"),
            go(Turn::First, "third"),
            go(Turn::Again, "again"),
            go(Turn::Again, "again, too"),
        );
        let order = order.into_inner().expect("no test panics with the lock");
        assert_eq!(order, ["first", "again", "again, too", "second", "third"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_never_reached_the_cloud_gives_its_place_back() {
        let (pacer, in_flight) = (pacer(1), Semaphore::new(16));
        let (call, _) = pacer.go(Turn::First, &in_flight).await.expect("nothing is refused");
        call.never_arrived();
        let began = Instant::now();
        answer(pacer.go(Turn::First, &in_flight).await.expect("nothing is refused"));
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
