//! A cloud that follows a script.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use imgshare_protocol::{Error, ErrorKind};

/// A transport that answers as its script says and keeps every request that it got.
pub struct Script {
    play: Box<dyn Fn(&HttpRequest) -> Answer + Send + Sync>,
    requests: Mutex<Vec<HttpRequest>>,
    in_flight: AtomicUsize,
    abandoned: AtomicUsize,
}

/// How a script answers one request.
#[derive(Clone, Debug)]
pub struct Answer {
    after: Option<Duration>,
    outcome: Result<HttpResponse, SendError>,
}

impl Answer {
    /// A response with this status and body.
    pub fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::of(Ok(HttpResponse { status, headers: Vec::new(), body: body.into() }))
    }

    /// A response with status 200 and this body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200, body)
    }

    /// No response, and nobody knows whether the cloud acted on the request: a cut connection, a time-out.
    pub fn lost() -> Self {
        Self::failure("the connection broke", true)
    }

    /// No response, because no connection was made.
    pub fn unreachable() -> Self {
        Self::failure("no connection", false)
    }

    /// Nothing, for ever.
    pub fn never() -> Self {
        Self { after: None, ..Self::lost() }
    }

    /// The same answer, so much later by tokio's clock.
    #[must_use]
    pub fn after_ms(self, wait_ms: u64) -> Self {
        Self { after: Some(Duration::from_millis(wait_ms)), ..self }
    }

    /// The same answer with one header more, its name in lower case.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Ok(response) = &mut self.outcome {
            response.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    fn failure(message: &str, may_have_been_done: bool) -> Self {
        Self::of(Err(SendError { error: Error::new(ErrorKind::Unavailable, message), may_have_been_done }))
    }

    fn of(outcome: Result<HttpResponse, SendError>) -> Self {
        Self { after: Some(Duration::ZERO), outcome }
    }
}

impl Script {
    /// Answers each request by what it says.
    pub fn by(play: impl Fn(&HttpRequest) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            play: Box::new(play),
            requests: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            abandoned: AtomicUsize::new(0),
        })
    }

    /// Gives these answers, one after the other; further requests fail, and the error says so.
    pub fn in_order(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        let left = Mutex::new(answers.into_iter().collect::<VecDeque<_>>());
        Self::by(move |request| locked(&left).pop_front().unwrap_or_else(|| beyond_the_script(request)))
    }

    /// Answers everything with 200 and no body.
    pub fn capture() -> Arc<Self> {
        Self::by(|_| Answer::ok(""))
    }

    /// Never answers.
    pub fn silent() -> Arc<Self> {
        Self::by(|_| Answer::never())
    }

    /// Every request so far, in the order in which they came.
    pub fn requests(&self) -> Vec<HttpRequest> {
        locked(&self.requests).clone()
    }

    /// Requests that are being answered at this moment.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    /// Requests that were let go before they were answered.
    pub fn abandoned(&self) -> usize {
        self.abandoned.load(Ordering::SeqCst)
    }
}

impl Transport for Script {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let Answer { after, outcome } = (self.play)(&request);
        locked(&self.requests).push(request);
        let flight = Flight::begin(self);
        async move {
            match after {
                // Not even a wait of no time: that would need a runtime's clock.
                Some(Duration::ZERO) => {}
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
            flight.land();
            outcome
        }
        .boxed()
    }
}

/// One request on its way.
struct Flight<'a> {
    script: &'a Script,
    answered: bool,
}

impl<'a> Flight<'a> {
    fn begin(script: &'a Script) -> Self {
        script.in_flight.fetch_add(1, Ordering::SeqCst);
        Self { script, answered: false }
    }

    fn land(mut self) {
        self.answered = true;
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.script.in_flight.fetch_sub(1, Ordering::SeqCst);
        if !self.answered {
            self.script.abandoned.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn beyond_the_script(request: &HttpRequest) -> Answer {
    let message = format!("the script has no answer left for {} {}", request.method, request.url);
    Answer::of(Err(SendError {
        error: Error::new(ErrorKind::Unexpected, message),
        may_have_been_done: false,
    }))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
