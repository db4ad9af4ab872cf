//! Shares that wait for their receivers: which a login of the config is to accept, and which wait for somebody else.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use imgshare_protocol::{Acceptance, AccountId, CloudName, Desired, Receiver};

use super::findings::{Findings, image_name};
use super::image::Meeting;
use crate::acceptance::{PlannedAcceptance, Unaccepted};
use crate::known_shares::KnownShares;
use crate::plan::{AccountLabel, PlannedChange};

/// The receivers' logins that the config names, for the images of one cloud.
#[derive(Debug, Default)]
pub(super) struct Logins<'d>(BTreeMap<&'d AccountId, &'d Receiver>);

impl<'d> Logins<'d> {
    pub(super) fn new(desired: &'d Desired, cloud: &CloudName) -> Self {
        let receivers = desired.receivers.iter().filter(|((of, _), _)| of == cloud);
        Self(receivers.map(|((_, account), receiver)| (account, receiver)).collect())
    }

    /// The cloud whose login accepts for this account.
    fn accepts(&self, account: &AccountId) -> Option<&'d CloudName> {
        self.0.get(account)?.accept_with.as_ref()
    }

    /// Those of these accounts that have a login that accepts, with its cloud.
    pub(super) fn accepting<'a>(
        &'a self,
        accounts: &'a [Arc<AccountLabel>],
    ) -> impl Iterator<Item = (&'a Arc<AccountLabel>, &'d CloudName)> {
        self.of(accounts, |receiver| receiver.accept_with.as_ref())
    }

    /// Those of these accounts that have a login that can be asked, with its cloud.
    pub(super) fn verifying<'a>(
        &'a self,
        accounts: &'a [Arc<AccountLabel>],
    ) -> impl Iterator<Item = (&'a Arc<AccountLabel>, &'d CloudName)> {
        self.of(accounts, |receiver| receiver.verify_with.as_ref())
    }

    /// Whether any receiver can be asked.
    pub(super) fn verify_any(&self) -> bool {
        self.0.values().any(|receiver| receiver.verify_with.is_some())
    }

    fn of<'a>(
        &'a self,
        accounts: &'a [Arc<AccountLabel>],
        with: impl Fn(&'d Receiver) -> Option<&'d CloudName>,
    ) -> impl Iterator<Item = (&'a Arc<AccountLabel>, &'d CloudName)> {
        let accounts = if self.0.is_empty() { &[] } else { accounts };
        accounts.iter().filter_map(move |account| Some((account, with(self.0.get(&account.id)?)?)))
    }
}

/// Looks at the wanted shares of an image that are there.
pub(super) fn compare(meeting: &Meeting<'_>, shares: &KnownShares, findings: &mut Findings) {
    let mut waiting = Unaccepted::default();
    for (account, found) in &shares.acceptance {
        let Some(account) = meeting.together.wanted(account) else { continue };
        if !shares.accounts.contains(&account.id) {
            continue;
        }
        match (found, meeting.logins.accepts(&account.id)) {
            (Acceptance::Accepted | Acceptance::Unknown, _) => {}
            (_, Some(with)) => {
                let change = meeting.site.change(meeting.together.rules.clone(), image_name(meeting.image));
                findings.acceptances.push(planned(&change, account, with, Some(*found)));
            }
            (Acceptance::Pending, None) => waiting.pending.push(account.clone()),
            (Acceptance::Rejected, None) => waiting.rejected.push(account.clone()),
        }
    }
    if !waiting.pending.is_empty() || !waiting.rejected.is_empty() {
        findings.unaccepted.push(unaccepted(meeting, waiting));
    }
}

fn unaccepted(meeting: &Meeting<'_>, waiting: Unaccepted) -> Unaccepted {
    Unaccepted {
        rules: meeting.together.rules.clone(),
        cloud: meeting.site.cloud.name.clone(),
        provider: meeting.site.cloud.provider.clone(),
        region: meeting.site.region.clone(),
        image: image_name(meeting.image),
        ..waiting
    }
}

/// Adds the shares that these changes will make, and brings all into order.
pub(super) fn complete(desired: &Desired, changes: &[PlannedChange], findings: &mut Findings) {
    let clouds = desired.clouds.keys().map(|cloud| (cloud, Logins::new(desired, cloud)));
    let logins: HashMap<&CloudName, Logins<'_>> = clouds.collect();
    for change in changes.iter().filter(|change| change.snapshot.is_none()) {
        let Some(logins) = logins.get(&change.cloud) else { continue };
        let made = logins.accepting(&change.add);
        findings.acceptances.extend(made.map(|(account, with)| planned(change, account, with, None)));
    }
    findings.acceptances.sort_by(|a, b| by_place(a).cmp(&by_place(b)));
}

fn by_place(acceptance: &PlannedAcceptance) -> impl Ord + use<'_> {
    let PlannedAcceptance { cloud, region, image, account, .. } = acceptance;
    (cloud, region, &image.name, &image.id, &account.id)
}

/// The acceptance of the share of this change's image with this account.
fn planned(
    change: &PlannedChange,
    account: &Arc<AccountLabel>,
    with: &CloudName,
    found: Option<Acceptance>,
) -> PlannedAcceptance {
    PlannedAcceptance {
        rules: change.rules.clone(),
        cloud: change.cloud.clone(),
        provider: change.provider.clone(),
        region: change.region.clone(),
        image: change.image.clone(),
        account: account.clone(),
        with: with.clone(),
        found,
        ..PlannedAcceptance::default()
    }
}
