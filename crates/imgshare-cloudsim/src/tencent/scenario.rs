//! The input of this cloud: owners with their images, and the answers where the vendor is silent.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{NAME, Tencent};
use crate::cloud::Cloud;
use crate::copying::CopyRule;
use crate::ids::{AccountId, RegionId};
use crate::scenario::{AccountsScenario, Conditions, ImageMaker, Owners, RegionScenario, Section};
use crate::secret::Secret;
use crate::world::{Credential, Owner, World};

/// A simulated Tencent Cloud.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TencentScenario {
    /// Who has images here, or a key of another form than [`ReceiverKey`](crate::ReceiverKey). A region exists when any
    /// owner has it.
    pub owners: Vec<TencentOwner>,
    /// Which receiving accounts exist: ids of 9 to 13 digits, all of them when nothing is said.
    pub accounts: AccountsScenario,
    /// Calls a second by action, for each owner and region; `"*"` stands for every other action. Left out: no limit.
    /// [`TencentScenario::documented_rates`] has the vendor's defaults.
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

/// One main account with an API key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TencentOwner {
    /// The account id (UIN).
    pub account: AccountId,
    /// The id of its key.
    pub secret_id: String,
    /// The key.
    pub secret_key: Secret,
    /// The session token that must come with the key; left out: a permanent key, and a token is refused.
    #[serde(default)]
    pub token: Option<Secret>,
    /// Its regions and images.
    #[serde(default)]
    pub regions: BTreeMap<RegionId, RegionScenario>,
}

/// Limits, and the answers where the vendor is silent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Behaviour {
    /// Accounts that an image can be shared with: 500 is documented (50 until 2024). Beyond: `OverQuota`.
    pub accounts_per_image_max: usize,
    /// Accounts in one call. Nothing is documented; the default of 50 is a guess. Beyond:
    /// `InvalidParameterValue.LimitExceeded`.
    pub accounts_per_call_max: usize,
    /// Own images in a region: 500 is documented. A copy beyond: `ImageQuotaLimitExceeded`.
    pub images_per_region_max: usize,
    /// Seconds for which a copy stays in SYNCING.
    pub copy_takes_s: u32,
    /// What SHARE says about an account that has the image. Not documented beyond the error code.
    pub already_shared: AlreadyShared,
    /// What one bad account does to the others of its call. Not documented.
    pub bad_account: BadAccount,
    /// What CANCEL says about an account that does not have the image. Not documented.
    pub cancel_unshared: CancelUnshared,
    /// Which of the two documented codes says that the image's state is wrong.
    pub wrong_state: WrongState,
    /// Whether image records have nothing but id, name, type, state and time, the rest null: any field may be.
    pub sparse_records: bool,
}

/// What SHARE says about an account that has the image already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlreadyShared {
    /// Nothing.
    #[default]
    Ok,
    /// `FailedOperation.AccountAlreadyExists`; counts as a bad account.
    Refused,
}

/// What one bad account does to the others of its call. The call fails either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BadAccount {
    /// Nobody gets or loses anything.
    #[default]
    SpoilsTheCall,
    /// The good ones get or lose the image.
    GoodOnesApplied,
}

/// What CANCEL says about an account that does not have the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelUnshared {
    /// Nothing.
    #[default]
    Ok,
    /// `InvalidAccountId.NotFound`; counts as a bad account.
    Refused,
}

/// Which of the two documented codes says that the image's state is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WrongState {
    /// `InvalidParameterValue.InvalidImageState`.
    #[default]
    ParameterError,
    /// `FailedOperation.InvalidImageState`.
    OperationError,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            accounts_per_image_max: 500,
            accounts_per_call_max: 50,
            images_per_region_max: 500,
            copy_takes_s: 2,
            already_shared: AlreadyShared::default(),
            bad_account: BadAccount::default(),
            cancel_unshared: CancelUnshared::default(),
            wrong_state: WrongState::default(),
            sparse_records: false,
        }
    }
}

impl TencentScenario {
    /// The vendor's default rates: 40 calls a second for `DescribeImages`, 10 for the others.
    pub fn documented_rates() -> BTreeMap<String, u32> {
        BTreeMap::from([("DescribeImages".to_owned(), 40), ("*".to_owned(), 10)])
    }
}

impl Section for TencentScenario {
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
        let cloud = Tencent { behaviour: self.behaviour.clone() };
        let mut owners = Owners::default();
        for owner in &self.owners {
            owners.add(&owner.account, owner.build(&cloud, seed)?)?;
        }
        let world = owners.into_world(seed, &self.accounts)?;
        Ok((Box::new(cloud), world))
    }
}

impl TencentOwner {
    fn build(&self, cloud: &Tencent, seed: u64) -> Result<Owner, String> {
        let credential = Credential {
            key_id: self.secret_id.clone(),
            secret: self.secret_key.clone(),
            token: self.token.clone(),
            expires: None,
        };
        let regions = ImageMaker::new(cloud).regions(seed, &self.account, &self.regions)?;
        Ok(Owner { credential, regions })
    }
}
