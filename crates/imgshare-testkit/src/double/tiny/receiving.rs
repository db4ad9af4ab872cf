//! What receivers can do, and what has to be done before they can.

use imgshare_host::http::HttpRequest;
use imgshare_protocol::{Acceptance, AccountId};
use serde_json::{Value, json};

use super::answers::{Answer, NOT_FOUND, respond};
use super::{Kept, Play};

/// What the key of a receiver begins with; its account follows.
pub(super) const KEY_OF: &str = "KEY-OF-";

impl Kept {
    /// What a receiver has made of its share.
    pub(super) fn acceptance(&self, account: &AccountId) -> Acceptance {
        if self.accepted.contains(account) { Acceptance::Accepted } else { Acceptance::Pending }
    }
}

impl Play {
    pub(super) fn caller(&self, request: &HttpRequest) -> AccountId {
        let key = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-key"));
        let receiver = key.and_then(|(_, key)| key.strip_prefix(KEY_OF));
        receiver.map_or_else(|| self.owner.clone(), AccountId::from)
    }

    pub(super) fn received(&self, region: &str, caller: &AccountId) -> Answer {
        let state = self.state();
        let images = state.regions.get(region).ok_or(NOT_FOUND)?;
        let shared = images.iter().filter(|(_, image)| image.accounts.contains(caller));
        let shown: Value = shared.map(|(id, image)| self.received_record(id, image, caller)).collect();
        Ok(respond(200, &shown))
    }

    fn received_record(&self, id: &str, image: &Kept, caller: &AccountId) -> Value {
        let mut record = json!({"id": id, "state": "available"});
        if self.needs_acceptance {
            record["acceptance"] = json!(image.acceptance(caller));
        }
        record
    }

    pub(super) fn read_acceptance(&self, region: &str, id: &str) -> Answer {
        let state = self.state();
        let image = state.image(region, id).ok_or(NOT_FOUND)?;
        let told =
            image.accounts.iter().map(|account| (account.to_string(), json!(image.acceptance(account))));
        Ok(respond(200, &Value::Object(told.collect())))
    }

    pub(super) fn accept(&self, region: &str, id: &str, caller: &AccountId) -> Answer {
        let mut state = self.state();
        let image = state.image_mut(region, id).filter(|image| image.accounts.contains(caller));
        image.ok_or(NOT_FOUND)?.accepted.insert(caller.clone());
        Ok(respond(200, &json!({})))
    }

    pub(super) fn open(&self, region: &str, id: &str) -> Answer {
        self.state().image_mut(region, id).ok_or(NOT_FOUND)?.closed = false;
        Ok(respond(200, &json!({})))
    }
}
