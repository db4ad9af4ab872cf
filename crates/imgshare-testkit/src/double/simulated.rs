//! The simulated cloud that has the provider's name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use imgshare_cloudsim::{ManualClock, Running, Scenario, serve_at};
use imgshare_host::http::Transport;
use imgshare_protocol::{AccountId, ImageId, ImageRef, ProviderName, Region};
use serde_json::{Map, Value, json};

use super::detour::Detour;
use super::{Cloud, Double, Receiver, Seed};

/// The simulated cloud of [`Seed::provider`]'s name: with the real one's wire form, signatures and limits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Simulated;

impl Simulated {
    /// Whether there is one of this name.
    pub fn exists(provider: &ProviderName) -> bool {
        serde_json::from_value::<Scenario>(json!({ (provider.as_str()): {} })).is_ok()
    }
}

impl Double for Simulated {
    fn begin<'a>(&'a self, seed: &'a Seed) -> BoxFuture<'a, Result<Box<dyn Cloud>, String>> {
        async move {
            let scenario = serde_json::from_value(scenario(seed));
            let scenario =
                scenario.map_err(|error| format!("the simulated cloud cannot be made: {error}"))?;
            let clock = Arc::new(ManualClock::at_unix_seconds(seed.now.seconds()));
            let loopback = "127.0.0.1:0".parse().expect("it is an address");
            let running = serve_at(scenario, loopback, clock).await.map_err(|error| error.to_string())?;
            let endpoint = running.endpoint(seed.provider.as_str()).unwrap_or_default();
            let transport = Arc::new(Detour::to(endpoint));
            let cloud = Play {
                running,
                transport,
                provider: seed.provider.clone(),
                owner: seed.owner.clone(),
                receiver: receiver(seed),
            };
            Ok(Box::new(cloud) as Box<dyn Cloud>)
        }
        .boxed()
    }
}

fn receiver(seed: &Seed) -> Receiver {
    let key = |(field, key): (&String, &String)| (field.clone(), format!("{key}-OF-RECEIVER"));
    Receiver {
        account: seed.receiver.clone(),
        credentials: seed.credentials.iter().map(key).collect(),
        settings: Value::Null,
    }
}

/// An account with these keys. Its credential fields have the names that the provider gives them.
fn account(id: &AccountId, credentials: &BTreeMap<String, String>) -> Value {
    let mut account = json!({ "account": id });
    for (field, value) in credentials {
        account[field] = value.as_str().into();
    }
    account
}

/// One cloud with one owner and one receiver.
fn scenario(seed: &Seed) -> Value {
    let series = |count: &u32| json!({"count": count, "name": "conformance-{n}", "hours_apart": 1});
    let region = |(region, count): (&Region, &u32)| (region.to_string(), json!({"series": [series(count)]}));
    let regions: Map<_, _> = seed.regions.iter().map(region).collect();
    let mut owner = account(&seed.owner, &seed.credentials);
    owner["regions"] = regions.into();
    let receiver = receiver(seed);
    let owners = [owner, account(&receiver.account, &receiver.credentials)];
    json!({"seed": 1, (seed.provider.as_str()): {"owners": owners, "accounts": {"unknown": [seed.bad_account]}}})
}

/// A simulated cloud that is being served.
struct Play {
    running: Running,
    transport: Arc<Detour>,
    provider: ProviderName,
    owner: AccountId,
    receiver: Receiver,
}

impl Play {
    fn state(&self) -> Value {
        self.running.state()["clouds"][self.provider.as_str()].take()
    }

    fn images_of(&self, region: &Region) -> Map<String, Value> {
        let mut state = self.state();
        let images = state["owners"][self.owner.as_str()]["regions"][region.as_str()]["images"].take();
        images.as_object().cloned().unwrap_or_default()
    }
}

impl Cloud for Play {
    fn transport(&self) -> Arc<dyn Transport> {
        self.transport.clone()
    }

    fn endpoint(&self) -> Option<String> {
        None
    }

    fn images(&self, region: &Region) -> BTreeSet<ImageId> {
        self.images_of(region).into_iter().map(|(id, _)| id.into()).collect()
    }

    fn accounts(&self, image: &ImageRef) -> BTreeSet<AccountId> {
        let images = self.images_of(&image.region);
        let shares = images.get(image.id.as_str()).and_then(|image| image["shares"].as_array());
        shares.into_iter().flatten().filter_map(Value::as_str).map(AccountId::from).collect()
    }

    fn share(&self, image: &ImageRef, account: &AccountId) {
        let (image, account) = (image.id.as_str().into(), account.as_str().into());
        let shared = self.running.add_share(self.provider.as_str(), &image, &account);
        shared.expect("checks share images that the cloud has named");
    }

    fn calls(&self) -> BTreeMap<String, u64> {
        let state = self.state();
        let actions = state["calls"].as_object().into_iter().flatten();
        let count = |regions: &Value| {
            regions.as_object().into_iter().flatten().filter_map(|(_, counts)| counts["calls"].as_u64()).sum()
        };
        actions.map(|(action, regions)| (action.clone(), count(regions))).collect()
    }

    fn receiver(&self) -> Option<Receiver> {
        Some(self.receiver.clone())
    }
}
