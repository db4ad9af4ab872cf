//! The input of this cloud: owners with their images, and the answers where the vendor is silent.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::zones::Zones;
use super::{NAME, Service, Ucloud};
use crate::cloud::Cloud;
use crate::copying::CopyRule;
use crate::ids::{AccountId, ImageId, RegionId};
use crate::scenario::{AccountsScenario, Conditions, ImageMaker, Owners, Redundant, RegionScenario, Section};
use crate::secret::Secret;
use crate::world::{Credential, Image, Owner, World};

/// A simulated UCloud.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UcloudScenario {
    /// Who has images here, or a key of another form than [`ReceiverKey`](crate::ReceiverKey). A region exists when any
    /// owner has it.
    pub owners: Vec<UcloudOwner>,
    /// Which receiving accounts exist: all integers, when nothing is said.
    pub accounts: AccountsScenario,
    /// The zones of regions, the first of which has the images that name none; left out: one zone, `REGION-01`.
    pub zones: BTreeMap<RegionId, Vec<String>>,
    /// Calls a second by action, for each owner and region; `"*"` stands for every other action. Left out: no limit.
    /// The vendor publishes no figures.
    pub calls_per_s: BTreeMap<String, u32>,
    /// Seconds that its clock is ahead of the real one; negative: behind.
    pub clock_skew_s: i64,
    /// Seconds after the start at which every temporary key (one with a token) expires; left out: never.
    pub token_lifetime_s: Option<u32>,
    /// How copies go; the first rule that concerns a copy holds.
    pub copies: Vec<CopyRule>,
    /// Seconds after which receivers see what was shared with them, or taken from them; at most 600. No vendor gives a
    /// figure.
    pub receivers_lag_s: u32,
    /// Limits, and the answers where the vendor is silent.
    pub behaviour: Behaviour,
}

/// One company account with an API key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UcloudOwner {
    /// The account id.
    pub account: AccountId,
    /// The public key.
    pub public_key: String,
    /// The private key.
    pub private_key: Secret,
    /// The token that must come with the key; left out: a permanent key, and a token is refused.
    #[serde(default)]
    pub security_token: Option<Secret>,
    /// The only project; a call for another is refused. Left out: every project will do.
    #[serde(default)]
    pub project_id: Option<String>,
    /// Its regions and CompShare images.
    #[serde(default)]
    pub regions: BTreeMap<RegionId, RegionScenario>,
    /// Its regions and UHost images, which cannot be shared.
    #[serde(default)]
    pub uhost_regions: BTreeMap<RegionId, RegionScenario>,
}

/// Limits, and the answers where the vendor is silent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Behaviour {
    /// Accounts that an image can be shared with. Nothing is documented; left out: no limit. Beyond: 230.
    pub accounts_per_image_max: Option<usize>,
    /// Seconds for which a copy is being made.
    pub copy_takes_s: u32,
    /// Whether only images in the state Available can be shared. Not documented.
    pub only_available: bool,
    /// The RetCode of an answer that lists invalid accounts: 0 in the vendor's example.
    pub invalid_accounts_ret_code: i64,
    /// Whether an account to add that has the image is invalid. Not documented.
    pub already_shared: Redundant,
    /// Whether an account to remove that does not have the image is invalid. Not documented.
    pub remove_unshared: Redundant,
    /// What the listing of CompShare images makes of the zone. The vendor's sources contradict each other.
    pub zone: ZoneParameter,
    /// How the shares of an image that has none are written.
    pub empty_accounts: EmptyAccounts,
    /// Whether account ids, times and sizes are texts: the vendor's sources contradict each other.
    pub loose_types: bool,
}

/// What the listing of CompShare images makes of the parameter `Zone`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneParameter {
    /// Without it all zones of the region are listed, with it one.
    #[default]
    Optional,
    /// Without it the call is refused, with it one zone is listed.
    Required,
    /// The whole region is listed, with and without it.
    Ignored,
}

/// How the `AccountSet` of an image without shares is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyAccounts {
    /// `{}`, as in the vendor's example.
    #[default]
    Object,
    /// `[]`.
    List,
    /// `null`.
    Null,
    /// Not at all.
    LeftOut,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            accounts_per_image_max: None,
            copy_takes_s: 2,
            only_available: true,
            invalid_accounts_ret_code: 0,
            already_shared: Redundant::default(),
            remove_unshared: Redundant::default(),
            zone: ZoneParameter::default(),
            empty_accounts: EmptyAccounts::default(),
            loose_types: false,
        }
    }
}

impl Section for UcloudScenario {
    fn cloud(&self) -> &'static str {
        NAME
    }

    fn regions_mut(&mut self) -> Vec<&mut BTreeMap<RegionId, RegionScenario>> {
        self.owners.iter_mut().map(|owner| &mut owner.regions).collect()
    }

    fn conditions(&self) -> Conditions {
        Conditions {
            clock_skew_s: self.clock_skew_s,
            token_lifetime_s: self.token_lifetime_s,
            copies: self.copies.clone(),
            receivers_lag_s: self.receivers_lag_s,
        }
    }

    fn calls_per_s_mut(&mut self) -> &mut BTreeMap<String, u32> {
        &mut self.calls_per_s
    }

    fn build(&self, seed: u64) -> Result<(Box<dyn Cloud>, World), String> {
        let project = |owner: &UcloudOwner| Some((owner.account.clone(), owner.project_id.clone()?));
        let cloud = Ucloud {
            behaviour: self.behaviour.clone(),
            zones: Zones::new(self.zones.clone()),
            projects: self.owners.iter().filter_map(project).collect(),
        };
        let mut owners = Owners::default();
        for owner in &self.owners {
            owners.add(&owner.account, owner.build(&cloud, seed)?)?;
        }
        let world = owners.into_world(seed, &self.accounts)?;
        Ok((Box::new(cloud), world))
    }
}

impl UcloudOwner {
    fn build(&self, cloud: &Ucloud, seed: u64) -> Result<Owner, String> {
        let credential = Credential {
            key_id: self.public_key.clone(),
            secret: self.private_key.clone(),
            token: self.security_token.clone(),
            expires: None,
        };
        let mut regions = self.images(cloud, seed, Service::CompShare, &self.regions)?;
        for (region, images) in self.images(cloud, seed, Service::UHost, &self.uhost_regions)? {
            regions.entry(region).or_default().extend(images);
        }
        Ok(Owner { credential, regions })
    }

    fn images(
        &self,
        cloud: &Ucloud,
        seed: u64,
        service: Service,
        regions: &BTreeMap<RegionId, RegionScenario>,
    ) -> Result<BTreeMap<RegionId, BTreeMap<ImageId, Image>>, String> {
        let maker = ImageMaker::new(cloud).with_ids(|digest| service.image_id(digest));
        let made = maker.regions(seed, &self.account, regions)?;
        for (region, images) in &made {
            images.values().try_for_each(|image| check(cloud, service, region, image))?;
        }
        Ok(made)
    }
}

/// An image stands under its service, in a zone that its region has.
fn check(cloud: &Ucloud, service: Service, region: &RegionId, image: &Image) -> Result<(), String> {
    let id = &image.id;
    if Service::of(id) != Some(service) {
        return Err(format!("the image id {id} is of another service: use {} here", service.prefix()));
    }
    let zone = cloud.zones.of_image(region, image);
    let known = cloud.zones.of_region(region).contains(&zone);
    known
        .then_some(())
        .ok_or_else(|| format!("the image {id} is in the zone {zone}, which {region} does not have"))
}
