//! Listings by page number.

use std::fmt;

use super::{PAGES_AT_ONCE, WHOLE, foreign, number, split_whole};
use crate::{PageToken, Result};

/// A page of a listing, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNumber {
    /// The page's number, from 1.
    pub number: u64,
    /// It is asked for what comes behind it.
    pub open: bool,
    /// The listing is that of all images, although the query could narrow it.
    pub whole: bool,
}

impl PageNumber {
    /// The first page of a listing.
    pub const FIRST: Self = Self { number: 1, open: true, whole: false };

    /// The page that a token names; without one, the first.
    ///
    /// # Errors
    ///
    /// `Malformed` when the token is none of ours.
    pub fn of(token: Option<&PageToken>) -> Result<Self> {
        token.map_or(Ok(Self::FIRST), |token| Self::parse(token.as_str()).ok_or_else(|| foreign(token)))
    }

    /// The page that is written like this: `2`, `whole:3+`.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, whole) = split_whole(text);
        let (text, open) = text.strip_suffix('+').map_or((text, false), |rest| (rest, true));
        number(text).filter(|number| *number > 0).map(|number| Self { number, open, whole })
    }

    /// Names this page.
    pub fn token(self) -> PageToken {
        self.to_string().into()
    }

    /// Whether the listing begins here. Only here can it be begun again as another one, that of all images.
    pub fn begins(self) -> bool {
        self.number == 1
    }

    /// The same page of the listing of all images.
    #[must_use]
    pub fn of_all_images(self) -> Self {
        Self { whole: true, ..self }
    }

    /// The pages behind it, when it held `received` of `total` images. An empty page ends the listing; a cloud that
    /// does not tell the total is asked until a page is empty.
    pub fn after(self, received: usize, total: Option<u64>, per_page: u32) -> Vec<Self> {
        if !self.open || received == 0 {
            return Vec::new();
        }
        // Not told how many there are: one page more.
        let last = total.map_or(self.number + 1, |total| total.div_ceil(per_page.max(1).into()));
        let last = last.min(self.number + u64::from(PAGES_AT_ONCE));
        (self.number + 1..=last).map(|number| Self { number, open: number == last, ..self }).collect()
    }
}

impl fmt::Display for PageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = if self.whole { WHOLE } else { "" };
        let open = if self.open { "+" } else { "" };
        write!(f, "{whole}{}{open}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(token: &str, received: usize, total: Option<u64>) -> String {
        let pages = PageNumber::parse(token).unwrap().after(received, total, 100);
        pages.iter().map(PageNumber::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_first_page_names_all_others() {
        assert_eq!(after("1+", 100, Some(350)), "2 3 4+");
        assert_eq!(after("1+", 100, Some(300)), "2 3+");
        assert_eq!(after("1+", 100, Some(101)), "2+");
        assert_eq!(after("1+", 100, Some(100)), "");
        assert_eq!(after("1+", 0, Some(0)), "");
    }

    #[test]
    fn only_the_last_page_follows_a_listing_that_has_grown() {
        assert_eq!(after("2", 100, Some(550)), "");
        assert_eq!(after("4+", 100, Some(550)), "5 6+");
        assert_eq!(after("4+", 50, Some(350)), "");
    }

    #[test]
    fn an_empty_page_is_the_end_whatever_the_cloud_counts() {
        assert_eq!(after("2+", 0, Some(500)), "");
    }

    #[test]
    fn a_listing_without_a_count_goes_on_until_a_page_is_empty() {
        assert_eq!(after("1+", 3, None), "2+");
        assert_eq!(after("2+", 0, None), "");
    }

    #[test]
    fn pages_of_the_whole_listing_stay_so() {
        assert_eq!(after("whole:1+", 100, Some(250)), "whole:2 whole:3+");
    }

    #[test]
    fn a_count_beyond_reason_names_no_more_pages_than_there_is_room_for_and_the_last_goes_on() {
        let pages = PageNumber::FIRST.after(100, Some(u64::MAX), 0);
        assert_eq!(pages.len(), 1000);
        assert_eq!(pages.last().map(PageNumber::to_string).as_deref(), Some("1001+"));
    }

    #[test]
    fn a_token_leads_back_to_its_page_and_a_foreign_one_nowhere() {
        assert_eq!(PageNumber::of(None), Ok(PageNumber::FIRST));
        for text in ["1+", "2", "whole:3+"] {
            assert_eq!(PageNumber::of(Some(&text.into())).unwrap().token().as_str(), text);
        }
        for text in ["", "0", "a", "-5", "+5", "+", "5++", "1-2", "whole:", "99999999999"] {
            assert!(PageNumber::of(Some(&text.into())).is_err(), "{text}");
        }
    }
}
