//! Ids as types of their own: two `&str` side by side are a swapped argument waiting to happen.
//!
//! There are millions of them in a large world, nearly all shorter than 24 bytes: these stand in the id itself, so that
//! neither reading nor cloning one asks for memory.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(SmolStr::new(text))
            }

            /// The text, as the cloud or the config spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id!(
    /// A kind of cloud as the program knows it; also the name of the plugin that implements it.
    ProviderName
);
id!(
    /// A named login in the config: one provider, one owner account, its regions.
    CloudName
);
id!(
    /// A region, spelled as the provider spells it.
    Region
);
id!(
    /// A machine image's id, unique within its region.
    ImageId
);
id!(
    /// The id of a disk's snapshot that an image is made of, unique within its region.
    SnapshotId
);
id!(
    /// The provider's account, project or user id: who receives a share.
    AccountId
);
id!(
    /// The name that `[accounts]` gives to a receiver; it may have an id on several providers.
    AccountName
);
id!(
    /// The unique name of one `[[share]]` table.
    RuleName
);
id!(
    /// Where a listing goes on. Its text is the provider's own business.
    PageToken
);
