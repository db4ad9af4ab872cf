//! Who can be asked, and what the owners' side says of their shares.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use imgshare_plan::{
    AccountLabel, Actual, ActualImage, ChangeState, CopyState, ImageName, Question, Received, Report,
    ReportedAcceptance, ReportedChange, ReportedCopy, SharesRead, Survey, questions, received,
};
use imgshare_protocol::{Acceptance, AccountId, CloudName, ImageId, ReceivedImage, Region, Result};

/// The receivers that a run can ask, and for what. By default nobody.
#[derive(Clone, Debug, Default)]
pub struct Receivers {
    questions: Vec<Question>,
    /// The login of each receiver, by the cloud whose images it receives.
    logins: BTreeMap<(CloudName, AccountId), CloudName>,
    granted: HashMap<Share, Option<bool>>,
    /// Shares that were accepted by the run: what is told of them may be older.
    accepted: HashSet<Share>,
}

type Share = (CloudName, Region, ImageId, AccountId);

impl Receivers {
    /// Those whom the config lets ask, with what the survey has found of their shares.
    pub fn of(survey: &Survey<'_>, actual: &Actual) -> Self {
        let questions = questions(survey, actual);
        let logins = survey.desired.receivers.iter();
        let logins = logins.filter_map(|(key, receiver)| Some((key.clone(), receiver.verify_with.clone()?)));
        let granted = questions.iter().flat_map(|question| found(question, actual)).collect();
        Self { logins: logins.collect(), granted, questions, accepted: HashSet::new() }
    }

    /// Whether there is nothing to ask anybody.
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }

    /// The same after a run that ended like this: with its changes, and with the copies that it has made.
    pub(super) fn after(&self, report: &Report) -> Self {
        let mut after = self.clone();
        for reported in report.changes.iter().filter(|reported| reported.change.snapshot.is_none()) {
            after.note(reported);
        }
        report.copies.iter().for_each(|copy| after.note_copy(copy));
        let of_copies = report.copies.iter().flat_map(|copy| &copy.acceptances);
        let accepted = report.acceptances.iter().chain(of_copies).filter(|reported| reported.has_changed());
        let accepted = accepted.map(|ReportedAcceptance { acceptance: share, .. }| {
            owned((&share.cloud, &share.region, &share.image.id, &share.account.id))
        });
        after.accepted.extend(accepted);
        after
    }

    pub(super) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// What this answer says of each image of the question.
    pub(super) fn received(&self, question: &Question, answer: &Result<Vec<ReceivedImage>>) -> Vec<Received> {
        let granted = |image: &ImageId, account: &AccountId| {
            let share = (question.cloud.clone(), question.region.clone(), image.clone(), account.clone());
            self.granted.get(&share).copied().flatten()
        };
        received(question, granted, answer)
    }

    /// The same question about those images that the receiver shall see and does not yet. One that it has not accepted
    /// will not show however long anybody waits.
    pub(super) fn hidden(&self, question: &Question, answer: &Result<Vec<ReceivedImage>>) -> Question {
        let waits = |share: &Received| match share.accepted {
            Some(Acceptance::Pending | Acceptance::Rejected) => {
                let share = (&share.cloud, &share.region, &share.image.id, &share.account.id);
                self.accepted.contains(&owned(share))
            }
            _ => true,
        };
        let hidden =
            self.received(question, answer).into_iter().filter(|share| share.is_hidden() && waits(share));
        Question { images: hidden.map(|share| share.image).collect(), ..question.clone() }
    }

    /// Takes note of who got the image of this change.
    fn note(&mut self, reported: &ReportedChange) {
        let change = &reported.change;
        for account in &change.add {
            let share = (&change.cloud, &change.region, &change.image.id, &account.id);
            if self.logins.contains_key(&(change.cloud.clone(), account.id.clone())) {
                self.granted.insert(owned(share), has(reported, account));
            }
        }
    }

    /// Takes note of a copy: its receivers are asked for it as soon as it can be used.
    fn note_copy(&mut self, reported: &ReportedCopy) {
        let ReportedCopy { copy, image: Some(image), .. } = reported else { return };
        if !matches!(copy.state, CopyState::Done | CopyState::Partly) {
            return;
        }
        for account in &copy.add {
            let Some(with) = self.logins.get(&(copy.cloud.clone(), account.id.clone())).cloned() else {
                continue;
            };
            let share = owned((&copy.cloud, &copy.region, image, &account.id));
            self.granted.insert(share, reported.error.is_none().then_some(true));
            let asked = Question {
                rules: copy.rules.clone(),
                cloud: copy.cloud.clone(),
                provider: copy.provider.clone(),
                region: copy.region.clone(),
                account: account.clone(),
                with,
                images: vec![ImageName { id: image.clone(), name: copy.name.clone() }],
            };
            self.ask_also(asked);
        }
        reported.share.iter().for_each(|share| self.note(share));
    }

    fn ask_also(&mut self, new: Question) {
        let to = |question: &Question| {
            let Question { cloud, region, account, with, .. } = question;
            (cloud.clone(), region.clone(), account.id.clone(), with.clone())
        };
        match self.questions.iter_mut().find(|question| to(question) == to(&new)) {
            Some(question) => question.images.extend(new.images),
            None => self.questions.push(new),
        }
    }
}

fn owned((cloud, region, image, account): (&CloudName, &Region, &ImageId, &AccountId)) -> Share {
    (cloud.clone(), region.clone(), image.clone(), account.clone())
}

/// Whether this account has the image of a change that has ended. `None`: nobody looked.
fn has(reported: &ReportedChange, account: &Arc<AccountLabel>) -> Option<bool> {
    let failed = reported.failed.iter().any(|failure| failure.accounts.contains(account));
    match reported.change.state {
        ChangeState::Failed | ChangeState::Skipped | ChangeState::Interrupted => Some(false),
        _ if failed => Some(false),
        ChangeState::Done | ChangeState::Partly | ChangeState::Granted => {
            reported.error.is_none().then_some(true)
        }
        ChangeState::Planned | ChangeState::Unknown => None,
    }
}

/// What the survey has found of the shares that this question is about.
fn found(question: &Question, actual: &Actual) -> Vec<(Share, Option<bool>)> {
    let Question { cloud, region, account, images, .. } = question;
    let read = actual.regions.get(&(cloud.clone(), region.clone()));
    let read = read.iter().filter_map(|read| read.as_ref().ok()).flatten();
    let by_id: HashMap<_, _> = read.map(|actual| (&actual.image.id, actual)).collect();
    let shares = images.iter().map(|image| {
        let granted = by_id.get(&image.id).and_then(|actual| had(actual, &account.id));
        (owned((cloud, region, &image.id, &account.id)), granted)
    });
    shares.collect()
}

fn had(actual: &ActualImage, account: &AccountId) -> Option<bool> {
    match &actual.shares {
        SharesRead::Read(shares) => Some(shares.accounts.contains(account)),
        SharesRead::NotRead if actual.image.shared == Some(false) => Some(false),
        SharesRead::NotRead | SharesRead::Failed(_) => None,
    }
}
