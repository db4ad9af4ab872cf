//! The forms in which clouds write the time, all in UTC.

use jiff::Timestamp as Moment;
use jiff::tz::TimeZone;

use crate::Timestamp;

/// `2023-11-14`.
pub fn date(time: Timestamp) -> String {
    // Several times in each signature: printing the date itself takes a fraction of what a form takes.
    moment(time).to_zoned(TimeZone::UTC).date().to_string()
}

/// `20231114`.
pub fn compact_date(time: Timestamp) -> String {
    format(time, "%Y%m%d")
}

/// `2023-11-14T22:13:20Z`.
pub fn iso_seconds(time: Timestamp) -> String {
    format(time, "%Y-%m-%dT%H:%M:%SZ")
}

/// `2023-11-14T22:13Z`, cut off to the minute.
pub fn iso_minutes(time: Timestamp) -> String {
    format(time, "%Y-%m-%dT%H:%MZ")
}

/// `20231114T221320Z`.
pub fn compact_seconds(time: Timestamp) -> String {
    format(time, "%Y%m%dT%H%M%SZ")
}

/// `Tue, 14 Nov 2023 22:13:20 GMT`, as in HTTP headers.
pub fn http_date(time: Timestamp) -> String {
    format(time, "%a, %d %b %Y %H:%M:%S GMT")
}

/// Reads RFC 3339 text in any offset: `2023-11-14T22:13:20Z`, `2023-11-15T06:13:20+08:00`. `None`: it is none.
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    text.trim().parse::<Moment>().ok().map(|moment| Timestamp(moment.as_millisecond()))
}

fn format(time: Timestamp, form: &str) -> String {
    moment(time).to_zoned(TimeZone::UTC).strftime(form).to_string()
}

/// Beyond year 9999 there is nothing to sign; clamping keeps this total.
fn moment(time: Timestamp) -> Moment {
    let seconds = time.seconds().clamp(Moment::MIN.as_second(), Moment::MAX.as_second());
    Moment::from_second(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_known_moment() {
        let time = Timestamp(1_700_000_000_999);
        assert_eq!(date(time), "2023-11-14");
        assert_eq!(compact_date(time), "20231114");
        assert_eq!(iso_seconds(time), "2023-11-14T22:13:20Z");
        assert_eq!(iso_minutes(time), "2023-11-14T22:13Z");
        assert_eq!(compact_seconds(time), "20231114T221320Z");
        assert_eq!(http_date(time), "Tue, 14 Nov 2023 22:13:20 GMT");
    }

    #[test]
    fn the_utc_day_changes_at_its_last_second() {
        assert_eq!(date(Timestamp::from_seconds(1_700_006_399)), "2023-11-14");
        assert_eq!(date(Timestamp::from_seconds(1_700_006_400)), "2023-11-15");
    }

    #[test]
    fn both_offsets_that_clouds_write_are_read() {
        let expected = Some(Timestamp::from_seconds(1_700_000_000));
        assert_eq!(parse_rfc3339("2023-11-14T22:13:20Z"), expected);
        assert_eq!(parse_rfc3339("2023-11-14T22:13:20+00:00"), expected);
        assert_eq!(parse_rfc3339("2023-11-15T06:13:20+08:00"), expected);
        assert_eq!(parse_rfc3339("yesterday"), None);
    }
}
