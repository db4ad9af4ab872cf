//! Acceptances: made with the receivers' own logins, as soon as the change of their image has ended.

use std::collections::HashSet;

use futures_util::future::join_all;
use imgshare_host::Provider;
use imgshare_plan::{
    AcceptanceOutcome, ChangeKey, Plan, PlannedAcceptance, PlannedChange, ReportedAcceptance,
};
use tokio::sync::Semaphore;

use crate::apply::{Applying, Verify};
use crate::events::Event;
use crate::outcomes::Outcomes;
use crate::reads::read_shares;
use crate::write::Write;

/// Shares of one image that are to be accepted.
pub(crate) struct ToAccept {
    pub(crate) shares: Vec<PlannedAcceptance>,
    /// The change of that image, which has to end before.
    pub(crate) after: Option<ChangeKey>,
}

/// The plan's acceptances, image by image.
pub(crate) fn to_accept(plan: &Plan) -> Vec<ToAccept> {
    let shares: Vec<_> = plan.to_do_acceptances().collect();
    if shares.is_empty() {
        return Vec::new();
    }
    let changes: HashSet<_> = plan.to_do().map(PlannedChange::key).collect();
    let image = |share: &PlannedAcceptance| share.key().change();
    let images = shares.chunk_by(|one, other| image(one) == image(other));
    let images = images.map(|shares| ToAccept {
        after: Some(image(shares[0])).filter(|change| changes.contains(change)),
        shares: shares.iter().map(|share| (*share).clone()).collect(),
    });
    images.collect()
}

impl Applying<'_> {
    /// Accepts the shares of one image, and lets its owner look at it again. One that could not be made, or that the run
    /// did not come to, has no outcome. As many are sent at the same time as there are places.
    pub(crate) async fn accept(
        &self,
        what: ToAccept,
        outcomes: &Outcomes,
        places: &Semaphore,
    ) -> Vec<AcceptanceOutcome> {
        let ToAccept { mut shares, after } = what;
        if let Some(change) = after {
            if self.stop.unless_requested(outcomes.wait_for(&change)).await.is_none() {
                return Vec::new();
            }
            shares.retain(|share| !outcomes.has_failed(&change, &share.account.id));
        }
        let done = shares.iter().map(async |share| Some((share, self.accept_share(share, places).await?)));
        let mut done: Vec<_> = join_all(done).await.into_iter().flatten().collect();
        self.read_back_accepted(&mut done).await;
        for (share, outcome) in &done {
            self.observer.event(Event::Accepted(&ReportedAcceptance::new(share, Some(outcome))));
        }
        done.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// Accepts one share. `None`: the run is to stop, so nothing was sent.
    async fn accept_share(&self, share: &PlannedAcceptance, places: &Semaphore) -> Option<AcceptanceOutcome> {
        let _place = places.acquire().await.ok()?;
        if self.stop.is_requested() {
            return None;
        }
        let send = async |provider: &Provider| provider.accept_share(share.request()).await;
        let ended = self.write(&Write::Acceptance(share), send).await;
        Some(AcceptanceOutcome::new(share.key(), ended.result, ended.sends))
    }

    async fn read_back_accepted(&self, done: &mut [(&PlannedAcceptance, AcceptanceOutcome)]) {
        let sent = done.iter().find(|(_, outcome)| outcome.attempts > 0);
        let (Some((share, _)), Verify::ReadBack) = (sent, self.verify) else { return };
        let (read, _) = read_shares(self.clouds, &share.cloud, share.request().image).await;
        for (share, outcome) in done.iter_mut().filter(|(_, outcome)| outcome.attempts > 0) {
            outcome.verification = share.verify(&read);
        }
    }
}
