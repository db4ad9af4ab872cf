//! Which part of a listing a page is.

use imgshare_sdk::{Error, ErrorKind, PageToken, Result};

/// A part of a listing: from one place to another, or to its end.
///
/// The first answer tells how many images there are, and so names all other pages at once. Only the last of them has no
/// end, so it alone notices that the listing has grown meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The place of its first image, from 0.
    pub from: u64,
    /// The place behind its last image. `None`: it goes to the end of the listing.
    pub until: Option<u64>,
    /// The listing is that of all private images, although the query could narrow it.
    pub whole: bool,
}

impl Span {
    /// The listing from its beginning to its end.
    pub const ALL: Self = Self { from: 0, until: None, whole: false };

    /// The same part of the listing of all private images.
    #[must_use]
    pub fn of_all_images(self) -> Self {
        Self { whole: true, ..self }
    }

    /// How many images to ask for.
    pub(super) fn limit(self, per_page: u32) -> u64 {
        let length = self.until.map_or(u64::MAX, |until| until.saturating_sub(self.from));
        length.min(per_page.into())
    }

    /// What is left of it when so many images came, as pages. An empty page ends it.
    pub(super) fn after(self, received: usize, total: Option<u64>, per_page: u32) -> Vec<PageToken> {
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
        let starts = (from..known_end).step_by(per_page as usize);
        starts.map(|start| self.part(start, known_end, per_page).token()).collect()
    }

    fn part(self, from: u64, known_end: u64, per_page: u32) -> Self {
        let end = from + u64::from(per_page);
        let until = if end < known_end { Some(end) } else { self.until };
        Self { from, until, ..self }
    }

    fn token(self) -> PageToken {
        let until = self.until.map(|until| until.to_string()).unwrap_or_default();
        let whole = if self.whole { "whole:" } else { "" };
        format!("{whole}{}-{until}", self.from).into()
    }

    pub(super) fn read(token: &PageToken) -> Result<Self> {
        Self::parse(token.as_str())
            .ok_or_else(|| Error::new(ErrorKind::Malformed, format!("`{token}` is no page of a listing")))
    }

    fn parse(text: &str) -> Option<Self> {
        let (text, whole) = text.strip_prefix("whole:").map_or((text, false), |rest| (rest, true));
        let (from, until) = text.split_once('-')?;
        let until = if until.is_empty() { None } else { Some(until.parse().ok()?) };
        let span = Self { from: from.parse().ok()?, until, whole };
        until.is_none_or(|until| until > span.from).then_some(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(token: &str, received: usize, total: Option<u64>) -> String {
        let span = Span::parse(token).unwrap();
        let pages = span.after(received, total, 100);
        pages.iter().map(PageToken::as_str).collect::<Vec<_>>().join(" ")
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
    }

    #[test]
    fn a_foreign_token_is_refused() {
        for text in ["", "7", "a-", "-5", "5-3", "5-5", "1-2-3", "whole:"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
