//! The smallest cloud that a provider can be tried on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use imgshare_protocol::{AccountId, ImageId, ImageRef, Limits, Region};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::{Cloud, Double, Seed};

const ENDPOINT: &str = "http://127.0.0.1:7070";

const IMAGES_PER_PAGE_MAX: u32 = 100;

/// A cloud that answers in JSON and signs nothing: the one of `docs/writing-a-provider.md`. It is in memory; nothing is
/// sent.
///
/// | request | answer |
/// | --- | --- |
/// | `GET /REGION/images` | `[{"id", "name", "state": "available"}, ...]`: all images of the region |
/// | `GET /REGION/images?page=N` | page N, from 1, of at most 100 images, or `&size=S`; header `x-total`: how many there are in all |
/// | `GET /REGION/images/ID/accounts` | `["ACCOUNT", ...]`: who has the image |
/// | `PUT /REGION/images/ID/accounts` with `add=ACCOUNT&remove=ACCOUNT...` | `{"request_id"}`: done, also what was so already |
/// | `POST /REGION/images/ID/copies` with `region=REGION&name=NAME&token=TOKEN` | `{"id"}`: a new image in that region, listed with `"copied_from": "ID"`; the earlier one, when the token was used before |
///
/// Any other status than 200 comes with `{"code", "message"}`: 404 for what is not there, 422 `bad-account` when one of
/// the accounts to add does not exist, 400 `too-many-accounts` beyond [`Limits::accounts_per_change`]. Then nothing is
/// done, and nobody says which account it was. Where the provider does not say that a bad account spoils a change
/// ([`Limits::bad_account_spoils_change`]), every account exists.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tiny;

impl Double for Tiny {
    fn begin<'a>(&'a self, seed: &'a Seed) -> BoxFuture<'a, Result<Box<dyn Cloud>, String>> {
        let regions = seed.regions.iter().map(|(region, count)| (region.to_string(), images(*count)));
        let play = Play {
            limits: seed.limits.clone(),
            bad_account: seed.bad_account.clone(),
            state: Mutex::new(State { regions: regions.collect(), ..State::default() }),
        };
        std::future::ready(Ok(Box::new(Arc::new(play)) as Box<dyn Cloud>)).boxed()
    }
}

type Images = BTreeMap<String, Kept>;

/// What is known of an image.
#[derive(Default)]
struct Kept {
    name: String,
    accounts: BTreeSet<AccountId>,
    copied_from: Option<String>,
}

fn images(count: u32) -> Images {
    let ids = (1..=count).map(|number| format!("img-{number:05}"));
    ids.map(|id| (id.clone(), Kept { name: format!("conformance {id}"), ..Kept::default() })).collect()
}

impl Kept {
    /// As the listing has it.
    fn record(&self, id: &str) -> Value {
        let mut record = json!({"id": id, "name": self.name, "state": "available"});
        if let Some(source) = &self.copied_from {
            record["copied_from"] = source.as_str().into();
        }
        record
    }
}

struct Play {
    limits: Limits,
    bad_account: AccountId,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    regions: BTreeMap<String, Images>,
    calls: BTreeMap<String, u64>,
    requests: u64,
    /// The copies so far, by their tokens; without one, by themselves.
    copies: BTreeMap<String, String>,
}

/// What a request is about.
enum Ask<'a> {
    Images(&'a str),
    Accounts(&'a str, &'a str),
    Copies(&'a str, &'a str),
}

struct Refusal(u16, &'static str, &'static str);

const NOT_FOUND: Refusal = Refusal(404, "not-found", "there is no such thing here");
const BAD_ACCOUNT: Refusal = Refusal(422, "bad-account", "one of the accounts does not exist");
const TOO_MANY: Refusal = Refusal(400, "too-many-accounts", "these are more accounts than one call takes");
const BAD_PAGE: Refusal = Refusal(400, "bad-page", "page and size are numbers from 1 on");

