//! Writes down what is sent and what comes back.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};

use super::{Scrub, text};

const HEAD: &str = "# Recorded; placeholders stand for signatures, tokens and keys.\n";

/// A transport that passes everything on and writes it down.
pub struct Recorder {
    cloud: Arc<dyn Transport>,
    scrub: Scrub,
    exchanges: Mutex<Vec<String>>,
}

impl Recorder {
    /// Records what is sent to this cloud.
    pub fn new(cloud: Arc<dyn Transport>, scrub: Scrub) -> Self {
        Self { cloud, scrub, exchanges: Mutex::default() }
    }

    /// All that was answered so far, in the order of the answers; and the config's endpoint, if it has one.
    pub fn text(&self, endpoint: Option<&str>) -> String {
        let endpoint = endpoint.map(|endpoint| format!("endpoint {endpoint}\n")).unwrap_or_default();
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchanges.iter().fold(format!("{HEAD}{endpoint}"), |text, exchange| format!("{text}\n{exchange}"))
    }
}

impl Transport for Recorder {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let asked = text::marked('>', &text::request(&request, &self.scrub));
        async move {
            let answer = self.cloud.send(request).await;
            let answered = text::marked('<', &text::answer(&answer, &self.scrub));
            let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
            exchanges.push(format!("{asked}{answered}"));
            answer
        }
        .boxed()
    }
}
