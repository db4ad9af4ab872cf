//! What users feel before the first cloud answers: size of the files, start of the program.

use std::path::Path;

use serde_json::{Value, json};

use super::figures::{median, megabytes, millis, peak};
use super::launch::{Task, Usage};
use super::markdown::Table;
use super::target::{Target, told};
use crate::build::Built;
use crate::digest;
use crate::failure::Result;

/// The part's name.
pub(super) const NAME: &str = "startup";

/// Enough for a median of milliseconds that does not jump.
const RUNS: usize = 21;

/// What is run, and in how many seconds it has to be done. None of it needs a config or a cloud.
const COMMANDS: &[(&str, Option<f64>)] = &[("--version", None), ("providers", Some(0.010))];

/// Sizes and starts.
#[derive(Debug)]
pub(super) struct Startup {
    sizes: Vec<(String, usize)>,
    commands: Vec<Measured>,
}

/// A command that was run again and again.
#[derive(Debug)]
struct Measured {
    command: &'static str,
    wall_max_s: Option<f64>,
    runs: Vec<Usage>,
}

/// Looks at the files and runs the commands.
pub(super) fn measure(built: &Built, folder: &Path) -> Result<Startup> {
    let files = [&built.program].into_iter().chain(&built.plugins);
    let sizes = files.map(|file| Ok((name(file), digest::facts(file)?.bytes))).collect::<Result<_>>()?;
    let commands = COMMANDS.iter().map(|(command, wall_max_s)| {
        let task = super::quiet(Task::new(&built.program, folder).arg(command), built, folder);
        let runs = (0..RUNS).map(|_| task.measure_success()).collect::<Result<_>>()?;
        Ok(Measured { command, wall_max_s: *wall_max_s, runs })
    });
    Ok(Startup { sizes, commands: commands.collect::<Result<_>>()? })
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Measured {
    fn wall_s(&self) -> f64 {
        median(self.runs.iter().map(|run| run.wall.as_secs_f64()))
    }

    fn shortest_s(&self) -> f64 {
        self.runs.iter().map(|run| run.wall.as_secs_f64()).fold(f64::INFINITY, f64::min)
    }

    fn cpu_s(&self) -> f64 {
        median(self.runs.iter().map(|run| run.cpu.as_secs_f64()))
    }

    fn targets(&self) -> Vec<Target> {
        self.wall_max_s.map(|most| Target::at_most("wall s", self.wall_s(), most)).into_iter().collect()
    }

    fn json(&self) -> Value {
        json!({
            "command": self.command,
            "runs": self.runs.len(),
            "wall_s": self.wall_s(),
            "shortest_s": self.shortest_s(),
            "cpu_s": self.cpu_s(),
            "peak_bytes": peak(&self.runs),
            "targets": self.targets().iter().map(Target::json).collect::<Vec<_>>(),
        })
    }
}

impl Startup {
    /// For people.
    pub(super) fn text(&self) -> String {
        let mut sizes = Table::new(&["file", "bytes"]);
        for (file, bytes) in &self.sizes {
            sizes.row([file.clone(), bytes.to_string()]);
        }
        let mut commands = Table::new(&["start", "wall", "shortest", "CPU", "peak memory", "reached"]);
        for measured in &self.commands {
            commands.row([
                format!("imgshare {}", measured.command),
                millis(measured.wall_s()),
                millis(measured.shortest_s()),
                millis(measured.cpu_s()),
                megabytes(peak(&measured.runs)),
                told(&measured.targets()),
            ]);
        }
        format!(
            "### Files and start\n\nMedians of {RUNS}. To reach: `imgshare providers` within 10 ms.\n\n\
             {sizes}\n{commands}"
        )
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let size = |(file, bytes): &(String, usize)| json!({ "file": file, "bytes": bytes });
        json!({
            "sizes": self.sizes.iter().map(size).collect::<Vec<_>>(),
            "commands": self.commands.iter().map(Measured::json).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_start_is_told_with_what_it_has_to_reach() {
        let run = |ms| Usage {
            wall: Duration::from_millis(ms),
            cpu: Duration::from_millis(ms / 2),
            peak_bytes: ms * 1_000_000,
            exit: Some(0),
        };
        let measured = |command, ms| Measured {
            command,
            wall_max_s: Some(0.010),
            runs: vec![run(ms), run(ms + 4), run(ms + 2)],
        };
        let startup = Startup {
            sizes: vec![("imgshare".to_owned(), 5_000_000)],
            commands: vec![measured("one", 4), measured("two", 12)],
        };
        let expected = "\
### Files and start

Medians of 21. To reach: `imgshare providers` within 10 ms.

| file     | bytes   |
| -------- | ------- |
| imgshare | 5000000 |

| start        | wall    | shortest | CPU    | peak memory | reached    |
| ------------ | ------- | -------- | ------ | ----------- | ---------- |
| imgshare one | 6.0 ms  | 4.0 ms   | 3.0 ms | 8.0 MB      | yes        |
| imgshare two | 14.0 ms | 12.0 ms  | 7.0 ms | 16.0 MB     | no: wall s |
";
        assert_eq!(startup.text(), expected);
    }
}
