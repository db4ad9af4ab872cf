//! Does what a plugin asks for.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_protocol::{
    BodyRange, Error, ErrorKind, Made, Operation, Region, Reply, RequestHead, ResponseHead, Result, Want,
};
use tokio::sync::Semaphore;

use super::sending::{Outgoing, Sent, Way};
use crate::http::{HttpRequest, HttpResponse};
use crate::once::Making;
use crate::provider::Inner;

/// The longest time that a plugin may ask to sleep.
const SLEEP_MAX: Duration = Duration::from_secs(600);

/// What one operation has asked for so far.
pub(super) struct Desk<'a> {
    pub(super) provider: &'a Arc<Inner>,
    pub(super) region: Region,
    /// The region's places for requests on their way.
    pub(super) in_flight: Arc<Semaphore>,
    sent: Mutex<HashMap<u32, Sent>>,
    /// Actions of calls that may be sent again and have not been yet.
    again: Mutex<Vec<String>>,
    /// Values that this operation has promised to make, by key; with the number of the ask.
    making: Mutex<HashMap<String, (u32, Making)>>,
    pub(super) sends: AtomicU32,
}

/// An answer, with bytes that are not in the message yet.
pub(super) enum Met {
    Reply(Reply),
    Response(HttpResponse),
    File(Vec<u8>),
    Output(Vec<u8>),
}

impl Met {
    pub(super) fn into_reply(self, body: &mut Vec<u8>) -> Reply {
        match self {
            Self::Reply(reply) => reply,
            Self::Response(HttpResponse { status, headers, body: bytes }) => {
                Reply::Response(ResponseHead { status, headers, body: BodyRange::append(body, &bytes) })
            }
            Self::Output(bytes) => Reply::Output { content: BodyRange::append(body, &bytes) },
            Self::File(bytes) => Reply::File { content: Some(BodyRange::append(body, &bytes)) },
        }
    }
}

impl<'a> Desk<'a> {
    pub(super) fn new(provider: &'a Arc<Inner>, operation: &Operation) -> Self {
        let region = operation.region().cloned().unwrap_or_default();
        let in_flight = provider.in_flight.of(region.clone());
        Self {
            provider,
            region,
            in_flight,
            sent: Mutex::default(),
            again: Mutex::default(),
            making: Mutex::default(),
            sends: AtomicU32::new(0),
        }
    }

    /// A future that ends in the answer. `bytes` are those that the request's head refers to.
    pub(super) fn meet(&self, id: u32, want: Want, bytes: &[u8]) -> Result<BoxFuture<'_, Met>> {
        Ok(match want {
            Want::Send(head) => self.send(id, self.request(head, bytes)?).boxed(),
            Want::Retry { send, sends, error } => {
                let wait = self.wait_before_retry(send, sends, &error);
                self.retry(send, wait, error).map(Met::Reply).boxed()
            }
            Want::Sleep { duration_ms } => sleep(Duration::from_millis(duration_ms)).map(Met::Reply).boxed(),
            Want::Env { name } => ready(Met::Reply(self.env(&name))),
            Want::ReadFile { path } => ready(self.read_file(&path)),
            Want::RunCommand { words } => self.run_command(words).boxed(),
            Want::Once { key, refused } => self.once(id, key, refused).map(Met::Reply).boxed(),
            Want::OnceMade { key, made } => ready(Met::Reply(self.once_made(&key, made))),
            Want::Unknown => ready(Met::Reply(Reply::Failed { error: unknown_want() })),
        })
    }

    /// Nobody waits for the answer to this ask any more, or does what it was for.
    pub(super) fn give_up(&self, id: u32) {
        self.making().retain(|_, (ask, _)| *ask != id);
    }

    fn request(&self, head: RequestHead, bytes: &[u8]) -> Result<Outgoing> {
        let body = head.body.of(bytes).ok_or_else(|| {
            Error::new(
                ErrorKind::Malformed,
                "the plugin's request refers to bytes beyond the end of its message",
            )
        })?;
        let metadata_service = self.is_metadata_service(&head.url);
        let request = HttpRequest {
            method: head.method,
            url: head.url,
            headers: head.headers,
            body: body.to_vec(),
            timeout_ms: head.timeout_ms,
            plain_http_allowed: self.provider.plain_http_allowed || metadata_service,
            without_proxy: metadata_service,
        };
        Ok(Outgoing { request, idempotent: head.idempotent, way: Way::of(head.action, metadata_service) })
    }

    fn is_metadata_service(&self, url: &str) -> bool {
        let hosts = &self.provider.plugin.description.hosts;
        let authority = url.strip_prefix("http://").and_then(|rest| rest.split(['/', '?']).next());
        authority
            .is_some_and(|authority| hosts.iter().any(|host| host.strip_prefix("http://") == Some(authority)))
    }

    fn env(&self, name: &str) -> Reply {
        let value = self.provider.host.world.env(name);
        let fields = &self.provider.plugin.description.credentials;
        let secret =
            fields.iter().any(|field| field.secret && field.environment.iter().any(|known| known == name));
        if let (true, Some(value)) = (secret, &value) {
            self.provider.host.redactor.add(value);
        }
        Reply::Env { value }
    }

    fn read_file(&self, path: &str) -> Met {
        match self.provider.host.world.read_file(path) {
            Ok(Some(bytes)) => Met::File(bytes),
            Ok(None) => Met::Reply(Reply::File { content: None }),
            Err(error) => Met::Reply(Reply::Failed { error }),
        }
    }

    async fn run_command(&self, words: Vec<String>) -> Met {
        match self.provider.host.world.run_command(&words).await {
            Ok(output) => Met::Output(output),
            Err(error) => Met::Reply(Reply::Failed { error }),
        }
    }

    async fn once(&self, id: u32, key: String, refused: Option<String>) -> Reply {
        let now = || self.provider.host.world.now();
        let (answer, making) = self.provider.once.ask(&key, refused.as_deref(), now).await;
        if let Some(making) = making {
            self.making().insert(key, (id, making));
        }
        Reply::Once(answer)
    }

    fn once_made(&self, key: &str, made: Made) -> Reply {
        if let Some((_, making)) = self.making().remove(key) {
            making.finish(made);
        }
        Reply::Noted
    }

    pub(super) fn sent(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Sent>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn again(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.again.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn making(&self) -> std::sync::MutexGuard<'_, HashMap<String, (u32, Making)>> {
        self.making.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ready<'a>(met: Met) -> BoxFuture<'a, Met> {
    std::future::ready(met).boxed()
}

async fn sleep(duration: Duration) -> Reply {
    if duration > SLEEP_MAX {
        let message = format!("the plugin asks to sleep longer than {} s", SLEEP_MAX.as_secs());
        return Reply::Failed { error: Error::new(ErrorKind::Unsupported, message) };
    }
    tokio::time::sleep(duration).await;
    Reply::Slept
}

fn unknown_want() -> Error {
    Error::new(ErrorKind::Unsupported, "the plugin asks for something that this imgshare does not know")
        .with_hint("update imgshare")
}
