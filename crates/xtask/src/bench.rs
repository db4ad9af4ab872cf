//! Measures what users feel before the first cloud answers: size, start, memory. Of a release build.

mod machine;
mod measure;
mod table;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::build::{Built, Profile, build};
use crate::digest;
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;
use measure::Runs;

/// What is run. None of it needs a config or a cloud.
const COMMANDS: &[&[&str]] = &[&["--version"], &["providers"]];

/// Enough for a median that does not jump.
const RUNS: usize = 21;

#[derive(Debug, PartialEq, Eq)]
struct Options {
    runs: usize,
    json: Option<PathBuf>,
}

/// The chore: builds, measures, prints a table, and writes the same as JSON if asked to.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    let options = Options::read(arguments)?;
    let built = build(&Workspace::find()?, Profile::Release)?;
    let sizes = sizes(&built)?;
    let runs: Vec<Runs> = COMMANDS
        .iter()
        .map(|command| measure::runs(&built.program, command, options.runs))
        .collect::<Result<_>>()?;
    let machine = machine::facts();
    print!("{}", table::render(&machine, &sizes, &runs));
    options.json.map_or(Ok(()), |path| write(&path, &document(&machine, &sizes, &runs)))
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self { runs: RUNS, json: None };
        let mut words = arguments.iter();
        while let Some(flag) = words.next() {
            match (flag.as_str(), words.next()) {
                ("--runs", Some(count)) => options.runs = positive(count)?,
                ("--json", Some(path)) => options.json = Some(path.into()),
                _ => {
                    return Err(Failure::new(format!("bench takes --runs N and --json FILE; mend {flag:?}")));
                }
            }
        }
        Ok(options)
    }
}

fn positive(count: &str) -> Result<usize> {
    let number = count.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| Failure::new(format!("{count:?} is no number of runs; give one from 1 on")))
}

/// File names with their bytes.
fn sizes(built: &Built) -> Result<Vec<(String, usize)>> {
    let files = [&built.program].into_iter().chain(&built.plugins);
    files.map(|file| Ok((name(file), digest::facts(file)?.bytes))).collect()
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Everything, for programs that compare one day with another.
fn document(machine: &[(&str, String)], sizes: &[(String, usize)], runs: &[Runs]) -> Value {
    let machine: serde_json::Map<String, Value> =
        machine.iter().map(|(what, value)| ((*what).to_owned(), value.as_str().into())).collect();
    json!({
        "format": 1,
        "machine": machine,
        "sizes": sizes.iter().map(|(file, bytes)| json!({ "file": file, "bytes": bytes })).collect::<Vec<_>>(),
        "runs": runs.iter().map(Runs::to_json).collect::<Vec<_>>(),
    })
}

fn write(path: &Path, document: &Value) -> Result<()> {
    std::fs::write(path, format!("{document:#}\n")).map_err(|error| Failure::at(path, "write", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Option<Options> {
        Options::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn options_are_read_and_mistakes_refused() {
        assert_eq!(read(&[]), Some(Options { runs: RUNS, json: None }));
        assert_eq!(read(&["--json", "a", "--runs", "3"]), Some(Options { runs: 3, json: Some("a".into()) }));
        for mistake in [&["--runs"][..], &["--runs", "0"], &["--runs", "x"], &["--yaml", "a"], &["a"]] {
            assert_eq!(read(mistake), None, "{mistake:?}");
        }
    }
}
