//! The made-up cloud that the plugin `smallest` speaks to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use imgshare_host::http::HttpRequest;
use imgshare_testkit::{Answer, Script};

type Accounts = BTreeSet<String>;

/// What the cloud holds, and how it misbehaves.
#[derive(Default)]
pub(crate) struct Cloud {
    /// Region, then image, then who has it.
    pub(crate) regions: Mutex<BTreeMap<String, BTreeMap<String, Accounts>>>,
    /// Regions that answer nothing but 503.
    pub(crate) dead: BTreeSet<String>,
    /// Images that cannot be changed.
    pub(crate) locked: BTreeSet<String>,
    /// Accounts that are dropped without a word.
    pub(crate) dropped: BTreeSet<String>,
    /// How long each answer takes, by tokio's clock.
    pub(crate) latency_ms: u64,
}

impl Cloud {
    pub(crate) fn with_images(region: &str, images: &[&str]) -> Self {
        let images = images.iter().map(|image| ((*image).to_owned(), Accounts::new())).collect();
        let regions = BTreeMap::from([(region.to_owned(), images)]);
        Self { regions: Mutex::new(regions), ..Self::default() }
    }

    pub(crate) fn and_images(self, region: &str, images: &[&str]) -> Self {
        let images = images.iter().map(|image| ((*image).to_owned(), Accounts::new())).collect();
        self.regions.lock().unwrap().insert(region.to_owned(), images);
        self
    }

    pub(crate) fn shared_with(self, region: &str, image: &str, accounts: &[&str]) -> Self {
        let accounts = accounts.iter().map(|account| (*account).to_owned()).collect();
        self.regions.lock().unwrap().get_mut(region).unwrap().insert(image.to_owned(), accounts);
        self
    }

    pub(crate) fn accounts(&self, region: &str, image: &str) -> Vec<String> {
        self.regions.lock().unwrap()[region][image].iter().cloned().collect()
    }

    pub(crate) fn served(self: &Arc<Self>) -> Arc<Script> {
        let cloud = Arc::clone(self);
        Script::by(move |request| cloud.answer(request).after_ms(cloud.latency_ms))
    }

    fn answer(&self, request: &HttpRequest) -> Answer {
        let path = request.url.strip_prefix("https://api.acme.example/").expect("the plugin's own host");
        let parts: Vec<_> = path.split('/').collect();
        if self.dead.contains(parts[0]) {
            return Answer::status(503, "down");
        }
        let mut regions = self.regions.lock().unwrap();
        let images = regions.get_mut(parts[0]).expect("a region of the test");
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", [_, "images"]) => Answer::ok(listing(images)),
            ("GET", [_, "images", image, "accounts"]) => Answer::ok(json(&images[*image])),
            ("PUT", [_, "images", image, "accounts"]) => {
                self.change(image, images.get_mut(*image).expect("an image of the test"), &request.body)
            }
            other => panic!("the plugin asks for {other:?}"),
        }
    }

    fn change(&self, image: &str, accounts: &mut Accounts, body: &[u8]) -> Answer {
        if self.locked.contains(image) {
            return Answer::status(409, "locked");
        }
        for pair in std::str::from_utf8(body).unwrap().split('&') {
            match pair.split_once('=') {
                Some(("add", account)) if self.dropped.contains(account) => {}
                Some(("add", account)) => drop(accounts.insert(account.to_owned())),
                Some(("remove", account)) => drop(accounts.remove(account)),
                other => panic!("the plugin sends {other:?}"),
            }
        }
        Answer::ok("")
    }
}

fn listing(images: &BTreeMap<String, Accounts>) -> String {
    let images: Vec<_> =
        images.keys().map(|id| serde_json::json!({"id": id, "name": id, "state": "available"})).collect();
    json(&images)
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}
