//! One image: what the rules that select it want, and what is there.

use std::borrow::Cow;
use std::sync::Arc;

use imgshare_protocol::{Error, ErrorKind, Image, ImageState, Result};

use super::acceptances::{self, Logins};
use super::findings::{Draft, Findings, Remarks, Site, image_name};
use crate::actual::SharesRead;
use crate::known_shares::KnownShares;
use crate::plan::{AccountLabel, Blocked, BlockedKind, ImageName, PlannedChange, Unreadable};
use crate::selector::{Ineligible, ineligible};
use crate::together::{Names, Together};

/// One selected image and what its rules say together.
pub(super) struct Meeting<'a> {
    pub(super) site: Site<'a>,
    pub(super) together: &'a Together,
    pub(super) names: &'a Names,
    pub(super) logins: &'a Logins<'a>,
    pub(super) image: &'a Image,
}

impl Meeting<'_> {
    /// Compares what is wanted with what is there.
    pub(super) fn compare(&self, shares: &SharesRead, findings: &mut Findings) {
        if let Some(why) = ineligible(self.image) {
            return findings.blocked.push(self.blocked(why));
        }
        match known(shares, self.image.shared) {
            Ok(shares) => self.compare_shares(&shares, findings),
            Err(error) => findings.unreadable.push(self.unreadable(error)),
        }
    }

    fn compare_shares(&self, shares: &KnownShares, findings: &mut Findings) {
        let (mut draft, foreign) =
            drafted(self.site, self.together, self.names, image_name(self.image), shares);
        findings.foreign.extend(self.site.foreign(self.image, foreign, shares));
        findings.there += self.together.wanted.len() - draft.change.add.len();
        acceptances::compare(self, shares, findings);
        if draft.is_empty() {
            findings.right += 1;
        } else {
            draft.remark(Remarks::of(self.image));
            findings.drafts.push(draft);
        }
    }

    fn unreadable(&self, error: Error) -> Unreadable {
        self.site.unreadable(self.together.rules.clone(), Some(image_name(self.image)), error)
    }

    fn blocked(&self, why: Ineligible<'_>) -> Blocked {
        let (kind, reason, hint) = why_blocked(self.image, why);
        Blocked {
            rules: self.together.rules.clone(),
            cloud: self.site.cloud.name.clone(),
            provider: self.site.cloud.provider.clone(),
            region: Some(self.site.region.clone()),
            image: Some(image_name(self.image)),
            snapshot: None,
            accounts: self.together.wanted.clone(),
            kind,
            reason,
            hint: Some(hint.to_owned()),
            place: Some(self.together.place.clone()),
        }
    }
}

/// Who has an image. What the listing says goes where nobody asked.
pub(super) fn known(read: &SharesRead, shared: Option<bool>) -> Result<Cow<'_, KnownShares>> {
    match read {
        SharesRead::Read(shares) => Ok(Cow::Borrowed(&**shares)),
        SharesRead::Failed(error) => Err(error.clone()),
        SharesRead::NotRead if shared == Some(false) => Ok(Cow::Owned(KnownShares::none())),
        SharesRead::NotRead => Err(not_read("image")),
    }
}

/// Nobody asked, though somebody should have.
pub(super) fn not_read(what: &str) -> Error {
    Error::new(ErrorKind::Unexpected, format!("the {what}'s shares were not read"))
}

/// What the rules want of an image that can be shared, and the accounts that are there besides.
pub(super) fn drafted(
    site: Site<'_>,
    together: &Together,
    names: &Names,
    image: ImageName,
    shares: &KnownShares,
) -> (Draft, Vec<Arc<AccountLabel>>) {
    let add = together.missing(&shares.accounts);
    let (remove, foreign) = together.unwanted(&shares.accounts, names);
    let draft = Draft {
        change: PlannedChange { add, remove, ..site.change(together.rules.clone(), image) },
        have: shares.accounts.count(),
        limit: site.cloud.limits.accounts_per_image,
        place: together.place.clone(),
    };
    (draft, foreign)
}

/// Why this image cannot be shared or copied, with an action that would help.
pub(super) fn why_blocked(image: &Image, why: Ineligible<'_>) -> (BlockedKind, String, &'static str) {
    match why {
        Ineligible::State => (BlockedKind::ImageState, state_reason(image), state_hint(image.state)),
        Ineligible::Unshareable(why) => {
            (BlockedKind::ImageUnshareable, format!("image cannot be shared: {why}"), "choose another image")
        }
    }
}

/// The state in our word and in the cloud's.
fn state_reason(image: &Image) -> String {
    let words = match image.state {
        ImageState::Available => "available",
        ImageState::Pending => "not available yet",
        ImageState::Failed => "broken: making it failed",
        ImageState::Unavailable => "switched off",
        ImageState::Unknown => "in a state that this version does not know",
    };
    match image.cloud_state.as_str() {
        "" => format!("image is {words}"),
        cloud_state => format!("image is {words} ({cloud_state})"),
    }
}

fn state_hint(state: ImageState) -> &'static str {
    match state {
        ImageState::Pending => "run again when the image is available",
        ImageState::Failed => "delete the image, or choose another",
        ImageState::Unavailable => "switch the image on, or choose another",
        ImageState::Available | ImageState::Unknown => {
            "look at the image in the cloud's console, or choose another"
        }
    }
}
