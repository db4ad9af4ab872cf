//! What it answers to requests.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::{HttpRequest, HttpResponse, SendError, Transport};
use imgshare_protocol::AccountId;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::{Kept, Play, State, image_of};

const IMAGES_PER_PAGE_MAX: u32 = 100;

/// What a request is about.
#[derive(Clone, Copy)]
enum Ask<'a> {
    Images(&'a str),
    Accounts(Shared<'a>),
    Copies(&'a str, &'a str),
    Account,
    Received(&'a str),
    Acceptance(&'a str, &'a str),
    Opening(&'a str, &'a str),
}

/// What accounts can have.
#[derive(Clone, Copy)]
enum Shared<'a> {
    Image(&'a str, &'a str),
    Snapshot(&'a str, &'a str),
}

pub(super) struct Refusal(u16, &'static str, &'static str);

pub(super) const NOT_FOUND: Refusal = Refusal(404, "not-found", "there is no such thing here");
const BAD_ACCOUNT: Refusal = Refusal(422, "bad-account", "one of the accounts does not exist");
const TOO_MANY: Refusal = Refusal(400, "too-many-accounts", "these are more accounts than one call takes");
const BAD_PAGE: Refusal = Refusal(400, "bad-page", "page and size are numbers from 1 on");
const CLOSED: Refusal = Refusal(409, "closed", "the image cannot be shared before it is opened");

pub(super) type Answer = Result<HttpResponse, Refusal>;

impl<'a> Ask<'a> {
    /// With the name that such calls are counted by.
    fn read(path: &[&'a str]) -> Option<(Self, &'a str)> {
        Some(match *path {
            ["account"] => (Ask::Account, "account"),
            [region, name @ "images"] => (Ask::Images(region), name),
            [region, name @ "received"] => (Ask::Received(region), name),
            [region, "images", id, name @ "accounts"] => (Ask::Accounts(Shared::Image(region, id)), name),
            [region, "images", id, name @ "copies"] => (Ask::Copies(region, id), name),
            [region, "images", id, name @ "acceptance"] => (Ask::Acceptance(region, id), name),
            [region, "images", id, name @ "opening"] => (Ask::Opening(region, id), name),
            [region, name @ "snapshots", id, "accounts"] => {
                (Ask::Accounts(Shared::Snapshot(region, id)), name)
            }
            _ => return None,
        })
    }
}

impl Shared<'_> {
    fn of(self, state: &mut State) -> Option<&mut Kept> {
        match self {
            Shared::Image(region, id) => state.image_mut(region, id),
            Shared::Snapshot(region, id) => state.image_mut(region, image_of(id)),
        }
    }

    fn accounts(self, image: &mut Kept) -> &mut std::collections::BTreeSet<AccountId> {
        match self {
            Shared::Image(..) => &mut image.accounts,
            Shared::Snapshot(..) => &mut image.snapshot_accounts,
        }
    }
}

impl Play {
    fn answer(&self, request: &HttpRequest) -> Answer {
        let url = Url::parse(&request.url).map_err(|_| NOT_FOUND)?;
        let path: Vec<&str> = url.path_segments().ok_or(NOT_FOUND)?.collect();
        let (ask, name) = Ask::read(&path).ok_or(NOT_FOUND)?;
        *self.state().calls.entry(format!("{} {name}", request.method)).or_default() += 1;
        match (request.method.as_str(), ask) {
            ("GET", Ask::Images(region)) => self.list(region, &url),
            ("GET", Ask::Accounts(shared)) => self.read(shared),
            ("PUT", Ask::Accounts(shared)) => self.change(shared, &request.body),
            ("POST", Ask::Copies(region, id)) => self.copy(region, id, &request.body),
            ("GET", Ask::Account) => Ok(respond(200, &json!(self.caller(request)))),
            ("GET", Ask::Received(region)) => self.received(region, &self.caller(request)),
            ("GET", Ask::Acceptance(region, id)) => self.read_acceptance(region, id),
            ("POST", Ask::Acceptance(region, id)) => self.accept(region, id, &self.caller(request)),
            ("PUT", Ask::Opening(region, id)) => self.open(region, id),
            _ => Err(NOT_FOUND),
        }
    }

    fn list(&self, region: &str, url: &Url) -> Answer {
        let state = self.state();
        let images = state.regions.get(region).ok_or(NOT_FOUND)?;
        let (skip, take) = page(url)?;
        let shown = images.iter().skip(skip).take(take).map(|(id, image)| image.record(id));
        let mut response = respond(200, &shown.collect());
        response.headers.push(("x-total".to_owned(), images.len().to_string()));
        Ok(response)
    }

    fn read(&self, shared: Shared<'_>) -> Answer {
        let mut state = self.state();
        let image = shared.of(&mut state).ok_or(NOT_FOUND)?;
        Ok(respond(200, &json!(shared.accounts(image))))
    }

    fn change(&self, shared: Shared<'_>, body: &[u8]) -> Answer {
        let mut state = self.state();
        state.requests += 1;
        let request_id = format!("request-{}", state.requests);
        let image = shared.of(&mut state).ok_or(NOT_FOUND)?;
        let accounts = |name| named(body, name).map(AccountId::from).collect::<Vec<_>>();
        let (add, remove) = (accounts("add"), accounts("remove"));
        let most = self.limits.accounts_per_change.unwrap_or(u32::MAX) as usize;
        if add.len().max(remove.len()) > most {
            return Err(TOO_MANY);
        }
        if self.refuses_bad_accounts() && add.contains(&self.bad_account) {
            return Err(BAD_ACCOUNT);
        }
        if image.closed && !add.is_empty() {
            return Err(CLOSED);
        }
        let has = shared.accounts(image);
        has.extend(add);
        has.retain(|account| !remove.contains(account));
        Ok(respond(200, &json!({ "request_id": request_id })))
    }

    fn copy(&self, region: &str, id: &str, body: &[u8]) -> Answer {
        let mut state = self.state();
        let value = |name| named(body, name).next();
        let source = state.image(region, id).ok_or(NOT_FOUND)?;
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

pub(super) fn respond(status: u16, body: &Value) -> HttpResponse {
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
