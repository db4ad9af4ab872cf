//! One simulated cloud at work: the way of a request through faults, signature, rates and the cloud's own rules.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::clock::Clock;
use crate::cloud::{Call, Cloud, Refusal};
use crate::digest;
use crate::faults::{FaultKind, Faults};
use crate::http::{Delivery, Reply, Request};
use crate::journal::{Entry, Journal};
use crate::rates::Rates;
use crate::turn::Turn;
use crate::world::World;

/// A cloud's rules and its state, shared by all of its connections.
pub(crate) struct CloudSim {
    cloud: Box<dyn Cloud>,
    clock: Arc<dyn Clock>,
    latency: Duration,
    state: Mutex<State>,
}

/// What changes while a cloud is being used.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) faults: Faults,
    pub(crate) rates: Rates,
    pub(crate) journal: Journal,
    pub(crate) clock_offset: SignedDuration,
    requests: u64,
}

/// A request at the door: what it is, and what will become of it.
#[derive(Debug)]
struct Arrival<'r> {
    request: &'r Request,
    call: Call,
    request_id: String,
    fault: Option<FaultKind>,
}

impl State {
    pub(crate) fn new(world: World, faults: Faults, rates: Rates, clock_offset: SignedDuration) -> Self {
        Self { world, faults, rates, journal: Journal::default(), clock_offset, requests: 0 }
    }
}

impl CloudSim {
    pub(crate) fn new(cloud: Box<dyn Cloud>, clock: Arc<dyn Clock>, latency: Duration, state: State) -> Self {
        Self { cloud, clock, latency, state: Mutex::new(state) }
    }

    pub(crate) fn rules(&self) -> &dyn Cloud {
        self.cloud.as_ref()
    }

    /// The state, also after a panic elsewhere: every change to it is complete before the lock goes.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time that the cloud believes in.
    pub(crate) fn now(&self, state: &State) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(state.clock_offset).unwrap_or(now)
    }

    /// Answers one request, in the time that latency and faults make of it.
    pub(crate) async fn serve(&self, request: &Request) -> Delivery {
        let arrival = self.arrive(request);
        wait(self.latency).await;
        let delivery = self.answer(&arrival);
        if let Some(FaultKind::Slow { ms }) = arrival.fault {
            wait(Duration::from_millis(ms)).await;
        }
        delivery
    }

    fn arrive<'r>(&self, request: &'r Request) -> Arrival<'r> {
        let mut state = self.state();
        let call = self.cloud.call(request);
        state.requests += 1;
        let name = self.cloud.name().as_bytes();
        let parts: [&[u8]; 3] = [b"request", name, &state.requests.to_be_bytes()];
        let request_id = digest::uuid(&digest::seeded(state.world.seed, &parts));
        let fault = state.faults.strike(&call);
        Arrival { request, call, request_id, fault }
    }

    fn answer(&self, arrival: &Arrival<'_>) -> Delivery {
        let mut state = self.state();
        let now = self.now(&state);
        let word = arrival.fault.as_ref().map(FaultKind::word);
        let mut entry = Entry::new(&arrival.request_id, now, &arrival.call, word);
        let delivery = match &arrival.fault {
            Some(fault) if !fault.lets_the_call_work() => self.turn_away(fault, &arrival.call, &mut entry),
            fault => {
                let reply = self.work(&mut state, now, arrival, &mut entry);
                self.spoil(fault.as_ref(), arrival, reply)
            }
        };
        state.journal.write(entry);
        delivery
    }

    /// Lets the cloud work; the entry learns who called and how it ended.
    fn work(&self, state: &mut State, now: Timestamp, arrival: &Arrival<'_>, entry: &mut Entry) -> Reply {
        let outcome = self.perform(state, now, arrival, entry);
        entry.done = outcome.is_ok();
        entry.refused = outcome.as_ref().err().map(|refusal| refusal.code.clone());
        self.cloud.render(&arrival.call, outcome, &entry.request_id)
    }

    fn perform(
        &self,
        state: &mut State,
        now: Timestamp,
        arrival: &Arrival<'_>,
        entry: &mut Entry,
    ) -> Result<Map<String, Value>, Refusal> {
        let Arrival { request, call, .. } = arrival;
        let caller = self.cloud.authenticate(request, &mut state.world, now)?;
        entry.caller = Some(caller.clone());
        if !state.rates.admit(&caller, call, now) {
            return Err(self.cloud.throttled());
        }
        let then = self.past(arrival, now);
        let mut past = then.map(|then| state.world.as_of(&call.region, then));
        let (world, now) = (past.as_mut().unwrap_or(&mut state.world), then.unwrap_or(now));
        let mut turn = Turn { world, caller: &caller, call, now, effects: Vec::new() };
        let answer = self.cloud.perform(&mut turn, request);
        entry.effects = turn.effects;
        answer
    }

    /// The instant that a read shows when it lags behind.
    fn past(&self, arrival: &Arrival<'_>, now: Timestamp) -> Option<Timestamp> {
        let lag = arrival.fault.as_ref().and_then(FaultKind::lag);
        let lag = lag.filter(|_| self.cloud.only_reads(&arrival.call));
        lag.and_then(|lag| now.checked_sub(lag).ok())
    }

    /// A fault that keeps the call from working.
    fn turn_away(&self, fault: &FaultKind, call: &Call, entry: &mut Entry) -> Delivery {
        let refusal = match fault {
            FaultKind::Throttle => self.cloud.throttled(),
            FaultKind::Refuse { code, message } => Refusal::new(code, message),
            FaultKind::Status { status, body, retry_after_s } => {
                let reply = Reply::text(*status, body.clone());
                return Delivery::Whole(match retry_after_s {
                    Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
                    None => reply,
                });
            }
            FaultKind::ResetBefore => return Delivery::Reset,
            _ => self.cloud.internal_error(),
        };
        entry.refused = Some(refusal.code.clone());
        Delivery::Whole(self.cloud.render(call, Err(refusal), &entry.request_id))
    }

    /// What a fault makes of the answer of a call that has worked.
    fn spoil(&self, fault: Option<&FaultKind>, arrival: &Arrival<'_>, reply: Reply) -> Delivery {
        match fault {
            Some(FaultKind::ResetAfter) => Delivery::Reset,
            Some(FaultKind::InternalErrorAfter) => {
                let refusal = Err(self.cloud.internal_error());
                Delivery::Whole(self.cloud.render(&arrival.call, refusal, &arrival.request_id))
            }
            Some(FaultKind::StatusAfter { status, body }) => {
                Delivery::Whole(Reply::text(*status, body.clone()))
            }
            Some(FaultKind::CutBody) => Delivery::cut(reply),
            Some(FaultKind::GarbageBody) => {
                let body = Bytes::from_static(b"<html>\xff\xfe not what was asked for");
                Delivery::Whole(Reply { body, ..reply })
            }
            Some(FaultKind::HugeBody { bytes }) => Delivery::Flood { bytes: *bytes },
            _ => Delivery::Whole(reply),
        }
    }
}

/// Sleeping for no time at all would last until the timer's next tick, up to a millisecond.
async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}
