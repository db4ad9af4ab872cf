//! One operation in progress, as a step machine: it is polled with a waker that does nothing, and when it waits for the
//! host the step says for what.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use crate::context::Context;
use crate::kept::Kept;
use crate::{
    Answer, Ask, BodyRange, End, Error, ErrorKind, Json, Reply, Result, Resume, Step, Timestamp, Want,
};

/// A future that ends in the result's JSON.
pub(crate) type Operation = Pin<Box<dyn Future<Output = Result<Json>> + Send>>;

/// One operation in progress.
pub(crate) struct Exchange {
    operation: Option<Operation>,
    desk: Desk,
}

impl Exchange {
    /// An operation that has not begun. `begin` gets the context that it shall ask through; `kept` are the provider's
    /// values.
    pub(crate) fn new(kept: Kept, begin: impl FnOnce(Context) -> Operation) -> Self {
        let desk = Desk::default();
        Self { operation: Some(begin(Context::new(desk.clone(), kept))), desk }
    }

    /// Takes the answers in and goes on as far as they lead.
    pub(crate) fn resume(&mut self, resume: Resume, body: &[u8]) -> Step {
        let end = match self.desk.take_in(resume, body) {
            Ok(()) => self.poll(),
            Err(error) => Some(End::Failed { error }),
        };
        if end.is_some() {
            self.operation = None;
        }
        self.desk.step(end)
    }

    /// The bytes that the last step's asks refer to.
    pub(crate) fn body(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.desk.lock().body)
    }

    fn poll(&mut self) -> Option<End> {
        let Some(operation) = &mut self.operation else {
            return Some(End::Failed {
                error: Error::new(ErrorKind::Malformed, "the exchange has ended already"),
            });
        };
        match operation.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop())) {
            Poll::Pending => None,
            Poll::Ready(Ok(value)) => Some(End::Done { result: value }),
            Poll::Ready(Err(error)) => Some(End::Failed { error }),
        }
    }
}

/// Where operation and step meet: asks go out, replies come in.
#[derive(Clone, Default)]
pub(crate) struct Desk(Arc<Mutex<Papers>>);

#[derive(Default)]
pub(crate) struct Papers {
    last_id: u32,
    asks: Vec<Ask>,
    body: Vec<u8>,
    abandoned: Vec<u32>,
    secrets: Vec<String>,
    open: BTreeMap<u32, Open>,
    pub(crate) now: Timestamp,
    pub(crate) nonce: String,
    pub(crate) nonces_made: u32,
}

/// An ask that somebody waits for.
enum Open {
    Waiting(Option<Waker>),
    /// In a box, since the map makes room for several at once.
    Answered(Box<(Reply, Vec<u8>)>),
}

impl Papers {
    /// Puts an ask down for the next step; `body` are the bytes of the request, if it is one.
    pub(crate) fn ask(&mut self, mut want: Want, body: &[u8]) -> u32 {
        if let Want::Send(head) = &mut want {
            head.body = BodyRange::append(&mut self.body, body);
        }
        self.last_id += 1;
        self.asks.push(Ask { id: self.last_id, want });
        self.open.insert(self.last_id, Open::Waiting(None));
        self.last_id
    }

    pub(crate) fn reply(&mut self, id: u32, waker: &Waker) -> Poll<(Reply, Vec<u8>)> {
        if let Some(Open::Answered(reply)) = self.open.remove(&id) {
            return Poll::Ready(*reply);
        }
        self.open.insert(id, Open::Waiting(Some(waker.clone())));
        Poll::Pending
    }

    /// Nobody waits for this ask any more.
    pub(crate) fn abandon(&mut self, id: u32) {
        if self.open.remove(&id).is_some() {
            self.abandoned.push(id);
        }
    }

    /// What the answer to this ask was to be used for will not be done.
    pub(crate) fn give_up(&mut self, id: u32) {
        self.abandoned.push(id);
    }

    pub(crate) fn secret(&mut self, text: &str) {
        self.secrets.push(text.to_owned());
    }

    fn put(&mut self, answer: Answer, body: &[u8]) -> Result<Option<Waker>> {
        let range = match &answer.reply {
            Reply::Response(head) => Some(head.body),
            Reply::File { content } => *content,
            Reply::Output { content } => Some(*content),
            _ => None,
        };
        let bytes = range.unwrap_or_default().of(body).ok_or_else(beyond_the_end)?.to_vec();
        // An answer that nobody waits for belongs to an ask that was abandoned in the meantime.
        let Some(open) = self.open.get_mut(&answer.id) else { return Ok(None) };
        match std::mem::replace(open, Open::Answered(Box::new((answer.reply, bytes)))) {
            Open::Waiting(waker) => Ok(waker),
            Open::Answered(_) => Ok(None),
        }
    }
}

impl Desk {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Papers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_in(&self, resume: Resume, body: &[u8]) -> Result<()> {
        let mut papers = self.lock();
        papers.now = resume.now;
        papers.nonce = resume.nonce;
        papers.nonces_made = 0;
        let wakers: Result<Vec<_>> =
            resume.answers.into_iter().map(|answer| papers.put(answer, body)).collect();
        drop(papers);
        // Futures that keep count of who was woken (`join_all` of many) poll only those.
        wakers?.into_iter().flatten().for_each(Waker::wake);
        Ok(())
    }

    fn step(&self, end: Option<End>) -> Step {
        let mut papers = self.lock();
        let abandoned: BTreeSet<u32> = std::mem::take(&mut papers.abandoned).into_iter().collect();
        let (asks, unsent): (Vec<_>, Vec<_>) =
            std::mem::take(&mut papers.asks).into_iter().partition(|ask| !abandoned.contains(&ask.id));
        let unsent: BTreeSet<u32> = unsent.into_iter().map(|ask| ask.id).collect();
        Step {
            asks,
            abandoned: abandoned.difference(&unsent).copied().collect(),
            secrets: std::mem::take(&mut papers.secrets),
            records: Vec::new(),
            end,
        }
    }
}

fn beyond_the_end() -> Error {
    Error::new(ErrorKind::Malformed, "an answer refers to bytes beyond the end of its message")
}
