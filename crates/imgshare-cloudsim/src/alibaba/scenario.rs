//! The input of this cloud: owners with their images, and the answers where the vendor is silent.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Alibaba, NAME};
use crate::cloud::Cloud;
use crate::copying::CopyRule;
use crate::ids::{AccountId, RegionId};
use crate::scenario::{AccountsScenario, Conditions, ImageMaker, Owners, Redundant, RegionScenario, Section};
use crate::secret::Secret;
use crate::world::{Credential, Owner, World};

/// A simulated Alibaba Cloud.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlibabaScenario {
    /// Who has images here, or a key of another form than [`ReceiverKey`](crate::ReceiverKey). A region exists when any
    /// owner has it.
    pub owners: Vec<AlibabaOwner>,
    /// Which receiving accounts exist: ids of 5 to 20 digits, all of them when nothing is said.
    pub accounts: AccountsScenario,
    /// Calls a second by action, for each owner and region; `"*"` stands for every other action. Left out: no limit.
    /// The vendor shows its figures only in an account's own quota centre.
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

/// One main account with an access key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlibabaOwner {
    /// The account id (UID).
    pub account: AccountId,
    /// The id of its access key.
    pub access_key_id: String,
    /// The access key.
    pub access_key_secret: Secret,
    /// The token that must come with the key; left out: a permanent key, and a token is refused.
    #[serde(default)]
    pub security_token: Option<Secret>,
    /// Its regions and images.
    #[serde(default)]
    pub regions: BTreeMap<RegionId, RegionScenario>,
}

/// Limits, and the answers where the vendor is silent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Behaviour {
    /// Accounts that an image can be shared with: 50 is documented, more by ticket. Beyond:
    /// `QuotaExceed.ShareImageUser`.
    pub accounts_per_image_max: usize,
    /// Own images in a region; left out: no limit, for the vendor shows its figure in the quota centre only. A copy
    /// beyond: `QuotaExceed.Image`, a code that is not verified.
    pub images_per_region_max: Option<usize>,
    /// Seconds for which a copy stays in Creating.
    pub copy_takes_s: u32,
    /// What one bad account does to the others of its call. Not documented.
    pub bad_account: BadAccount,
    /// Whether the refusal of a bad account names it. The page has a sentence with and one without.
    pub names_bad_account: bool,
    /// What a call says that adds an account that has the image. Not documented.
    pub already_shared: Redundant,
    /// What a call says that removes an account that does not have the image. Not documented.
    pub remove_unshared: Redundant,
    /// What a call does first that adds and removes. Not documented.
    pub first: FirstOf,
    /// What the listing says about shares of an image.
    pub self_shared: SelfShared,
    /// The code of a caller who is too fast. That it starts with `Throttling` is known from the vendor's SDK; what
    /// follows for these calls is not documented.
    pub throttled_code: String,
    /// The header `x-acs-retry-after` of such an answer; left out: no header. The vendor's SDK takes it as
    /// milliseconds; the documentation does not say.
    pub retry_after_ms: Option<u64>,
}

/// What one bad account does to the others of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BadAccount {
    /// The call fails, and nobody gets or loses anything.
    #[default]
    SpoilsTheCall,
    /// The call fails, and the good ones get or lose the image.
    GoodOnesApplied,
    /// The call succeeds without a word about the bad one.
    SilentlyIgnored,
}

/// What a call does first that adds and removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstOf {
    /// It adds: who is in both lists ends without the image.
    #[default]
    Add,
    /// It removes: who is in both lists ends with the image.
    Remove,
}

/// What `IsSelfShared` says in a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SelfShared {
    /// `True` or `False`, as the image is.
    #[default]
    Told,
    /// An empty text for every image, as in some of the vendor's examples: nothing is known then.
    Empty,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            accounts_per_image_max: 50,
            images_per_region_max: None,
            copy_takes_s: 2,
            bad_account: BadAccount::default(),
            names_bad_account: false,
            already_shared: Redundant::default(),
            remove_unshared: Redundant::default(),
            first: FirstOf::default(),
            self_shared: SelfShared::default(),
            throttled_code: "Throttling.User".to_owned(),
            retry_after_ms: None,
        }
    }
}

impl Section for AlibabaScenario {
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
        let cloud = Alibaba { behaviour: self.behaviour.clone() };
        let mut owners = Owners::default();
        for owner in &self.owners {
            owners.add(&owner.account, owner.build(&cloud, seed)?)?;
        }
        let world = owners.into_world(seed, &self.accounts)?;
        Ok((Box::new(cloud), world))
    }
}

impl AlibabaOwner {
    fn build(&self, cloud: &Alibaba, seed: u64) -> Result<Owner, String> {
        let credential = Credential {
            key_id: self.access_key_id.clone(),
            secret: self.access_key_secret.clone(),
            token: self.security_token.clone(),
            expires: None,
        };
        let regions = ImageMaker::new(cloud).regions(seed, &self.account, &self.regions)?;
        Ok(Owner { credential, regions })
    }
}
