//! Who has what.

use std::collections::BTreeMap;

use imgshare_plan::Unreadable;
use imgshare_protocol::{AccountId, AccountName, CloudName};
use serde::Serialize;

use super::FORMAT;
use super::images::{Images, ListedImage, Receiver};

/// What `who` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Who {
    format: u32,
    /// The word that was asked about.
    pub(crate) word: String,
    #[serde(flatten)]
    pub(crate) meaning: Meaning,
    /// The images that the account has; or the images of this id or name.
    pub(crate) images: Vec<ListedImage>,
    pub(crate) unreadable: Vec<Unreadable>,
}

/// What the word means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "meaning", rename_all = "snake_case")]
pub(crate) enum Meaning {
    /// An account, with its id on each cloud.
    Account {
        /// Its name in `[accounts]`, if it has one.
        name: Option<AccountName>,
        /// Its id on each cloud.
        ids: BTreeMap<CloudName, AccountId>,
    },
    /// An image's id or exact name.
    Image,
}

impl Who {
    /// The images that this account has.
    pub(crate) fn of_account(word: &str, meaning: Meaning, mut all: Images) -> Self {
        all.images.retain(|image| meaning.share(image).is_some());
        Self::new(word, meaning, all)
    }

    /// These images.
    pub(crate) fn of_images(word: &str, images: Images) -> Self {
        Self::new(word, Meaning::Image, images)
    }

    fn new(word: &str, meaning: Meaning, found: Images) -> Self {
        let Images { images, unreadable, .. } = found;
        Self { format: FORMAT, word: word.to_owned(), meaning, images, unreadable }
    }
}

impl Meaning {
    /// The share of this account, if it has the image.
    pub(crate) fn share<'i>(&self, image: &'i ListedImage) -> Option<&'i Receiver> {
        let Self::Account { ids, .. } = self else { return None };
        let id = ids.get(&image.cloud)?;
        image.accounts.iter().flatten().find(|receiver| receiver.account.id == *id)
    }
}
