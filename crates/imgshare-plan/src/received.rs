//! The receivers' side: what they are asked, and what they see.

use std::collections::HashMap;
use std::sync::Arc;

use imgshare_protocol::{
    Acceptance, AccountId, CloudName, Error, ErrorKind, ImageId, ImageState, ProviderName, ReceivedImage,
    ReceivedQuery, Region, Result, RuleName,
};
use serde::{Deserialize, Serialize};

use crate::plan::{AccountLabel, ImageName};

/// Which of these images a receiver sees: one question for each receiver's cloud, region and account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The rules that want it to have them, in the file's order.
    pub rules: Vec<RuleName>,
    /// The cloud whose images they are.
    pub cloud: CloudName,
    /// What both are clouds of.
    pub provider: ProviderName,
    /// The region.
    pub region: Region,
    /// Who receives.
    pub account: Arc<AccountLabel>,
    /// The receiver's cloud, which is asked.
    pub with: CloudName,
    /// The images that it shall have, by name and id.
    pub images: Vec<ImageName>,
}

impl Question {
    /// The call, to be sent to the cloud [`with`](Self::with).
    pub fn query(&self) -> ReceivedQuery {
        ReceivedQuery {
            region: self.region.clone(),
            images: self.images.iter().map(|image| image.id.clone()).collect(),
            account: self.account.id.clone(),
        }
    }
}

/// One wanted share as its owner and its receiver see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Received {
    /// The cloud whose image it is.
    pub cloud: CloudName,
    /// What it is a cloud of.
    pub provider: ProviderName,
    /// The region.
    pub region: Region,
    /// The image.
    pub image: ImageName,
    /// Who receives.
    pub account: Arc<AccountLabel>,
    /// The receiver's cloud, which was asked.
    pub with: CloudName,
    /// The owner's side says that the account has it. `None`: nobody could read it.
    pub granted: Option<bool>,
    /// The receiver sees it in a usable state. `None`: it could not be asked.
    pub visible: Option<bool>,
    /// What the receiver has made of the share. `None`: not told.
    pub accepted: Option<Acceptance>,
    /// The image's state for the receiver, in the cloud's word; empty when it does not see it at all.
    pub state: String,
    /// Why the receiver could not be asked.
    pub error: Option<Error>,
}

impl Received {
    /// The owner has granted it, and the receiver does not see it.
    pub fn is_hidden(&self) -> bool {
        self.granted == Some(true) && self.visible == Some(false)
    }

    /// It is hidden, or the receiver could not be asked.
    pub fn is_wrong(&self) -> bool {
        self.is_hidden() || self.error.is_some()
    }

    /// What is wrong, with the image, the account and the login that was asked. `None`: nothing.
    pub fn trouble(&self) -> Option<Error> {
        let error = self.error.clone().or_else(|| self.is_hidden().then(|| self.hidden()))?;
        let error = error.with_context("cloud", self.cloud.as_str());
        let error = error.with_context("region", self.region.as_str());
        let error = error.with_context("image", self.image.id.as_str());
        let error = error.with_context("account", self.account.id.as_str());
        Some(error.with_context("asked", self.with.as_str()))
    }

    fn hidden(&self) -> Error {
        let (why, hint) = match (self.accepted, self.state.as_str()) {
            (Some(Acceptance::Pending), _) => (
                "its receiver has not accepted it".to_owned(),
                "accept it there, or name the login in accept_with",
            ),
            (Some(Acceptance::Rejected), _) => (
                "its receiver has rejected it".to_owned(),
                "accept it there, or name the login in accept_with",
            ),
            (_, "") => (
                "its receiver does not see it".to_owned(),
                "run `drift` again in a minute; clouds need a moment",
            ),
            (_, state) => (
                format!("its receiver sees the image as {state}"),
                "look at the image in the receiver's console",
            ),
        };
        Error::new(ErrorKind::Unexpected, format!("the share is granted, but {why}")).with_hint(hint)
    }
}

/// What the receiver's answer says of each image of the question. `granted` tells what the owner's side says: whether
/// this account has that image.
pub fn received(
    question: &Question,
    granted: impl Fn(&ImageId, &AccountId) -> Option<bool>,
    answer: &Result<Vec<ReceivedImage>>,
) -> Vec<Received> {
    let seen: HashMap<_, _> = answer.iter().flatten().map(|image| (&image.id, image)).collect();
    let all = question.images.iter().map(|image| {
        let known = Received {
            cloud: question.cloud.clone(),
            provider: question.provider.clone(),
            region: question.region.clone(),
            image: image.clone(),
            account: question.account.clone(),
            with: question.with.clone(),
            granted: granted(&image.id, &question.account.id),
            ..Received::default()
        };
        match answer {
            Ok(_) => Received { visible: Some(false), ..known }.seen_as(seen.get(&image.id).copied()),
            Err(error) => Received { error: Some(error.clone()), ..known },
        }
    });
    all.collect()
}

impl Received {
    fn seen_as(self, image: Option<&ReceivedImage>) -> Self {
        let Some(image) = image else { return self };
        let open = matches!(image.acceptance, Some(Acceptance::Pending | Acceptance::Rejected));
        Self {
            visible: Some(image.state == ImageState::Available && !open),
            accepted: image.acceptance,
            state: image.cloud_state.clone(),
            ..self
        }
    }
}

/// What receivers see, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReceivedTally {
    /// Shares whose receivers see them in a usable state.
    pub visible: usize,
    /// Those of them that their receivers have accepted, where the cloud has acceptance.
    pub accepted: usize,
    /// Granted shares that their receivers do not see.
    pub hidden: usize,
    /// Shares whose receivers could not be asked.
    pub unknown: usize,
    /// Granted shares of accounts for which the config names no login that could be asked.
    pub not_verified: usize,
}

impl ReceivedTally {
    /// The counts, where `granted` wanted shares are there by the owner's word.
    pub(crate) fn new(received: &[Received], granted: usize) -> Self {
        let count = |what: fn(&Received) -> bool| received.iter().filter(|share| what(share)).count();
        let accepted = Some(Acceptance::Accepted);
        Self {
            visible: count(|share| share.visible == Some(true)),
            accepted: received
                .iter()
                .filter(|share| share.visible == Some(true) && share.accepted == accepted)
                .count(),
            hidden: count(Received::is_hidden),
            unknown: count(|share| share.error.is_some()),
            not_verified: granted.saturating_sub(count(|share| share.granted == Some(true))),
        }
    }
}
