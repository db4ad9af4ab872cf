//! The documents that commands print: what is in them, as data. Text and JSON are made from the same ones.

pub(crate) mod check;
pub(crate) mod conformance;
pub(crate) mod images;
pub(crate) mod parts;
pub(crate) mod providers;
pub(crate) mod unread;
pub(crate) mod who;

use imgshare_protocol::Timestamp;

/// The version of the documents' JSON form.
pub(crate) const FORMAT: u32 = 1;

/// Times are told in UTC: `2026-10-01T12:00:00Z`.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(time.milliseconds()).map(|time| time.to_string()).unwrap_or_default()
}
