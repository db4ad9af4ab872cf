//! What a receiver sees of what others share with it.

use std::collections::BTreeSet;

use imgshare_host::Provider;
use imgshare_protocol::{
    Acceptance, ErrorKind, ImageId, ImageRef, ImageState, OperationKind, ReceivedImage, ReceivedQuery, Region,
};

use super::stage::{EMPTY_REGION, Props, Stage};
use super::subject::Subject;
use super::verdict::{Lack, Verdict, ensure};
use crate::double::Receiver;

/// Images that the receiver has; more than any cloud's page.
const SHARED: u32 = 120;

/// Images that it is asked about beside these, and that are nowhere.
const UNKNOWN: usize = 130;

pub(super) fn a_receiver_sees_what_is_shared_with_it_and_nothing_else(subject: &Subject) -> Verdict {
    subject.staged_with_receiver(3, async |stage, receiver| {
        let images = stage.images();
        stage.cloud.share(&images[0], &receiver.account);
        stage.cloud.share(&images[1], &stage.accounts[0]);
        let provider = stage.provider_of(receiver, |cloud| cloud)?;
        let asked = [stage.ids(), unknown_ids(&stage.ids(), 2)].concat();
        let received = stage.receive(&provider, receiver, &asked).await?;
        sees_exactly(&received, &images[..1])?;
        stage.is_usable(&received[0])?;
        let received = ask(&provider, query(EMPTY_REGION.into(), &asked, receiver)).await?;
        ensure(received.is_empty(), || {
            "ReadReceived finds an image in a region that it is not in; ask about the query's own region only"
                .into()
        })?;
        let received = stage.receive(&provider, receiver, &[]).await?;
        ensure(received.is_empty(), || {
            "ReadReceived of no images finds some; answer with those that were asked about".into()
        })
    })
}

pub(super) fn many_images_are_received(subject: &Subject) -> Verdict {
    subject.staged_with_receiver(SHARED, async |stage, receiver| {
        let images = stage.images();
        images.iter().for_each(|image| stage.cloud.share(image, &receiver.account));
        let provider = stage.provider_of(receiver, |cloud| cloud)?;
        let asked = [unknown_ids(&stage.ids(), UNKNOWN), stage.ids()].concat();
        let received = stage.receive(&provider, receiver, &asked).await?;
        sees_exactly(&received, &images)
    })
}

pub(super) fn a_login_of_another_account_receives_nothing_of_this_one(subject: &Subject) -> Verdict {
    subject.staged_with_receiver(2, async |stage, receiver| {
        stage.cloud.share(&stage.images()[0], &receiver.account);
        match stage.provider.read_received(query(stage.region(), &stage.ids(), receiver)).await.result {
            Err(error) => ensure(error.kind == ErrorKind::AccountInvalid, || {
                format!(
                    "ReadReceived with the owner's login, asked about another account, fails with {error}; its kind must \
                     be AccountInvalid"
                )
            }),
            Ok(received) => ensure(received.is_empty(), || {
                "ReadReceived finds images of the login's own, or goes by the account that is asked about; find those \
                 that others share with the login"
                    .into()
            }),
        }
    })
}

fn query(region: Region, images: &[ImageId], receiver: &Receiver) -> ReceivedQuery {
    ReceivedQuery { region, images: images.to_vec(), account: receiver.account.clone() }
}

async fn ask(provider: &Provider, query: ReceivedQuery) -> Result<Vec<ReceivedImage>, Lack> {
    let count = query.images.len();
    let received = provider.read_received(query).await.result;
    received.map_err(|error| {
        Lack::Broken(format!(
            "ReadReceived, asked about {count} images some of which are not there, fails: {error}; leave out what the \
             receiver does not see"
        ))
    })
}

/// Each of these images once, and nothing else.
fn sees_exactly(received: &[ReceivedImage], images: &[ImageRef]) -> Verdict {
    let expected: BTreeSet<&ImageId> = images.iter().map(|image| &image.id).collect();
    let found: BTreeSet<&ImageId> = received.iter().map(|image| &image.id).collect();
    ensure(found.len() == received.len(), || {
        format!("ReadReceived names {} images twice", received.len() - found.len())
    })?;
    ensure(found == expected, || {
        let (missing, others) = (expected.difference(&found).count(), found.difference(&expected).count());
        format!(
            "of {} images that are shared with the receiver, ReadReceived finds {}, and {others} others; ask in as many \
             calls as the cloud needs, read all pages, and leave out what others have",
            expected.len(),
            expected.len() - missing
        )
    })
}

/// Ids of the same form as these that are not among them.
fn unknown_ids(known: &[ImageId], count: usize) -> Vec<ImageId> {
    let Some(model) = known.first().map(ImageId::as_str) else { return Vec::new() };
    let stem = &model[..model.len().saturating_sub(3)];
    let ids = (0..1000).map(|number| ImageId::from(format!("{stem}{number:03}")));
    ids.filter(|id| !known.contains(id)).take(count).collect()
}

impl Subject {
    /// Plays where receivers can be asked. A provider that does not offer it has nothing to show.
    fn staged_with_receiver(
        &self,
        images: u32,
        play: impl AsyncFnOnce(&Stage<'_>, &Receiver) -> Verdict,
    ) -> Verdict {
        if !self.description().can(OperationKind::ReadReceived) {
            return Ok(());
        }
        self.staged(&Props::images(images), async |stage| play(stage, &stage.receiver()?).await)
    }
}

impl Stage<'_> {
    fn ids(&self) -> Vec<ImageId> {
        self.images().into_iter().map(|image| image.id).collect()
    }

    /// Those of these images of the region that the receiver sees.
    pub(super) async fn receive(
        &self,
        provider: &Provider,
        receiver: &Receiver,
        images: &[ImageId],
    ) -> Result<Vec<ReceivedImage>, Lack> {
        ask(provider, query(self.region(), images, receiver)).await
    }

    /// What an image is to whom nothing but the share has happened.
    fn is_usable(&self, image: &ReceivedImage) -> Verdict {
        ensure(image.state == ImageState::Available, || {
            format!("ReadReceived says of an image that can be used that it is {:?}", image.state)
        })?;
        let expected = self.subject.description().needs_acceptance.then_some(Acceptance::Pending);
        ensure(image.acceptance == expected, || {
            format!("ReadReceived says {:?} of a new share's acceptance, not {expected:?}", image.acceptance)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_ids_have_the_form_of_the_known_ones() {
        let known = [ImageId::from("img-00001"), ImageId::from("img-00000")];
        assert_eq!(unknown_ids(&known, 2), [ImageId::from("img-00002"), ImageId::from("img-00003")]);
        assert_eq!(unknown_ids(&[], 2), []);
    }
}
