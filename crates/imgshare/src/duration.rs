//! Times on the command line.

use std::time::Duration;

/// The units, with their seconds.
const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];

/// Reads `90s`, `30m`, `2h` or `1d`.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || "write a number and s, m, h or d, such as 90s, 30m or 2h".to_owned();
    let unit = UNITS.iter().find_map(|(unit, seconds)| Some((text.strip_suffix(*unit)?, *seconds)));
    let (number, seconds) = unit.ok_or_else(wrong)?;
    // `parse` would take a sign.
    if !number.chars().all(|c| c.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: u32 = number.parse().map_err(|_| wrong())?;
    Ok(Duration::from_secs(u64::from(number) * seconds))
}

/// `1 min 40 s`: the two largest units that say something, what is smaller left out.
pub(crate) fn in_words(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = match (hours, minutes) {
        (0, 0) => [(rest, "s"), (0, "")],
        (0, _) => [(minutes, "min"), (rest, "s")],
        _ => [(hours, "h"), (minutes, "min")],
    };
    let some = parts.iter().filter(|(number, _)| *number > 0);
    some.map(|(number, unit)| format!("{number} {unit}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{in_words, parse};

    #[test]
    fn a_time_is_a_number_and_its_unit() {
        for (text, seconds) in [("0s", 0), ("90s", 90), ("30m", 1800), ("2h", 7200), ("1d", 86400)] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "90", "-1s", "+1s", "1.5h", "2 h", "1h30m", "9999999999999s", "五m"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_in_words_has_two_units_at_most() {
        for (seconds, words) in
            [(1, "1 s"), (60, "1 min"), (100, "1 min 40 s"), (3600, "1 h"), (7325, "2 h 2 min")]
        {
            assert_eq!(in_words(seconds), words);
        }
    }
}
