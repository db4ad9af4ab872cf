//! Which page of a listing is meant.

use imgshare_sdk::{Error, ErrorKind, PageToken, Result};

/// Pages that one answer names at most: enough for any owner, and no harm when the cloud's count is nonsense.
const PAGES_AT_ONCE: u64 = 1000;

/// A page of a listing, by its number.
///
/// The first answer tells how many images there are, and so names all other pages at once. Only the last of them is
/// open, so it alone notices that the listing has grown meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The page's number, from 1.
    pub number: u64,
    /// It is asked for what comes behind it.
    pub open: bool,
    /// The listing is that of all images, although the query could narrow it.
    pub whole: bool,
}

impl Place {
    /// The first page of a listing.
    pub const FIRST: Self = Self { number: 1, open: true, whole: false };

    /// The same page of the listing of all images.
    #[must_use]
    pub fn of_all_images(self) -> Self {
        Self { whole: true, ..self }
    }

    /// The pages behind it, when it held `received` of `total` images. An empty page ends the listing.
    pub(super) fn after(self, received: usize, total: Option<u64>, per_page: u32) -> Vec<PageToken> {
        if !self.open || received == 0 {
            return Vec::new();
        }
        // Not told how many there are: one page more.
        let last = total.map_or(self.number + 1, |total| total.div_ceil(per_page.into()));
        let last = last.min(self.number + PAGES_AT_ONCE);
        (self.number + 1..=last).map(|number| Self { number, open: number == last, ..self }.token()).collect()
    }

    fn token(self) -> PageToken {
        let whole = if self.whole { "whole:" } else { "" };
        let open = if self.open { "+" } else { "" };
        format!("{whole}{}{open}", self.number).into()
    }

    pub(super) fn read(token: &PageToken) -> Result<Self> {
        Self::parse(token.as_str())
            .ok_or_else(|| Error::new(ErrorKind::Malformed, format!("`{token}` is no page of a listing")))
    }

    fn parse(text: &str) -> Option<Self> {
        let (text, whole) = text.strip_prefix("whole:").map_or((text, false), |rest| (rest, true));
        let (number, open) = text.strip_suffix('+').map_or((text, false), |rest| (rest, true));
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        // No cloud has a page of such a number; below it nothing overflows.
        let number =
            number.parse().ok().filter(|number| digits && (1..=u64::from(u32::MAX)).contains(number))?;
        Some(Self { number, open, whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(token: &str, received: usize, total: Option<u64>) -> String {
        let pages = Place::parse(token).unwrap().after(received, total, 100);
        pages.iter().map(PageToken::as_str).collect::<Vec<_>>().join(" ")
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
    fn a_count_beyond_reason_names_no_more_pages_than_there_is_room_for() {
        let pages = Place::FIRST.after(100, Some(u64::MAX), 1);
        assert_eq!(pages.len(), 1000);
        assert_eq!(pages.last().map(PageToken::as_str), Some("1001+"));
    }

    #[test]
    fn a_foreign_token_is_refused() {
        for text in ["", "0", "a", "-5", "+5", "+", "5++", "1-2", "whole:", "99999999999"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
