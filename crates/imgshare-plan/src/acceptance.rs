//! Shares that their receivers have to accept: with a login that the config names, or by somebody else.

use std::sync::Arc;

use imgshare_protocol::{
    AcceptRequest, Acceptance, Accepted, AccountId, CloudName, Error, ErrorKind, ImageId, ImageRef,
    ProviderName, Region, Result, RuleName,
};
use serde::{Deserialize, Serialize};

use crate::actual::SharesRead;
use crate::outcome::{Shortfall, Verification};
use crate::plan::{AccountLabel, ChangeKey, ChangeState, ImageName};

/// A wanted share that its receiver's login shall accept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedAcceptance {
    /// The rules that select the image, in the file's order.
    pub rules: Vec<RuleName>,
    /// The cloud whose image it is.
    pub cloud: CloudName,
    /// What it is a cloud of.
    pub provider: ProviderName,
    /// The region.
    pub region: Region,
    /// The image.
    pub image: ImageName,
    /// Who receives it.
    pub account: Arc<AccountLabel>,
    /// The receiver's cloud, whose login accepts.
    pub with: CloudName,
    /// What the receiver has made of the share so far. `None`: the share is made by this run.
    pub found: Option<Acceptance>,
    /// What became of it.
    pub state: ChangeState,
}

impl PlannedAcceptance {
    /// What names this acceptance within its plan.
    pub fn key(&self) -> AcceptanceKey {
        AcceptanceKey {
            cloud: self.cloud.clone(),
            region: self.region.clone(),
            image: self.image.id.clone(),
            account: self.account.id.clone(),
        }
    }

    /// The call that makes it, to be sent to the cloud [`with`](Self::with).
    pub fn request(&self) -> AcceptRequest {
        let image = ImageRef { region: self.region.clone(), id: self.image.id.clone() };
        AcceptRequest { image, account: self.account.id.clone() }
    }

    /// How this share looks in `read`, the image's shares as its owner has read them again.
    pub fn verify(&self, read: &SharesRead) -> Verification {
        let shares = match read {
            SharesRead::NotRead => return Verification::NotAsked,
            SharesRead::Failed(error) => return Verification::Failed(error.clone()),
            SharesRead::Read(shares) => shares,
        };
        let account = &self.account.id;
        let refused = shares.acceptance.get(account).is_some_and(|found| *found != Acceptance::Accepted);
        let short = refused || !shares.accounts.contains(account);
        let missing = short.then(|| account.clone()).into_iter().collect();
        Verification::ReadBack(Shortfall { missing, ..Shortfall::default() })
    }
}

/// Names one acceptance: a plan has at most one for each share.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct AcceptanceKey {
    /// The cloud whose image it is.
    pub cloud: CloudName,
    /// The region.
    pub region: Region,
    /// The image's id.
    pub image: ImageId,
    /// The receiver's id.
    pub account: AccountId,
}

impl AcceptanceKey {
    /// The key of the change that makes the share, if the plan has one.
    pub fn change(&self) -> ChangeKey {
        ChangeKey {
            cloud: self.cloud.clone(),
            region: self.region.clone(),
            image: self.image.clone(),
            snapshot: None,
        }
    }
}

/// What became of one acceptance that was begun. One without an outcome was not begun.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptanceOutcome {
    /// The acceptance.
    pub key: AcceptanceKey,
    /// What came back. What the cloud calls done already is done.
    pub result: Result<Accepted>,
    /// How often something was sent to the cloud for it.
    pub attempts: u32,
    /// What reading the image's shares again showed: see [`PlannedAcceptance::verify`].
    pub verification: Verification,
}

impl AcceptanceOutcome {
    /// What came back on the call, made in this many attempts; nobody has looked yet.
    pub fn new(key: AcceptanceKey, answer: Result<Accepted>, attempts: u32) -> Self {
        let result = match answer {
            Err(error) if error.kind == ErrorKind::AlreadyDone => Ok(Accepted::default()),
            answer => answer,
        };
        Self { key, result, attempts, verification: Verification::NotAsked }
    }

    /// Why it is not accepted. What was read back is the last word: a call may fail on its way back, after the cloud
    /// has done it.
    pub(crate) fn error(&self) -> Option<Error> {
        let refused = self.result.as_ref().err().cloned();
        match &self.verification {
            Verification::ReadBack(shortfall) if shortfall.is_empty() => None,
            Verification::ReadBack(_) => Some(refused.unwrap_or_else(without_effect)),
            Verification::NotAsked | Verification::Failed(_) => refused,
        }
    }
}

fn without_effect() -> Error {
    Error::new(ErrorKind::Unexpected, "the share was accepted, but reading it back does not show it")
        .with_hint("run again; if it stays so, ask the cloud's support with the request id")
}

/// Wanted shares of one image that are there, that their receivers have not accepted, and for which the config names no
/// login that could.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unaccepted {
    /// The rules that want them.
    pub rules: Vec<RuleName>,
    /// The cloud.
    pub cloud: CloudName,
    /// What it is a cloud of.
    pub provider: ProviderName,
    /// The region.
    pub region: Region,
    /// The image.
    pub image: ImageName,
    /// Accounts that have not answered.
    pub pending: Vec<Arc<AccountLabel>>,
    /// Accounts that have refused.
    pub rejected: Vec<Arc<AccountLabel>>,
}
