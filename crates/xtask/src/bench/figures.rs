//! From several runs to one figure, and how figures are written.

use super::launch::Usage;

/// The middle one; of an even number, the one above the middle. 0 of nothing.
pub(super) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// The most memory that any of the runs had, in bytes.
pub(super) fn peak(runs: &[Usage]) -> u64 {
    runs.iter().map(|run| run.peak_bytes).max().unwrap_or_default()
}

/// `12.3 ms`
pub(super) fn millis(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1000.0)
}

/// `0.123 s`, `12.3 s`: three or four digits.
pub(super) fn seconds(seconds: f64) -> String {
    if seconds < 10.0 { format!("{seconds:.3} s") } else { format!("{seconds:.1} s") }
}

/// `1.04`
pub(super) fn times(ratio: f64) -> String {
    format!("{ratio:.2}")
}

/// `12.3 MB`, of a million bytes each.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median([50.0, 1.0, 90.0, 2.0, 3.0].into_iter()), 3.0);
        assert_eq!(median([2.0, 1.0].into_iter()), 2.0);
        assert_eq!(median([].into_iter()), 0.0);
    }

    #[test]
    fn figures_have_as_many_digits_as_they_are_worth() {
        assert_eq!((seconds(0.12345).as_str(), seconds(203.456).as_str()), ("0.123 s", "203.5 s"));
        assert_eq!((millis(0.01234).as_str(), megabytes(19_950_000).as_str()), ("12.3 ms", "19.9 MB"));
        assert_eq!(times(1.0449), "1.04");
    }
}
