//! Runs a command again and again.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::machine::value_of;
use crate::failure::{Failure, Result};

/// What running a command cost.
#[derive(Debug)]
pub(super) struct Runs {
    /// The arguments.
    pub(super) command: String,
    /// Wall time of each run, in order of length. Never empty.
    pub(super) times: Vec<Duration>,
    /// The most memory that any run was seen to have, in KiB: the true peak is this or a little more. `None`: the
    /// system does not tell.
    pub(super) peak_at_least_kib: Option<u64>,
}

impl Runs {
    pub(super) fn median(&self) -> Duration {
        self.times[self.times.len() / 2]
    }

    pub(super) fn shortest(&self) -> Duration {
        self.times[0]
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "command": self.command,
            "runs": self.times.len(),
            "median_us": micros(self.median()),
            "shortest_us": micros(self.shortest()),
            "peak_memory_at_least_kib": self.peak_at_least_kib,
        })
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Runs for the memory. Of a command that takes milliseconds, two looks in three come too early or too late.
const LOOKS: usize = 60;

/// Runs it so often, and then again for its memory: looking at that takes time of its own.
pub(super) fn runs(program: &Path, arguments: &[&str], count: usize) -> Result<Runs> {
    let mut times = (0..count).map(|_| timed(program, arguments)).collect::<Result<Vec<_>>>()?;
    times.sort();
    let peaks = (0..LOOKS).map(|_| Ok(peak(&mut start(program, arguments)?))).collect::<Result<Vec<_>>>()?;
    Ok(Runs { command: arguments.join(" "), times, peak_at_least_kib: peaks.into_iter().flatten().max() })
}

fn timed(program: &Path, arguments: &[&str]) -> Result<Duration> {
    let begun = Instant::now();
    let status =
        start(program, arguments)?.wait().map_err(|error| Failure::at(program, "wait for", error))?;
    let took = begun.elapsed();
    let failed =
        || Failure::new(format!("{} {} fails; run it to see why", program.display(), arguments.join(" ")));
    status.success().then_some(took).ok_or_else(failed)
}

fn start(program: &Path, arguments: &[&str]) -> Result<Child> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map_err(|error| Failure::at(program, "start", error))
}

/// Looks again and again until it has ended: the system forgets the number at that moment.
fn peak(child: &mut Child) -> Option<u64> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while let Ok(None) = child.try_wait() {
        peak = peak.max(std::fs::read_to_string(&status).ok().and_then(|text| high_water(&text)));
    }
    peak
}

fn high_water(status: &str) -> Option<u64> {
    value_of(status, "VmHWM")?.strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let times = [1, 2, 3, 50, 90].map(Duration::from_millis).to_vec();
        let runs = Runs { command: "providers".to_owned(), times, peak_at_least_kib: Some(7) };
        let expected = json!({
            "command": "providers", "runs": 5, "median_us": 3000, "shortest_us": 1000, "peak_memory_at_least_kib": 7,
        });
        assert_eq!(runs.to_json(), expected);
    }

    #[test]
    fn peak_memory_is_read_from_the_systems_word() {
        assert_eq!(high_water("VmPeak:\t  999 kB\nVmHWM:\t    4321 kB\n"), Some(4321));
        assert_eq!(high_water("State:\tZ (zombie)\n"), None);
    }

    #[test]
    fn a_command_that_fails_is_not_measured() {
        let this_test = std::env::current_exe().expect("a test knows itself");
        assert!(timed(&this_test, &["--list"]).is_ok());
        assert!(timed(&this_test, &["--no-such-flag"]).is_err());
    }
}
