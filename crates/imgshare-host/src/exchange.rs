//! Runs one operation of a plugin: resume it, do what it asks for, resume it with the answers, until it ends.

mod meet;
mod sending;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::FutureExt as _;
use futures_util::future::{AbortHandle, Abortable};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use imgshare_abi::Handle;
use imgshare_protocol::{Answer, End, Error, ErrorKind, Operation, Result, Resume, Step};
use serde_json::Value;

use self::meet::{Desk, Met};
use crate::provider::{Ended, Inner, dropped, receipt};
use crate::records;

/// Runs it to its end. Dropped before that, the exchange is dropped and whatever is on its way is let go.
pub(crate) async fn run(provider: &Arc<Inner>, operation: &Operation) -> Ended<Value> {
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

async fn drive(exchange: &Exchange<'_>, desk: &Desk<'_>) -> Result<Value> {
    let mut on_the_way = FuturesUnordered::new();
    let mut abort: HashMap<u32, AbortHandle> = HashMap::new();
    let mut met: Vec<(u32, Met)> = Vec::new();
    loop {
        let answered: Vec<_> = met.iter().map(|(id, _)| *id).collect();
        let (step, bytes) = exchange.resume(std::mem::take(&mut met))?;
        match step.end {
            Some(End::Done { result }) => return Ok(result),
            Some(End::Failed { error }) => return Err(error),
            Some(End::Unknown) => return Err(newer_end()),
            None => {}
        }
        for id in step.abandoned {
            if let Some(abort) = abort.remove(&id) {
                abort.abort();
            }
            desk.give_up(id);
        }
        for ask in step.asks {
            let (handle, registration) = AbortHandle::new_pair();
            abort.insert(ask.id, handle);
            let meeting = desk.meet(ask.id, ask.want, &bytes)?;
            on_the_way.push(Abortable::new(meeting.map(move |met| (ask.id, met)), registration));
        }
        desk.accepted(&answered);
        // One answer, and all others that happen to be there too. One that was abandoned yields nothing.
        while met.is_empty() {
            match on_the_way.next().await {
                Some(answer) => met.extend(answer),
                None => return Err(waits_for_nothing()),
            }
        }
        while let Some(Some(answer)) = on_the_way.next().now_or_never() {
            met.extend(answer);
        }
        for (id, _) in &met {
            abort.remove(id);
        }
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

    fn resume(&self, met: Vec<(u32, Met)>) -> Result<(Step, Vec<u8>)> {
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
        let head = serde_json::to_vec(&head).map_err(|error| {
            Error::new(ErrorKind::Malformed, format!("the answer has no JSON form: {error}"))
        })?;
        let frame = plugin.root.resume()(self.handle, head.as_slice().into(), body.as_slice().into());
        let step: Step = serde_json::from_slice(frame.head()).map_err(|error| {
            Error::new(ErrorKind::Malformed, format!("the plugin's step is not understood: {error}"))
                .with_hint("update the plugin, or report this to its author")
        })?;
        step.secrets.iter().for_each(|secret| host.redactor.add(secret));
        records::emit(&plugin.passport.name, step.records.clone(), &host.redactor);
        Ok((step, frame.body().to_vec()))
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        dropped(&self.provider.plugin, self.handle, &self.provider.host.redactor);
    }
}
