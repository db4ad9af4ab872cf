//! Copies: the key that they are encrypted with, the tag that says of what they are copies, and the token that keeps a
//! request that is sent twice from making two.

mod encryption;

use crate::signing::{hex, sha256};
use crate::{ImageId, ImageRef, Region};

pub use encryption::CopyEncryption;

/// The key of the tag that says of what an image is a copy, for clouds that do not report it or not always. It has
/// letters and a hyphen only, since not every cloud says what else a key may have.
pub const SOURCE_TAG: &str = "imgshare-source";

/// The value of that tag on a copy of this image: `REGION/IMAGE-ID`.
pub fn source_tag(image: &ImageRef) -> String {
    format!("{}/{}", image.region, image.id)
}

/// The image that a tag's value names. The region is left out, for clouds whose ids differ from region to region: the
/// planner looks for a copy of one image. `None`: somebody else has written this.
pub fn tagged_source(value: &str) -> Option<ImageId> {
    let (region, id) = value.split_once('/')?;
    let whole = !region.is_empty() && !id.is_empty() && !id.contains('/');
    whole.then(|| id.into())
}

/// What [`crate::CopyRequest::token`] becomes for one region, for clouds that take a token for one call: 64 hexadecimal
/// digits, the same each time.
pub fn region_token(token: &str, to: &Region) -> String {
    hex(&sha256(format!("{token}/{to}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tag_says_is_read_back() {
        let image = ImageRef { region: "north-1".into(), id: "img-1".into() };
        assert_eq!(tagged_source(&source_tag(&image)), Some(image.id));
        for strange in ["", "img-1", "/img-1", "north-1/", "north-1/img-1/2", "by hand"] {
            assert_eq!(tagged_source(strange), None, "{strange}");
        }
    }

    #[test]
    fn each_region_has_a_token_of_its_own_however_long_the_other_is() {
        let token = |token: &str, to: &str| region_token(token, &to.into());
        assert_eq!(token("t", "north-1"), token("t", "north-1"));
        assert_ne!(token("t", "north-1"), token("t", "north-2"));
        assert_ne!(token("t", "north-1"), token("u", "north-1"));
        assert_eq!(token(&"x".repeat(200), "north-1").len(), 64);
    }
}
