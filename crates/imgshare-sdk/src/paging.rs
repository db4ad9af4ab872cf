//! Which part of a listing a page is, and the tokens that name the pages still to be asked for.
//!
//! Of a cloud that tells how many images there are, the first answer names all other pages at once, and the host asks
//! for them side by side. Only the last page is open-ended, so it alone notices that the listing has grown meanwhile.
//!
//! - [`Span`]: the cloud is asked for so many images from a place on.
//! - [`PageNumber`]: the cloud is asked for the page of a number.
//! - A cloud with tokens of its own needs nothing of this: its token is the [`PageToken`].

mod number;
mod span;

pub use number::PageNumber;
pub use span::Span;

use crate::{Error, ErrorKind, Image, ImageQuery, PageToken};

/// Pages that one answer names at most: enough for any owner, and no harm when the cloud's count is nonsense. The last
/// one named goes on from there.
const PAGES_AT_ONCE: u32 = 1000;

/// Begins the token of a page of the listing of all images.
const WHOLE: &str = "whole:";

/// Whether the query asks for this image, as far as ids and name tell.
///
/// For listings that a cloud narrows in its own, fuzzy way, or cannot narrow. Other hints of a query are left to
/// whoever asked.
pub fn concerns(query: &ImageQuery, image: &Image) -> bool {
    let named = query.name.as_ref().is_none_or(|name| *name == image.name);
    named && (query.ids.is_empty() || query.ids.contains(&image.id))
}

fn split_whole(text: &str) -> (&str, bool) {
    text.strip_prefix(WHOLE).map_or((text, false), |rest| (rest, true))
}

/// A number without a sign. Beyond 32 bits no cloud has a page; below that nothing overflows.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u32>().ok().filter(|_| digits).map(u64::from)
}

fn foreign(token: &PageToken) -> Error {
    Error::new(ErrorKind::Malformed, format!("`{token}` is no page of a listing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_a_fuzzy_cloud_lists_is_passed_on_only_when_it_was_asked_for() {
        let image = Image { id: "i-1".into(), name: "golden".into(), ..Image::default() };
        let query = |ids: &[&str], name: Option<&str>| ImageQuery {
            ids: ids.iter().map(|id| (*id).into()).collect(),
            name: name.map(Into::into),
            ..ImageQuery::default()
        };
        for (query, expected) in [
            (query(&[], None), true),
            (query(&["i-0", "i-1"], Some("golden")), true),
            (query(&["i-0"], None), false),
            (query(&["i-1"], Some("gold")), false),
        ] {
            assert_eq!(concerns(&query, &image), expected, "{query:?}");
        }
    }
}
