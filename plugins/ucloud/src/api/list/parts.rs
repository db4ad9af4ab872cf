//! Which part of a listing a page is.

use imgshare_sdk::{Error, ErrorKind, ImageId, ImageQuery, PageToken, Result};

/// A part of a listing: of one zone, from one place to another or to its end.
///
/// The first answer tells how many images there are, and so names all other pages at once. Only the last of them has no
/// end, so it alone notices that the listing has grown meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The zone that is listed. `None`: the call names none.
    pub zone: Option<String>,
    /// The place of its first image, from 0.
    pub from: u64,
    /// The place behind its last image. `None`: it goes to the end of the listing.
    pub until: Option<u64>,
    /// The listing is that of all images, although the query is about one.
    pub whole: bool,
}

impl Part {
    /// A listing that names no zone, from its beginning to its end.
    pub const ALL: Self = Self { zone: None, from: 0, until: None, whole: false };

    /// The listing of a zone, from its beginning to its end.
    pub fn of_zone(zone: String) -> Self {
        Self { zone: Some(zone), ..Self::ALL }
    }

    /// The same part of the listing of all images.
    #[must_use]
    pub fn of_all_images(&self) -> Self {
        Self { whole: true, ..self.clone() }
    }

    /// Whether this part is asked for with the id of the only image that the query is about.
    pub fn narrows(&self, query: &ImageQuery) -> bool {
        self.only_id(query).is_some()
    }

    pub(super) fn only_id<'a>(&self, query: &'a ImageQuery) -> Option<&'a ImageId> {
        match query.ids.as_slice() {
            [id] if !self.whole => Some(id),
            _ => None,
        }
    }

    /// How many images to ask for.
    pub(super) fn limit(&self, per_page: u32) -> u64 {
        let length = self.until.map_or(u64::MAX, |until| until.saturating_sub(self.from));
        length.min(per_page.into())
    }

    /// What is left of it when so many images came, as pages. An empty page ends it.
    pub(super) fn after(&self, received: usize, total: Option<u64>, per_page: u32) -> Vec<PageToken> {
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
        starts.map(|start| self.page(start, known_end, per_page).token()).collect()
    }

    fn page(&self, from: u64, known_end: u64, per_page: u32) -> Self {
        let end = from + u64::from(per_page);
        let until = if end < known_end { Some(end) } else { self.until };
        Self { from, until, ..self.clone() }
    }

    /// Names this part: `0-100`, `whole:200-`, `0-@cn-wlcb-01`.
    pub fn token(&self) -> PageToken {
        let until = self.until.map(|until| until.to_string()).unwrap_or_default();
        let whole = if self.whole { "whole:" } else { "" };
        let zone = self.zone.as_ref().map(|zone| format!("@{zone}")).unwrap_or_default();
        format!("{whole}{}-{until}{zone}", self.from).into()
    }

    /// The part that a token names.
    ///
    /// # Errors
    ///
    /// `Malformed` when the token is none of ours.
    pub fn read(token: &PageToken) -> Result<Self> {
        Self::parse(token.as_str())
            .ok_or_else(|| Error::new(ErrorKind::Malformed, format!("`{token}` is no page of a listing")))
    }

    fn parse(text: &str) -> Option<Self> {
        let (text, whole) = text.strip_prefix("whole:").map_or((text, false), |rest| (rest, true));
        let (text, zone) = text.split_once('@').map_or((text, None), |(text, zone)| (text, Some(zone)));
        let (from, until) = text.split_once('-')?;
        let until = if until.is_empty() { None } else { Some(until.parse().ok()?) };
        let part = Self { zone: zone.map(str::to_owned), from: from.parse().ok()?, until, whole };
        let possible = part.until.is_none_or(|until| until > part.from) && zone != Some("");
        possible.then_some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(token: &str, received: usize, total: Option<u64>) -> String {
        let pages = Part::parse(token).unwrap().after(received, total, 100);
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
        assert_eq!(Part::parse("130-200").unwrap().limit(100), 70);
    }

    #[test]
    fn an_empty_page_is_the_end_whatever_the_cloud_counts() {
        assert_eq!(after("100-", 0, Some(500)), "");
    }

    #[test]
    fn a_listing_without_a_count_goes_on_until_a_page_is_empty() {
        assert_eq!(after("0-", 3, None), "3-");
        assert_eq!(after("100-", 0, None), "");
    }

    #[test]
    fn pages_stay_in_their_zone_and_in_the_whole_listing() {
        assert_eq!(after("0-@cn-wlcb-01", 100, Some(250)), "100-200@cn-wlcb-01 200-@cn-wlcb-01");
        assert_eq!(after("whole:0-@cn-wlcb-01", 100, Some(101)), "whole:100-@cn-wlcb-01");
    }

    #[test]
    fn a_foreign_token_is_refused() {
        for text in ["", "7", "a-", "-5", "5-3", "5-5", "1-2-3", "whole:", "0-@", "@z"] {
            assert_eq!(Part::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_is_sent_only_when_it_is_the_only_one() {
        let query = |ids: &[&str]| ImageQuery {
            ids: ids.iter().map(|id| (*id).into()).collect(),
            ..ImageQuery::default()
        };
        assert!(Part::ALL.narrows(&query(&["a"])));
        assert!(!Part::ALL.narrows(&query(&[])));
        assert!(!Part::ALL.narrows(&query(&["a", "b"])));
        assert!(!Part::ALL.of_all_images().narrows(&query(&["a"])));
    }
}
