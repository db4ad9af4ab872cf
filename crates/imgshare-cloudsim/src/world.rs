//! Everything that a simulated cloud holds: owners, their regions and images, who has what.

mod accounts;
mod client_tokens;
mod image;
mod nonces;
mod receivers;
mod shares;
mod work;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

pub(crate) use accounts::Accounts;
pub(crate) use client_tokens::{ClientTokens, Known};
pub use image::Obstacle;
pub(crate) use image::{Encryption, Image, Origin};
pub(crate) use nonces::Nonces;
pub use receivers::ReceiverKey;
pub(crate) use shares::{MEMORY, Shares};
pub(crate) use work::{Work, after};

use crate::copying::CopyRules;
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
    /// What calls with a client token have made.
    pub(crate) client_tokens: ClientTokens,
    pub(crate) copy_rules: CopyRules,
    /// How much later receivers see what was shared with them, or taken from them.
    pub(crate) receivers_lag: SignedDuration,
    owners: BTreeMap<AccountId, Owner>,
    images_made: u64,
}

/// One account with credentials, and its images, if it has any.
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
    /// When the token is no good any more; `None`: never.
    pub(crate) expires: Option<Timestamp>,
}

impl Credential {
    /// Whether it is a temporary key whose time is over.
    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.token.is_some() && self.expires.is_some_and(|expires| expires <= now)
    }
}

impl World {
    pub(crate) fn new(seed: u64, accounts: Accounts, owners: BTreeMap<AccountId, Owner>) -> Self {
        Self {
            seed,
            accounts,
            nonces: Nonces::default(),
            client_tokens: ClientTokens::default(),
            copy_rules: CopyRules::default(),
            receivers_lag: SignedDuration::ZERO,
            owners,
            images_made: 0,
        }
    }

    pub(crate) fn owners(&self) -> impl Iterator<Item = (&AccountId, &Owner)> {
        self.owners.iter()
    }

    /// Whose key this is, and what goes with it: an owner's, or that of a receiver.
    pub(crate) fn login_of_key(&self, key_id: &str) -> Option<(AccountId, Credential)> {
        let owner = self.owners.iter().find(|(_, owner)| owner.credential.key_id == key_id);
        let login = owner.map(|(account, owner)| (account.clone(), owner.credential.clone()));
        login.or_else(|| self.receiver_of_key(key_id))
    }

    pub(crate) fn credential_mut(&mut self, owner: &AccountId) -> Option<&mut Credential> {
        self.owners.get_mut(owner).map(|owner| &mut owner.credential)
    }

    /// Lets every temporary key expire at an instant.
    pub(crate) fn expire_tokens(&mut self, at: Timestamp) {
        self.owners.values_mut().for_each(|owner| owner.credential.expires = Some(at));
    }

    pub(crate) fn has_owner(&self, account: &AccountId) -> bool {
        self.owners.contains_key(account)
    }

    /// Whether any owner has this region: a cloud's regions are the same for all of its accounts.
    pub(crate) fn has_region(&self, region: &RegionId) -> bool {
        self.owners.values().any(|owner| owner.regions.contains_key(region))
    }

    /// All images of a region with their owners, ordered by image id: pages must not depend on who owns what.
    pub(crate) fn images_in(&self, region: &RegionId) -> Vec<(&AccountId, &Image)> {
        let of_owner = |(account, owner)| images_of(owner, region).map(move |image| (account, image));
        let mut images: Vec<_> = self.owners.iter().flat_map(of_owner).collect();
        // Each owner's are in order already, and most regions have one owner.
        let owners = self.owners.values().filter(|owner| owner.regions.contains_key(region)).count();
        if owners > 1 {
            images.sort_by_key(|(_, image)| &image.id);
        }
        images
    }

    /// The image of this id in this region, with its owner.
    pub(crate) fn image_in(&self, region: &RegionId, id: &ImageId) -> Option<(&AccountId, &Image)> {
        self.owners.iter().find_map(|(account, owner)| Some((account, owner.regions.get(region)?.get(id)?)))
    }

    /// The image of this id in this region, to change it.
    pub(crate) fn image_in_mut(&mut self, region: &RegionId, id: &ImageId) -> Option<&mut Image> {
        self.owners.values_mut().find_map(|owner| owner.regions.get_mut(region)?.get_mut(id))
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
    pub(crate) fn add_image(
        &mut self,
        owner: &AccountId,
        region: &RegionId,
        mut image: Image,
        now: Timestamp,
    ) -> bool {
        if self.image_mut(&image.id).is_some() {
            return false;
        }
        let Some(owner) = self.owners.get_mut(owner) else { return false };
        image.appeared = Some(now);
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

    /// The world as a reader of one region saw it at an instant of the last ten minutes: images that were not there yet
    /// are left out, shares are those of then. An image that was deleted since stays deleted.
    pub(crate) fn as_of(&self, region: &RegionId, then: Timestamp) -> Self {
        let owners = self.owners.iter().map(|(account, owner)| (account.clone(), owner.as_of(region, then)));
        Self {
            images_made: self.images_made,
            receivers_lag: self.receivers_lag,
            ..Self::new(self.seed, self.accounts.clone(), owners.collect())
        }
    }

    /// Whether somebody answers to this account id. Owners always do.
    pub(crate) fn knows_account(&self, account: &AccountId) -> bool {
        self.owners.contains_key(account) || self.accounts.knows(account)
    }

    fn regions_mut(&mut self) -> impl Iterator<Item = &mut BTreeMap<ImageId, Image>> {
        self.owners.values_mut().flat_map(|owner| owner.regions.values_mut())
    }
}

impl Owner {
    /// With the images of one region only; the other regions are there, and empty.
    fn as_of(&self, region: &RegionId, then: Timestamp) -> Self {
        let mut regions: BTreeMap<_, BTreeMap<_, _>> =
            self.regions.keys().map(|name| (name.clone(), BTreeMap::new())).collect();
        if let Some(images) = regions.get_mut(region) {
            let there = images_of(self, region).filter_map(|image| image.as_of(then));
            images.extend(there.map(|image| (image.id.clone(), image)));
        }
        Self { credential: self.credential.clone(), regions }
    }
}

fn images_of<'a>(owner: &'a Owner, region: &RegionId) -> impl Iterator<Item = &'a Image> {
    owner.regions.get(region).into_iter().flat_map(BTreeMap::values)
}
