//! Serving the simulated clouds on loopback: one listener per cloud.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::body::AnswerBody;
use crate::clock::{Clock, SystemClock};
use crate::clouds::{Clouds, ScenarioError};
use crate::http::{Delivery, Reply, Request};
use crate::running::Running;
use crate::scenario::Scenario;

/// The largest request body that is read; the real services take 10 MB at most.
const REQUEST_BODY_MAX: usize = 10 * 1024 * 1024;

/// How long to wait after a failed accept: it fails when descriptors run out, and at once again if asked at once.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// Why the simulated clouds could not be served.
#[derive(Debug)]
pub enum ServeError {
    /// The address is not a loopback address: a simulator is nobody else's business.
    NotLoopback(SocketAddr),
    /// The scenario contradicts itself.
    Scenario(ScenarioError),
    /// The address could not be listened on.
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => {
                write!(
                    f,
                    "cannot serve simulated clouds on {address}: use a loopback address such as 127.0.0.1:0"
                )
            }
            Self::Scenario(error) => error.fmt(f),
            Self::Listen { address, source } => {
                write!(f, "cannot listen on {address}: {source}; choose another port, or 0 for any free one")
            }
        }
    }
}

impl Error for ServeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            // The scenario's error speaks for itself.
            Self::NotLoopback(_) | Self::Scenario(_) => None,
        }
    }
}

/// Serves every cloud of the scenario by the machine's clock.
///
/// Each cloud of the scenario gets a listener. With port 0 each has any free port; with port N they have N, N + 1 and
/// so on in the order tencent, alibaba, ucloud. A cloud that the scenario leaves out takes no port.
///
/// # Errors
///
/// An address that is not loopback or cannot be listened on; a scenario that contradicts itself.
pub async fn serve(scenario: Scenario, listen: SocketAddr) -> Result<Running, ServeError> {
    serve_at(scenario, listen, Arc::new(SystemClock)).await
}

/// [`serve`] by a clock of the caller's choice.
///
/// # Errors
///
/// Those of [`serve`].
pub async fn serve_at(
    scenario: Scenario,
    listen: SocketAddr,
    clock: Arc<dyn Clock>,
) -> Result<Running, ServeError> {
    let clouds = Clouds::new(scenario, clock).map_err(ServeError::Scenario)?;
    serve_clouds(clouds, listen).await
}

/// [`serve`] for clouds that are there already.
///
/// # Errors
///
/// An address that is not loopback or cannot be listened on.
pub async fn serve_clouds(clouds: Clouds, listen: SocketAddr) -> Result<Running, ServeError> {
    if !listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(listen));
    }
    let mut endpoints = Vec::new();
    let mut tasks = JoinSet::new();
    for (offset, name) in (0..).zip(clouds.names()) {
        let address = address(listen, offset)?;
        let listener = bind(address).await?;
        let bound = listener.local_addr().map_err(|source| ServeError::Listen { address, source })?;
        endpoints.push((name, bound));
        tasks.spawn(accept(listener, clouds.clone(), name));
    }
    Ok(Running::new(clouds, endpoints, tasks))
}

/// Port 0 for every cloud, or consecutive ports.
fn address(first: SocketAddr, offset: u16) -> Result<SocketAddr, ServeError> {
    let port = if first.port() == 0 { Some(0) } else { first.port().checked_add(offset) };
    let none_left = || ServeError::Listen {
        address: first,
        source: io::Error::new(io::ErrorKind::InvalidInput, "not every cloud finds a port after it"),
    };
    port.map(|port| SocketAddr::new(first.ip(), port)).ok_or_else(none_left)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

/// Takes connections until it is aborted; they end with it.
async fn accept(listener: TcpListener, clouds: Clouds, cloud: &'static str) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(converse(stream, clouds.clone(), cloud)); }
                Err(_) => tokio::time::sleep(ACCEPT_RETRY).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// One connection, until either side ends it.
async fn converse(stream: TcpStream, clouds: Clouds, cloud: &'static str) {
    // The end of a long answer must not wait until its beginning is acknowledged.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| Box::pin(exchange(clouds.clone(), cloud, request)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let Err(error) = (&mut connection).await else { return };
    let reset = error.source().is_some_and(<dyn Error>::is::<Hangup>);
    if reset {
        // Without lingering, closing sends a reset; where the system refuses that, an ordinary close has to do.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// One request and its answer.
async fn exchange(
    clouds: Clouds,
    cloud: &'static str,
    request: hyper::Request<Incoming>,
) -> Result<Response<AnswerBody>, Hangup> {
    let request = match read(request).await {
        Ok(request) => request,
        Err(reply) => return Ok(respond(reply)),
    };
    let delivery = clouds.exchange(cloud, &request).await;
    match delivery.expect("every listener serves a cloud of the scenario") {
        Delivery::Whole(reply) => Ok(respond(reply)),
        Delivery::Cut { reply, announced } => Ok(cut(reply, announced)),
        Delivery::Flood { bytes } => Ok(Response::new(AnswerBody::Flood { left: bytes })),
        Delivery::Reset => Err(Hangup),
    }
}

async fn read(request: hyper::Request<Incoming>) -> Result<Request, Reply> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, REQUEST_BODY_MAX).collect().await;
    let body = body.map_err(|_| Reply::text(413, "the request body is cut or too large"))?;
    Ok(Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: body.to_bytes(),
    })
}

fn respond(reply: Reply) -> Response<AnswerBody> {
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in reply.headers() {
        let value = HeaderValue::try_from(value).expect("the clouds' own header values are ASCII");
        headers.insert(name, value);
    }
    response.map(|()| AnswerBody::Whole(reply.body))
}

fn cut(reply: Reply, announced: u64) -> Response<AnswerBody> {
    let arriving = reply.body.clone();
    respond(reply).map(|_| AnswerBody::cut(arriving, announced))
}

/// The injected end of a connection that gets no answer.
#[derive(Debug)]
struct Hangup;

impl fmt::Display for Hangup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection was reset by an injected fault")
    }
}

impl Error for Hangup {}
