//! Everything that a simulated cloud holds: owners, their regions and images, who has what.

mod accounts;
mod image;
mod nonces;

use std::collections::BTreeMap;

pub(crate) use accounts::Accounts;
pub(crate) use image::Image;
pub use image::Obstacle;
pub(crate) use nonces::Nonces;

use crate::digest;
use crate::ids::{AccountId, ImageId, RegionId};
use crate::secret::Secret;

/// The state of one simulated cloud.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) accounts: Accounts,
    /// What was signed with and must not come again.
    pub(crate) nonces: Nonces,
    owners: BTreeMap<AccountId, Owner>,
    images_made: u64,
}

/// One account with credentials, and its images.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) credential: Credential,
    pub(crate) regions: BTreeMap<RegionId, BTreeMap<ImageId, Image>>,
}

/// What an owner signs with; the cloud's own words for the parts differ.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub(crate) key_id: String,
    pub(crate) secret: Secret,
    /// The session token that must come with a temporary key.
    pub(crate) token: Option<Secret>,
}

impl World {
    pub(crate) fn new(seed: u64, accounts: Accounts, owners: BTreeMap<AccountId, Owner>) -> Self {
        Self { seed, accounts, nonces: Nonces::default(), owners, images_made: 0 }
    }

    pub(crate) fn owners(&self) -> impl Iterator<Item = (&AccountId, &Owner)> {
        self.owners.iter()
    }

    pub(crate) fn owner_of_key(&self, key_id: &str) -> Option<(&AccountId, &Credential)> {
        self.owners
            .iter()
            .find(|(_, owner)| owner.credential.key_id == key_id)
            .map(|(account, owner)| (account, &owner.credential))
    }

    pub(crate) fn has_owner(&self, account: &AccountId) -> bool {
        self.owners.contains_key(account)
    }

    /// Whether any owner has this region: a cloud's regions are the same for all of its accounts.
    pub(crate) fn has_region(&self, region: &RegionId) -> bool {
        self.owners.values().any(|owner| owner.regions.contains_key(region))
    }

    /// All images of a region with their owners, ordered by image id: pages must not depend on who owns what.
    pub(crate) fn images_in(&self, region: &RegionId) -> BTreeMap<&ImageId, (&AccountId, &Image)> {
        let of_owner =
            |(account, owner)| images_of(owner, region).map(move |image| (&image.id, (account, image)));
        self.owners.iter().flat_map(of_owner).collect()
    }

    /// The image of this id in this region, with its owner.
    pub(crate) fn image_in(&self, region: &RegionId, id: &ImageId) -> Option<(&AccountId, &Image)> {
        self.owners.iter().find_map(|(account, owner)| Some((account, owner.regions.get(region)?.get(id)?)))
    }

    /// The image of this id, wherever it is.
    pub(crate) fn image_mut(&mut self, id: &ImageId) -> Option<&mut Image> {
        self.regions_mut().find_map(|images| images.get_mut(id))
    }

    /// Every image of every owner.
    pub(crate) fn images_mut(&mut self) -> impl Iterator<Item = &mut Image> {
        self.regions_mut().flat_map(BTreeMap::values_mut)
    }

    /// Puts an image into an owner's region; `false` when there is no such owner or the id is taken.
    pub(crate) fn add_image(&mut self, owner: &AccountId, region: &RegionId, image: Image) -> bool {
        if self.image_mut(&image.id).is_some() {
            return false;
        }
        let Some(owner) = self.owners.get_mut(owner) else { return false };
        owner.regions.entry(region.clone()).or_default().insert(image.id.clone(), image);
        true
    }

    /// Takes an image out of the world; `false` when it was not there.
    pub(crate) fn remove_image(&mut self, id: &ImageId) -> bool {
        self.regions_mut().any(|images| images.remove(id).is_some())
    }

    /// How many private images the owner has in the region; an image quota counts these.
    pub(crate) fn private_images(&self, owner: &AccountId, region: &RegionId) -> usize {
        let Some(owner) = self.owners.get(owner) else { return 0 };
        images_of(owner, region).filter(|image| !image.public).count()
    }

    /// A digest for the next image id; the same seed gives the same row of ids.
    pub(crate) fn next_image_digest(&mut self) -> [u8; 32] {
        self.images_made += 1;
        digest::seeded(self.seed, &[b"made image", &self.images_made.to_be_bytes()])
    }

    /// Whether somebody answers to this account id. Owners always do.
    pub(crate) fn knows_account(&self, account: &AccountId) -> bool {
        self.owners.contains_key(account) || self.accounts.knows(account)
    }

    fn regions_mut(&mut self) -> impl Iterator<Item = &mut BTreeMap<ImageId, Image>> {
        self.owners.values_mut().flat_map(|owner| owner.regions.values_mut())
    }
}

fn images_of<'a>(owner: &'a Owner, region: &RegionId) -> impl Iterator<Item = &'a Image> {
    owner.regions.get(region).into_iter().flat_map(BTreeMap::values)
}
