//! Sends what a plugin asks for when its turn has come, and remembers what became of it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use imgshare_protocol::{Error, ErrorKind, Reply, Result};
use tokio::sync::SemaphorePermit;
use tokio::time::Instant;

use super::meet::{Desk, Met};
use crate::http::{HttpRequest, SendError};
use crate::pace::{Call, Turn};

/// How old a request may be when its turn comes. Clouds refuse signatures after some minutes, the strictest after five
/// in which clocks may differ too; so one that has waited longer is not sent but made and signed anew.
const AGE_MAX: Duration = Duration::from_secs(120);

/// A request that waits for its turn.
pub(super) struct Outgoing {
    pub(super) request: HttpRequest,
    pub(super) idempotent: bool,
    pub(super) way: Way,
}

/// What a request has to wait for.
pub(super) enum Way {
    /// Nothing: it goes to a metadata service, not to the cloud's region.
    Free,
    /// A place among those that are on their way in the region.
    InFlight,
    /// That, and the pacer of this action.
    Paced(String),
}

impl Way {
    pub(super) fn of(action: String, metadata_service: bool) -> Self {
        match metadata_service {
            true => Self::Free,
            false if action.is_empty() => Self::InFlight,
            false => Self::Paced(action),
        }
    }

    fn action(&self) -> Option<&String> {
        match self {
            Self::Paced(action) => Some(action),
            Self::Free | Self::InFlight => None,
        }
    }
}

/// What is known of a request that was sent.
pub(super) struct Sent {
    idempotent: bool,
    may_have_been_done: bool,
    action: Option<String>,
    /// It waited for so long that it was not sent at all.
    outlived: bool,
    /// Its place with the pacer, until the provider has said what the answer means.
    call: Option<Call>,
}

/// The right to send one request; it is over when this is dropped.
struct Pass<'a> {
    call: Option<Call>,
    _in_flight: Option<SemaphorePermit<'a>>,
}

