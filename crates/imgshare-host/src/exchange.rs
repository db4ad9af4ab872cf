//! Runs one operation of a plugin: resume it, do what it asks for, resume it with the answers, until it ends.

mod meet;
mod sending;

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_abi::{Frame, Handle};
use imgshare_protocol::{Answer, End, Error, ErrorKind, Json, Operation, Result, Resume, Step};

use self::meet::{Desk, Met};
use crate::provider::{Ended, Inner, dropped, receipt};
use crate::records;

/// Runs it to its end. Dropped before that, the exchange is dropped and whatever is on its way is let go.
pub(crate) async fn run(provider: &Arc<Inner>, operation: &Operation) -> Ended<Json> {
    let desk = Desk::new(provider, operation);
    let result = match Exchange::start(provider, operation) {
        Ok(exchange) => drive(&exchange, &desk).await,
        Err(error) => Err(error),
    };
    match &result {
        Ok(_) => provider.budget.refund(),
        Err(error) => desk.failed(error),
    }
    Ended { result, sends: desk.sends.load(Ordering::Relaxed) }
}

async fn drive(exchange: &Exchange<'_>, desk: &Desk<'_>) -> Result<Json> {
    let mut on_the_way = OnTheWay(Vec::new());
    let mut met: Vec<(u32, Met)> = Vec::new();
    loop {
        let answered: Vec<_> = met.iter().map(|(id, _)| *id).collect();
        let (step, frame) = exchange.resume(met)?;
        match step.end {
            Some(End::Done { result }) => return Ok(result),
            Some(End::Failed { error }) => return Err(error),
            Some(End::Unknown) => return Err(newer_end()),
            None => {}
        }
        for id in step.abandoned {
            on_the_way.let_go(id);
            desk.give_up(id);
        }
        for ask in step.asks {
            on_the_way.0.push((ask.id, desk.meet(ask.id, ask.want, frame.body())?));
        }
        desk.accepted(&answered);
        if on_the_way.0.is_empty() {
            return Err(waits_for_nothing());
        }
        met = on_the_way.answers().await;
    }
}

/// What is being done for the plugin. It is one thing nearly always and never many, so whoever is woken looks at all.
struct OnTheWay<'a>(Vec<(u32, BoxFuture<'a, Met>)>);

impl OnTheWay<'_> {
    /// Waits for an answer, and gives all that are there by then.
    async fn answers(&mut self) -> Vec<(u32, Met)> {
        poll_fn(|cx| {
            let mut met = Vec::new();
            self.0.retain_mut(|(id, meeting)| match meeting.poll_unpin(cx) {
                Poll::Ready(answer) => {
                    met.push((*id, answer));
                    false
                }
                Poll::Pending => true,
            });
            if met.is_empty() { Poll::Pending } else { Poll::Ready(met) }
        })
        .await
    }

    fn let_go(&mut self, ask: u32) {
        self.0.retain(|(id, _)| *id != ask);
    }
}

fn newer_end() -> Error {
    Error::new(ErrorKind::Unsupported, "the operation ended in a way that this imgshare does not know")
        .with_hint("update imgshare")
}

fn waits_for_nothing() -> Error {
    Error::new(ErrorKind::Malformed, "the plugin waits, but for nothing that the host could answer")
        .with_hint("report this to the plugin's author: a provider may only await what its Context gives")
}

/// An exchange that is open in the plugin; dropping this drops it there.
struct Exchange<'a> {
    provider: &'a Inner,
    handle: Handle,
}

impl<'a> Exchange<'a> {
    fn start(provider: &'a Inner, operation: &Operation) -> Result<Self> {
        let operation = serde_json::to_vec(operation).map_err(|error| {
            Error::new(ErrorKind::Malformed, format!("the operation has no JSON form: {error}"))
        })?;
        let opened = provider.plugin.root.start()(provider.handle, operation.as_slice().into());
        let receipt = receipt(opened.frame.head());
        records::emit(&provider.plugin.passport.name, receipt.records, &provider.host.redactor);
        match receipt.error {
            None => Ok(Self { provider, handle: opened.handle }),
            Some(error) => Err(error),
        }
    }

    fn resume(&self, met: Vec<(u32, Met)>) -> Result<(Step, Frame)> {
        let Inner { host, plugin, .. } = self.provider;
        let mut body = Vec::new();
        let answers =
            met.into_iter().map(|(id, met)| Answer { id, reply: met.into_reply(&mut body) }).collect();
        let head = Resume {
            now: host.world.now(),
            nonce: host.world.nonce(),
            level: records::level_wanted(),
            answers,
        };
        // An answer's headers fit in: growing to its size would copy it three times.
        let mut text = Vec::with_capacity(1024);
        serde_json::to_writer(&mut text, &head).map_err(|error| {
            Error::new(ErrorKind::Malformed, format!("the answer has no JSON form: {error}"))
        })?;
        let frame = plugin.root.resume()(self.handle, text.as_slice().into(), body.as_slice().into());
        let mut step: Step = imgshare_protocol::read_json(frame.head()).map_err(|error| {
            Error::new(ErrorKind::Malformed, format!("the plugin's step is not understood: {error}"))
                .with_hint("update the plugin, or report this to its author")
        })?;
        step.secrets.iter().for_each(|secret| host.redactor.add(secret));
        records::emit(&plugin.passport.name, std::mem::take(&mut step.records), &host.redactor);
        Ok((step, frame))
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        dropped(&self.provider.plugin, self.handle, &self.provider.host.redactor);
    }
}
