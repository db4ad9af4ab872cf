//! A Keystone and a Glance with a memory, which answer as the real ones were seen to. Everything is in memory; nothing is
//! sent.

mod glance;
mod keystone;

use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use imgshare_sdk::{Acceptance, AccountId, ImageId, ImageRef, Region};
use imgshare_testkit::BoxFuture;
use imgshare_testkit::double::{Cloud, Double, Receiver, Seed};
use imgshare_testkit::http::{HttpRequest, HttpResponse, SendError, Transport};
use serde_json::{Value, json};
use url::Url;

/// The texts of the owner's login that are no secrets.
pub(crate) const OWNER: [(&str, &str); 4] = [
    ("auth_url", "https://keystone.example/identity/v3"),
    ("username", "owner"),
    ("user_domain_id", "default"),
    ("project_name", "owners-project"),
];

/// Where it answers, in place of everybody.
const ENDPOINT: &str = "http://127.0.0.1:7070";

/// Makes such clouds.
pub(crate) struct OpenstackDouble;

impl Double for OpenstackDouble {
    fn begin<'a>(&'a self, seed: &'a Seed) -> BoxFuture<'a, Result<Box<dyn Cloud>, String>> {
        Box::pin(ready(Ok(Box::new(Openstack::new(seed)) as Box<dyn Cloud>)))
    }
}

/// The cloud.
#[derive(Clone)]
pub(crate) struct Openstack {
    seed: Arc<Seed>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    regions: BTreeMap<String, BTreeMap<String, Image>>,
    /// The projects of tokens that are good.
    tokens: BTreeMap<String, String>,
    tokens_made: u32,
    calls: BTreeMap<String, u64>,
}

struct Image {
    name: String,
    visibility: String,
    hidden: bool,
    members: BTreeMap<String, String>,
}

/// A request, as both services see it.
struct Call<'a> {
    method: &'a str,
    path: Vec<&'a str>,
    query: BTreeMap<String, String>,
    body: Value,
    token: Option<&'a str>,
}

/// Status, headers and body.
type Answer = (u16, Vec<(String, String)>, Value);

fn answer(status: u16, body: Value) -> Answer {
    (status, Vec::new(), body)
}

fn refusal(status: u16) -> Answer {
    answer(status, json!({"message": "no<br /><br />\n\n", "code": status.to_string(), "title": "No"}))
}

impl Openstack {
    pub(crate) fn new(seed: &Seed) -> Self {
        let images =
            |count: u32| (1..=count).map(|number| (format!("image-{number:05}"), Image::new(number)));
        let regions =
            seed.regions.iter().map(|(region, count)| (region.to_string(), images(*count).collect()));
        let state = State { regions: regions.collect(), ..State::default() };
        Self { seed: Arc::new(seed.clone()), state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &HttpRequest) -> Answer {
        let url = Url::parse(&request.url).expect("the host has taken it for an address");
        let token = request.headers.iter().find(|(name, _)| name == "X-Auth-Token");
        let call = Call {
            method: &request.method,
            path: url.path_segments().expect("an http address has a path").collect(),
            query: url.query_pairs().into_owned().collect(),
            body: serde_json::from_slice(&request.body).unwrap_or_default(),
            token: token.map(|(_, token)| token.as_str()),
        };
        match call.path.as_slice() {
            ["identity", "v3", rest @ ..] => self.keystone(&call, rest),
            [region, "image", "v2", rest @ ..] => self.glance(&call, region, rest),
            _ => refusal(404),
        }
    }

    /// The project of a call's token.
    fn project(&self, call: &Call<'_>) -> Option<String> {
        self.state().tokens.get(call.token?).cloned()
    }

    fn count(&self, method: &str, what: &str) {
        *self.state().calls.entry(format!("{method} {what}")).or_default() += 1;
    }

    fn with<T>(&self, image: &ImageRef, look: impl FnOnce(&mut Image) -> T) -> Option<T> {
        let mut state = self.state();
        state.regions.get_mut(image.region.as_str())?.get_mut(image.id.as_str()).map(look)
    }
}

impl Image {
    fn new(number: u32) -> Self {
        let name = format!("conformance {number}");
        Self { name, visibility: "shared".into(), hidden: number.is_multiple_of(7), members: BTreeMap::new() }
    }
}

impl Transport for Openstack {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let (status, mut headers, body) = self.answer(&request);
        headers.push(("x-openstack-request-id".into(), "req-fake".into()));
        let body = if status == 204 { Vec::new() } else { body.to_string().into_bytes() };
        Box::pin(ready(Ok(HttpResponse { status, headers, body })))
    }
}

impl Cloud for Openstack {
    fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }

    fn endpoint(&self) -> Option<String> {
        Some(ENDPOINT.to_owned())
    }

    fn images(&self, region: &Region) -> BTreeSet<ImageId> {
        let state = self.state();
        state
            .regions
            .get(region.as_str())
            .into_iter()
            .flat_map(BTreeMap::keys)
            .map(|id| id.as_str().into())
            .collect()
    }

    fn accounts(&self, image: &ImageRef) -> BTreeSet<AccountId> {
        let members = self.with(image, |image| image.members.keys().map(|id| id.as_str().into()).collect());
        members.unwrap_or_default()
    }

    fn share(&self, image: &ImageRef, account: &AccountId) {
        self.with(image, |image| {
            image.visibility = "shared".into();
            image.members.insert(account.to_string(), "pending".into());
        });
    }

    fn calls(&self) -> BTreeMap<String, u64> {
        self.state().calls.clone()
    }

    fn understands(&self) -> bool {
        !self.state().calls.is_empty()
    }

    fn receiver(&self) -> Option<Receiver> {
        let mut credentials = self.seed.credentials.clone();
        credentials.insert("username".into(), "receiver".into());
        credentials.insert("project_name".into(), "receivers-project".into());
        Some(Receiver { account: self.seed.receiver.clone(), credentials, settings: Value::Null })
    }

    fn acceptance(&self, image: &ImageRef, account: &AccountId) -> Option<Acceptance> {
        let status = self.with(image, |image| image.members.get(account.as_str()).cloned())??;
        Some(match status.as_str() {
            "accepted" => Acceptance::Accepted,
            "rejected" => Acceptance::Rejected,
            _ => Acceptance::Pending,
        })
    }

    fn unprepare(&self, image: &ImageRef) -> bool {
        self.with(image, |image| image.visibility = "private".into()).is_some()
    }

    fn is_prepared(&self, image: &ImageRef) -> bool {
        self.with(image, |image| image.visibility == "shared").unwrap_or_default()
    }
}
