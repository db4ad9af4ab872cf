//! One call at work on the world, and what it changes there.

use jiff::Timestamp;

use crate::cloud::Call;
use crate::ids::{AccountId, ImageId, RegionId};
use crate::journal::Effect;
use crate::world::{Image, Origin, Work, World};

/// One authenticated call at work on the world.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) caller: &'a AccountId,
    pub(crate) call: &'a Call,
    pub(crate) now: Timestamp,
    /// What has been changed so far.
    pub(crate) effects: Vec<Effect>,
}

/// The copy that is to be made of an image.
#[derive(Debug)]
pub(crate) struct Copying<'a> {
    pub(crate) source: &'a Image,
    pub(crate) region: &'a RegionId,
    /// The copy, in the state of one that is being made.
    pub(crate) copy: Image,
    /// How long it takes when no rule of the scenario says otherwise, in seconds.
    pub(crate) takes_s: u32,
    /// Its state when it is ready.
    pub(crate) ready: &'static str,
    /// Its state when it has failed.
    pub(crate) failed: &'static str,
}

impl Turn<'_> {
    /// Whether the caller sees this image because somebody shares it with him.
    pub(crate) fn receives(&self, image: &Image) -> bool {
        let then = self.now.checked_sub(self.world.receivers_lag).unwrap_or(self.now);
        !image.hidden && image.shares.had(self.caller, then)
    }

    /// Gives an image of the call's region to accounts; those who have it keep it.
    pub(crate) fn share<'a>(&mut self, id: &ImageId, accounts: impl IntoIterator<Item = &'a AccountId>) {
        let Some(image) = self.world.image_in_mut(&self.call.region, id) else { return };
        for account in accounts {
            if image.shares.add(account, self.now) {
                self.effects.push(Effect::Shared { image: id.clone(), account: account.clone() });
            }
        }
    }

    /// Takes an image of the call's region away from accounts; those who do not have it lose nothing.
    pub(crate) fn unshare<'a>(&mut self, id: &ImageId, accounts: impl IntoIterator<Item = &'a AccountId>) {
        let Some(image) = self.world.image_in_mut(&self.call.region, id) else { return };
        for account in accounts {
            if image.shares.remove(account, self.now) {
                self.effects.push(Effect::Unshared { image: id.clone(), account: account.clone() });
            }
        }
    }

    /// Deletes an image of the call's region.
    pub(crate) fn delete(&mut self, id: &ImageId) {
        if self.world.remove_image(id) {
            self.effects.push(Effect::Deleted { image: id.clone() });
        }
    }

    /// Begins a copy; how it goes, the scenario's rules say.
    pub(crate) fn copy(&mut self, copying: Copying<'_>) -> ImageId {
        let Copying { source, region, mut copy, takes_s, ready, failed } = copying;
        let rule = self.world.copy_rules.apply(source, region);
        let becomes = if rule.fails { failed } else { ready };
        copy.begin(Work::new(self.now, rule.takes_s.unwrap_or(takes_s), becomes));
        copy.origin = Some(Origin { image: source.id.clone(), region: self.call.region.clone() });
        let id = copy.id.clone();
        self.world.add_image(self.caller, region, copy, self.now);
        self.effects.push(Effect::Copied {
            image: id.clone(),
            of: source.id.clone(),
            region: region.clone(),
        });
        id
    }
}