impl Desk<'_> {
    pub(super) async fn send(&self, id: u32, Outgoing { request, idempotent, way }: Outgoing) -> Met {
        let made = Instant::now();
        let Pass { call, _in_flight } = match self.pass(&way).await {
            Ok(pass) => pass,
            Err(error) => return Met::Reply(Reply::SendFailed { error }),
        };
        if let Some(action) = way.action().filter(|_| made.elapsed() > AGE_MAX) {
            return self.outlived(id, action, call);
        }
        self.count(&way);
        self.sends.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(?request, "sending");
        let answer = self.provider.host.transport.send(request).await;
        let may_have_been_done = !matches!(&answer, Err(SendError { may_have_been_done: false, .. }));
        let call = call.and_then(|call| settle(call, answer.is_ok(), may_have_been_done));
        self.sent().insert(
            id,
            Sent { idempotent, may_have_been_done, action: way.action().cloned(), outlived: false, call },
        );
        match answer {
            Ok(response) => {
                tracing::debug!(?response, "answered");
                Met::Response(response)
            }
            Err(SendError { error, .. }) => {
                tracing::debug!(%error, "not answered");
                Met::Reply(Reply::SendFailed { error })
            }
        }
    }

    /// The one place that every request passes before it goes out.
    async fn pass(&self, way: &Way) -> Result<Pass<'_>> {
        let action = match way {
            Way::Free => return Ok(Pass { call: None, _in_flight: None }),
            Way::InFlight => {
                return Ok(Pass { call: None, _in_flight: self.in_flight.acquire().await.ok() });
            }
            Way::Paced(action) => action,
        };
        let pacer = self.provider.pacers.pacer(&self.region, action);
        let (call, in_flight) = pacer.go(self.turn(action), &self.in_flight).await?;
        Ok(Pass { call: Some(call), _in_flight: in_flight })
    }

    fn count(&self, way: &Way) {
        if let Some(action) = way.action() {
            self.provider.tally.sent(&self.region, action);
        }
    }

    /// Gives the turn back; the plugin will ask whether to try again, and what it makes then goes first.
    fn outlived(&self, id: u32, action: &str, call: Option<Call>) -> Met {
        if let Some(call) = call {
            call.never_arrived();
        }
        let action = Some(action.to_owned());
        let sent = Sent { idempotent: true, may_have_been_done: false, action, outlived: true, call: None };
        self.sent().insert(id, sent);
        let error =
            Error::new(ErrorKind::Unavailable, "the request had to wait until its signature was too old")
                .with_hint("raise calls_per_second in the cloud's limits if the cloud allows more");
        Met::Reply(Reply::SendFailed { error })
    }

    fn turn(&self, action: &str) -> Turn {
        let mut again = self.again();
        match again.iter().position(|other| other == action) {
            Some(at) => {
                again.swap_remove(at);
                Turn::Again
            }
            None => Turn::First,
        }
    }

    /// The plugin has seen these answers and not complained of too many calls: the cloud accepted them.
    pub(super) fn accepted(&self, answered: &[u32]) {
        let mut sent = self.sent();
        for id in answered {
            if let Some(sent) = sent.get_mut(id) {
                sent.call = None;
            }
        }
    }

    /// The operation failed with this error. When it is that there were too many calls, and no retry was asked for, it
    /// is about the last call.
    pub(super) fn failed(&self, error: &Error) {
        let last = self.sent().iter().filter(|(_, sent)| sent.call.is_some()).map(|(id, _)| *id).max();
        if let Some(id) = last.filter(|_| error.kind == ErrorKind::RateLimited) {
            self.refused(id, error, None);
        }
    }

    pub(super) async fn retry(&self, send: u32, wait: Option<Duration>, error: Error) -> Reply {
        let Some(wait) = wait else {
            return Reply::Retry { go: false };
        };
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(error = %self.provider.host.redactor.redact_error(error), wait_ms, "trying again");
        tokio::time::sleep(wait).await;
        let action = self.sent().get(&send).and_then(|sent| sent.action.clone());
        self.again().extend(action);
        Reply::Retry { go: true }
    }

    /// How long to wait before this call is sent again; `None`: it is not.
    pub(super) fn wait_before_retry(&self, send: u32, sends: u32, error: &Error) -> Option<Duration> {
        if self.sent().get(&send)?.outlived {
            return Some(Duration::ZERO);
        }
        let host = &self.provider.host;
        let jitter = host.world.jitter();
        let wait = host.retry.wait(error, sends, jitter);
        let wait = match error.kind {
            // The cloud refused it, so it was not done. After anything else it may have been.
            ErrorKind::RateLimited => self.wait_after_refusal(send, error, wait, jitter),
            _ => wait.filter(|_| self.may_be_sent_twice(send)),
        };
        wait.filter(|_| self.provider.budget.pay(error.kind))
    }

    /// The pacer of the call knows best when it may go again; a call without one keeps its own wait.
    fn wait_after_refusal(
        &self,
        send: u32,
        error: &Error,
        wait: Option<Duration>,
        jitter: f64,
    ) -> Option<Duration> {
        let retry = &self.provider.host.retry;
        match self.refused(send, error, retry.asked_wait(error, jitter)) {
            Some(true) => wait.map(|_| retry.paced_wait(jitter)),
            Some(false) => None,
            None => wait,
        }
    }

    fn may_be_sent_twice(&self, send: u32) -> bool {
        self.sent().get(&send).is_some_and(|sent| sent.idempotent || !sent.may_have_been_done)
    }

    /// The cloud refused this call because there were too many. `None`: no pacer knows of it. Otherwise whether there is
    /// use in another try.
    fn refused(&self, send: u32, error: &Error, wait: Option<Duration>) -> Option<bool> {
        let (action, call) = {
            let mut sent = self.sent();
            let sent = sent.get_mut(&send)?;
            (sent.action.clone()?, sent.call.take()?)
        };
        self.provider.tally.throttled(&self.region, &action);
        Some(call.refused(error, wait))
    }
}

/// Tells the pacer whether the call was answered; what is left to be told is what the answer means.
fn settle(mut call: Call, answered: bool, may_have_been_done: bool) -> Option<Call> {
    if !may_have_been_done {
        call.never_arrived();
        return None;
    }
    if answered {
        call.answered();
        return Some(call);
    }
    None
}