impl Play {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
        let url = Url::parse(&request.url).map_err(|_| NOT_FOUND)?;
        let path: Vec<&str> = url.path_segments().ok_or(NOT_FOUND)?.collect();
        let (ask, name) = match path.as_slice() {
            [region, "images"] => (Ask::Images(region), "images"),
            [region, "images", id, "accounts"] => (Ask::Accounts(region, id), "accounts"),
            [region, "images", id, "copies"] => (Ask::Copies(region, id), "copies"),
            _ => return Err(NOT_FOUND),
        };
        *self.state().calls.entry(format!("{} {name}", request.method)).or_default() += 1;
        match (request.method.as_str(), ask) {
            ("GET", Ask::Images(region)) => self.list(region, &url),
            ("GET", Ask::Accounts(region, id)) => self.read(region, id),
            ("PUT", Ask::Accounts(region, id)) => self.change(region, id, &request.body),
            ("POST", Ask::Copies(region, id)) => self.copy(region, id, &request.body),
            _ => Err(NOT_FOUND),
        }
    }

    fn list(&self, region: &str, url: &Url) -> Result<HttpResponse, Refusal> {
        let state = self.state();
        let images = state.regions.get(region).ok_or(NOT_FOUND)?;
        let (skip, take) = page(url)?;
        let shown = images.iter().skip(skip).take(take).map(|(id, image)| image.record(id));
        let mut response = respond(200, &shown.collect());
        response.headers.push(("x-total".to_owned(), images.len().to_string()));
        Ok(response)
    }

    fn read(&self, region: &str, id: &str) -> Result<HttpResponse, Refusal> {
        let state = self.state();
        let image = state.regions.get(region).and_then(|images| images.get(id)).ok_or(NOT_FOUND)?;
        Ok(respond(200, &json!(image.accounts)))
    }

    fn change(&self, region: &str, id: &str, body: &[u8]) -> Result<HttpResponse, Refusal> {
        let mut state = self.state();
        state.requests += 1;
        let request_id = format!("request-{}", state.requests);
        let image = state.regions.get_mut(region).and_then(|images| images.get_mut(id)).ok_or(NOT_FOUND)?;
        let accounts = |name| named(body, name).map(AccountId::from).collect::<Vec<_>>();
        let (add, remove) = (accounts("add"), accounts("remove"));
        let most = self.limits.accounts_per_change.unwrap_or(u32::MAX) as usize;
        if add.len().max(remove.len()) > most {
            return Err(TOO_MANY);
        }
        if self.refuses_bad_accounts() && add.contains(&self.bad_account) {
            return Err(BAD_ACCOUNT);
        }
        image.accounts.extend(add);
        image.accounts.retain(|account| !remove.contains(account));
        Ok(respond(200, &json!({ "request_id": request_id })))
    }

    fn copy(&self, region: &str, id: &str, body: &[u8]) -> Result<HttpResponse, Refusal> {
        let mut state = self.state();
        let value = |name| named(body, name).next();
        let source = state.regions.get(region).and_then(|images| images.get(id)).ok_or(NOT_FOUND)?;
        let name = value("name").unwrap_or_else(|| source.name.clone());
        let made = format!("copy-{:05}", state.copies.len() + 1);
        let token = value("token").unwrap_or_else(|| made.clone());
        if let Some(earlier) = state.copies.get(&token) {
            return Ok(respond(200, &json!({ "id": earlier })));
        }
        let copy = Kept { name, copied_from: Some(id.to_owned()), ..Kept::default() };
        let target = value("region").and_then(|region| state.regions.get_mut(&region)).ok_or(NOT_FOUND)?;
        target.insert(made.clone(), copy);
        state.copies.insert(token, made.clone());
        Ok(respond(200, &json!({ "id": made })))
    }

    fn refuses_bad_accounts(&self) -> bool {
        self.limits.bad_account_spoils_change
    }
}

/// How many images to skip, and how many to show; without a page, all.
fn page(url: &Url) -> Result<(usize, usize), Refusal> {
    let value = |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value);
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0).ok_or(BAD_PAGE);
    let Some(page) = value("page") else { return Ok((0, usize::MAX)) };
    let most = IMAGES_PER_PAGE_MAX as usize;
    let size = value("size").map_or(Ok(most), |size| number(&size))?.min(most);
    Ok((number(&page)?.saturating_sub(1).saturating_mul(size), size))
}

fn named<'a>(body: &'a [u8], name: &str) -> impl Iterator<Item = String> + use<'a> {
    let name = name.to_owned();
    let pairs = form_urlencoded::parse(body).filter(move |(known, _)| *known == name);
    pairs.map(|(_, value)| value.into_owned())
}

fn respond(status: u16, body: &Value) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    HttpResponse { status, headers, body: body.to_string().into_bytes() }
}

impl Transport for Play {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let answer = self.answer(&request).unwrap_or_else(|Refusal(status, code, message)| {
            respond(status, &json!({"code": code, "message": message}))
        });
        std::future::ready(Ok(answer)).boxed()
    }
}

impl Cloud for Arc<Play> {
    fn transport(&self) -> Arc<dyn Transport> {
        self.clone()
    }

    fn endpoint(&self) -> Option<String> {
        Some(ENDPOINT.to_owned())
    }

    fn images(&self, region: &Region) -> BTreeSet<ImageId> {
        let state = self.state();
        let images = state.regions.get(region.as_str()).into_iter().flat_map(Images::keys);
        images.map(|id| id.as_str().into()).collect()
    }

    fn accounts(&self, image: &ImageRef) -> BTreeSet<AccountId> {
        let state = self.state();
        let images = state.regions.get(image.region.as_str());
        let image = images.and_then(|images| images.get(image.id.as_str()));
        image.map(|image| image.accounts.clone()).unwrap_or_default()
    }

    fn share(&self, image: &ImageRef, account: &AccountId) {
        let mut state = self.state();
        let images = state.regions.entry(image.region.to_string()).or_default();
        images.entry(image.id.to_string()).or_default().accounts.insert(account.clone());
    }

    fn calls(&self) -> BTreeMap<String, u64> {
        self.state().calls.clone()
    }

    fn refuses_bad_accounts(&self) -> bool {
        Play::refuses_bad_accounts(self)
    }

    fn understands(&self) -> bool {
        !self.state().calls.is_empty()
    }
}
