//! One run of the program, from the config to the report, or to its violent end.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use imgshare_engine::{
    Applying, Audit, Clouds, Event, Observer, Patience, Receivers, RunInfo, Stop, Verify, apply, survey,
    survey_and_apply,
};
use imgshare_host::{Host, Pacing, Redactor, RetryPolicy, World as _};
use imgshare_plan::{Bounds, Plan, Report, diff};
use serde_json::Value;

use crate::case::Trouble;
use crate::dice::Dice;
use crate::stage::{Stage, plugins};
use crate::tally::Tally;
use crate::truth::Truth;
use crate::wire::{Sent, Wire};

/// No run takes longer, in virtual time. One that waits for ever is found at this moment too: when nobody has anything
/// to do, paused time jumps ahead.
const LONGEST: Duration = Duration::from_secs(2 * 3600);

/// Runs up to this number wait for copies only as long as the case says.
const IMPATIENT: usize = 2;

/// What a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Survey and plan, no more.
    Plan,
    /// Survey, plan, then make the changes.
    PlanThenApply,
    /// The same at once, as with `--yes`: additions may begin before the plan is known.
    AtOnce,
}

/// A run that is over.
pub(crate) struct Ran {
    /// How things were when it began.
    pub(crate) before: Truth,
    /// What was planned, if it came so far.
    pub(crate) plan: Option<Plan>,
    /// What it told at its end. `None`: it was killed, or only planned.
    pub(crate) report: Option<Report>,
    /// What left that changes something.
    pub(crate) sent: Sent,
    /// The lines of its audit record.
    pub(crate) audit: Vec<Value>,
    /// What struck it.
    pub(crate) tally: Tally,
}

/// Keeps the plan as soon as it is known: a run that is killed later cannot tell it.
#[derive(Default)]
struct Planned(Mutex<Option<Plan>>);

impl Planned {
    fn take(&self) -> Option<Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Observer for Planned {
    fn event(&self, event: Event<'_>) {
        if let Event::Planned(plan) = event {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan.clone());
        }
    }
}

impl Stage {
    /// One run, with this trouble on its way. Its number is different for each run of a case.
    pub(crate) async fn run(&self, number: usize, way: Way, trouble: &Trouble) -> Ran {
        let before = self.truth();
        let stop = Stop::default();
        let dice = Dice::new(self.case.seed.wrapping_add(number as u64));
        let wire = Wire::new(self, trouble, &stop, dice);
        let (planned, told) = (Planned::default(), RefCell::new(None));
        let told_of = async {
            *told.borrow_mut() = self.program(number, way, &wire, &stop, &planned).await;
        };
        let lived = async {
            tokio::select! {
                biased;
                () = wire.killed() => {}
                () = told_of => {}
            }
        };
        tokio::time::timeout(LONGEST, lived)
            .await
            .expect("a run comes to its end, and waits for nothing in vain");
        let audit = std::fs::read_to_string(self.audit(number)).expect("the record is there");
        Ran {
            before,
            plan: planned.take(),
            report: told.take(),
            sent: wire.sent(),
            audit: audit.lines().map(|line| serde_json::from_str(line).expect("a whole line")).collect(),
            tally: wire.tally(),
        }
    }

    async fn program(
        &self,
        number: usize,
        way: Way,
        wire: &Arc<Wire>,
        stop: &Stop,
        planned: &Planned,
    ) -> Option<Report> {
        let clouds = self.connect(wire).await;
        let audit = self.record(number);
        let applying = Applying {
            clouds: &clouds,
            world: &*self.surroundings,
            audit: &audit,
            verify: if self.case.running.reads_back { Verify::ReadBack } else { Verify::None },
            patience: Patience { longest: self.patience(number), ..Patience::default() },
            stop,
            observer: planned,
        };
        match way {
            Way::Plan => {
                self.plan(&applying).await;
                None
            }
            Way::PlanThenApply => {
                Some(apply(&self.plan(&applying).await, &Receivers::default(), &applying).await)
            }
            Way::AtOnce => Some(self.at_once(&applying).await),
        }
    }

    async fn plan(&self, applying: &Applying<'_>) -> Plan {
        let (now, bounds) = (self.surroundings.now(), self.bounds());
        let actual = survey(&self.desired, &bounds.scope, applying.clouds, now, applying.observer).await;
        let plan = diff(&self.desired, applying.clouds.descriptions(), &actual, now, &bounds);
        applying.observer.event(Event::Planned(&plan));
        plan
    }

    async fn at_once(&self, applying: &Applying<'_>) -> Report {
        let (now, bounds) = (self.surroundings.now(), self.bounds());
        let (plan, report) = survey_and_apply(&self.desired, &bounds, now, applying).await;
        applying.observer.event(Event::Planned(&plan));
        report
    }

    fn bounds(&self) -> Bounds {
        Bounds { scope: self.case.scope.clone(), ..Bounds::default() }
    }

    async fn connect(&self, wire: &Arc<Wire>) -> Clouds {
        let host = Host {
            transport: wire.clone(),
            world: self.surroundings.clone(),
            redactor: Arc::new(Redactor::default()),
            retry: RetryPolicy::default(),
            requests_in_flight_max: self.case.running.concurrency,
            pacing: Pacing::default(),
        };
        let named = self.desired.clouds.keys().cloned().collect();
        Clouds::connect(&self.desired, &named, &host, plugins()).await
    }

    /// The last runs of a case wait as long as it takes.
    fn patience(&self, number: usize) -> Duration {
        if number > IMPATIENT {
            Patience::default().longest
        } else {
            Duration::from_secs(self.case.running.patience_s)
        }
    }

    fn record(&self, number: usize) -> Audit {
        let info = RunInfo {
            run: format!("run-{number}"),
            who: "simulation".into(),
            config_digest: self.desired.digest.clone(),
        };
        Audit::open(&self.audit(number), info).expect("the record can be written")
    }
}
