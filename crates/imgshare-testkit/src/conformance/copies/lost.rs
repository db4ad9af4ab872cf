//! A way to a cloud on which one answer is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use imgshare_protocol::{Error, ErrorKind};

/// Lets the cloud do everything, and keeps one of its answers back.
pub(super) struct Lost {
    number: usize,
    asked: AtomicUsize,
    cloud: Arc<dyn Transport>,
}

impl Lost {
    /// Loses this answer, counted from 0.
    pub(super) fn answer(number: usize, cloud: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(Self { number, asked: AtomicUsize::new(0), cloud })
    }
}

impl Transport for Lost {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let is_lost = self.asked.fetch_add(1, Ordering::SeqCst) == self.number;
        async move {
            let answer = self.cloud.send(request).await;
            if is_lost {
                let error = Error::new(ErrorKind::Unavailable, "the answer was lost");
                return Err(SendError { error, may_have_been_done: true });
            }
            answer
        }
        .boxed()
    }
}
