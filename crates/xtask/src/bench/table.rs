//! The measurements, for people.

use std::time::Duration;

use super::measure::Runs;

/// Three small tables.
pub(super) fn render(machine: &[(&str, String)], sizes: &[(String, usize)], runs: &[Runs]) -> String {
    let machine = machine.iter().map(|(what, value)| format!("{what:<24}  {value}\n"));
    let sizes = sizes.iter().map(|(file, bytes)| format!("{file:<24}  {bytes:>10} bytes\n"));
    let runs = runs.iter().map(line);
    let parts = [machine.collect::<String>(), sizes.collect(), runs.collect()];
    parts.join("\n")
}

fn line(runs: &Runs) -> String {
    let peak =
        runs.peak_at_least_kib.map_or_else(|| "not known".to_owned(), |kib| format!("{kib} KiB or more"));
    format!(
        "{:<24}  {:>7.2} ms median of {}, {:.2} ms shortest, peak memory {peak}\n",
        runs.command,
        millis(runs.median()),
        runs.times.len(),
        millis(runs.shortest()),
    )
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_was_measured_and_where() {
        let times = [1500, 2500, 4000].map(Duration::from_micros).to_vec();
        let runs = [Runs { command: "providers".to_owned(), times, peak_at_least_kib: Some(9000) }];
        let table = render(&[("cores", "2".to_owned())], &[("imgshare".to_owned(), 5_000_000)], &runs);
        let expected = "\
cores                     2

imgshare                     5000000 bytes

providers                    2.50 ms median of 3, 1.50 ms shortest, peak memory 9000 KiB or more
";
        assert_eq!(table, expected);
    }
}
