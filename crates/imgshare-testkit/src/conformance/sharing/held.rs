//! A way to a cloud that ends in the middle of an operation.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use tokio::sync::Notify;

/// Lets so many requests pass, and holds the next one for ever.
pub(super) struct Held {
    passing: usize,
    asked: AtomicUsize,
    then: Then,
    cloud: Arc<dyn Transport>,
    reached: Notify,
}

/// What becomes of the request that is held.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The cloud does not get it.
    NeverArrives,
    /// The cloud does what it asks, and nobody learns of it.
    NeverAnswers,
}

impl Held {
    pub(super) fn after(passing: usize, then: Then, cloud: Arc<dyn Transport>) -> Arc<Self> {
        Arc::new(Self { passing, asked: AtomicUsize::new(0), then, cloud, reached: Notify::new() })
    }

    /// Waits until a request is held.
    pub(super) async fn reached(&self) {
        self.reached.notified().await;
    }
}

impl Transport for Held {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let passes = self.asked.fetch_add(1, Ordering::SeqCst) < self.passing;
        async move {
            if passes {
                return self.cloud.send(request).await;
            }
            if self.then == Then::NeverAnswers {
                drop(self.cloud.send(request).await);
            }
            self.reached.notify_one();
            std::future::pending().await
        }
        .boxed()
    }
}
