//! Accepting what others share.

use imgshare_host::Provider;
use imgshare_protocol::{AcceptRequest, Acceptance, ErrorKind, ImageRef, OperationKind};

use super::stage::{Props, Stage};
use super::subject::Subject;
use super::verdict::{Lack, Verdict, ensure};
use crate::double::Receiver;

pub(super) fn how_far_a_share_is_shows_on_both_sides(subject: &Subject) -> Verdict {
    subject.staged_with_acceptance(async |stage, receiver, provider| {
        let image = &stage.images()[0];
        stage.cloud.share(image, &receiver.account);
        stage.both_sides_say(image, receiver, Acceptance::Pending).await?;
        accept(provider, image, receiver).await?;
        stage.both_sides_say(image, receiver, Acceptance::Accepted).await
    })
}

pub(super) fn accepting_twice_is_accepting_once(subject: &Subject) -> Verdict {
    subject.staged_with_acceptance(async |stage, receiver, provider| {
        let image = &stage.images()[0];
        stage.cloud.share(image, &receiver.account);
        accept(provider, image, receiver).await?;
        accept(provider, image, receiver).await?;
        stage.cloud_says(image, receiver, Acceptance::Accepted)
    })
}

pub(super) fn what_is_not_shared_cannot_be_accepted(subject: &Subject) -> Verdict {
    subject.staged_with_acceptance(async |stage, receiver, provider| {
        let image = &stage.images()[0];
        stage.cloud.share(image, &stage.accounts[0]);
        let accepted = provider.accept_share(request(image, receiver)).await.result;
        ensure(accepted.is_err(), || {
            "AcceptShare succeeds for an image that is not shared with the login; fail as the cloud does"
                .into()
        })
    })
}

pub(super) fn nobody_accepts_for_another(subject: &Subject) -> Verdict {
    subject.staged_with_acceptance(async |stage, receiver, _| {
        let image = &stage.images()[0];
        stage.cloud.share(image, &receiver.account);
        let accepted = stage.provider.accept_share(request(image, receiver)).await.result;
        let refused = accepted.as_ref().is_err_and(|error| error.kind == ErrorKind::AccountInvalid);
        ensure(refused, || {
            let outcome = accepted.map_or_else(|error| error.to_string(), |_| "success".into());
            format!(
                "AcceptShare with the owner's login, for another account, ends with {outcome}; compare the account with \
                 the login's, and fail with kind AccountInvalid"
            )
        })?;
        stage.cloud_says(image, receiver, Acceptance::Pending)
    })
}

fn request(image: &ImageRef, receiver: &Receiver) -> AcceptRequest {
    AcceptRequest { image: image.clone(), account: receiver.account.clone() }
}

async fn accept(provider: &Provider, image: &ImageRef, receiver: &Receiver) -> Verdict {
    let accepted = provider.accept_share(request(image, receiver)).await.result;
    accepted.map(drop).map_err(|error| Lack::Broken(format!("AcceptShare by the receiver fails: {error}")))
}

impl Subject {
    /// Plays where shares can be accepted, with a provider that has the receiver's login. A provider that does not offer
    /// it has nothing to show.
    fn staged_with_acceptance(
        &self,
        play: impl AsyncFnOnce(&Stage<'_>, &Receiver, &Provider) -> Verdict,
    ) -> Verdict {
        if !self.description().can(OperationKind::AcceptShare) {
            return Ok(());
        }
        self.staged(&Props::images(1), async |stage| {
            let receiver = stage.receiver()?;
            play(stage, &receiver, &stage.provider_of(&receiver, |cloud| cloud)?).await
        })
    }
}

impl Stage<'_> {
    /// What the cloud itself keeps. Not every double tells.
    fn cloud_says(&self, image: &ImageRef, receiver: &Receiver, expected: Acceptance) -> Verdict {
        let kept = self.cloud.acceptance(image, &receiver.account).unwrap_or(expected);
        ensure(kept == expected, || format!("the cloud says {kept:?} of a share that is to be {expected:?}"))
    }

    async fn both_sides_say(&self, image: &ImageRef, receiver: &Receiver, expected: Acceptance) -> Verdict {
        self.cloud_says(image, receiver, expected)?;
        let shares = self.provider.read_shares(image.clone()).await.result;
        let shares =
            shares.map_err(|error| Lack::Broken(format!("reading a shared image fails: {error}")))?;
        says("ReadShares", shares.acceptance.get(&receiver.account).copied(), expected)?;
        if !self.subject.description().can(OperationKind::ReadReceived) {
            return Ok(());
        }
        let provider = self.provider_of(receiver, |cloud| cloud)?;
        let received = self.receive(&provider, receiver, std::slice::from_ref(&image.id)).await?;
        says("ReadReceived", received.first().and_then(|image| image.acceptance), expected)
    }
}

fn says(operation: &str, told: Option<Acceptance>, expected: Acceptance) -> Verdict {
    ensure(told == Some(expected), || {
        format!("{operation} says {told:?} of the acceptance of a share that is {expected:?}")
    })
}
