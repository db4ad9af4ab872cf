//! Copying images into other regions.

mod lost;

use std::collections::BTreeSet;

use imgshare_protocol::{
    Copied, CopyRequest, Image, ImageId, ImageRef, ImageState, OperationKind, Recognition, Region,
};

use self::lost::Lost;
use super::listing;
use super::stage::{EMPTY_REGION, Props, Stage};
use super::subject::Subject;
use super::verdict::{Lack, Verdict, broken, ensure};

/// Requests of which the answer is lost, one at a time, from the first to this many.
const LOST_MAX: usize = 4;

/// A name that no source has.
const NAME: &str = "conformance-copy";

pub(super) fn a_copy_is_one_new_image_in_its_region(subject: &Subject) -> Verdict {
    subject.staged_with_copies(1, async |stage| {
        let sources = stage.images();
        let copied = stage.copy(&copy_of(&sources[0], Some(NAME), None)).await?;
        let copies = stage.copies();
        ensure(copies.len() == 1, || {
            format!("copying an image into one region makes {} images there; make one", copies.len())
        })?;
        ensure(stage.images() == sources, || "copying changes the images of the source's region".into())?;
        let told =
            copied.images.iter().all(|image| image.region == destination() && copies.contains(&image.id));
        ensure(told, || {
            format!("Copied names {:?}, and the new image is {copies:?} in {EMPTY_REGION}", copied.images)
        })
    })
}

pub(super) fn a_copy_is_recognised_in_its_regions_listing(subject: &Subject) -> Verdict {
    subject.staged_with_copies(2, async |stage| {
        for (source, name) in stage.listed(&stage.region()).await?.iter().zip([Some(NAME), None]) {
            let before = stage.copies();
            let image = ImageRef { region: stage.region(), id: source.id.clone() };
            stage.copy(&copy_of(&image, name, None)).await?;
            let listed = stage.listed(&destination()).await?;
            let Some(copy) = listed.iter().find(|image| !before.contains(&image.id)) else {
                return broken("a copy is not listed in its region; list images in all states");
            };
            stage.is_recognised(copy, source, name)?;
        }
        let sources = stage.listed(&stage.region()).await?;
        ensure(sources.iter().all(|image| image.copied_from.is_none()), || {
            "an image that is no copy is listed with copied_from; leave it out where nothing says so".into()
        })
    })
}

pub(super) fn a_copy_whose_answer_was_lost_is_not_made_twice(subject: &Subject) -> Verdict {
    let cases: Vec<_> = (0..LOST_MAX).flat_map(|lost| [(lost, false), (lost, true)]).collect();
    let images = u32::try_from(cases.len()).unwrap_or(u32::MAX);
    subject.staged_with_copies(images, async |stage| {
        for (source, (lost, has_token)) in stage.images().iter().zip(cases) {
            let before = stage.copies().len();
            let provider = stage.provider_through(|cloud| Lost::answer(lost, cloud))?;
            let token = has_token.then(|| format!("conformance{lost}"));
            let copied = provider.copy_image(copy_of(source, Some(NAME), token)).await.result;
            let made = stage.copies().len() - before;
            ensure(made <= 1, || {
                let with = if has_token { "with" } else { "without" };
                format!(
                    "a copy {with} a token, whose answer {} is lost, is made {made} times; a request may be idempotent only \
                     where the cloud takes a token, and with the same token in every try",
                    lost + 1
                )
            })?;
            ensure(copied.is_err() || made == 1, || "a copy succeeds and there is no new image".into())?;
        }
        Ok(())
    })
}

fn destination() -> Region {
    EMPTY_REGION.into()
}

fn copy_of(source: &ImageRef, name: Option<&str>, token: Option<String>) -> CopyRequest {
    CopyRequest { source: source.clone(), regions: vec![destination()], name: name.map(Into::into), token }
}

impl Subject {
    /// Plays where images can be copied. A provider that does not copy has nothing to show.
    fn staged_with_copies(&self, images: u32, play: impl AsyncFnOnce(&Stage<'_>) -> Verdict) -> Verdict {
        if self.description().can(OperationKind::CopyImage) {
            return self.staged(&Props::images(images), play);
        }
        Ok(())
    }
}

impl Stage<'_> {
    /// The images where copies are made; there are no others.
    fn copies(&self) -> BTreeSet<ImageId> {
        self.cloud.images(&destination())
    }

    async fn copy(&self, copy: &CopyRequest) -> Result<Copied, Lack> {
        let copied = self.provider.copy_image(copy.clone()).await.result;
        copied.map_err(|error| Lack::Broken(format!("copying an image fails: {error}")))
    }

    async fn listed(&self, region: &Region) -> Result<Vec<Image>, Lack> {
        listing::list(self, region, self.cloud.images(region).len()).await.map(|listing| listing.images)
    }

    /// The listing says of the copy what the description promises.
    fn is_recognised(&self, copy: &Image, source: &Image, name: Option<&str>) -> Verdict {
        ensure(matches!(copy.state, ImageState::Pending | ImageState::Available), || {
            format!("a copy that was just begun is listed as {:?}; it is pending, or available", copy.state)
        })?;
        let by = self.subject.description().copying.recognised_by;
        match by {
            Recognition::SourceId | Recognition::Tag => {
                ensure(copy.copied_from.as_ref() == Some(&source.id), || {
                    format!(
                        "copies are recognised by {by:?}, and a copy of {} is listed with copied_from {:?}",
                        source.id, copy.copied_from
                    )
                })
            }
            Recognition::Name => {
                let expected = name.unwrap_or(&source.name);
                ensure(copy.name == expected, || {
                    format!(
                        "copies are recognised by name, and a copy to be named {expected:?} is {:?}",
                        copy.name
                    )
                })
            }
        }
    }
}
