//! Clouds that do what a plan says.

use std::collections::BTreeSet;
use std::sync::Arc;

use imgshare_plan::{
    AccountLabel, Actual, ActualImage, KnownShares, Plan, PlannedChange, PlannedCopy, SharesRead,
};
use imgshare_protocol::{
    Acceptance, AccountId, CloudName, Image, ImageState, Recognition, Region, Shares, SnapshotId,
};

use crate::world::{NOW, World};

/// The clouds do all that the plan says.
pub(super) fn carry_out(plan: &Plan, world: &mut World) {
    for change in &plan.changes {
        let mut after = shares(&world.actual, change).expect("a change needs shares that were read");
        after.accounts = changed(change, after.accounts);
        set_shares(world, change, after);
    }
    for acceptance in &plan.acceptances {
        let image = acceptance.image.clone();
        let (cloud, region) = (acceptance.cloud.clone(), acceptance.region.clone());
        let share = PlannedChange { cloud, region, image, ..PlannedChange::default() };
        let mut after = shares(&world.actual, &share).expect("the share is there");
        after.acceptance.insert(acceptance.account.id.clone(), Acceptance::Accepted);
        set_shares(world, &share, after);
    }
    for (number, copy) in plan.copies.iter().enumerate() {
        make(copy, number, world);
    }
}

fn set_shares(world: &mut World, change: &PlannedChange, shares: Shares) {
    let site = (change.cloud.clone(), change.region.clone());
    if let Some(snapshot) = &change.snapshot {
        world.actual.snapshots.entry(site).or_default().insert(snapshot.clone(), shares.into());
        return;
    }
    let image = images(world, &change.cloud, &change.region);
    let image = image.iter_mut().find(|actual| actual.image.id == change.image.id).expect("its image");
    (image.image.shared, image.shares) = (None, shares.into());
}

/// Makes a copy, with a snapshot of its own, and shares both.
fn make(copy: &PlannedCopy, number: usize, world: &mut World) {
    let ids = |accounts: &[Arc<AccountLabel>]| accounts.iter().map(|account| account.id.clone()).collect();
    let accepted = copy.accept_with.keys().map(|account| (account.clone(), Acceptance::Accepted)).collect();
    let shares = Shares { accounts: ids(&copy.add), acceptance: accepted, ..Shares::default() };
    let images = images(world, &copy.cloud, &copy.region);
    let snapshot: SnapshotId = format!("made-{}-{number}", images.len()).into();
    let shares = SharesRead::from(shares);
    match images.iter_mut().find(|actual| Some(&actual.image.id) == copy.begun.as_ref()) {
        Some(begun) => {
            (begun.image.state, begun.shares) = (ImageState::Available, shares);
            begun.image.snapshots = vec![snapshot.clone()];
        }
        None => {
            let mut image = made(copy, number + images.len());
            image.snapshots = vec![snapshot.clone()];
            images.push(ActualImage { image, shares });
        }
    }
    let accounts = copy.snapshots.as_ref().map(|of| ids(&of.add)).unwrap_or_default();
    let site = (copy.cloud.clone(), copy.region.clone());
    let known = world.actual.snapshots.entry(site).or_default();
    known.insert(snapshot, Shares { accounts, ..Shares::default() }.into());
}

/// What the cloud makes of a copy. Those that were made first have the greatest ids, of which none comes twice.
fn made(copy: &PlannedCopy, number: usize) -> Image {
    Image {
        id: format!("z{:04}-{}", 9999 - number, copy.region).into(),
        name: copy.name.clone(),
        state: ImageState::Available,
        created: Some(NOW),
        copied_from: (copy.recognised_by != Recognition::Name).then(|| copy.source.id.clone()),
        ..Image::default()
    }
}

fn images<'w>(world: &'w mut World, cloud: &CloudName, region: &Region) -> &'w mut Vec<ActualImage> {
    let images = world.actual.regions.get_mut(&(cloud.clone(), region.clone()));
    images.expect("its region").as_mut().expect("was read")
}

/// Who has the image or the snapshot of this change, if that is known.
pub(super) fn shares(actual: &Actual, change: &PlannedChange) -> Option<Shares> {
    let site = (change.cloud.clone(), change.region.clone());
    if let Some(snapshot) = &change.snapshot {
        let SharesRead::Read(shares) = actual.snapshots.get(&site)?.get(snapshot)? else { return None };
        return Some(told(shares));
    }
    let images = actual.regions.get(&site)?.as_ref().ok()?;
    let image = images.iter().find(|actual| actual.image.id == change.image.id)?;
    match &image.shares {
        SharesRead::Read(shares) => Some(told(shares)),
        SharesRead::NotRead if image.image.shared == Some(false) => Some(Shares::none()),
        SharesRead::NotRead | SharesRead::Failed(_) => None,
    }
}

pub(super) fn changed(change: &PlannedChange, mut accounts: BTreeSet<AccountId>) -> BTreeSet<AccountId> {
    accounts.extend(change.add.iter().map(|account| account.id.clone()));
    accounts.retain(|id| change.remove.iter().all(|account| account.id != *id));
    accounts
}

/// As a provider tells it.
fn told(shares: &KnownShares) -> Shares {
    Shares {
        accounts: shares.accounts.iter().cloned().collect(),
        other_grants: shares.other_grants.clone(),
        acceptance: shares.acceptance.clone(),
    }
}
