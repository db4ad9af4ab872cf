//! Verifying is a read of the changed images and the same comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imgshare_protocol::{AccountId, Shares};

use crate::actual::{Actual, SharesRead};
use crate::outcome::{Shortfall, Verification};
use crate::plan::{AccountLabel, ChangeKey, Plan, PlannedChange};

/// How the images of `plan`'s changes look in `after`, in which they were read again.
///
/// A change whose image was not read again is [`Verification::NotAsked`].
pub fn verify(plan: &Plan, after: &Actual) -> BTreeMap<ChangeKey, Verification> {
    let read = reads(after);
    let verified = plan.to_do().map(|change| {
        let key = change.key();
        let site = (key.cloud.clone(), key.region.clone());
        let verification = match (after.regions.get(&site), read.get(&key)) {
            (Some(Err(error)), _) => Verification::Failed(error.clone()),
            (_, Some(read)) => verify_change(change, read),
            (_, None) => Verification::NotAsked,
        };
        (key, verification)
    });
    verified.collect()
}

/// How the image of one change looks in `read`, which was read again after it.
pub fn verify_change(change: &PlannedChange, read: &SharesRead) -> Verification {
    match read {
        SharesRead::NotRead => Verification::NotAsked,
        SharesRead::Read(shares) => Verification::ReadBack(shortfall(change, shares)),
        SharesRead::Failed(error) => Verification::Failed(error.clone()),
    }
}

/// What was read of each image.
fn reads(after: &Actual) -> BTreeMap<ChangeKey, &SharesRead> {
    let regions = after.regions.iter().filter_map(|(site, images)| Some((site, images.as_ref().ok()?)));
    let images = regions.flat_map(|((cloud, region), images)| {
        images.iter().map(|actual| {
            let image = actual.image.id.clone();
            (ChangeKey { cloud: cloud.clone(), region: region.clone(), image }, &actual.shares)
        })
    });
    images.collect()
}

/// The accounts of this change that are not as it wants them.
fn shortfall(change: &PlannedChange, shares: &Shares) -> Shortfall {
    let those = |accounts: &[Arc<AccountLabel>], have: bool| -> BTreeSet<AccountId> {
        let wrong = accounts.iter().filter(|account| shares.accounts.contains(&account.id) == have);
        wrong.map(|account| account.id.clone()).collect()
    };
    Shortfall { missing: those(&change.add, false), remaining: those(&change.remove, true) }
}
