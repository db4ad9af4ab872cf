//! The changes of a run on their way to the clouds: one lane for each region.
//!
//! Each region has quotas of its own, so a slow one must not hold up the others; and changes have quotas of their own,
//! so they go beside the reads of the same region. Acceptances are made with other logins, beside all of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use futures_util::future::{join, join_all};
use futures_util::stream::{self, Stream, StreamExt as _};
use imgshare_plan::{AcceptanceKey, AcceptanceOutcome, EarlyChange, Outcome, PlannedChange};
use imgshare_protocol::{CloudName, Region};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::accept::ToAccept;
use crate::apply::Applying;
use crate::outcomes::Outcomes;

/// One region of one cloud.
pub(crate) type Site = (CloudName, Region);

/// A change that is to be made, or a part of one.
pub(crate) struct Job {
    pub(crate) change: PlannedChange,
    pub(crate) part: Part,
}

/// How much of an image's change a job is.
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// The additions, before the whole plan is known; the rest comes later, and with it reading back and reporting.
    First {
        /// Takes the outcome so far.
        so_far: oneshot::Sender<Outcome>,
    },
    /// What comes after the additions.
    Rest {
        /// The additions, as they were made.
        first: Box<EarlyChange>,
        /// Their outcome. Nothing comes when they were not begun.
        so_far: oneshot::Receiver<Outcome>,
    },
}

/// Where jobs are put.
pub(crate) struct Lanes {
    entries: BTreeMap<Site, mpsc::UnboundedSender<Job>>,
    to_accept: mpsc::UnboundedSender<ToAccept>,
}

/// Where jobs are done.
pub(crate) struct Workers {
    exits: Vec<mpsc::UnboundedReceiver<Job>>,
    to_accept: mpsc::UnboundedReceiver<ToAccept>,
}

/// Acceptances that were begun, with what became of them.
pub(crate) type Accepted = BTreeMap<AcceptanceKey, AcceptanceOutcome>;

/// Lanes to these regions, and those who work on them. The work ends when the lanes are dropped.
pub(crate) fn lanes(sites: impl IntoIterator<Item = Site>) -> (Lanes, Workers) {
    let mut exits = Vec::new();
    let entries = sites.into_iter().map(|site| {
        let (entry, exit) = mpsc::unbounded_channel();
        exits.push(exit);
        (site, entry)
    });
    let entries = entries.collect();
    let (accept, to_accept) = mpsc::unbounded_channel();
    (Lanes { entries, to_accept: accept }, Workers { exits, to_accept })
}

impl Lanes {
    /// Puts a job on the lane of its region, behind those that are there.
    pub(crate) fn put(&self, change: PlannedChange, part: Part) {
        let site = (change.cloud.clone(), change.region.clone());
        let lane = self.entries.get(&site).expect("a lane is opened for every region of a run");
        // The worker holds the other end until this one is dropped.
        let _ = lane.send(Job { change, part });
    }

    /// Lets these shares be accepted.
    pub(crate) fn accept(&self, shares: ToAccept) {
        let _ = self.to_accept.send(shares);
    }
}

impl Workers {
    /// Does all jobs; so many of each region are in the works at the same time. As many acceptances are, however many
    /// wait for the changes of their images.
    pub(crate) async fn work(self, applying: &Applying<'_>, outcomes: &Outcomes) -> Accepted {
        let lanes = self.exits.into_iter().map(|exit| {
            let done = stream_of(exit).map(|job| applying.job(job));
            let done = done.buffer_unordered(applying.clouds.concurrency);
            done.filter_map(std::future::ready).for_each(async |outcome| outcomes.put(outcome))
        });
        let accepted = RefCell::new(Accepted::new());
        let places = Semaphore::new(applying.clouds.concurrency);
        let acceptances = stream_of(self.to_accept).for_each_concurrent(None, async |shares| {
            let done = applying.accept(shares, outcomes, &places).await;
            accepted.borrow_mut().extend(done.into_iter().map(|outcome| (outcome.key.clone(), outcome)));
        });
        join(join_all(lanes), acceptances).await;
        accepted.into_inner()
    }
}

fn stream_of<T>(exit: mpsc::UnboundedReceiver<T>) -> impl Stream<Item = T> {
    stream::unfold(exit, |mut exit| async { exit.recv().await.map(|item| (item, exit)) })
}
