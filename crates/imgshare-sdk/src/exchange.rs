//! One operation in progress, as a step machine: it is polled with a waker that does nothing, and when it waits for the
//! host the step says for what.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use serde_json::Value;

use crate::context::Context;
use crate::{Answer, Ask, BodyRange, End, Error, ErrorKind, Reply, Result, Resume, Step, Timestamp, Want};

/// A future that ends in the result's JSON.
pub(crate) type Operation = Pin<Box<dyn Future<Output = Result<Value>> + Send>>;

/// One operation in progress.
pub(crate) struct Exchange {
    operation: Option<Operation>,
    desk: Desk,
}

impl Exchange {
    /// An operation that has not begun. `begin` gets the context that it shall ask through.
    pub(crate) fn new(begin: impl FnOnce(Context) -> Operation) -> Self {
        let desk = Desk::default();
        Self { operation: Some(begin(Context::new(desk.clone()))), desk }
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
    waiting: BTreeMap<u32, Option<Waker>>,
    replies: BTreeMap<u32, (Reply, Vec<u8>)>,
    pub(crate) now: Timestamp,
    pub(crate) nonce: String,
    pub(crate) nonces_made: u32,
}

impl Papers {
    /// Puts an ask down for the next step; `body` are the bytes of the request, if it is one.
    pub(crate) fn ask(&mut self, mut want: Want, body: &[u8]) -> u32 {
        if let Want::Send(head) = &mut want {
            head.body = BodyRange::append(&mut self.body, body);
        }
        self.last_id += 1;
        self.asks.push(Ask { id: self.last_id, want });
        self.waiting.insert(self.last_id, None);
        self.last_id
    }

    pub(crate) fn reply(&mut self, id: u32, waker: &Waker) -> Poll<(Reply, Vec<u8>)> {
        if let Some(reply) = self.replies.remove(&id) {
            self.waiting.remove(&id);
            return Poll::Ready(reply);
        }
        self.waiting.insert(id, Some(waker.clone()));
        Poll::Pending
    }

    /// Nobody waits for this ask any more.
    pub(crate) fn abandon(&mut self, id: u32) {
        self.replies.remove(&id);
        if self.waiting.remove(&id).is_some() {
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
        Ok(self.waiting.get_mut(&answer.id).and_then(|waker| {
            self.replies.insert(answer.id, (answer.reply, bytes));
            waker.take()
        }))
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
