//! Changes behind the clients' backs: what tests and the demo do to a simulated cloud.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::faults::FaultRule;
use crate::ids::{AccountId, ImageId, RegionId};
use crate::scenario::{ImageMaker, ImageScenario};
use crate::secret::Secret;
use crate::sim::{CloudSim, State};
use crate::world::{Credential, Image, after};

/// One change. As JSON over HTTP the name stands in the path, `POST /_simulator/add-share`, the fields in the body.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Meddling {
    /// Shares an image with an account; none of the cloud's rules is asked.
    AddShare {
        /// Which image.
        image: ImageId,
        /// With whom.
        account: AccountId,
    },
    /// Takes an image away from an account.
    RemoveShare {
        /// Which image.
        image: ImageId,
        /// From whom.
        account: AccountId,
    },
    /// Hides an image from those whom it is shared with. The owner is told nothing of it.
    HideFromReceivers {
        /// Which image.
        image: ImageId,
    },
    /// Lets those see an image again whom it is shared with.
    ShowToReceivers {
        /// Which image.
        image: ImageId,
    },
    /// Gives an image another state.
    SetState {
        /// Which image.
        image: ImageId,
        /// One of the cloud's states, as it spells them.
        state: String,
    },
    /// Lets a copy fail that is still being made.
    FailCopy {
        /// The copy.
        image: ImageId,
    },
    /// Finishes every image that is still being made: each gets the state in which it can be shared.
    FinishImages,
    /// Adds an image to an owner's region.
    AddImage {
        /// Whose image.
        owner: AccountId,
        /// Where; a new region comes into being.
        region: RegionId,
        /// What.
        image: ImageScenario,
    },
    /// Deletes an image with its shares.
    DeleteImage {
        /// Which image.
        image: ImageId,
    },
    /// Lets an owner's temporary key expire at once.
    ExpireToken {
        /// Whose.
        owner: AccountId,
    },
    /// Gives an owner a new token for his key; the one before is refused from now on.
    RenewToken {
        /// Whose.
        owner: AccountId,
        /// The new token.
        token: Secret,
        /// Seconds until it expires; left out: never.
        #[serde(default)]
        lives_s: Option<u32>,
    },
    /// Adds a fault rule after those that are armed.
    ArmFault {
        /// The rule.
        fault: FaultRule,
    },
    /// Removes every fault rule.
    DisarmFaults,
    /// Moves the cloud's clock away from the real one.
    AdvanceClock {
        /// How far, in seconds; negative moves it back.
        seconds: i64,
    },
    /// Forgets the counted calls and the rate windows.
    ResetCounters,
}

/// Why a change could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeddlingError(String);

impl MeddlingError {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }

    pub(crate) fn unknown(kind: &str, name: &str) -> Self {
        Self(format!("the simulated world has no {kind} {name}"))
    }
}

impl fmt::Display for MeddlingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MeddlingError {}

impl CloudSim {
    /// Makes the change, whole or not at all.
    pub(crate) fn meddle(&self, meddling: Meddling) -> Result<(), MeddlingError> {
        let mut state = self.state();
        match meddling {
            Meddling::AddShare { image, account } => {
                let now = self.now(&state);
                image_of(&mut state, &image)?.shares.add(&account, now);
            }
            Meddling::RemoveShare { image, account } => {
                let now = self.now(&state);
                remove_share(&mut state, now, &image, &account)?;
            }
            Meddling::HideFromReceivers { image } => image_of(&mut state, &image)?.hidden = true,
            Meddling::ShowToReceivers { image } => image_of(&mut state, &image)?.hidden = false,
            Meddling::SetState { image, state: name } => self.set_state(&mut state, &image, &name)?,
            Meddling::FailCopy { image } => self.fail_copy(&mut state, &image)?,
            Meddling::FinishImages => self.finish_images(&mut state),
            Meddling::ExpireToken { owner } => {
                let now = self.now(&state);
                credential_of(&mut state, &owner)?.expires = Some(now);
            }
            Meddling::RenewToken { owner, token, lives_s } => {
                let expires = lives_s.map(|seconds| after(self.now(&state), seconds));
                let credential = credential_of(&mut state, &owner)?;
                (credential.token, credential.expires) = (Some(token), expires);
            }
            Meddling::AddImage { owner, region, image } => {
                self.add_image(&mut state, &owner, &region, &image)?;
            }
            Meddling::DeleteImage { image } => delete_image(&mut state, &image)?,
            Meddling::ArmFault { fault } => self.arm(&mut state, fault)?,
            Meddling::DisarmFaults => state.faults.disarm_all(),
            Meddling::AdvanceClock { seconds } => {
                state.clock_offset = state.clock_offset.saturating_add(SignedDuration::from_secs(seconds));
            }
            Meddling::ResetCounters => {
                state.journal.clear();
                state.rates.clear();
            }
        }
        Ok(())
    }

