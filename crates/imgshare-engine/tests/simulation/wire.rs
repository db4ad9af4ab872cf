//! The way to the clouds, on which a case lies in wait.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use imgshare_cloudsim::Clouds;
use imgshare_engine::Stop;
use imgshare_host::World as _;
use imgshare_host::http::{HttpResponse, SendError, Transport};
use imgshare_protocol::{Error, ErrorKind, Timestamp};
use imgshare_testkit::{BoxFuture, HttpRequest, InProcess};
use tokio::sync::Notify;

use crate::calls::{Call, CopyCall, Write, tells};
use crate::case::{At, Moment, Trouble};
use crate::dice::Dice;
use crate::stage::Stage;
use crate::surroundings::Surroundings;
use crate::tally::Tally;
use crate::truth::Spot;

/// Takes the requests of one run to the simulated clouds, counts them, and does at the right one what the case says.
pub(crate) struct Wire {
    clouds: Clouds,
    line: InProcess,
    trouble: Trouble,
    stop: Stop,
    surroundings: Arc<Surroundings>,
    killed: Notify,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    dice: Dice,
    requests: At,
    sent: Sent,
    /// Images of which a cloud has told who has them.
    told: BTreeSet<Spot>,
    tally: Tally,
}

/// What a cloud got that changes something, or may have got.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) writes: Vec<Write>,
    /// Those among them to images of which the run had not been told who has them.
    pub(crate) blind: Vec<Write>,
    pub(crate) copies: Vec<CopyCall>,
    /// The request that asked for the first of them.
    pub(crate) first_copy: Option<At>,
    /// When the run was asked to stop.
    pub(crate) stopped: Option<Timestamp>,
}

type Answer = Result<HttpResponse, SendError>;

impl Wire {
    pub(crate) fn new(stage: &Stage, trouble: &Trouble, stop: &Stop, dice: Dice) -> Arc<Self> {
        Arc::new(Self {
            clouds: stage.clouds.clone(),
            line: InProcess::to(stage.clouds.clone()),
            trouble: trouble.clone(),
            stop: stop.clone(),
            surroundings: stage.surroundings.clone(),
            killed: Notify::new(),
            seen: Mutex::new(Seen { dice, requests: 0, ..Seen::default() }),
        })
    }

    /// Ends when the run is to be killed.
    pub(crate) async fn killed(&self) {
        self.killed.notified().await;
    }

    /// What changes something, so far.
    pub(crate) fn sent(&self) -> Sent {
        self.seen().sent.clone()
    }

    /// What struck.
    pub(crate) fn tally(&self) -> Tally {
        self.seen().tally.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the request, and says whether it finds a connection.
    fn depart(&self) -> (At, bool) {
        let mut seen = self.seen();
        seen.requests += 1;
        let lost = seen.dice.percent(self.trouble.unreachable_percent);
        (seen.requests, !lost)
    }

    async fn take(&self, request: HttpRequest) -> Answer {
        let (at, connects) = self.depart();
        self.interfere(at);
        if !connects {
            return Err(self.no_connection());
        }
        if self.dies(at, Moment::Before) {
            return self.die("killed before sending").await;
        }
        let call = Call::of(&request);
        self.note(&call);
        let answer = self.line.send(request);
        if self.dies(at, Moment::OnTheWay) {
            return self.die("killed on the way").await;
        }
        let answer = answer.await;
        if self.dies(at, Moment::Answered) {
            return self.die("killed when answered").await;
        }
        if let (Call::Shares(spot), true) = (call, answer.as_ref().is_ok_and(tells)) {
            self.seen().told.insert(spot);
        }
        answer
    }

    fn note(&self, call: &Call) {
        let mut seen = self.seen();
        match call {
            Call::Write(write) => {
                if !seen.told.contains(&write.spot) {
                    seen.sent.blind.push(write.clone());
                }
                seen.sent.writes.push(write.clone());
            }
            Call::Copy(copy) => {
                let at = seen.requests;
                seen.sent.first_copy.get_or_insert(at);
                seen.sent.copies.push(copy.clone());
            }
            Call::Shares(_) | Call::Look => {}
        }
    }

    /// What others do at this moment.
    fn interfere(&self, at: At) {
        if self.trouble.stop == Some(at) {
            let now = self.surroundings.now();
            let mut seen = self.seen();
            seen.tally.count("stopped");
            seen.sent.stopped = Some(now);
            self.stop.request();
        }
        for (_, meddle) in self.trouble.meddling.iter().filter(|(when, _)| *when == at) {
            let Some((word, cloud, meddling)) = meddle.meddling(&self.clouds) else { continue };
            // What is gone or so already cannot be meddled with.
            if self.clouds.meddle(cloud, meddling).is_ok() {
                self.seen().tally.count(word);
            }
        }
    }

    fn dies(&self, at: At, moment: Moment) -> bool {
        self.trouble.kill == Some((at, moment))
    }

    /// Whoever waits for this answer is gone before it comes.
    async fn die(&self, word: &'static str) -> Answer {
        self.seen().tally.count(word);
        self.killed.notify_one();
        std::future::pending().await
    }

    fn no_connection(&self) -> SendError {
        self.seen().tally.count("no connection");
        SendError { error: Error::new(ErrorKind::Unavailable, "no connection"), may_have_been_done: false }
    }
}

impl Transport for Wire {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Answer> {
        self.take(request).boxed()
    }
}
