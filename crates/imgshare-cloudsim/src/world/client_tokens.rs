//! What a call with a client token has made, so that its repetition makes nothing more.

use std::collections::HashMap;

use crate::ids::{AccountId, ImageId, RegionId};

/// The results of earlier calls by owner, region and token.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientTokens(HashMap<(AccountId, RegionId, String), (Vec<u8>, ImageId)>);

/// What is known about a token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The same call has made this image.
    SameCall(ImageId),
    /// Another call has used the token.
    OtherCall,
}

impl ClientTokens {
    /// What an earlier call of this owner in this region has made with the token; `subject` tells calls apart.
    pub(crate) fn find(
        &self,
        owner: &AccountId,
        region: &RegionId,
        token: &str,
        subject: &[u8],
    ) -> Option<Known> {
        let (earlier, made) = self.0.get(&(owner.clone(), region.clone(), token.to_owned()))?;
        Some(if earlier == subject { Known::SameCall(made.clone()) } else { Known::OtherCall })
    }

    /// Remembers what a call has made.
    pub(crate) fn remember(
        &mut self,
        owner: &AccountId,
        region: &RegionId,
        token: String,
        subject: &[u8],
        made: &ImageId,
    ) {
        self.0.insert((owner.clone(), region.clone(), token), (subject.to_vec(), made.clone()));
    }
}
