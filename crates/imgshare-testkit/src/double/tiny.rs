//! The smallest cloud that a provider can be tried on.

mod answers;
mod receiving;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_host::http::Transport;
use imgshare_protocol::{Acceptance, AccountId, ImageId, ImageRef, Limits, Region, SnapshotId, SnapshotRef};
use serde_json::{Value, json};

use super::{Cloud, Double, Receiver, Seed};

const ENDPOINT: &str = "http://127.0.0.1:7070";

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
///
/// For providers that offer more:
///
/// | request | answer |
/// | --- | --- |
/// | `GET /account` | `"ACCOUNT"`: whose login it is. The header `x-key` says `KEY-OF-ACCOUNT` for a receiver, anything else for the owner |
/// | `GET /REGION/received` | `[{"id", "state"}, ...]`: what others share with the caller; with `"acceptance"` where the provider says that receivers have to accept |
/// | `GET /REGION/images/ID/acceptance` | `{"ACCOUNT": "pending" or "accepted", ...}` |
/// | `POST /REGION/images/ID/acceptance` | `{}`: the caller accepts; 404 when it is not shared with him |
/// | `GET` and `PUT /REGION/snapshots/ID/accounts` | as of images; an image is listed with `"snapshots": ["ID"]` |
/// | `PUT /REGION/images/ID/opening` | `{}`: an image that is listed with `"closed": true` can be shared from now on; until then its `accounts` answer 409 `closed` to an addition |
#[derive(Clone, Copy, Debug, Default)]
pub struct Tiny;

impl Double for Tiny {
    fn begin<'a>(&'a self, seed: &'a Seed) -> BoxFuture<'a, Result<Box<dyn Cloud>, String>> {
        let regions = seed.regions.iter().map(|(region, count)| (region.to_string(), images(*count)));
        let play = Play {
            limits: seed.limits.clone(),
            owner: seed.owner.clone(),
            bad_account: seed.bad_account.clone(),
            receiver: receiver(seed),
            needs_acceptance: seed.needs_acceptance,
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
    accepted: BTreeSet<AccountId>,
    copied_from: Option<String>,
    snapshot_accounts: BTreeSet<AccountId>,
    closed: bool,
}

fn images(count: u32) -> Images {
    let ids = (1..=count).map(|number| format!("img-{number:05}"));
    ids.map(|id| (id.clone(), Kept { name: format!("conformance {id}"), ..Kept::default() })).collect()
}

/// Every image has one snapshot.
fn snapshot_of(image: &str) -> String {
    format!("snapshot-of-{image}")
}

fn image_of(snapshot: &str) -> &str {
    snapshot.strip_prefix("snapshot-of-").unwrap_or_default()
}

/// Its login has the same key in every field.
fn receiver(seed: &Seed) -> Receiver {
    let account = seed.receiver.clone();
    let key = |field: &String| (field.clone(), format!("{}{account}", receiving::KEY_OF));
    Receiver { credentials: seed.credentials.keys().map(key).collect(), account, settings: Value::Null }
}

impl Kept {
    /// As the listing has it.
    fn record(&self, id: &str) -> Value {
        let mut record =
            json!({"id": id, "name": self.name, "state": "available", "snapshots": [snapshot_of(id)]});
        if let Some(source) = &self.copied_from {
            record["copied_from"] = source.as_str().into();
        }
        if self.closed {
            record["closed"] = true.into();
        }
        record
    }
}

struct Play {
    limits: Limits,
    owner: AccountId,
    bad_account: AccountId,
    receiver: Receiver,
    needs_acceptance: bool,
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

impl State {
    fn image(&self, region: &str, id: &str) -> Option<&Kept> {
        self.regions.get(region)?.get(id)
    }

    fn image_mut(&mut self, region: &str, id: &str) -> Option<&mut Kept> {
        self.regions.get_mut(region)?.get_mut(id)
    }
}

impl Play {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuses_bad_accounts(&self) -> bool {
        self.limits.bad_account_spoils_change
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
        let image = state.image(image.region.as_str(), image.id.as_str());
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

    fn receiver(&self) -> Option<Receiver> {
        Some(self.receiver.clone())
    }

    fn acceptance(&self, image: &ImageRef, account: &AccountId) -> Option<Acceptance> {
        let state = self.state();
        let image = state.image(image.region.as_str(), image.id.as_str())?;
        image.accounts.contains(account).then(|| image.acceptance(account)).filter(|_| self.needs_acceptance)
    }

    fn unprepare(&self, image: &ImageRef) -> bool {
        let mut state = self.state();
        let image = state.image_mut(image.region.as_str(), image.id.as_str());
        image.is_some_and(|image| {
            image.closed = true;
            true
        })
    }

    fn is_prepared(&self, image: &ImageRef) -> bool {
        !self.state().image(image.region.as_str(), image.id.as_str()).is_some_and(|image| image.closed)
    }

    fn snapshots(&self, image: &ImageRef) -> BTreeSet<SnapshotId> {
        [snapshot_of(image.id.as_str()).into()].into()
    }

    fn snapshot_accounts(&self, snapshot: &SnapshotRef) -> BTreeSet<AccountId> {
        let state = self.state();
        let image = state.image(snapshot.region.as_str(), image_of(snapshot.id.as_str()));
        image.map(|image| image.snapshot_accounts.clone()).unwrap_or_default()
    }
}
