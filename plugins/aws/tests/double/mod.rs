//! A small EC2 with a memory: images, snapshots, who has them, and the token service's word on who asks.

mod form;
mod signature;
mod store;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use imgshare_sdk::{AccountId, ImageId, ImageRef, Region, SnapshotId, SnapshotRef};
use imgshare_testkit::BoxFuture;
use imgshare_testkit::double::{Cloud, Double, Receiver, Seed};
use imgshare_testkit::http::{HttpRequest, HttpResponse, SendError, Transport};

use form::Form;
use signature::{Signer, signer};
use store::{Refusal, Store};
use xml::Xml;

/// Makes such clouds.
pub(crate) struct Ec2;

impl Double for Ec2 {
    fn begin<'a>(&'a self, seed: &'a Seed) -> BoxFuture<'a, Result<Box<dyn Cloud>, String>> {
        let play = Play {
            signers: [owner(seed), receiver(seed)],
            receiver: seed.receiver.clone(),
            store: Mutex::new(Store::of(seed)),
        };
        Box::pin(std::future::ready(Ok(Box::new(Playing(Arc::new(play))) as Box<dyn Cloud>)))
    }
}

const RECEIVERS_ID: &str = "AKIAFAKERECEIVER0001";
const RECEIVERS_SECRET: &str = "Fake/Secret/Of/The/Receiver/0000000000001";

fn owner(seed: &Seed) -> Signer {
    let field = |name: &str| seed.credentials.get(name).cloned();
    Signer {
        account: seed.owner.clone(),
        id: field("access_key_id").unwrap_or_default(),
        secret: field("secret_access_key").unwrap_or_default(),
        token: field("session_token"),
    }
}

fn receiver(seed: &Seed) -> Signer {
    Signer {
        account: seed.receiver.clone(),
        id: RECEIVERS_ID.to_owned(),
        secret: RECEIVERS_SECRET.to_owned(),
        token: None,
    }
}

struct Play {
    signers: [Signer; 2],
    receiver: AccountId,
    store: Mutex<Store>,
}

impl Play {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &HttpRequest) -> Result<Xml, Refusal> {
        let (service, region) = called(&request.url)?;
        let account = signer(request, &self.signers, service, region)?;
        let form = Form::of(&request.body);
        self.store().answer(account, region, &form)
    }
}

/// Service and region of a host: `https://ec2.REGION.amazonaws.com/`.
fn called(url: &str) -> Result<(&str, &str), Refusal> {
    let host = url.strip_prefix("https://").and_then(|rest| rest.strip_suffix(".amazonaws.com/"));
    host.and_then(|host| host.split_once('.')).ok_or(Refusal("NoSuchHost", "this host is none"))
}

impl Transport for Play {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, SendError>> {
        let (status, body) = match self.answer(&request) {
            Ok(xml) => (200, xml.text()),
            Err(Refusal(code, message)) => {
                (if code == "AuthFailure" { 401 } else { 400 }, xml::error(code, message))
            }
        };
        let response = HttpResponse { status, headers: Vec::new(), body: body.into_bytes() };
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// A cloud that is in use.
struct Playing(Arc<Play>);

impl Cloud for Playing {
    fn transport(&self) -> Arc<dyn Transport> {
        self.0.clone()
    }

    fn endpoint(&self) -> Option<String> {
        None
    }

    fn images(&self, region: &Region) -> BTreeSet<ImageId> {
        self.0.store().images(region)
    }

    fn accounts(&self, image: &ImageRef) -> BTreeSet<AccountId> {
        self.0.store().image(image).map(|image| image.accounts.clone()).unwrap_or_default()
    }

    fn share(&self, image: &ImageRef, account: &AccountId) {
        let mut store = self.0.store();
        let image = store.image_mut(image).expect("checks share images that the cloud has named");
        image.accounts.insert(account.clone());
    }

    fn calls(&self) -> BTreeMap<String, u64> {
        self.0.store().calls.clone()
    }

    fn understands(&self) -> bool {
        !self.0.store().calls.is_empty()
    }

    fn receiver(&self) -> Option<Receiver> {
        let credentials = [("access_key_id", RECEIVERS_ID), ("secret_access_key", RECEIVERS_SECRET)];
        Some(Receiver {
            account: self.0.receiver.clone(),
            credentials: credentials.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            ..Receiver::default()
        })
    }

    fn snapshots(&self, image: &ImageRef) -> BTreeSet<SnapshotId> {
        self.0.store().image(image).map(|image| [image.snapshot.clone()].into()).unwrap_or_default()
    }

    fn snapshot_accounts(&self, snapshot: &SnapshotRef) -> BTreeSet<AccountId> {
        self.0.store().snapshots.get(snapshot).cloned().unwrap_or_default()
    }
}
