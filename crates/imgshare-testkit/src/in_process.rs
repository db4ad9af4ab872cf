//! A line to the simulated clouds without a socket.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_cloudsim::{Clouds, Delivery, Reply, Request};
use imgshare_host::http::{ClientOptions, HttpRequest, HttpResponse, SendError, Transport};
use imgshare_protocol::{Error, ErrorKind};
use tokio::task::JoinHandle;
use url::{Position, Url};

/// Takes requests to the simulated clouds of this process, and tells their senders what the real client would: by the
/// same time limit, by the same bound for bodies, with the same word on whether something may have been done.
///
/// A request goes to the cloud whose name is the first label of its host: `https://acme.simulated` is what to put for
/// `endpoint` into the config ([`InProcess::endpoint`]). All waiting is in tokio's time, which tests pause.
///
/// What was sent arrives, whether anybody still waits for the answer or not: a sender that gives up, or is killed,
/// calls nothing back.
#[derive(Clone)]
pub struct InProcess {
    clouds: Clouds,
    options: ClientOptions,
}

impl InProcess {
    /// A line to these clouds, with the client's usual limits.
    pub fn to(clouds: Clouds) -> Self {
        Self { clouds, options: ClientOptions::default() }
    }

    /// The address of the cloud of this name.
    pub fn endpoint(cloud: &str) -> String {
        format!("https://{cloud}.simulated")
    }

    /// The name of the cloud that this request is for.
    pub fn cloud_of(request: &HttpRequest) -> &str {
        let host = request.url.split_once("://").map_or("", |(_, rest)| rest);
        host.split(['.', '/', '?']).next().unwrap_or_default()
    }

    fn time_limit(&self, request: &HttpRequest) -> Duration {
        let asked = request.timeout_ms.map(Duration::from_millis);
        asked.map_or(self.options.whole_timeout, |asked| asked.min(self.options.whole_timeout))
    }

    /// What becomes of a request whose exchange with the cloud goes on by itself.
    async fn answer(
        &self,
        patience: Duration,
        exchange: JoinHandle<Option<Delivery>>,
    ) -> Result<HttpResponse, SendError> {
        let delivery = match tokio::time::timeout(patience, exchange).await {
            Err(_) => return Err(unavailable("no answer in time")),
            Ok(Err(crash)) => std::panic::resume_unwind(crash.into_panic()),
            Ok(Ok(delivery)) => delivery,
        };
        let most = self.options.body_bytes_max;
        match delivery {
            None => Err(nobody_there()),
            Some(Delivery::Cut { .. }) => Err(unavailable("the answer was cut off")),
            Some(Delivery::Reset) => Err(unavailable("the connection broke")),
            Some(Delivery::Whole(reply)) if reply.body().len() <= most => Ok(response(&reply)),
            Some(Delivery::Flood { bytes }) if bytes <= most as u64 => Ok(blanks(bytes)),
            Some(Delivery::Whole(_) | Delivery::Flood { .. }) => Err(too_long(most)),
        }
    }
}

impl Transport for InProcess {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let patience = self.time_limit(&request);
        let (clouds, cloud, asked) =
            (self.clouds.clone(), Self::cloud_of(&request).to_owned(), asked(&request));
        let exchange = tokio::spawn(async move { clouds.exchange(&cloud, &asked).await });
        self.answer(patience, exchange).boxed()
    }
}

/// The request as the cloud gets it, with the host that the client adds.
fn asked(request: &HttpRequest) -> Request {
    let url = Url::parse(&request.url).unwrap_or_else(|error| panic!("{}: {error}", request.url));
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let host = [("host", &url[Position::BeforeHost..Position::AfterPort])];
    let target = &url[Position::BeforePath..];
    Request::new(&request.method, target, host.into_iter().chain(headers), request.body.clone())
        .unwrap_or_else(|error| panic!("a plugin's request is none: {error}"))
}

fn response(reply: &Reply) -> HttpResponse {
    let headers = reply.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
    HttpResponse { status: reply.status(), headers: headers.collect(), body: reply.body().to_vec() }
}

fn blanks(bytes: u64) -> HttpResponse {
    let length = usize::try_from(bytes).expect("it is within bounds");
    HttpResponse { status: 200, headers: Vec::new(), body: vec![b' '; length] }
}

fn unavailable(message: &str) -> SendError {
    SendError { error: Error::new(ErrorKind::Unavailable, message), may_have_been_done: true }
}

fn too_long(most: usize) -> SendError {
    let error = Error::new(ErrorKind::Malformed, format!("the answer is longer than {most} bytes"));
    SendError { error, may_have_been_done: true }
}

fn nobody_there() -> SendError {
    let error = Error::new(ErrorKind::Unavailable, "no connection: no cloud of this name is simulated");
    SendError { error, may_have_been_done: false }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use imgshare_cloudsim::{FaultKind, FaultRule, Scenario, TokioClock};

    use super::*;

    /// Any well-formed request: the cloud refuses it, which is an answer too.
    fn request(cloud: &str) -> HttpRequest {
        HttpRequest {
            method: "POST".into(),
            url: InProcess::endpoint(cloud) + "/?Action=Nothing",
            headers: Vec::new(),
            body: b"{}".to_vec(),
            timeout_ms: Some(2_000),
            plain_http_allowed: false,
            without_proxy: false,
        }
    }

    async fn sent(fault: Option<FaultKind>) -> Result<HttpResponse, SendError> {
        let clock = Arc::new(TokioClock::starting_at_unix_seconds(1_700_000_000));
        let faults = fault.into_iter().map(FaultRule::always).collect();
        let clouds = Clouds::new(Scenario { faults, ..Scenario::demo() }, clock).expect("a sound scenario");
        InProcess::to(clouds).send(request("tencent")).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_comes_as_a_client_gives_it() {
        let response = sent(None).await.expect("an answer");
        assert_eq!(response.status, 200);
        assert!(response.headers.contains(&("content-type".into(), "application/json".into())));
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_told_from_outside_is_told_as_possibly_done() {
        for (fault, message) in [
            (FaultKind::ResetBefore, "the connection broke"),
            (FaultKind::ResetAfter, "the connection broke"),
            (FaultKind::CutBody, "the answer was cut off"),
            (FaultKind::Slow { ms: 2_001 }, "no answer in time"),
            (FaultKind::HugeBody { bytes: 7 << 30 }, "the answer is longer than 33554432 bytes"),
        ] {
            let error = sent(Some(fault)).await.expect_err("no answer");
            assert!(error.may_have_been_done, "{message}");
            assert_eq!(error.error.message, message);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_nobody_is_nothing_was_done() {
        let clock = Arc::new(TokioClock::starting_at_unix_seconds(0));
        let clouds = Clouds::new(Scenario::default(), clock).expect("an empty world");
        let error = InProcess::to(clouds).send(request("nobody")).await.expect_err("no answer");
        assert!(!error.may_have_been_done);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_sent_arrives_although_its_sender_is_gone() {
        let clock = Arc::new(TokioClock::starting_at_unix_seconds(1_700_000_000));
        let scenario = Scenario { latency_ms: 50, ..Scenario::demo() };
        let clouds = Clouds::new(scenario, clock).expect("a sound scenario");
        drop(InProcess::to(clouds.clone()).send(request("tencent")));
        tokio::time::sleep(Duration::from_millis(51)).await;
        assert_eq!(clouds.state()["clouds"]["tencent"]["log"].as_array().map(Vec::len), Some(1));
    }
}
