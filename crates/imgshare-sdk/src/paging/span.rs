//! Listings by offset and limit.

use std::fmt;

use super::{PAGES_AT_ONCE, WHOLE, foreign, number, split_whole};
use crate::{PageToken, Result};

/// A part of a listing: from one place to another, or to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The place of its first image, from 0.
    pub from: u64,
    /// The place behind its last image. `None`: it goes to the end of the listing.
    pub until: Option<u64>,
    /// The listing is that of all images, although the query could narrow it.
    pub whole: bool,
}

impl Span {
    /// The listing from its beginning to its end.
    pub const ALL: Self = Self { from: 0, until: None, whole: false };

    /// The part that a token names; without one, all of the listing.
    ///
    /// # Errors
    ///
    /// `Malformed` when the token is none of ours.
    pub fn of(token: Option<&PageToken>) -> Result<Self> {
        token.map_or(Ok(Self::ALL), |token| Self::parse(token.as_str()).ok_or_else(|| foreign(token)))
    }

    /// The part that is written like this: `0-100`, `whole:200-`.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, whole) = split_whole(text);
        let (from, until) = text.split_once('-')?;
        let until = if until.is_empty() { None } else { Some(number(until)?) };
        let span = Self { from: number(from)?, until, whole };
        until.is_none_or(|until| until > span.from).then_some(span)
    }

    /// Names this part.
    pub fn token(self) -> PageToken {
        self.to_string().into()
    }

    /// Whether the listing begins here. Only here can it be begun again as another one, that of all images: a later
    /// part counts its places in the listing that it belongs to.
    pub fn begins(self) -> bool {
        self.from == 0
    }

    /// The same part of the listing of all images.
    #[must_use]
    pub fn of_all_images(self) -> Self {
        Self { whole: true, ..self }
    }

    /// How many images to ask for.
    pub fn limit(self, per_page: u32) -> u64 {
        let length = self.until.map_or(u64::MAX, |until| until.saturating_sub(self.from));
        length.min(per_page.into())
    }

    /// What is left of it when `received` images came, of `total` in the whole listing, as pages. An empty page ends
    /// it; a cloud that does not tell the total is asked until a page is empty.
    pub fn after(self, received: usize, total: Option<u64>, per_page: u32) -> Vec<Self> {
        let per_page = per_page.max(1);
        let from = self.from + received as u64;
        let known_end = match (self.until, total) {
            (Some(until), Some(total)) => until.min(total),
            (Some(until), None) => until,
            (None, Some(total)) => total,
            // Not told how much there is: one page more.
            (None, None) => from + 1,
        };
        if received == 0 || from >= known_end {
            return Vec::new();
        }
        let known_end = known_end.min(from + u64::from(per_page) * u64::from(PAGES_AT_ONCE));
        let starts = (from..known_end).step_by(per_page as usize);
        starts.map(|start| self.part(start, known_end, per_page)).collect()
    }

    fn part(self, from: u64, known_end: u64, per_page: u32) -> Self {
        let end = from + u64::from(per_page);
        let until = if end < known_end { Some(end) } else { self.until };
        Self { from, until, ..self }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = if self.whole { WHOLE } else { "" };
        write!(f, "{whole}{}-", self.from)?;
        self.until.map_or(Ok(()), |until| write!(f, "{until}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(token: &str, received: usize, total: Option<u64>) -> String {
        let pages = Span::parse(token).unwrap().after(received, total, 100);
        pages.iter().map(Span::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_first_page_names_all_others() {
        assert_eq!(after("0-", 100, Some(350)), "100-200 200-300 300-");
        assert_eq!(after("0-", 100, Some(300)), "100-200 200-");
        assert_eq!(after("0-", 100, Some(101)), "100-");
        assert_eq!(after("0-", 100, Some(100)), "");
        assert_eq!(after("0-", 0, Some(0)), "");
    }

    #[test]
    fn only_the_last_page_follows_a_listing_that_has_grown() {
        assert_eq!(after("100-200", 100, Some(450)), "");
        assert_eq!(after("300-", 100, Some(450)), "400-");
        assert_eq!(after("300-", 50, Some(350)), "");
    }

    #[test]
    fn a_page_that_came_short_is_continued_where_it_broke_off() {
        assert_eq!(after("0-", 40, Some(130)), "40-");
        assert_eq!(after("100-200", 30, Some(500)), "130-200");
        assert_eq!(after("100-200", 30, Some(130)), "");
        assert_eq!(Span::parse("130-200").unwrap().limit(100), 70);
    }

    #[test]
    fn an_empty_page_is_the_end_whatever_the_cloud_counts() {
        assert_eq!(after("100-", 0, Some(500)), "");
        assert_eq!(after("100-200", 0, Some(500)), "");
    }

    #[test]
    fn a_listing_without_a_count_goes_on_until_a_page_is_empty() {
        assert_eq!(after("0-", 3, None), "3-");
        assert_eq!(after("100-", 0, None), "");
    }

    #[test]
    fn pages_of_the_whole_listing_stay_so() {
        assert_eq!(after("whole:0-", 100, Some(250)), "whole:100-200 whole:200-");
        let later = Span::parse("100-200").unwrap();
        assert_eq!((later.begins(), later.of_all_images().to_string()), (false, "whole:100-200".into()));
    }

    #[test]
    fn a_count_beyond_reason_names_no_more_pages_than_there_is_room_for_and_the_last_goes_on() {
        for (per_page, last) in [(1, "1099-"), (100, "100000-")] {
            let pages = Span::ALL.after(100, Some(u64::MAX), per_page);
            assert_eq!(pages.len(), 1000);
            assert_eq!(pages.last().map(Span::to_string).as_deref(), Some(last));
        }
        assert_eq!(after("100000-", 100, Some(100_150)), "100100-");
        assert_eq!(Span::ALL.after(1, Some(3), 0).len(), 2);
    }

    #[test]
    fn a_token_leads_back_to_its_span_and_a_foreign_one_nowhere() {
        assert_eq!(Span::of(None), Ok(Span::ALL));
        for text in ["0-", "0-100", "whole:200-"] {
            assert_eq!(Span::of(Some(&text.into())).unwrap().token().as_str(), text);
        }
        for text in ["", "7", "a-", "-5", "5-3", "5-5", "1-2-3", "whole:", "+1-", "0-+5", "99999999999-"] {
            assert!(Span::of(Some(&text.into())).is_err(), "{text}");
        }
    }
}
