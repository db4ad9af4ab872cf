//! The owner's images of a region, page by page.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html>

mod hints;
mod records;

use imgshare_sdk::paging::concerns;
use imgshare_sdk::{Error, ErrorKind, Image, ImageQuery, PageToken, Result, SnapshotId, Timestamp};

use super::{Ask, not_as_documented};
use crate::call::Service;
use crate::xml::Element;
pub(super) use records::state;

/// The most that one page holds.
pub const IMAGES_PER_PAGE: u32 = 1000;

/// Begins the tokens of pages of the listing of all images.
const WHOLE: &str = "whole:";
/// Begins the tokens of pages of the listing that is narrowed to what the query is about.
const NARROWED: &str = "narrowed:";

/// Which page of which listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The listing is that of all images, although the query could narrow it.
    pub whole: bool,
    /// The cloud's name of the page. `None`: the first.
    pub token: Option<String>,
}

impl Place {
    /// The page that the query asks for.
    ///
    /// # Errors
    ///
    /// `Malformed` when its token is none of ours.
    pub fn of(query: &ImageQuery) -> Result<Self> {
        let Some(token) = &query.page else { return Ok(Self { whole: false, token: None }) };
        let known = [(WHOLE, true), (NARROWED, false)];
        let place = known.into_iter().find_map(|(prefix, whole)| {
            let token = token.as_str().strip_prefix(prefix)?;
            Some(Self { whole, token: Some(token.to_owned()) })
        });
        place.ok_or_else(|| Error::new(ErrorKind::Malformed, format!("`{token}` is no page of a listing")))
    }

    /// The first page of the listing of all images, if this is the first one of a listing that the query narrows. A later
    /// one belongs to a listing that is on its way.
    pub fn widened(&self, query: &ImageQuery) -> Option<Self> {
        let may_be = self.token.is_none() && !self.whole && !hints::filters(query).is_empty();
        may_be.then_some(Self { whole: true, token: None })
    }

    fn next(&self, token: &str) -> PageToken {
        format!("{}{token}", if self.whole { WHOLE } else { NARROWED }).into()
    }
}

/// Asks for this page of the owner's images, with `per_page` on each. Old and disabled images are among them.
///
/// Ids are a filter and not `ImageId.N`: those cannot be had page by page, and one that is gone would spoil the call.
pub fn describe(query: &ImageQuery, place: &Place, per_page: u32) -> Ask {
    let ask = Ask::new(Service::Ec2, "DescribeImages", true)
        .with("Owner.1", "self")
        .with("IncludeDeprecated", &true)
        .with("IncludeDisabled", &true)
        .with("MaxResults", &per_page)
        .with_some("NextToken", place.token.as_ref());
    let filters = if place.whole { Vec::new() } else { hints::filters(query) };
    let numbered = (1..).zip(filters);
    numbered.fold(ask, |ask, (n, (name, values))| ask.with_filter(n, &name, values))
}

/// An image, and what the listing alone does not tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The image.
    pub image: Image,
    /// Those of its snapshots that are encrypted.
    pub encrypted: Vec<SnapshotId>,
}

/// A page of images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    /// Those that the query is about, as far as ids and name tell.
    pub listed: Vec<Listed>,
    /// The page behind this one.
    pub next: Option<PageToken>,
}

/// Reads a page.
///
/// # Errors
///
/// `Malformed` when the answer has no list of images.
pub fn images(answer: Element<'_>, query: &ImageQuery, place: &Place, now: Timestamp) -> Result<Images> {
    answer.child("imagesSet").ok_or_else(not_as_documented)?;
    let listed = answer.items("imagesSet").filter_map(|record| records::read(record, now));
    Ok(Images {
        listed: listed.filter(|listed| concerns(query, &listed.image)).collect(),
        next: answer.text("nextToken").map(|token| place.next(token)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(page: Option<&str>, name: Option<&str>) -> ImageQuery {
        let page = page.map(PageToken::from);
        ImageQuery { page, name: name.map(str::to_owned), ..ImageQuery::default() }
    }

    #[test]
    fn a_token_leads_back_to_its_listing_and_a_foreign_one_nowhere() {
        for (token, whole) in [("whole:abc=", true), ("narrowed:abc=", false)] {
            let place = Place::of(&query(Some(token), None)).unwrap();
            assert_eq!(place, Place { whole, token: Some("abc=".into()) });
            assert_eq!(place.next("abc="), token.into());
        }
        assert!(Place::of(&query(Some("abc"), None)).is_err());
    }

    #[test]
    fn only_the_first_page_of_a_narrowed_listing_is_begun_anew() {
        let widened = |page, name| {
            let query = query(page, name);
            Place::of(&query).unwrap().widened(&query)
        };
        assert_eq!(widened(None, Some("golden")), Some(Place { whole: true, token: None }));
        assert_eq!(widened(None, None), None);
        assert_eq!(widened(Some("narrowed:x"), Some("golden")), None);
    }
}
