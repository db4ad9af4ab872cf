//! What `cargo xtask bench` holds the program against: so many signed calls in a bare loop over HTTP, one thread, no
//! plan, no retries, no records. And what the benchmark has to know of this cloud.
//!
//! ```text
//! http_floor world        who owns the images and who receives them, as JSON
//! http_floor send FILE    sends the calls of a load, a JSON file
//! ```
//!
//! It ends with 1 when an answer is missing or is not HTTP 200. What the answers say is the simulator's word to the
//! benchmark; reading them here would be more than a bare loop.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark talks to whoever runs it")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use imgshare_sdk::paging::Span;
use imgshare_sdk::{AccountId, ImageId, ImageQuery, Region, Secret, Timestamp};
use serde::Deserialize;
use serde_json::json;
use tencent::api::shares::{self, Permission};
use tencent::api::{Ask, SERVICE, VERSION, list};
use tencent::call::{CONTENT_TYPE, Call};
use tencent::sign::{Keys, Payload, Signable};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const SECRET_ID: &str = "AKIDFAKEBENCH";
const SECRET_KEY: &str = "FakeBenchSecret";

const REGIONS: &[&str] = &["ap-nanjing", "ap-shanghai", "ap-guangzhou", "ap-beijing", "ap-chengdu"];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["world"] => world(),
        ["send", file] => send(file),
        _ => usage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `cargo bench` and whoever is curious come here.
fn usage() -> Result<()> {
    println!("http_floor world | http_floor send FILE; cargo xtask bench runs both");
    Ok(())
}

/// Makes what a scenario and a config have to say of this cloud.
fn world() -> Result<()> {
    let receivers: Vec<String> = (1..=20).map(|number| format!("1000123400{number:02}")).collect();
    let credentials = json!({ "secret_id": SECRET_ID, "secret_key": SECRET_KEY });
    println!(
        "{}",
        json!({
            "owner": "100000000001",
            "credentials": credentials,
            "receivers": receivers,
            "regions": REGIONS,
        })
    );
    Ok(())
}

/// The calls that are to be sent.
#[derive(Deserialize)]
struct Load {
    /// Where to: `http://HOST:PORT`.
    endpoint: String,
    /// Connections, each with one call on its way.
    in_flight: usize,
    /// Images of a page; each region is listed once.
    images_per_page: u32,
    /// The images of each region.
    images: BTreeMap<Region, Vec<ImageId>>,
    /// How often the shares of each image are read.
    reads: usize,
    /// The accounts of each write; every image gets all writes.
    writes: Vec<Vec<AccountId>>,
}

fn send(file: &str) -> Result<()> {
    let load: Load = serde_json::from_slice(&std::fs::read(file)?)?;
    let in_flight = load.in_flight;
    let calls = Arc::new(Calls::new(&load)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let mut workers: JoinSet<_> = (0..in_flight).map(|_| worker(Arc::clone(&calls))).collect();
        while let Some(ended) = workers.join_next().await {
            ended??;
        }
        Ok(())
    })
}

/// Sends one call after the other over a connection of its own, as long as there are any.
async fn worker(calls: Arc<Calls>) -> Result<()> {
    let stream = TcpStream::connect(&calls.host).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    while let Some((region, ask)) = calls.next() {
        exchange(&mut sender, calls.request(region, ask)?).await?;
    }
    drop(sender);
    Ok(driver.await??)
}

async fn exchange(sender: &mut SendRequest<Full<Bytes>>, request: hyper::Request<Full<Bytes>>) -> Result<()> {
    sender.ready().await?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    response.into_body().collect().await?;
    if status == hyper::StatusCode::OK { Ok(()) } else { Err(format!("answered with {status}").into()) }
}

/// The calls, and how far they are sent.
struct Calls {
    host: String,
    keys: Keys,
    asks: Vec<(Region, Ask)>,
    next: AtomicUsize,
}

impl Calls {
    fn new(load: &Load) -> Result<Self> {
        let host = load.endpoint.strip_prefix("http://").ok_or("the endpoint is not http://HOST:PORT")?;
        let keys =
            Keys { secret_id: Secret::new(SECRET_ID), secret_key: Secret::new(SECRET_KEY), token: None };
        Ok(Self { host: host.to_owned(), keys, asks: asks(load), next: AtomicUsize::new(0) })
    }

    fn next(&self) -> Option<(&Region, &Ask)> {
        let (region, ask) = self.asks.get(self.next.fetch_add(1, Ordering::Relaxed))?;
        Some((region, ask))
    }

    fn request(&self, region: &Region, ask: &Ask) -> Result<hyper::Request<Full<Bytes>>> {
        let call = Call {
            service: SERVICE,
            version: VERSION,
            action: ask.action,
            region: Some(region.as_str()),
            language: "en-US",
        };
        let signed = [("content-type", CONTENT_TYPE), ("host", self.host.as_str())];
        let signable = Signable {
            method: "POST",
            path: "/",
            query: "",
            headers: &signed,
            payload: Payload::Signed(ask.body.as_bytes()),
        };
        let request = hyper::Request::post("/").header("host", self.host.as_str());
        let headers = call.headers(&signable, &self.keys, now()?);
        let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        Ok(request.body(Full::from(ask.body.clone()))?)
    }
}

fn now() -> Result<Timestamp> {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp(i64::try_from(since_1970.as_millis())?))
}

fn asks(load: &Load) -> Vec<(Region, Ask)> {
    let mut asks: Vec<_> = load.images.iter().flat_map(|(region, ids)| listings(load, region, ids)).collect();
    for (region, ids) in &load.images {
        for id in ids {
            let reads = (0..load.reads).map(|_| shares::describe(id));
            let writes = load.writes.iter().map(|accounts| shares::modify(id, accounts, Permission::Share));
            asks.extend(reads.chain(writes).map(|ask| (region.clone(), ask)));
        }
    }
    asks
}

fn listings(load: &Load, region: &Region, images: &[ImageId]) -> Vec<(Region, Ask)> {
    let query = ImageQuery { region: region.clone(), ..ImageQuery::default() };
    let starts = (0..images.len().max(1) as u64).step_by(load.images_per_page as usize);
    let spans = starts.map(|from| Span { from, ..Span::ALL });
    spans.map(|span| (region.clone(), list::describe(&query, span, load.images_per_page))).collect()
}
