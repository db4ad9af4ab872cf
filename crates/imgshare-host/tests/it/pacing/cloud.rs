//! A cloud that counts calls by a sliding window, over a network that jitters.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::time::{Instant, sleep};

pub(crate) struct Cloud {
    limits: Mutex<BTreeMap<String, Limit>>,
    latency_us: RangeInclusive<u64>,
    /// At which share of its round trip a call is counted.
    counts_at: f64,
    random: Mutex<StdRng>,
    counted: Mutex<BTreeMap<String, VecDeque<Instant>>>,
    seen: Mutex<Vec<Seen>>,
    in_flight: AtomicUsize,
    retry_after: Option<&'static str>,
}

#[derive(Clone, Copy)]
struct Limit {
    calls: usize,
    window: Duration,
}

/// A call as the cloud saw it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) accepted: bool,
}

impl Cloud {
    /// Allows everything, and answers after 50 ms.
    #[expect(clippy::print_stderr, reason = "a test that fails shows its seed")]
    pub(crate) fn new(seed: u64) -> Self {
        eprintln!("seed {seed}");
        Self {
            limits: Mutex::default(),
            latency_us: 50_000..=50_000,
            counts_at: 0.5,
            random: Mutex::new(StdRng::seed_from_u64(seed)),
            counted: Mutex::default(),
            seen: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            retry_after: None,
        }
    }

    /// So many calls of this action, or of this `REGION/ACTION` alone, in any second.
    pub(crate) fn allows(self, action: &str, calls: usize) -> Self {
        self.allows_in(action, calls, Duration::from_secs(1))
    }

    pub(crate) fn allows_in(self, action: &str, calls: usize, window: Duration) -> Self {
        locked(&self.limits).insert(action.to_owned(), Limit { calls, window });
        self
    }

    /// From now on so many in any second.
    pub(crate) fn now_allows(&self, action: &str, calls: usize) {
        locked(&self.limits).insert(action.to_owned(), Limit { calls, window: Duration::from_secs(1) });
    }

    pub(crate) fn latency_ms(self, latency: RangeInclusive<u64>) -> Self {
        Self { latency_us: latency.start() * 1000..=latency.end() * 1000, ..self }
    }

    pub(crate) fn counts_at(self, counts_at: f64) -> Self {
        Self { counts_at, ..self }
    }

    /// Says so when it refuses a call.
    pub(crate) fn asks_to_wait(self, seconds: &'static str) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    pub(crate) fn opens(self) -> Arc<Self> {
        Arc::new(self)
    }

    /// Every call so far, in the order in which they were counted.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        locked(&self.seen).clone()
    }

    pub(crate) fn refused(&self) -> usize {
        self.seen().iter().filter(|seen| !seen.accepted).count()
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    fn limit(&self, path: &str) -> Option<Limit> {
        let action = path.rsplit('/').next().unwrap_or_default();
        let limits = locked(&self.limits);
        limits.get(path).or_else(|| limits.get(action)).copied()
    }

    fn count(&self, path: String) -> bool {
        let now = Instant::now();
        let accepted = self.limit(&path).is_none_or(|limit| {
            let mut counted = locked(&self.counted);
            let counted = counted.entry(path).or_default();
            while counted.front().is_some_and(|at| now - *at >= limit.window) {
                counted.pop_front();
            }
            counted.len() < limit.calls && {
                counted.push_back(now);
                true
            }
        });
        locked(&self.seen).push(Seen { at: now, accepted });
        accepted
    }

    async fn answer(&self, request: HttpRequest) -> HttpResponse {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        let trip_us = locked(&self.random).random_range(self.latency_us.clone());
        let trip = Duration::from_micros(trip_us);
        let answered_at = Instant::now() + trip;
        sleep(trip.mul_f64(self.counts_at)).await;
        let path = request.url.trim_start_matches("https://puppet.example/").to_owned();
        let accepted = self.count(path);
        tokio::time::sleep_until(answered_at).await;
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
        if accepted { respond(200, None) } else { respond(429, self.retry_after) }
    }
}

fn respond(status: u16, retry_after: Option<&str>) -> HttpResponse {
    let headers = retry_after.map(|seconds| ("retry-after".to_owned(), seconds.to_owned()));
    HttpResponse { status, headers: headers.into_iter().collect(), body: Vec::new() }
}

impl Transport for Cloud {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        self.answer(request).map(Ok).boxed()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics with the lock")
}
