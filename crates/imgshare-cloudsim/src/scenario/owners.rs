//! From the owners of a section to the world of its cloud.

use std::collections::{BTreeMap, BTreeSet};

use super::AccountsScenario;
use crate::ids::{AccountId, ImageId};
use crate::world::{Owner, World};

/// The owners of one cloud, each account once.
#[derive(Debug, Default)]
pub(crate) struct Owners(BTreeMap<AccountId, Owner>);

impl Owners {
    pub(crate) fn add(&mut self, account: &AccountId, owner: Owner) -> Result<(), String> {
        match self.0.insert(account.clone(), owner) {
            None => Ok(()),
            Some(_) => Err(format!("two owners have the account id {account}")),
        }
    }

    /// The world that they live in.
    pub(crate) fn into_world(self, seed: u64, accounts: &AccountsScenario) -> Result<World, String> {
        self.check_unique()?;
        Ok(World::new(seed, accounts.clone().into(), self.0))
    }

    /// Image ids and key ids belong to one owner each.
    fn check_unique(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        let keys = self.0.values().map(|owner| owner.credential.key_id.as_str());
        let images = self.0.values().flat_map(|owner| owner.regions.values());
        let images = images.flat_map(|images| images.keys().map(ImageId::as_str));
        match keys.chain(images).find(|id| !seen.insert(*id)) {
            None => Ok(()),
            Some(id) => Err(format!("the id {id} is there twice")),
        }
    }
}
