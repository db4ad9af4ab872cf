//! Which part of a listing a page is.

use imgshare_sdk::paging::Span;
use imgshare_sdk::{Error, ErrorKind, ImageId, ImageQuery, PageToken, Result};

/// A part of the listing of a zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The zone that is listed. `None`: the call names none.
    pub zone: Option<String>,
    /// Which part of it.
    pub span: Span,
}

impl Part {
    /// A listing that names no zone, from its beginning to its end.
    pub const ALL: Self = Self { zone: None, span: Span::ALL };

    /// The listing of a zone, from its beginning to its end.
    pub fn of_zone(zone: String) -> Self {
        Self { zone: Some(zone), ..Self::ALL }
    }

    /// The same part of the listing of all images.
    #[must_use]
    pub fn of_all_images(&self) -> Self {
        self.with(self.span.of_all_images())
    }

    /// Whether the listing of all images may be begun in place of this part, which is asked for with the id of the only
    /// image that the query is about. A later part belongs to a listing that is on its way.
    pub fn may_be_widened(&self, query: &ImageQuery) -> bool {
        self.span.begins() && self.only_id(query).is_some()
    }

    pub(super) fn only_id<'a>(&self, query: &'a ImageQuery) -> Option<&'a ImageId> {
        match query.ids.as_slice() {
            [id] if !self.span.whole => Some(id),
            _ => None,
        }
    }

    /// What is left of it when so many images came; see [`Span::after`].
    pub(super) fn after(&self, received: usize, total: Option<u64>, per_page: u32) -> Vec<Self> {
        let spans = self.span.after(received, total, per_page);
        spans.into_iter().map(|span| self.with(span)).collect()
    }

    fn with(&self, span: Span) -> Self {
        Self { zone: self.zone.clone(), span }
    }

    /// Names this part: `0-100`, `whole:200-`, `0-@cn-wlcb-01`.
    pub fn token(&self) -> PageToken {
        let zone = self.zone.as_ref().map(|zone| format!("@{zone}")).unwrap_or_default();
        format!("{}{zone}", self.span).into()
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
        let (text, zone) = text.split_once('@').map_or((text, None), |(text, zone)| (text, Some(zone)));
        let part = Self { zone: zone.map(str::to_owned), span: Span::parse(text)? };
        (zone != Some("")).then_some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(token: &str, received: usize, total: Option<u64>) -> String {
        let parts = Part::parse(token).unwrap().after(received, total, 100);
        parts.iter().map(|part| part.token().to_string()).collect::<Vec<_>>().join(" ")
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
        assert!(Part::ALL.may_be_widened(&query(&["a"])));
        assert!(!Part::ALL.may_be_widened(&query(&[])));
        assert!(!Part::ALL.may_be_widened(&query(&["a", "b"])));
        assert!(!Part::ALL.of_all_images().may_be_widened(&query(&["a"])));
        let later = Part::parse("100-200").unwrap();
        assert!(later.only_id(&query(&["a"])).is_some() && !later.may_be_widened(&query(&["a"])));
    }
}