    fn set_state(&self, state: &mut State, image: &ImageId, name: &str) -> Result<(), MeddlingError> {
        if !self.rules().states().contains(&name) {
            return Err(MeddlingError::unknown("image state", name));
        }
        image_of(state, image)?.set_state(name);
        Ok(())
    }

    fn fail_copy(&self, state: &mut State, id: &ImageId) -> Result<(), MeddlingError> {
        let (now, failed) = (self.now(state), self.rules().failed_state(id));
        let image = image_of(state, id)?;
        if image.origin.is_none() || image.percent(now).is_none() {
            return Err(MeddlingError::new(format!("image {id} is no copy that is being made")));
        }
        image.set_state(failed);
        Ok(())
    }

    fn finish_images(&self, state: &mut State) {
        let now = self.now(state);
        let (unfinished, finished) = (self.rules().unfinished_states(), self.rules().states()[0]);
        for image in state.world.images_mut().filter(|image| unfinished.contains(&image.state(now))) {
            image.set_state(finished);
        }
    }

    fn arm(&self, state: &mut State, fault: FaultRule) -> Result<(), MeddlingError> {
        let name = self.rules().name();
        if !fault.is_for(name) {
            return Err(MeddlingError::new(format!("the fault is for another cloud than {name}")));
        }
        if let Some(problem) = fault.problem() {
            return Err(MeddlingError::new(problem));
        }
        state.faults.arm(fault);
        Ok(())
    }

    fn add_image(
        &self,
        state: &mut State,
        owner: &AccountId,
        region: &RegionId,
        image: &ImageScenario,
    ) -> Result<(), MeddlingError> {
        if !state.world.has_owner(owner) {
            return Err(MeddlingError::unknown("owner", owner.as_str()));
        }
        let digest = state.world.next_image_digest();
        let image = ImageMaker::new(self.rules()).image(image, &digest).map_err(MeddlingError::new)?;
        let id = image.id.clone();
        let now = self.now(state);
        let added = state.world.add_image(owner, region, image, now);
        added.then_some(()).ok_or_else(|| MeddlingError::new(format!("the image id {id} is taken")))
    }
}

fn credential_of<'a>(state: &'a mut State, owner: &AccountId) -> Result<&'a mut Credential, MeddlingError> {
    state.world.credential_mut(owner).ok_or_else(|| MeddlingError::unknown("owner", owner.as_str()))
}

fn image_of<'a>(state: &'a mut State, image: &ImageId) -> Result<&'a mut Image, MeddlingError> {
    state.world.image_mut(image).ok_or_else(|| MeddlingError::unknown("image", image.as_str()))
}

fn remove_share(
    state: &mut State,
    now: Timestamp,
    image: &ImageId,
    account: &AccountId,
) -> Result<(), MeddlingError> {
    let removed = image_of(state, image)?.shares.remove(account, now);
    let missing = || MeddlingError::new(format!("image {image} is not shared with account {account}"));
    removed.then_some(()).ok_or_else(missing)
}

fn delete_image(state: &mut State, image: &ImageId) -> Result<(), MeddlingError> {
    let removed = state.world.remove_image(image);
    removed.then_some(()).ok_or_else(|| MeddlingError::unknown("image", image.as_str()))
}
